# ruff: noqa: E501 - documents stand as they come
"""Mails as mail programs and newsletters mark them up."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from onrecord.index.errors import SourceError
from tests.unit.index.sources.documents import article, contents, passages


def raw(markup: str, subject: str = "Re: Quay") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"], message["Message-ID"] = "Ada Holm <a@x.example>", subject, "<1@x.example>"
    message.set_content(markup, subtype="html")
    return message.as_bytes()


NEWSLETTER = """<html><head><title>N</title><style>p {color: red}</style></head><body>
<div style="display:none; max-height:0">Nine stories for you</div>
<table width="600"><tr><td><p>View this message in your browser</p><h2>Quay vote</h2><p>The board of Larnholm
voted <b>for</b> the quay on Tuesday.</p><p>It&nbsp;costs nine million.</p></td></tr>
<tr><td><h2>Bath</h2><ul><li>It opens on 9 June.</li><li>Entry is <i>nine</i> crowns.</li></ul>
<table><tr><th>Boat</th><th>Fee</th></tr><tr><td>Kayak</td><td>2</td></tr><tr><td>Yacht</td><td>9</td></tr></table></td></tr></table>
<p>You get this since you asked. <a href="https://n.example/u">Unsubscribe</a></p></body></html>"""


def test_a_newsletter_keeps_its_headlines_lists_and_tables_and_neither_its_footer_nor_what_is_hidden() -> None:
    found = article(raw(NEWSLETTER), "a.eml")
    assert passages(found) == [
        ("boilerplate", "View this message in your browser"),
        ("headline", "Quay vote"),
        ("body", "The board of Larnholm voted for the quay on Tuesday."),
        ("body", "It costs nine million."),
        ("headline", "Bath"),
        ("body", "- It opens on 9 June."),
        ("body", "- Entry is nine crowns."),
        ("body", "Boat | Fee"),
        ("body", "Kayak | 2"),
        ("body", "Yacht | 9"),
        ("boilerplate", "You get this since you asked. Unsubscribe"),
    ]


def test_lines_of_a_paragraph_stay_together_and_two_line_ends_part_them() -> None:
    found = article(raw("<div>Best<br>Ada<br><br>PS: nine.<div>Ten.</div>Eleven.</div>"), "a.eml")
    assert found.text == "Best\nAda\n\nPS: nine.\n\nTen.\n\nEleven."


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote"><div class="gmail_attr">On Fri, 3 May 2024 at 10:00, Desk &lt;<a href="mailto:d@c.example">d@c.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote"><p>Is it seven?</p></blockquote></div>',
        '<hr><div id="divRplyFwdMsg"><b>From:</b> Desk &lt;d@c.example&gt;<br><b>Sent:</b> Friday, May 3, 2024 10:00 AM<br><b>To:</b> Ada<br><b>Subject:</b> Quay</div><div>Is it seven?</div>',
        '<div style="border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Desk <br><b>Sent:</b> Friday<br><b>Subject:</b> Quay<o:p></o:p></p></div><p class="MsoNormal">Is it seven?</p>',
        '<div class="moz-cite-prefix">On 03/05/2024 10:00, Desk wrote:<br></div><blockquote type="cite" cite="mid:1@c.example"><p>Is it seven?</p></blockquote>',
        '<div class="yahoo_quoted"><div>On Friday, 3 May 2024 at 10:00:00 CEST, Desk &lt;d@c.example&gt; wrote: </div><div>Is it seven?</div></div>',
        '<div class="gmail_signature"><div>Ada Holm</div><div>Seven Quay</div></div>',
        '<div id="Signature"><p>Ada Holm, seven</p></div>',
        '<pre class="moz-signature">-- \nAda Holm\nseven</pre>',
        "<div>--&nbsp;</div><div>Ada Holm</div><div>seven</div>",
    ],
)
def test_what_mail_programs_mark_as_quoted_or_signed_is_left_out(quoted: str) -> None:
    assert article(raw(f"<html><body><p>It costs nine.</p>{quoted}</body></html>"), "a.eml").text == "It costs nine."


def test_a_table_of_fields_above_what_is_forwarded_names_its_sender() -> None:
    table = "<table><tr><th>Subject: </th><td>Fee</td></tr><tr><th>Date: </th><td>Sun, 5 May 2024 09:00:00 +0200</td></tr><tr><th>From: </th><td>Tom Ek &lt;t@c.example&gt;</td></tr></table>"
    forwarded = (
        f'<div class="moz-forward-container">-------- Forwarded Message --------{table}<p>The fee is nine.</p></div>'
    )
    (found,) = contents(raw(f"<html><body>{forwarded}</body></html>", "Fwd: Fee"), "a.eml").articles
    assert (found.text, found.author, found.title) == ("The fee is nine.", "Tom Ek", "Fee")


def test_a_quotation_that_the_sender_set_as_one_stays() -> None:
    found = article(
        raw("<p>The mayor said:</p><blockquote><p>It costs nine.</p></blockquote><p>So be it.</p>"), "a.eml"
    )
    assert found.text == "The mayor said:\n\nIt costs nine.\n\nSo be it."


def test_markup_without_end_is_read_or_refused_by_name() -> None:
    try:
        told = article(raw("<div>" * 50_000 + "Words."), "odd.eml").text
    except SourceError as error:
        told = str(error)
    assert told == "Words." or "odd.eml" in told
