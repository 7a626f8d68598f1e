from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from onrecord.api.cli.main import app
from onrecord.api.evaluation import drafts as case_suggestions
from onrecord.api.question_log import LoggedQuestion, LoggedQuote
from onrecord.api.settings import Settings, variable
from onrecord.rag.cases.files import load

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result

BRIDGE = "A bridge closes\n\nThe harbour bridge will close on 3 March,\nthe port authority said. Ferries will run.\n"


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "bridge [1].txt").write_text(BRIDGE)


def quote(**changed: Any) -> LoggedQuote:
    known: dict[str, Any] = {
        "text": "The harbour bridge will close on 3 March,\nthe port authority said.",
        "highlight": "3 March",
        "confidence": 0.9,
        "passage": "The harbour bridge will close on 3 March,\nthe port authority said. Ferries will run.",
        "paragraph": 2,
        "title": "A bridge closes",
        "source": "file:articles/bridge [1].txt",
    }
    return LoggedQuote(**(known | changed))


def asked(question: str, *quotes: LoggedQuote, day: int = 1, **changed: Any) -> LoggedQuestion:
    known: dict[str, Any] = {
        "time": datetime(2026, 11, day, tzinfo=UTC),
        "question": question,
        "confidence": quotes[0].confidence if quotes else 0.12,
        "quotes": quotes,
        "reason": None if quotes else "no_answer_in_passages",
    }
    return LoggedQuestion(**(known | changed))


def write_log(path: Path, *questions: LoggedQuestion) -> None:
    path.write_text("".join(f"{question.model_dump_json(exclude_defaults=True)}\n" for question in questions))


def suggest(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["cases", "suggest", *arguments])
    assert result.exit_code == code, result.output
    return result


WHEN = "When will the bridge close?"
WHO = "Who built the bridge?"


def test_what_was_answered_and_refused_becomes_a_case_file_that_loads(tmp_path: Path) -> None:
    write_log(tmp_path / "log", asked(WHEN, quote()), asked(WHO), asked("And who paid?", history=[WHO]))
    told = suggest("log", "--out", "drafts.qa.yaml").stderr
    assert told == "3 drafts: drafts.qa.yaml\n"
    drafts = load(tmp_path / "drafts.qa.yaml")
    assert drafts.articles == (tmp_path / "articles" / "bridge [1].txt",) or [
        found.name for found in drafts.articles
    ] == ["bridge [1].txt"]
    by_question = {case.question: case for case in drafts.cases}
    assert by_question[WHEN].answers == ("The harbour bridge will close on 3 March, the port authority said.",)
    assert by_question[WHEN].passages == (
        "The harbour bridge will close on 3 March, the port authority said. Ferries will run.",
    )
    assert by_question[WHO].not_found
    assert by_question["And who paid?"].history == (WHO,)
    assert by_question["And who paid?"].not_found


def test_a_draft_tells_a_person_what_there_is_to_confirm(tmp_path: Path) -> None:
    other = quote(text="Ferries will run.", confidence=0.6)
    write_log(tmp_path / "log", asked(WHEN), asked(WHEN, quote(), other, day=3), asked(WHO, day=2))
    drafted = suggest("log").stdout
    assert "# Drafts of cases: 2, from questions asked 3 times from 2026-11-01 to 2026-11-03." in drafted
    assert (
        "# asked 2 times, last on 2026-11-03; quoted from paragraph 2 of A bridge closes, with confidence 0.90; "
        "answered otherwise before\n" in drafted
    )
    assert "# the words that answer: 3 March\n" in drafted
    assert "# also quoted: Ferries will run.\n" in drafted
    assert (
        "# asked once, last on 2026-11-02; refused (no_answer_in_passages), the best candidate with confidence 0.12"
        in drafted
    )


def test_questions_are_the_same_but_for_case_space_quotes_and_their_end_and_the_latest_counts() -> None:
    first, other, last = (
        asked("What is “it”", day=1),
        asked("what is  'it'?", day=2),
        asked('What is "IT"??', quote(), day=3),
    )
    spoken = asked("what is ''it''?")
    drafts = case_suggestions.drafts([last, first, spoken, other])
    assert [draft.times for draft in drafts] == [2, 1, 1]
    assert drafts[0].latest is last
    assert drafts[0].first == first.time
    assert drafts[0].differed


def test_questions_after_other_questions_are_other_questions() -> None:
    drafts = case_suggestions.drafts([asked("Why?", history=["Who?"]), asked("Why?"), asked("why", history=["who"])])
    assert [(draft.latest.history, draft.times) for draft in drafts] == [(("Who?",), 2), ((), 1)]


def test_what_was_asked_most_comes_first_then_what_was_asked_last() -> None:
    found = case_suggestions.drafts(
        [asked("a", day=1), asked("b", day=3), asked("c", day=2), asked("c", day=2), asked("d", day=2)]
    )
    assert [draft.latest.question for draft in found] == ["c", "b", "d", "a"]


def test_what_a_case_cannot_say_is_left_out() -> None:
    unsayable = [
        asked(WHO, restricted=True),
        asked("\x1b?"),
        asked("a", history=["\x1b"]),
        asked("b", quote(text="\x07")),
    ]
    assert case_suggestions.drafts(unsayable) == []


def test_what_is_known_rare_or_too_much_is_left_out(tmp_path: Path) -> None:
    write_log(tmp_path / "log", *[asked(WHEN, quote())] * 3, *[asked(WHO)] * 2, asked("Why?"))
    (tmp_path / "known.qa.yaml").write_text("articles: [articles]\ncases:\n  - question: when will the bridge CLOSE\n")
    found = ("log", "--articles", "articles")
    assert [WHEN in suggest(*found).stdout, "Why?" in suggest(*found).stdout] == [True, True]
    assert WHEN not in suggest(*found, "--known", "known.qa.yaml").stdout
    assert WHEN not in suggest(*found, "--known", ".").stdout
    assert "Why?" not in suggest(*found, "--at-least", "2").stdout
    assert suggest(*found, "--most", "1").stdout.count("- question:") == 1


def test_backups_are_read_oldest_first_and_broken_lines_are_passed_over(tmp_path: Path) -> None:
    for number, name in enumerate(["log.10", "log.2", "log.1", "log"]):
        write_log(tmp_path / name, asked(str(number)))
    (tmp_path / "log.bak").write_text("not ours\n")
    with (tmp_path / "log").open("a") as log:
        log.write('{"time": "2026-11-\n')
    read = case_suggestions.read_log(tmp_path / "log")
    assert [question.question for question in read.questions] == ["0", "1", "2", "3"]
    assert read.unreadable == 1
    assert "1 lines of the log could not be read" in suggest("log", "--articles", "articles").stderr


@pytest.mark.parametrize(
    "hostile",
    [
        'colon: "quoted" # hash',
        "- [a, {b: c}] &x *y !!python/object:os.system",
        "line\nbreaks\u2028and\u0085other\x0bones",
        "red\u202e \ufffe \ufeff 𝔘",
        "%TAG ! tag:x\n---\ncases: []",
        "'single'",
        "  spaces  ",
    ],
)
def test_whatever_stands_in_a_question_or_an_article_stays_text(tmp_path: Path, hostile: str) -> None:
    said = quote(text=f"Is {hostile}", passage=f"So it Is {hostile}", title=f"\x1b[1m{hostile}")
    write_log(tmp_path / "log", asked(f"What {hostile}", said, quote(text=hostile), history=[f"Then {hostile}"]))
    suggest("log", "--articles", "articles", "--out", "drafts.qa.yaml")
    [case] = load(tmp_path / "drafts.qa.yaml").cases
    assert case.question == " ".join(f"What {hostile}".split())
    assert case.answers == (" ".join(f"Is {hostile}".split()),)
    assert case.history == (" ".join(f"Then {hostile}".split()),)
    printed = suggest("log", "--articles", "articles").stdout
    assert not {"\x1b", "\u202e", "\x0b"} & set(printed)


def test_the_log_is_by_default_that_of_the_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_log(tmp_path / "asked.jsonl", asked(WHEN, quote()))
    monkeypatch.setenv("ONRECORD_QUESTION_LOG", "asked.jsonl")
    assert WHEN in suggest().stdout


def test_articles_are_found_from_where_the_drafts_are_written(tmp_path: Path) -> None:
    write_log(tmp_path / "log", asked(WHEN, quote()))
    suggest("log", "--out", "tests/cases/drafts.qa.yaml")
    assert [found.name for found in load(tmp_path / "tests" / "cases" / "drafts.qa.yaml").articles] == [
        "bridge [1].txt"
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        ((), 2, "ONRECORD_QUESTION_LOG"),
        (("nowhere",), 1, "cannot be read"),
        (("log", "--out", "drafts.yaml"), 2, ".qa.yaml"),
        (("log", "--out", "there.qa.yaml"), 2, "is there already"),
        (("log", "--at-least", "9"), 1, "No question is left"),
        (("log", "--articles", "nothing/*.txt", "--out", "drafts.qa.yaml"), 1, "no article matches"),
        (("web",), 1, "--articles"),
    ],
)
def test_what_cannot_be_drafted_is_told(tmp_path: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    write_log(tmp_path / "log", asked(WHEN, quote()))
    write_log(tmp_path / "web", asked(WHEN, quote(source="https://news.example/bridge")))
    (tmp_path / "there.qa.yaml").touch()
    assert told in suggest(*arguments, code=code).stderr
    assert not (tmp_path / "drafts.qa.yaml").exists()
