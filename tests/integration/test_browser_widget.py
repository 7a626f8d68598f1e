from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Page, expect

from tests.integration.browser_support import Watch, accessibility_findings, ask, problem
from tests.integration.processes import SEEDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Route

    from tests.integration.browser_support import Hosts, HostSite
    from tests.integration.processes import Server

pytestmark = [pytest.mark.browser, pytest.mark.integration, pytest.mark.xdist_group("browser")]

ANSWERED = "When was the Nujaba Movement established?"
UNANSWERED = "How many eggs go into a lemon meringue pie?"

POLICY = (
    "default-src 'none'; script-src 'self' {server}; connect-src {server}; style-src 'self'; img-src 'self'; "
    "frame-src {server}"
)
PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="{policy}">
    <title>The Larnholm Courier</title>
    <link rel="stylesheet" href="/host.css">
    <script src="/host.js"></script>
    <script src="{server}/widget.js" defer></script>
  </head>
  <body>
    <main><h1>The Larnholm Courier</h1><p class="before">Before</p>{body}<p class="after">After</p></main>
  </body>
</html>
"""
SCRIPT = """
window.told = [];
window.shortcuts = [];
for (const name of ["onrecord:answer", "onrecord:error"]) {
  document.addEventListener(name, ({ type, detail, target }) => window.told.push({ type, detail, from: target.id }));
}
document.addEventListener("keydown", ({ key }) => window.shortcuts.push(key));
window.before = Object.keys(window);
"""
HOSTILE_STYLE = """
html { font-size: 40px; }
* { color: rgb(255, 0, 255) !important; font-family: fantasy !important; letter-spacing: 1em; }
* { text-transform: uppercase !important; box-sizing: content-box !important; line-height: 4; }
button, textarea, section, header, label, .frame, .composer { display: none !important; }
"""
SIZES = """element => [...element.shadowRoot.querySelectorAll('*')].filter(one => one.checkVisibility()).map(one => {
  const { x, y, width, height } = one.getBoundingClientRect();
  const { color, display, fontFamily } = getComputedStyle(one);
  const { left, top } = element.getBoundingClientRect();
  const place = [Math.round(x - left), Math.round(y - top), width, height];
  return [one.localName, one.className, ...place, color, display, fontFamily];
})"""


@pytest.fixture
def open_host(
    open_page: Callable[..., tuple[Page, Watch]], hosts: Hosts, server: Server
) -> Callable[..., tuple[Page, Watch]]:
    """Opens a page of another origin that holds a widget, or several."""

    def open_one(
        body: str = "", *, host: HostSite = hosts.allowed, style: str = "", **options: Any
    ) -> tuple[Page, Watch]:
        body = body or f'<onrecord-chat id="one" endpoint="{server.url}" placeholder="What happened?"></onrecord-chat>'
        policy = POLICY.format(server=server.url)
        host.files.update({"/": PAGE.format(server=server.url, policy=policy, body=body), "/host.css": style})
        host.files["/host.js"] = SCRIPT
        return open_page(host.url, origins=(host.url, server.url), **options)

    return open_one


def test_a_page_of_an_allowed_origin_asks_follows_up_and_opens_the_citation_in_a_new_tab(
    open_host: Callable[..., tuple[Page, Watch]], server: Server
) -> None:
    page, _ = open_host()
    page.set_viewport_size({"width": 1280, "height": 900})  # so that nothing but the widget could scroll the page
    expect(page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    box = page.get_by_role("textbox")
    expect(box).to_have_attribute("placeholder", "What happened?")
    expect(box).not_to_be_focused()
    examples = page.get_by_role("region", name="Example questions")
    expect(examples.get_by_role("button").first).to_be_visible()
    ask(page, "What is the Nujaba Movement?")
    expect(page.locator("figure").first).to_be_visible()
    expect(examples).to_be_hidden()
    ask(page, "And when was it established?")
    quote = page.get_by_role("article", name="And when was it established?").locator("figure").first
    expect(quote.locator("mark")).to_contain_text("2013")
    assert page.evaluate("[scrollX, scrollY]") == [0, 0]

    first, second = page.evaluate("told")
    assert (first["type"], first["from"]) == ("onrecord:answer", "one")
    assert second["detail"]["status"] == "answered"
    assert second["detail"]["quotes"][0]["text"] in (SEEDS / "000_39eef53fe2efcfd7.txt").read_text("utf-8")

    with page.context.expect_page() as opened:
        quote.locator(".citation").click()
    article = opened.value
    expect(article.locator("article mark")).to_contain_text("2013")
    expect(article.locator("article mark")).to_be_in_viewport()
    assert article.url.startswith(f"{server.url}/articles/")
    assert article.evaluate("window.opener") is None
    page.get_by_role("button", name="New thread").click()
    expect(page.locator(".turn")).to_have_count(0)
    expect(examples).to_be_visible()
    expect(box).to_be_focused()


def test_a_page_of_an_origin_that_is_not_allowed_is_told_so_and_may_not_frame_the_chat_page(
    open_host: Callable[..., tuple[Page, Watch]], hosts: Hosts, server: Server
) -> None:
    page, watch = open_host(host=hosts.refused)
    watch.expects_failures = True
    ask(page, ANSWERED)
    failure = page.locator(".failure")
    expect(failure).to_contain_text("This page may not ask here.")
    expect(failure).to_contain_text(f"{server.url} does not answer pages of {hosts.refused.url}.")
    expect(failure).to_contain_text("ONRECORD_ALLOWED_ORIGINS")
    assert page.locator("figure").count() == 0
    (told,) = page.evaluate("told")
    assert (told["type"], told["detail"]["status"]) == ("onrecord:error", None)
    framed = f'<iframe src="{server.url}/" title="Chat"></iframe>'
    page, watch = open_host(framed, host=hosts.refused)
    watch.expects_failures = True
    expect(page.frame_locator("iframe").locator("body")).not_to_contain_text("Ask the articles")
    assert any("frame-ancestors" in complaint for complaint in watch.complaints)
    watch.complaints.clear()
    page, _ = open_host(framed)
    expect(page.frame_locator("iframe").get_by_role("heading", name="On Record")).to_be_visible()


def test_neither_the_host_page_nor_the_widget_can_break_the_other(
    open_host: Callable[..., tuple[Page, Watch]], server: Server
) -> None:
    widget = f'<onrecord-chat id="one" endpoint="{server.url}" examples="Why?|How?"></onrecord-chat>'
    seen = []
    for style in ("", HOSTILE_STYLE):
        page, _ = open_host(widget, style=f"{style}\nmain {{ width: 600px; }}")
        expect(page.get_by_role("button", name="How?")).to_be_visible()
        seen.append(page.locator("onrecord-chat").evaluate(SIZES))
        before = page.evaluate("[...document.querySelectorAll('.before, .after')].map(e => e.outerHTML)")
        assert before == ['<p class="before">Before</p>', '<p class="after">After</p>']
        assert page.evaluate("document.styleSheets.length + document.adoptedStyleSheets.length") == 1
        assert page.evaluate("Object.keys(window).filter(name => !before.includes(name) && name !== 'before')") == []
        assert page.locator("onrecord-chat").evaluate("element => element.childNodes.length") == 0
    assert seen[0] == seen[1]
    page.get_by_role("textbox").press_sequentially("no/?")
    page.keyboard.press("Escape")
    assert page.evaluate("shortcuts") == ["Escape"]


def test_attributes_and_custom_properties_shape_each_of_several_widgets(
    open_host: Callable[..., tuple[Page, Watch]], server: Server
) -> None:
    page, _ = open_host(
        f"""<onrecord-chat id="one" endpoint="{server.url}" title="Ask our desk" examples="Is it so? | {ANSWERED}">
              <a href="{server.url}">Shown while there is no script</a></onrecord-chat>
            <onrecord-chat id="two" endpoint="{server.url}/" article-ids="0000000000000000"></onrecord-chat>
            <onrecord-chat id="bad" endpoint="javascript:alert(1)"></onrecord-chat>""",
        style="#two { --onrecord-accent: rgb(0, 80, 160); color-scheme: dark; }",
    )
    one, two, bad = (page.locator(f"#{name}") for name in ("one", "two", "bad"))
    expect(one.get_by_role("heading", name="Ask our desk")).to_be_visible()
    expect(one.locator(".example")).to_have_text(["Is it so?", ANSWERED])
    expect(page.get_by_text("Shown while there is no script")).to_be_hidden()
    one.get_by_role("button", name=ANSWERED).click()
    expect(one.locator("figure").first).to_be_visible()
    expect(two.locator(".turn")).to_have_count(0)

    expect(two.get_by_role("button", name="Ask")).to_have_css("background-color", "rgb(0, 80, 160)")
    expect(one.get_by_role("button", name="Ask")).not_to_have_css("background-color", "rgb(0, 80, 160)")
    expect(two.locator(".frame")).to_have_css("background-color", "rgb(22, 21, 19)")
    expect(one.locator(".frame")).to_have_css("background-color", "rgb(251, 250, 247)")
    two.evaluate("(element, question) => element.ask(question)", ANSWERED)  # of no article that it may ask
    expect(two.locator(".not-found")).to_be_visible()
    two.evaluate("element => element.removeAttribute('article-ids')")
    two.evaluate("element => { element.title = 'Another title'; }")
    expect(two.get_by_role("heading", name="Another title")).to_be_visible()
    two.evaluate("(element, question) => element.ask(question)", ANSWERED)
    expect(two.locator("figure").first).to_be_visible()
    assert [told["from"] for told in page.evaluate("told")] == ["one", "two", "two"]

    expect(bad).to_contain_text("The endpoint of this element is no web address.")
    bad.evaluate("(element, url) => element.setAttribute('endpoint', url)", server.url)
    expect(bad.get_by_text("The endpoint of this element is no web address.")).to_be_hidden()


def test_a_widget_that_is_removed_gives_up_its_question_and_is_forgotten(
    open_host: Callable[..., tuple[Page, Watch]],
) -> None:
    page, watch = open_host()
    expect(page.get_by_role("region", name="Example questions")).to_be_visible()
    page.evaluate(
        """question => {
      const twin = document.querySelector('onrecord-chat').cloneNode();
      document.body.append(twin);
      twin.ask(question);  // not typed: a browser keeps what was typed, to undo it
    }""",
        ANSWERED,
    )
    expect(page.locator("figure").first).to_be_visible()
    page.evaluate("""() => {
      const twin = document.querySelector('body > onrecord-chat');
      window.gone = new WeakRef(twin);
      twin.remove();
      told.length = 0;
    }""")
    for _ in range(50):
        page.request_gc()
        if page.evaluate("gone.deref() === undefined"):
            break
        page.wait_for_timeout(100)
    assert page.evaluate("gone.deref() === undefined")

    held: list[Route] = []
    page.route("**/v1/ask", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks what it is given
    ask(page, ANSWERED)
    turn = page.locator(".turn")
    expect(turn).to_have_attribute("aria-busy", "true")
    page.evaluate("document.body.append(document.querySelector('onrecord-chat'))")  # moved: it goes on
    expect(turn).to_have_attribute("aria-busy", "true")
    while not held:
        page.wait_for_timeout(20)
    watch.expects_failures = True
    with page.expect_event("requestfailed"):
        page.evaluate("window.held = document.querySelector('onrecord-chat'); held.remove()")
    page.unroute("**/v1/ask")
    page.evaluate("document.body.append(held)")
    expect(turn).to_contain_text("Cancelled.")
    turn.get_by_role("button", name="Try again").click()
    expect(page.locator("figure").first).to_be_visible()


def test_errors_of_the_server_are_shown_and_told(open_host: Callable[..., tuple[Page, Watch]]) -> None:
    page, watch = open_host()
    watch.expects_failures = True
    cors = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}
    busy = {"title": "Too many questions are waiting", "detail": "Ask again in a moment.", "Retry-After": "1", **cors}
    page.route("**/v1/ask", lambda route: problem(route, 503, **busy), times=1)
    ask(page, ANSWERED)
    expect(page.locator(".turn")).to_contain_text("Too many questions are waiting.")
    expect(page.locator("figure").first).to_be_visible()
    page.route("**/v1/ask", lambda route: problem(route, 500, "Something broke", "Read the log of the server.", **cors))
    ask(page, UNANSWERED)
    expect(page.locator(".failure")).to_contain_text("Read the log of the server.")
    page.unroute("**/v1/ask")
    page.route(re.compile("/v1/ask|/healthz"), lambda route: route.abort())
    ask(page, "Who is there?")
    expect(page.locator(".failure").last).to_contain_text("The server cannot be reached.")
    told = [(one["type"], one["detail"]["status"]) for one in page.evaluate("told")]
    assert told == [("onrecord:answer", "answered"), ("onrecord:error", 500), ("onrecord:error", None)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_widget_works_with_the_keyboard_alone_on_a_phone_and_axe_finds_nothing_serious(
    open_host: Callable[..., tuple[Page, Watch]], scheme: str
) -> None:
    page, _ = open_host(color_scheme=scheme, viewport={"width": 320, "height": 640})
    expect(page.get_by_role("region", name="Example questions")).to_be_visible()
    assert accessibility_findings(page) == []
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.shadowRoot?.activeElement?.matches('textarea') ?? false"):
        page.keyboard.press("Tab")
    for question, shown in ((ANSWERED, "figure"), (UNANSWERED, ".not-found")):
        page.keyboard.type(question)
        page.keyboard.press("Enter")
        expect(page.get_by_role("article", name=question).locator(shown).first).to_be_visible()
    expect(page.locator(".frame > [role=status]")).to_contain_text("The articles do not answer this.")
    page.keyboard.press("Shift+Tab")
    expect(page.locator("summary").last).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("details li").last).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert accessibility_findings(page) == []
