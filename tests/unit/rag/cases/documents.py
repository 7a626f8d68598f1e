"""Case files that keep to the format and that do not, for the validator and for the schema that editors use."""

from __future__ import annotations


def with_cases(lines: str) -> str:
    """A case file whose first case stands in line 3."""
    return f'articles: ["*.txt"]\ncases:\n{lines}\n'


ACCEPTED_CASES = [
    "  - question: Q",
    "  - question: Q\n    not_found: true\n    min_confidence: 0.8\n    tags: [smoke]\n    history: ['Who?']",
    "  - question: Q\n    passages: [One]\n    top_k: 50",
    "  - question: Q\n    passages: {any: [One, Two]}",
    "  - question: Q\n    passages:\n      all: [One]\n      any: [Two, Three]",
    "  - question: Q\n    answers: [One, Two]",
    "  - question: Q\n    answers: {all: [One, Two]}",
    "  - question: Q\n    answers: {any: ['1'], all: ['2']}",
    "  - question: Q\n    citation: {article: a.txt}",
    "  - question: Q\n    citation: {article: a.txt, paragraph: 1}",
    "  - question: Q\n    history: [Q, Q]\n    min_confidence: 1",
    "  - question: Q\n    min_confidence: 0.0\n    xfail: not yet",
    "  - question: Q\n    tags: [smoke, Slow_2-b]",
]

REFUSED_FILES = [
    ("- articles", ":1: keys with values are expected here."),
    ("articles: ['*.txt']", ":1: `cases` is missing."),
    ("articles: ['*.txt']\ncases: []\n", ":2: a list of one item or more is expected here."),
    ("articles: '*.txt'\ncases: [{question: Q}]\n", ":1: a list of one item or more is expected here."),
    ("articles: []\ncases: [{question: Q}]\n", ":1: a list of one item or more is expected here."),
    ("articles: [a.txt, a.txt]\ncases: [{question: Q}]\n", ":1: “a.txt” stands in this list twice."),
    (
        "articles: ['*.txt']\ncase: []\n",
        ":2: “case” is no key that is known here. The keys are `articles`, `cases`; perhaps",
    ),
    ("articles: ['*.txt']\ncases: [{question: Q, answer: [a]}]\n", ":2: “answer” is no key that is known here."),
    ("articles: ['*.txt']\ncases: {question: Q}", ":2: a list of one item or more is expected here."),
]
UNDETECTABLE_FILES = [
    ("", ":1: the file is empty."),
    ("cases: [", ":2: this is not YAML: "),
    ("articles: [a]\ncases:\n- question: Q\n  history: [Who?]\n- question: [", ":6: this is not YAML: "),
    ("a: b\ncases: x: y", ":2: this is not YAML: mapping values are not allowed here."),
    ("articles: [*unknown]\ncases: []", ":1: this is not YAML: found undefined alias"),
    ("cases: [{question: Q}]\n", ":1: `articles` is missing."),
    ("articles:\n- '*.txt'\n- '*.pdf'\ncases: [{question: Q}]", ":3: no article matches “*.pdf”."),
    ("articles: ['/nowhere/*']\ncases: [{question: Q}]", ":1: no article matches “/nowhere/*”."),
    ("articles: [/]\ncases: [{question: Q}]", ":1: no article matches “/”."),
    ("articles: ['~nobody-at-all/*']\ncases: [{question: Q}]", ":1: no article matches “~nobody-at-all/*”."),
    ("articles: [../nowhere.txt]\ncases: [{question: Q}]", ":1: no article matches “../nowhere.txt”."),
    (f"articles: [{'a' * 300}]\ncases: [{{question: Q}}]", f":1: no article matches “{'a' * 300}”."),
    ("articles: [.]\ncases: [{question: Q}]", ":1: no article matches “.”."),
    ("articles: ['*.yaml']\ncases: [{question: Q}]", ":1: no article matches “*.yaml”."),
]
"""What a schema of the parsed document does not see."""

REFUSED_CASES = [
    ("  - Who?", ":3: keys with values are expected here."),
    ("  - answers: [a]", ":3: `question` is missing."),
    ("  - question: ' '", ":3: the text is empty."),
    ("  - question:", ":3: the text is empty."),
    ("  - question: 2013", ":3: this is read as something else than a text."),
    ("  - question: [Q]", ":3: this is read as something else than a text."),
    (f"  - question: {'x' * 1001}", ":3: the question has 1,001 characters."),
    ("  - question: Q\n    awaiting: reader", ":4: “awaiting” is no key that is known here."),
    ("  - question: Q\n    line: 3", ":4: “line” is no key that is known here."),
    ("  - question: Q\n    any_passages: [a]", ":4: “any_passages” is no key that is known here."),
    ("  - question: Q\n    history: R", ":4: a list of one item or more is expected here."),
    ("  - question: Q\n    history: [R, '']", ":4: the text is empty."),
    (f"  - question: Q\n    history:\n    - {'x' * 1001}", ":5: the question has 1,001 characters."),
    ("  - question: Q\n    history:\n" + 101 * "    - R\n", ":5: 101 earlier questions are too many."),
    ("  - question: Q\n    passages: One", ":4: a list of one item or more is expected here."),
    ("  - question: Q\n    passages: []", ":4: a list of one item or more is expected here."),
    ("  - question: Q\n    passages: {}", ":4: neither `all` nor `any` is given."),
    ("  - question: Q\n    passages: {any: One}", ":4: a list of one item or more is expected here."),
    ("  - question: Q\n    answers:\n      some: [a]", ":5: “some” is no key that is known here. The keys are `all`"),
    ("  - question: Q\n    answers:\n    - a\n    - ''", ":6: the text is empty."),
    ("  - question: Q\n    answers:\n    - a\n    - a", ":6: “a” stands in this list twice."),
    ("  - question: Q\n    answers: [2013]", ":4: this is read as something else than a text."),
    ("  - question: Q\n    answers: [yes]", ":4: this is read as something else than a text."),
    ("  - question: Q\n    answers: {all: [2013]}", ":4: this is read as something else than a text."),
    ("  - question: Q\n    citation: a.txt", ":4: keys with values are expected here."),
    ("  - question: Q\n    citation: {paragraph: 1}", ":4: `article` is missing."),
    ("  - question: Q\n    citation: {article: a, paragraph: 0}", ":4: `paragraph` is out of range."),
    ("  - question: Q\n    citation: {article: a, paragraph: 1.5}", ":4: `paragraph` is out of range."),
    ("  - question: Q\n    citation: {article: a, page: 1}", ":4: “page” is no key that is known here."),
    ("  - question: Q\n    not_found: false", ":4: `not_found` can only be true."),
    ("  - question: Q\n    not_found: 'true'", ":4: `not_found` can only be true."),
    ("  - question: Q\n    not_found: true\n    answers: [a]", ":5: `answers` contradicts `not_found`."),
    ("  - question: Q\n    not_found: true\n    passages: [a]", ":5: `passages` contradicts `not_found`."),
    ("  - question: Q\n    not_found: true\n    citation: {article: a}", ":5: `citation` contradicts `not_found`."),
    ("  - question: Q\n    top_k: 3", ":4: `top_k` says nothing without `passages`."),
    ("  - question: Q\n    passages: [a]\n    top_k: 0", ":5: `top_k` is out of range."),
    (
        "  - question: Q\n    passages: [a]\n    top_k: 51",
        ":5: `top_k` is out of range. Write a whole number from 1 to 50.",
    ),
    ("  - question: Q\n    passages: [a]\n    top_k: 2.5", ":5: `top_k` is out of range."),
    ("  - question: Q\n    passages: [a]\n    top_k: true", ":5: `top_k` is out of range."),
    ("  - question: Q\n    passages: [a]\n    top_k: '3'", ":5: `top_k` is out of range."),
    ("  - question: Q\n    passages: [a]\n    top_k: [3]", ":5: `top_k` is out of range."),
    ("  - question: Q\n    min_confidence: 1.1", ":4: `min_confidence` is out of range. Write a number from 0 to 1."),
    ("  - question: Q\n    min_confidence: -0.1", ":4: `min_confidence` is out of range."),
    ("  - question: Q\n    min_confidence: likely", ":4: `min_confidence` is out of range."),
    ("  - question: Q\n    min_confidence: .inf", ":4: `min_confidence` is out of range."),
    ("  - question: Q\n    tags: smoke", ":4: a list of one item or more is expected here."),
    ("  - question: Q\n    tags:\n    - smoke\n    - a b", ":6: “a b” cannot be a tag."),
    ("  - question: Q\n    tags: [1st]", ":4: “1st” cannot be a tag."),
    ("  - question: Q\n    tags: [skip]", ":4: “skip” means something else to pytest."),
    ("  - question: Q\n    tags: [a, a]", ":4: “a” stands in this list twice."),
    ("  - question: Q\n    xfail: ''", ":4: the text is empty."),
]
UNDETECTABLE_CASES = [
    ("  - question: Q\n    [a]: 3", ":4: a key is a word, and no list or mapping. The keys are `question`"),
    ("  - question: Q\n    question: R", ":4: `question` is given twice."),
    ('  - question: "Q\\u0007"', r":3: the text holds '\x07', which is no character."),
    ('  - question: "Q\\ud800"', r":3: the text holds '\ud800', which is no character."),
    ("  - question: Q\n    min_confidence: .nan", ":4: `min_confidence` is out of range."),
    ("  - question: Q\n    answers: [“a”, '\"a\"']", ':4: “"a"” stands in this list twice.'),
    ("  - question: Q\n    answers:\n      all: [a]\n      any: [b, a]", ":6: “a” stands under `all` too."),
    ('  - question: Q “x”\n  - question: Q  "x"', ':4: “Q "x"” is asked in line 3 already.'),
    ("  [{question: Q, history: [R]}, {question: Q, history: [R ]}]", ":3: “Q” is asked in line 3 already."),
    ("  [{question: Q}, {question: Q}]", ":3: “Q” is asked in line 3 already."),
]
"""What only the whole file, or the text as it is compared, shows."""
