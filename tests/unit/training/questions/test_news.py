import gzip
import json
from pathlib import Path

import pytest

from training.questions.news import NewsMaker, read_news, served

FIRST = {
    "id": "a", "title": "Ferry to Tarn Island begins", "url": None, "split": "train",
    "paragraphs": [
        "The ferry Sea Rose made its first crossing to Tarn Island on Monday, three weeks after its owner had hoped.",
        "It carries 40 cars and 220 people, and the crossing takes half an hour in good weather.",
        "“We have waited for this since 1998,” said Moira Kell, who keeps the island's shop and its post office.",
    ],
    "questions": [
        {"question": "How many cars fit on the Sea Rose?", "kind": "number",
         "answers": [{"paragraph": 2, "start": 11, "text": "40 cars"}]},
        {"question": "What did the ship cost?", "kind": "no_detail", "unanswerable": True, "near": 1},
    ],
}  # fmt: skip
SECOND = {
    "id": "b", "title": "School in Harrow Vale closes", "url": None, "split": "validation",
    "paragraphs": ["The school in Harrow Vale closes in July, the county said, because nine children are left in it."],
    "questions": [{"question": "When does the school close?", "kind": "plain",
                   "answers": [{"paragraph": 1, "start": 36, "text": "July"}]}],
}  # fmt: skip


def _write(folder: Path, *articles: object) -> Path:
    with gzip.open(folder / "news_questions.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(article) + "\n" for article in articles)
    return folder


def test_only_the_articles_of_a_split_are_read_and_answers_stand_where_they_are_said_to_stand(tmp_path: Path) -> None:
    (article,) = read_news(_write(tmp_path, FIRST, SECOND), "train")
    answered, refused = article.questions
    (span,) = answered.answers
    assert article.article.text[span.start : span.end] == "40 cars"
    assert refused.near is not None
    assert article.article.text[refused.near.start :].startswith("The ferry")


def test_an_answer_that_stands_elsewhere_is_refused(tmp_path: Path) -> None:
    wrong = {**SECOND, "split": "train"}
    wrong["questions"] = [
        {"question": "When?", "kind": "plain", "answers": [{"paragraph": 1, "start": 0, "text": "July"}]}
    ]
    with pytest.raises(ValueError, match="does not stand at 0"):
        read_news(_write(tmp_path, wrong), "train")


def test_passages_come_as_they_are_served(tmp_path: Path) -> None:
    (article,) = read_news(_write(tmp_path, FIRST), "train")
    first, second, _ = served(article.article)
    assert first.lead == ""
    assert second.lead.endswith("had hoped.")
    assert second.title == "Ferry to Tarn Island begins"


def test_every_window_that_is_said_to_answer_holds_its_answer(tmp_path: Path) -> None:
    articles = read_news(_write(tmp_path, FIRST, {**SECOND, "split": "train"}), "train")
    made = [example for seed in range(20) for example in NewsMaker(articles, seed).examples()]
    told = {example.passage[each.start : each.end] for example in made if (each := example.answer)}
    assert told == {"40 cars", "July"}
    assert all((example.kind == "news") is (example.answer is not None) for example in made)
    near = [example for example in made if example.kind == "news_near"]
    assert near
    assert all("Sea Rose" in example.passage for example in near)
    own = [example for example in made if example.kind == "news_own" and "cars" in example.question]
    assert own
    assert all("40 cars" not in example.passage for example in own)
