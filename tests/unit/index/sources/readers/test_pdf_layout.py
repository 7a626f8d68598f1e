"""What stands where on a page of a PDF decides what belongs together."""

from __future__ import annotations

import pytest

from tests.unit.index.sources.documents import Field, Put, article, column, passages, pdf

PASSWORD_FIELD = 1 << 13


def read(*pages: list[Put], fields: tuple[Field, ...] = ()) -> list[str]:
    return article(pdf(*pages, fields=fields), "report.pdf").text.split("\n\n")


def test_an_initial_several_lines_high_begins_its_word() -> None:
    cap = Put("S", x=72, top=122, size=34)
    lines = [Put("ailors of Larnholm went on strike on Monday", x=97, top=100)]
    lines += [Put("over the pay of the night watch, and no ship", x=97, top=114)]
    lines += [Put("left the harbour before the evening of Tuesday.", x=72, top=128)]
    whole = (
        "Sailors of Larnholm went on strike on Monday over the pay of the night watch, and no ship left the harbour "
        "before the evening of Tuesday."
    )
    assert read([cap, *lines]) == [whole]
    assert read([*lines, cap]) == [whole]


@pytest.mark.parametrize(
    ("cap", "rest", "whole"),
    [
        ("A", "lighthouse stood on the cape until 1931.", "A lighthouse stood on the cape until 1931."),
        ("A", "fter the storm the lighthouse was gone.", "After the storm the lighthouse was gone."),
        ("I", "remember the lighthouse on the cape.", "I remember the lighthouse on the cape."),
        ("I", "n 1931 the lighthouse was taken down.", "In 1931 the lighthouse was taken down."),
        ("T", "HE LIGHTHOUSE stood on the cape.", "THE LIGHTHOUSE stood on the cape."),
    ],
)
def test_an_initial_is_a_word_of_its_own_where_english_has_it(cap: str, rest: str, whole: str) -> None:
    assert read([Put(cap, x=72, top=110, size=26), Put(rest, x=96, top=100)]) == [whole]


@pytest.mark.parametrize("offset", [0.0, 0.3, 0.6])
def test_what_is_drawn_twice_to_look_bold_is_read_once(offset: float) -> None:
    lines = column("The warden of Larnholm\nresigned on Friday.", size=12)
    again = [Put(line.text, line.x + offset, line.top, line.size) for line in lines]
    assert read([*lines, *again]) == ["The warden of Larnholm resigned on Friday."]


def test_letters_that_are_drawn_twice_each_are_read_once() -> None:
    letters = [Put(letter, x=72 + 9 * n + shift, size=12) for n, letter in enumerate("WARDEN") for shift in (0, 0.4)]
    assert read(letters) == ["WARDEN"]


def test_the_numbers_of_a_transcripts_lines_are_left_out() -> None:
    said = [
        "THE CLERK: We will now hear the case of the",
        "two fishermen of Larnholm.",
        "MR. VOSS: The nets were cut on the night of the",
        "ninth of April, and the boat was adrift by the",
        "next morning.",
        "JUDGE HOLT: Who saw it?",
        "MR. VOSS: The keeper of the light.",
    ]
    rows = [(Put(str(n), x=60, top=100 + 24 * n), Put(text, x=100, top=100 + 24 * n)) for n, text in enumerate(said, 1)]
    together = [
        "THE CLERK: We will now hear the case of the two fishermen of Larnholm.",
        "MR. VOSS: The nets were cut on the night of the ninth of April, and the boat was adrift by the next morning.",
        "JUDGE HOLT: Who saw it?",
        "MR. VOSS: The keeper of the light.",
    ]
    assert read([put for row in rows for put in row]) == together
    assert read([row[0] for row in rows] + [row[1] for row in rows]) == together


def test_numbers_that_rank_what_stands_beside_them_are_kept() -> None:
    names = ["Gull", "Heron", "Plover", "Curlew", "Avocet", "Dunlin"]
    rows = [(Put(str(n), x=60, top=80 + 20 * n), Put(name, x=100, top=80 + 20 * n)) for n, name in enumerate(names, 1)]
    assert "6 Dunlin" in " ".join(read([put for row in rows for put in row])).replace(" | ", " ")


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        ("a long-\nterm lease", "a long-term lease"),
        ("forty-\ntwo crates", "forty-two crates"),
        ("a US-\nbased firm", "a US-based firm"),
        ("Mrs Holt-\nVoss spoke", "Mrs Holt-Voss spoke"),
        ("a state-of-the-\nart crane", "a state-of-the-art crane"),
        ("pre-\nand post-war piers", "pre- and post-war piers"),
        ("the years 2019-\n2021", "the years 2019-2021"),
        ("the COVID-\n19 rules", "the COVID-19 rules"),
        ("the administra-\ntion said", "the administration said"),
        ("it con-\ntinued on", "it continued on"),
        ("the water-\nways office", "the waterways office"),
        ("THE ADMINIS-\nTRATION", "THE ADMINISTRATION"),
        ("Larn-\nholm harbour", "Larnholm harbour"),
    ],
)
def test_a_hyphen_at_a_lines_end_goes_only_where_it_cut_a_word(lines: str, whole: str) -> None:
    assert read(column(lines)) == [whole]


def test_what_was_put_in_a_form_stands_beside_its_label() -> None:
    page = column("Report of a loss to the insurance of the harbour of Larnholm.\n\nOwner:\nBoat:\nDay:", leading=24)
    tops = {put.text: put.top for put in page}
    fields = (
        Field("owner", "Ada Holt", 160, tops["Owner:"]),
        Field("boat", "Grey Heron", 160, tops["Boat:"]),
        Field("day", "", 160, tops["Day:"]),
        Field("code", "hidden", 330, tops["Day:"], flags=PASSWORD_FIELD),
    )
    assert read(page, fields=fields)[1:] == ["Owner: Ada Holt", "Boat: Grey Heron", "Day:"]


def test_what_was_put_in_a_form_below_its_label_stands_below_it() -> None:
    page = [Put("Name of the owner", top=100), Put("Signed in the presence of a witness.", top=200)]
    assert read(page, fields=(Field("owner", "Ada Holt", 72, 118),)) == [
        "Name of the owner",
        "Ada Holt",
        "Signed in the presence of a witness.",
    ]


def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other() -> None:
    left = ["The crane lifts forty tonnes, and its", "operator has not missed a day since", "it was put up in 1998."]
    right = ["A ferry calls twice a day, except in", "winter, when the ice keeps it in the", "harbour of Larnholm."]
    rows = zip(column("\n".join(left), x=60), column("\n".join(right), x=320), strict=True)
    page = [Put("News of the harbour", size=18, top=70), *(put for row in rows for put in row)]
    assert read(page) == ["News of the harbour", " ".join(left), " ".join(right)]


def test_a_tables_row_is_a_paragraph_with_its_cells_apart() -> None:
    cells = [("Boat", "Built", "Berths"), ("Grey Heron", "1931", "40"), ("Plover", "1958", "112")]
    page = [
        Put(cell, x=72 + 150 * n, top=100 + 16 * row) for row, line in enumerate(cells) for n, cell in enumerate(line)
    ]
    assert read(page) == ["Boat | Built | Berths", "Grey Heron | 1931 | 40", "Plover | 1958 | 112"]


def test_words_that_are_set_far_apart_to_fill_a_line_are_no_table() -> None:
    lines = ["The ferry of Larnholm", "came back after nine", "years on Monday with", "two hundred people."]
    page = [
        Put(word, x=72 + 60 * n, top=100 + 14 * row)
        for row, line in enumerate(lines)
        for n, word in enumerate(line.split())
    ]
    assert read(page) == [" ".join(lines)]


def test_the_lines_of_a_table_of_contents_are_apart() -> None:
    page = column(
        "Foreword . . . . . . . . . . . 3\nThe old harbour . . . . . . . 14\nThe new harbour . . . . . . . 92"
    )
    assert len(read(page)) == 3


def test_watermarks_that_run_aslant_are_left_out() -> None:
    page = pdf(column("The warden of Larnholm resigned on Friday."), aslant="DRAFT")
    assert article(page).text == "The warden of Larnholm resigned on Friday."


def test_a_heading_of_two_centred_lines_is_one() -> None:
    page = [Put("The Harbour of Larnholm", x=90, top=80, size=22), Put("and Its Wardens", x=133, top=106, size=22)]
    found = passages(article(pdf([*page, *column("The first warden was named in 1742.", top=150)])))
    assert found[0] == ("headline", "The Harbour of Larnholm and Its Wardens")


def test_the_items_of_a_list_are_apart_and_whole_wherever_their_signs_are_drawn() -> None:
    page = [
        Put("•", x=72, top=102),
        Put("Nets are dried on the north wall of the harbour, and", x=90, top=100),
        Put("nowhere else.", x=90, top=114),
        Put("2", x=72, top=128),
        Put("Boats are painted in", x=90, top=128),
        Put("Larnholm.", x=90, top=142),
    ]
    assert read(page) == [
        "• Nets are dried on the north wall of the harbour, and nowhere else.",
        "2 Boats are painted in Larnholm.",
    ]


def test_numbers_at_every_fifth_line_are_left_out() -> None:
    told = "the nets of the two fishermen were cut in the night and found in the sound by the keeper of the light"
    words = told.split()
    lines = [Put(" ".join(words[n : n + 5]), x=90, top=100 + 14 * n) for n in range(16)]
    numbers = [Put(str(n), x=60, top=100 + 14 * (n - 1)) for n in (5, 10, 15)]
    assert read([*lines, *numbers]) == read(lines)


def test_each_note_at_the_foot_of_a_page_is_a_paragraph() -> None:
    page = column("The wardens of Larnholm met on Monday and on Tuesday, and agreed.")
    notes = [Put("1 In the old school.", top=780, size=8), Put("2 In the new one.", top=790, size=8)]
    assert read([*page, *notes])[1:] == ["1 In the old school.", "2 In the new one."]
