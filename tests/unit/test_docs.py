from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from onrecord.api.cli import reference
from onrecord.api.http.app import create_app
from onrecord.api.http.messages.questions import AskBody
from onrecord.api.http.routes import articles
from onrecord.api.http.routes.job_records import AddBody, JobOut
from onrecord.api.http.shared import examples
from onrecord.api.http.shared.metrics import Metrics
from onrecord.api.http.shared.middleware import MAX_BODY_BYTES
from onrecord.api.http.shared.problems import ProblemKind
from onrecord.api.settings import Settings, variable
from onrecord.rag.answer import Reason

ROOT = Path(__file__).parents[2]
APP = create_app(pytest.fail, max_concurrent=1, max_waiting=1)
HTTP = (ROOT / "docs" / "http.md").read_text("utf-8")
CLI = (ROOT / "docs" / "cli.md").read_text("utf-8")


def test_the_page_of_the_command_line_is_up_to_date() -> None:
    assert reference.render() == CLI, "run: python -m onrecord.api.cli.reference > docs/cli.md"


@pytest.mark.parametrize(
    "command",
    [
        "index",
        "ask",
        "serve",
        "eval",
        "articles list",
        "articles show",
        "articles remove",
        "cases import",
        "cases suggest",
    ],
)
def test_every_command_is_documented(command: str) -> None:
    assert f"## `onrecord {command} " in CLI


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_documented(name: str) -> None:
    assert f"| `{variable(name)}` |" in CLI


def test_every_route_is_documented() -> None:
    documented = set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", HTTP, re.MULTILINE))
    paths = APP.openapi()["paths"]
    assert documented == {f"{method.upper()} {path}" for path, item in paths.items() for method in item}


def test_every_problem_is_documented_with_its_status() -> None:
    documented = set(re.findall(r"^\| `(urn:onrecord:problem:\S+)` \| (\d+) \|", HTTP, re.MULTILINE))
    assert documented == {(kind.type, str(kind.status)) for kind in ProblemKind}


def test_every_field_of_a_question_is_documented() -> None:
    table = HTTP[HTTP.index("### Asking") : HTTP.index("```json")]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == set(AskBody.model_fields)


def test_every_reason_is_documented() -> None:
    for reason in Reason:
        assert f"`{reason}`" in HTTP


def test_every_figure_is_documented() -> None:
    families = text_string_to_metric_families(Metrics().render(None).decode())
    ours = {one.name for one in families if one.name.startswith("onrecord_") and not one.name.endswith("_created")}
    documented = {name.removesuffix("_total") for name in re.findall(r"`(onrecord_\w+)`", HTTP)}
    assert documented == ours


def test_the_limit_on_bodies_is_documented() -> None:
    assert f"{MAX_BODY_BYTES:,} bytes" in HTTP
    assert f"{articles.MAX_UPLOAD_BYTES:,} bytes" in HTTP


def test_every_field_of_a_posted_article_is_documented() -> None:
    table = HTTP[HTTP.index("### Adding and removing articles") : HTTP.index("A file of a form is known")]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", table, re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(AddBody.model_fields)


def test_the_example_job_is_one() -> None:
    shown = re.search(r"^```json\n(\{\n  \"id\".*?)^```", HTTP, re.MULTILINE | re.DOTALL)
    assert shown
    assert JobOut.model_validate(json.loads(shown[1])).model_dump(mode="json") == json.loads(shown[1])


def test_the_example_answer_is_the_one_of_the_openapi_document() -> None:
    shown = re.search(r"^```json\n(.*?)^```", HTTP, re.MULTILINE | re.DOTALL)
    assert shown
    assert json.loads(shown[1]) == examples.ASK["answered"]["value"]


def test_the_example_message_and_error_are_those_of_the_openapi_document() -> None:
    chat = HTTP[HTTP.index("## In chat UIs") :]
    message, error = (json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", chat, re.MULTILINE | re.DOTALL))
    responses = APP.openapi()["paths"]["/v1/chat/completions"]["post"]["responses"]
    shown = responses["200"]["content"]["application/json"]["examples"]["answered"]["value"]
    assert message == shown["choices"][0]["message"]
    assert error == responses["400"]["content"]["application/json"]["examples"]["unsupported-value"]["value"]


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "docs").glob("*.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} → {target}"
