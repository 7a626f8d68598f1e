import sys
from pathlib import Path

import pytest

import benchmarks.peers
from benchmarks.peers.child import Place, SystemFailed, run
from benchmarks.peers.questions import Asked, QuestionSet, searchable
from onrecord.index.records import Article

SYSTEMS = Path(benchmarks.peers.__file__).parent / "systems"
ECHO = """
import sys
sys.path.insert(0, {systems!r})
from serving import serve

class Echo:
    def __init__(self, given):
        self.given = given
    def index(self):
        print("libraries print what they like")
    def ask(self, question):
        if question == "end":
            sys.exit("it ended")
        return self.given["documents"][0]
    def told(self, question, given):
        ids = [given["id"]]
        return {{"found": ids, "ranked": ids, "answer": given["text"], "score": 0.5, "answered": True}}

serve(Echo, ("pip",))
"""


@pytest.fixture
def echo(tmp_path: Path) -> Path:
    script = tmp_path / "echo.py"
    script.write_text(ECHO.format(systems=str(SYSTEMS)), encoding="utf-8")
    return script


@pytest.fixture
def asked() -> QuestionSet:
    article = Article.create(source="text:x", text="Ada Alder built the bridge near Corholm.", title="Bridges")
    return QuestionSet("bridges", (article,), searchable([article]), (Asked("Who?", ("Ada Alder",), frozenset()),))


def place(script: Path, *, titled: bool = False) -> Place:
    return Place("echo", Path(sys.executable), script, None, None, threads=1, titled=titled)


def test_each_question_gets_what_the_system_gave_back(echo: Path, asked: QuestionSet) -> None:
    made = run(place(echo), asked, ["Who?", "Where?"])
    assert [each.answer for each in made.told] == [asked.passages[0].text] * 2
    assert made.told[0].ranked == (asked.passages[0].id,)
    assert made.versions.keys() == {"pip"}
    assert made.peak_mib > 1
    assert made.first_answer > made.loaded + made.indexed


def test_a_title_stands_in_front_of_a_passage_where_that_is_asked_for(echo: Path, asked: QuestionSet) -> None:
    made = run(place(echo, titled=True), asked, ["Who?"])
    assert made.told[0].answer == f"Bridges\n{asked.passages[0].text}"


def test_a_system_that_ends_early_is_named_with_what_it_said_last(echo: Path, asked: QuestionSet) -> None:
    with pytest.raises(SystemFailed, match=r"echo ended early: [\s\S]*it ended"):
        run(place(echo), asked, ["Who?", "end"])
