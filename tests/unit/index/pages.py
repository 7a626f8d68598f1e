"""Made-up pages as sites publish them: every paragraph with the kind it must get."""
# ruff: noqa: E501 - paragraphs stand as a page has them, one a line

from __future__ import annotations

from dataclasses import dataclass

from onrecord.index.records import PassageKind

H, B, C, R, X = (
    PassageKind.HEADLINE,
    PassageKind.BODY,
    PassageKind.CAPTION,
    PassageKind.CREDIT,
    PassageKind.BOILERPLATE,
)


@dataclass(frozen=True)
class Page:
    """Paragraphs parted by a blank line, unless one says otherwise by beginning with a line end of its own."""

    name: str
    paragraphs: tuple[tuple[PassageKind, str], ...]
    author: str | None = None
    published: str | None = None
    line_end: str = "\n"

    @property
    def text(self) -> str:
        text = ""
        for _, paragraph in self.paragraphs:
            text += paragraph if not text or paragraph.startswith("\n") else f"\n\n{paragraph}"
        return text.replace("\n", self.line_end)


AGENCY = Page(
    "agency report with a piped byline and a dateline",
    (
        (H, "Port of Larnholm reopens after week-long strike"),
        (R, "By Jane Roe | Reuters"),
        (R, "Published Nov. 4, 2024, 10:15 AM"),
        (
            B,
            (
                "LARNHOLM, Nov 4 (Reuters) - Dock workers returned to the port of Larnholm on Monday after the operator "
                "agreed to raise overnight pay by 6 percent, the union said."
            ),
        ),
        (C, "Dock workers gather outside the main gate of Larnholm port on Sunday. REUTERS/Ida Holm"),
        (R, "REUTERS/Ida Holm/File Photo"),
        (
            B,
            (
                "The strike had stopped about 40 container ships. “We are relieved,” said Ole Brandt, who runs a forwarding "
                "company in the harbour district."
            ),
        ),
        (B, "“It was costing us.”"),
        (R, "(Reporting by Jane Roe; Editing by John Doe)"),
    ),
    author="Jane Roe",
    published="2024-11-04",
)

LOCAL = Page(
    "local paper with related links in mid-page, the body going on after them",
    (
        (H, "Council votes to keep Elm Street library open"),
        (R, "By Priya Nair and Tom O’Dell, Staff Writers"),
        (X, "Share on Facebook"),
        (X, "3 min read"),
        (
            B,
            (
                "The town council voted 7-2 on Tuesday night to keep the Elm Street library open through 2027, reversing "
                "a decision it took in March."
            ),
        ),
        (X, "Related articles"),
        (X, "Read more: Library budget cut in half"),
        (
            B,
            (
                "Residents who filled the chamber applauded when the result was read out. Councillor Dana Whitfield, who "
                "had proposed the closure, abstained."
            ),
        ),
        (
            B,
            (
                "“Nobody who spoke tonight asked us to close anything,” Mayor Gwen Alder said after the vote. “They asked "
                "us to find the money, and we did.”"
            ),
        ),
        (X, "Advertisement"),
        (
            B,
            (
                "The money, about $410,000 a year, will come from the parking fund, which ended last year with a surplus "
                "of $1.2 million."
            ),
        ),
        (B, "The library was built in 1911."),
        (X, "Sign up for our morning newsletter"),
        (B, "A second vote, on opening hours, is planned for January."),
        (X, "Filed under: Elm Street, library, council"),
        (X, "You may also like"),
        (X, "Ten books to read this winter"),
        (X, "Why the bridge is green"),
    ),
    author="Priya Nair and Tom O’Dell",
)

PICTURES = Page(
    "news magazine with captions, agency credits and a repeated pull quote",
    (
        (H, "Flood waters recede in the Tamar valley"),
        (C, "Volunteers (left) carry sandbags past the flooded school in Tamarsk."),
        (R, "Getty Images"),
        (
            B,
            (
                "Flood waters that covered a third of the Tamar valley have begun to recede, and the first of 12,000 "
                "evacuated residents went home on Friday."
            ),
        ),
        (B, "“The river gave us four hours,” said Lena Marsh, who teaches at the village school."),
        (C, "School principal Aron Hale (L) and mayor Ruth Okoye inspect the damage, Oct. 3, 2024."),
        (R, "AP Photo/Marta Lind"),
        (
            B,
            (
                "Engineers say the dam at Upper Tamar held because its gates were opened a day before the rain, a decision "
                "that was criticised at the time."
            ),
        ),
        (X, "“The river gave us four hours,” said Lena Marsh, who teaches at the village school."),
        (C, "FILE - The Upper Tamar dam is seen in this 2019 photo."),
        (R, "Photo: Jonas Berg / AFP via Getty Images"),
        (B, "Repairs will cost 30 million crowns, the ministry estimates."),
        (X, "© 2024 AFP"),
        (X, "Copyright 2024 The Valley Herald. All rights reserved."),
    ),
)

COMMENTS = Page(
    "blog post with an author biography and reader comments",
    (
        (H, "What I learned from a year of winter swimming"),
        (R, "by Marta Lind"),
        (R, "12 January 2025"),
        (
            B,
            (
                "I began in November, when the lake was nine degrees, because a neighbour said it would cure my insomnia. "
                "It did not, but I kept going."
            ),
        ),
        (H, "The first month"),
        (
            B,
            (
                "For the first month I stayed in for less than a minute. The shock passes after about thirty seconds, and "
                "what comes after it is hard to describe."
            ),
        ),
        (H, "What it costs"),
        (
            B,
            (
                "A good pair of neoprene gloves is 40 euros; the sauna pass is 15 a month. Everything else is free, which "
                "is part of the appeal."
            ),
        ),
        (X, "Tags"),
        (X, "swimming, winter, health, lakes"),
        (X, "About the author"),
        (X, "Marta Lind is a freelance writer based in Tampere who covers sport and outdoor life."),
        (X, "3 Comments"),
        (X, "Pekka says:"),
        (X, "I tried this too and I can only recommend it to everyone who sleeps badly."),
        (X, "Leave a Reply"),
        (X, "Your email address will not be published."),
    ),
    author="Marta Lind",
    published="2025-01-12",
)

WRAPPED = Page(
    "mailing-list digest wrapped by hand at 72 columns, with CRLF line ends",
    (
        (H, "Minutes of the harbour committee, 14 May"),
        (
            B,
            (
                "The committee met at nine in the morning. Present were the harbour\n"
                "master, two members of the fishing cooperative and, for the first item,\n"
                "the engineer who had surveyed the east pier in April."
            ),
        ),
        (
            B,
            (
                "The engineer reported that eleven of the forty piles are sound and that\n"
                "the rest can be sleeved. The work would take six weeks and could begin\n"
                "as soon as the herring season is over."
            ),
        ),
        (B, "- Sleeve the piles under the crane first."),
        (B, "\n- Close the pier to lorries from 1 June."),
        (B, "\n- Ask the cooperative for two boats."),
        (B, "The committee agreed to all three points and closed at 10:40."),
    ),
    line_end="\r\n",
)

SUPPORT = Page(
    "support document whose short lines without full stops are its content",
    (
        (H, "Set up the Brightwell B200 router"),
        (B, "What you need"),
        (B, "Router, power adapter, Ethernet cable"),
        (B, "\nA phone or laptop with Wi-Fi"),
        (B, "Connect the router"),
        (B, "1. Plug the cable into the port marked WAN"),
        (B, "\n2. Press the power button for 3 seconds"),
        (B, "\n3. Wait until the light turns green"),
        (B, "Default password: brightwell"),
        (B, "Reset: hold the button for 10 seconds"),
        (B, "Warranty period: 24 months"),
        (B, "Support line open Monday to Friday"),
    ),
)

MARKDOWN = Page(
    "Markdown note with headings",
    (
        (H, "# Keeping bees in the city"),
        (
            B,
            (
                "Bees do surprisingly well in cities, where something is in flower from March to October and few gardens "
                "are sprayed."
            ),
        ),
        (H, "## Choosing a hive"),
        (
            B,
            (
                "Most beginners choose a Langstroth hive with ten frames, because every supplier sells parts for it and "
                "every book describes it."
            ),
        ),
        (H, "## In 2 steps: moving it"),
        (B, "* Move it at night."),
        (B, "\n* Move it less than a metre, or more than three kilometres."),
        (H, "### Sources"),
        (B, "The advice on distances is from a course held in Ghent in 2019."),
    ),
)

QUESTIONS = Page(
    "question-and-answer page",
    (
        (H, "Frequently asked questions about the night bus"),
        (B, "When does the last night bus leave?"),
        (B, "At 3:40 from the central station, every night except Christmas Eve."),
        (B, "Do I need a special ticket?"),
        (B, "No"),
        (B, "Who do I call if I lost something?"),
        (B, "The lost property office, 555-0147, weekdays from nine to five."),
        (B, "Can I take a bicycle?"),
        (B, "Yes, if there is room. Folding bicycles always travel free."),
    ),
)

MAGAZINE = Page(
    "feature with a keyword list in its middle, newsletter prompts and a biography at its foot",
    (
        (H, "The last lighthouse keeper"),
        (R, "Words by Inês Duarte"),
        (R, "Photographs by Otto Brandt"),
        (
            B,
            (
                "On most evenings, Halvor Lie climbs 131 steps to a lamp that has not needed him since 1998. He says the "
                "stairs keep him young."
            ),
        ),
        (X, "lighthouse, Norway, keepers, sea, automation"),
        (X, "Get our newsletter in your inbox every Sunday"),
        (
            B,
            (
                "The lamp was automated in the spring of that year. The coastal authority let him stay in the house, and "
                "he paid for it by painting the tower every third summer."
            ),
        ),
        (B, "“They asked me for the keys,” he says. “I told them there had never been any.”"),
        (C, "The tower is seen here from the landing stage."),
        (R, "Otto Brandt/Coastline Magazine"),
        (
            B,
            (
                "In winter the supply boat comes every ten days, weather permitting. The record without it is 44 days, set "
                "in 1981, and Lie remembers the menu."
            ),
        ),
        (X, "Inês Duarte is a writer based in Porto. She covers the sea for several magazines."),
    ),
    author="Inês Duarte",
)

SCIENCE = Page(
    "news of research whose last paragraphs speak of editors and reporters without being biographies",
    (
        (H, "Journal withdraws study on coffee and memory"),
        (
            B,
            (
                "The Journal of Applied Memory has withdrawn a study that linked three cups of coffee a day to better "
                "recall, after two readers found that the same participants had been counted twice."
            ),
        ),
        (
            B,
            (
                "Karen Holt is the editor who handled the paper at the journal, and she told reporters that the authors "
                "had agreed to the withdrawal."
            ),
        ),
        (B, "Source: Journal of Applied Memory, volume 12"),
        (B, "Holt was a reporter for the Daily Ledger before she joined the journal in 2016."),
        (B, "“We checked everything but that,” she said."),
    ),
)

PAGES = (AGENCY, LOCAL, PICTURES, COMMENTS, WRAPPED, SUPPORT, MARKDOWN, QUESTIONS, MAGAZINE, SCIENCE)
