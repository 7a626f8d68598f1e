import gzip
import json
from pathlib import Path

import pytest

from benchmarks.peers.questions import holding, newsqa, searchable, seed_cases
from onrecord.index.records import Article

STORY = "The bridge was built by Ada Alder in 1901. It stands near Corholm and carries a tram line."
CASES = """
articles: ["*.txt"]
cases:
  - question: Who built the bridge?
    passages: ["built by Ada Alder"]
    answers: ["Ada Alder"]
  - question: Who paid for it?
    not_found: true
  - question: And when?
    history: ["Who built the bridge?"]
    answers: ["1901"]
"""


def row(number: int) -> dict[str, object]:
    context = f"{STORY} This is story {number}."
    answers = [{"text": "Ada Alder", "start": STORY.index("Ada")}]
    question = f"Who built bridge {number}?"
    kinds = {"source": "newsqa_cnn", "title": "x", "unanswerable": False}
    return {**kinds, "context": context, "question": question, "answers": answers}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    with gzip.open(tmp_path / "newsqa_dev_a.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row(number)) + "\n" for number in range(20))
    return tmp_path


def test_the_same_questions_are_drawn_each_time(data: Path) -> None:
    drawn = [question.text for question in newsqa(data, 5).questions]
    assert len(set(drawn)) == 5
    assert drawn == [question.text for question in newsqa(data, 5).questions]


def test_a_limit_cuts_the_corpus_to_what_is_asked_about(data: Path) -> None:
    assert len(newsqa(data, 5).articles) == 5
    assert len(newsqa(data).articles) == 20


def test_the_passage_over_the_answer_is_the_right_one(data: Path) -> None:
    made = newsqa(data, 1)
    (question,) = made.questions
    texts = {passage.id: passage.text for passage in made.passages}
    assert question.golds == ("Ada Alder",)
    assert question.right
    assert all("Ada Alder" in texts[id_] for id_ in question.right)


def test_a_passage_that_says_the_same_word_for_word_is_right_too() -> None:
    same = [Article.create(source=f"text:{n}", text=STORY, title="") for n in range(2)]
    passages = searchable(same)
    assert holding(passages, lambda passage: passage.article_id == same[0].id) == {each.id for each in passages}


def test_cases_keep_their_answers_and_lose_follow_ups(tmp_path: Path) -> None:
    (tmp_path / "bridge.txt").write_text(f"A bridge\n\n{STORY}\n", encoding="utf-8")
    (tmp_path / "bridge.qa.yaml").write_text(CASES, encoding="utf-8")
    made = seed_cases(tmp_path / "bridge.qa.yaml")
    assert [question.text for question in made.questions] == ["Who built the bridge?", "Who paid for it?"]
    answerable, unanswerable = made.questions
    assert answerable.right
    assert answerable.golds == ("Ada Alder",)
    assert not unanswerable.right
    assert not unanswerable.golds
