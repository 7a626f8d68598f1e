# ruff: noqa: E501, ISC004 - mails stand as they come
"""What is the sender's own in a mail, whether it comes as plain text or as HTML."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from html import escape

import pytest

from onrecord.index.errors import SourceError
from tests.unit.index.sources.documents import contents

ATTRIBUTION = "On Fri, 3 May 2024 at 10:00, Desk <desk@courier.example> wrote:"
HEADER = "From: Desk <desk@courier.example>\nSent: Friday, May 3, 2024 10:00 AM\nTo: Ada Holm\nSubject: Quay"
LONG = (
    "is it right that the quay of Larnholm will cost seven crowns a night for every boat that lies\nthere\n> in summer?"
)


def raw(text: str, *, marked_up: bool = False, subject: str = "Re: Quay") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ada Holm <ada@larnholm.example>", subject
    message["Date"], message["Message-ID"] = "Mon, 06 May 2024 10:00:00 +0200", "<1@larnholm.example>"
    message.set_content(html(text) if marked_up else text, subtype="html" if marked_up else "plain")
    return message.as_bytes()


def html(text: str) -> str:
    """As mail programs write it: a block a line, quoted lines in a quotation."""
    lines = []
    for line in text.split("\n"):
        shown = f"<div>{escape(line.lstrip('> ')) or '<br>'}</div>"
        lines.append(f'<blockquote type="cite">{shown}</blockquote>' if line.startswith(">") else shown)
    return f"<html><body>{''.join(lines)}</body></html>"


@pytest.mark.parametrize("marked_up", [False, True], ids=["plain", "html"])
@pytest.mark.parametrize(
    ("text", "own"),
    [
        (f"It costs nine.\n\n{ATTRIBUTION}\n> is it seven?", "It costs nine."),
        (f"It costs nine.\n\n{ATTRIBUTION}\n\n> > is it six?\n>\n> is it seven?", "It costs nine."),
        (f"{ATTRIBUTION}\n> is it seven?\n\nNo, it is nine.", "No, it is nine."),
        ("Dear Tom,\n\n> is it seven?\n\nNo, nine.\n\n> who pays?\nThe board.", "Dear Tom,|No, nine.|The board."),
        (f"It costs nine.\n\n{ATTRIBUTION}\n\nIs it seven?\n\nTom", "It costs nine."),
        (
            "It costs nine.\n\nOn Friday, 3 May 2024 at 10:00:12 +0200, The Desk of\nthe Courier <d@c.example>\nwrote:\n"
            "\n> is it seven?",
            "It costs nine.",
        ),
        ("On Friday we met.\nOn Fri, 3 May 2024, Tom wrote:\n> is it seven?\n", "On Friday we met."),
        ("It costs nine.\n\nDesk wrote on 3 May:\n> is it seven?", "It costs nine."),
        ('Den er ni.\n\n03.05.2024, 10:00, "Desk" <d@c.example>:\n\nEr den syv?', "Den er ni."),
        ("Det koster ni.\n\nDen 3. maj 2024 kl. 10.00 skrev Desk <d@c.example>:\n> koster det syv?", "Det koster ni."),
        (f"It costs nine.\n\n{HEADER}\n\nIs it seven?", "It costs nine."),
        (f"It costs nine.\n\n________________________________\n{HEADER}\n\nIs it seven?", "It costs nine."),
        ("It costs nine.\n\n-----Original Message-----\nFrom: Desk\nSent: Friday\n\nIs it seven?", "It costs nine."),
        ("It costs nine.\n\nAda\n\n-- \nAda Holm\nPhone 5550", "It costs nine.|Ada"),
        (
            f"It costs nine.\n\n--\nAda Holm\nPhone 5550\n\n{ATTRIBUTION}\n> is it seven?\n\nPS: or ten.",
            "It costs nine.|PS: or ten.",
        ),
        ("It costs nine.\n\nSent from my telephone", "It costs nine."),
        (f"It costs nine.\n\n{'_' * 40}\nQuays mailing list\nquays@l.example", "It costs nine."),
    ],
)
def test_what_is_quoted_and_who_signs_is_left_out(text: str, own: str, *, marked_up: bool) -> None:
    (found,) = contents(raw(text, marked_up=marked_up), "a.eml").articles
    assert found.text.split("\n\n") == own.split("|")
    assert (found.source, found.author, found.published) == ("test:a.eml", "Ada Holm", date(2024, 5, 6))


@pytest.mark.parametrize("marked_up", [False, True], ids=["plain", "html"])
@pytest.mark.parametrize(
    "text",
    [
        "The board decided:\n\n- the quay costs nine\n- the bath opens in June\n\nThe fair is on 3 May.",
        "The fair comes.\n\nDate: 9 June\nFrom: 10 am\nTo: 4 pm\n\nEntry is nine crowns.",
        "On Monday the mayor wrote:\n\nThe quay costs nine.\n\nThat is all.",
        "Thanks, Tom, for asking.\n\nIt costs nine.\n\nBest regards\nAda\n\nPS: the bath opens in June.",
        "It costs nine.\n\n________________________________\n\nThe bath opens in June.",
        "The board, at nine:\n\nForwarded message\n\nNone came.",
        "First.\n\n--\n\n" + "A paragraph of the sender that is longer than any line of a signature would be. " * 3,
        "The quay closes.\n\n--\n\nThe bath opens\n\n--\n\nThe fair comes",
        "The quay closes.\n\n--\n\nThe bath opens on 9 June.",
        "On Monday at 10:00 the mayor wrote:\n\nThe quay costs nine.",
        "Subject: the quay\n\nTo: all who moor there\n\nIt costs nine.",
    ],
)
def test_nothing_of_the_sender_is_taken_for_a_quotation_or_signature(text: str, *, marked_up: bool) -> None:
    (found,) = contents(raw(text, marked_up=marked_up, subject="Quay"), "a.eml").articles
    kept = [line.strip() for line in text.split("\n") if any(map(str.isalnum, line))]
    assert [line for line in found.text.split("\n") if any(map(str.isalnum, line))] == kept


@pytest.mark.parametrize("marked_up", [False, True], ids=["plain", "html"])
@pytest.mark.parametrize(
    "text",
    [
        "---------- Forwarded message ---------\nFrom: Tom Ek <t@c.example>\nDate: Sun, 5 May 2024 at 09:00\nSubject: Fee"
        "\nTo: <ada@larnholm.example>\n\nThe fee is nine.",
        "-------- Forwarded Message --------\nSubject: Fee\nDate: Sun, 5 May 2024 09:00:00 +0200\nFrom: Tom Ek <t@c.example>"
        "\nTo: a@x.example,\n b@x.example\n\nThe fee is nine.",
        "Begin forwarded message:\n\n> From: Tom Ek <t@c.example>\n> Subject: Fee\n> Date: 5 May 2024 at 09:00:00 CEST\n>"
        "\n> The fee is nine.\n",
        "> Begin forwarded message:\n>\n> From: Tom Ek <t@c.example>\n> Subject: Fee\n> Date: 5 May 2024\n>\n> The fee is nine.",
        '\ufeffOn 05/05/2024 09:46, "Tom Ek" <t@c.example> wrote:\n\n    The fee is nine.',
        "From: Tom Ek <t@c.example>\nSent: Sunday, May 5, 2024 9:00 AM\nTo: Ada Holm\nSubject: Fee\n\nThe fee is nine.",
        "-----Ursprüngliche Nachricht-----\nVon: Tom Ek\nGesendet: Sonntag, 5. Mai 2024 09:00\nAn: Ada Holm\nBetreff: Fee\n\n"
        "The fee is nine.",
    ],
)
def test_what_is_forwarded_is_its_own_senders_with_its_own_day(text: str, *, marked_up: bool) -> None:
    note, fee = contents(raw(f"For you.\n\n{text}", marked_up=marked_up, subject="Fwd: Fee"), "a.eml").articles
    assert (note.text, note.author, note.source) == ("For you.", "Ada Holm", "test:a.eml")
    assert (fee.text, fee.author, fee.source) == ("The fee is nine.", "Tom Ek", "test:a.eml#2")
    assert (fee.title, fee.published) == ("Fee", None if "05/05" in text else date(2024, 5, 5))


def test_what_is_forwarded_twice_and_answered_in_between_is_told_apart() -> None:
    inner = f"The fee is nine.\n\n{ATTRIBUTION}\n> is it seven?"
    first = f"Look.\n\n---------- Forwarded message ---------\nFrom: Tom Ek <t@c.example>\nSubject: Re: Fee\n\n{inner}"
    text = f"---------- Forwarded message ---------\nFrom: Bo Lind <b@c.example>\nSubject: Fwd: Re: Fee\n\n{first}"
    bo, tom = contents(raw(text, subject="Fwd: Fwd: Re: Fee"), "a.eml").articles
    assert (bo.text, bo.author, bo.source) == ("Look.", "Bo Lind", "test:a.eml")
    assert (tom.text, tom.author, tom.title) == ("The fee is nine.", "Tom Ek", "Re: Fee")


def test_the_sender_goes_on_below_what_is_marked_as_forwarded() -> None:
    text = (
        "Begin forwarded message:\n\n> From: Tom Ek <t@c.example>\n> Date: 5 May 2024\n>\n> Nine.\n\nThat is too dear."
    )
    ada, tom = contents(raw(text, subject="Fwd: Fee"), "a.eml").articles
    assert (ada.text, tom.text) == ("That is too dear.", "Nine.")


def test_a_mail_that_only_quotes_is_refused() -> None:
    with pytest.raises(SourceError, match=r"a\.eml holds no text of its own"):
        contents(raw(f"{ATTRIBUTION}\n> is it seven?"), "a.eml")


def test_words_that_were_wrapped_out_of_a_quotation_belong_to_it() -> None:
    (found,) = contents(raw(f"> {LONG}\n\nNo."), "a.eml").articles
    assert found.text == "No."


def test_flowed_lines_are_joined_and_what_was_stuffed_is_no_quotation() -> None:
    message = EmailMessage()
    message["From"], message["Subject"], message["MIME-Version"] = "Ada Holm <a@x.example>", "Quay", "1.0"
    message["Content-Type"] = "text/plain; charset=utf-8; format=flowed"
    message.set_payload("The quay \nof Larnholm \ncosts nine.\n\n >5 m at low water.\n\n> seven \n> crowns?\n-- \nAda")
    (found,) = contents(message.as_bytes(), "a.eml").articles
    assert found.text == "The quay of Larnholm costs nine.\n\n>5 m at low water."


def test_a_line_that_a_mailbox_escaped_is_the_senders() -> None:
    (found,) = contents(raw("We sail.\n\n>From Larnholm it is nine miles."), "a.eml").articles
    assert found.text == "We sail.\n\nFrom Larnholm it is nine miles."


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "line",
    [
        "On Monday wrote:\n\n",
        "Begin forwarded message:\nFrom: a\n\nWords.\n",
        "> a\nb\n",
        "From: a@b.example\nDate: x\n",
        "On On On wrote\n",
    ],
)
def test_a_mail_made_to_be_read_slowly_is_not(line: str) -> None:
    assert contents(raw("Words.\n" + line * 5_000, subject="Fwd: a"), "a.eml").articles
