from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from onrecord.api.evaluation.report import render
from tests.integration.browser_support import Watch, accessibility_findings
from tests.unit.api.evaluation.evaluated import HOSTILE, article, case, evaluated, result

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.integration, pytest.mark.browser]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_of_an_evaluation_runs_nothing_asks_nobody_and_can_be_read(
    browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    about = article(HOSTILE, title=HOSTILE)
    done = evaluated(
        (case(HOSTILE, answers=(HOSTILE + "!",), passages=(HOSTILE,)), result(about, quoted="alert")),
        (case("Refused?", answers=("text",)), result(article("A text. " * 40), quoted=None)),
        (case("Known?", not_found=True, xfail="later"), result(article("A text."), quoted="text")),
    )
    file = tmp_path / "report.html"
    file.write_text(render(done, made=datetime(2026, 11, 23, tzinfo=UTC)), "utf-8")
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    try:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        watch = Watch.over(page, "file:/")
        page.goto(file.as_uri())
        assert page.locator("script, img, iframe, a").count() == 0
        assert page.get_by_role("img").count() == 3
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("getComputedStyle(document.body).maxWidth") == "1216px"  # its policy lets its style be
        assert accessibility_findings(page) == []
        assert (watch.complaints, watch.strangers) == ([], [])
    finally:
        context.close()
