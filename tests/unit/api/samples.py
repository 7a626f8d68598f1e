"""Two made-up articles."""

from datetime import date

from onrecord.index.records import Article

HARBOUR = Article.create(
    source="https://news.example/harbour",
    text=(
        "Harbour bridge to close for repairs\n\n"
        "The harbour bridge will close on 3 March, the port authority said on Monday.\n\n"
        "“Ferries will run every ten minutes until the bridge opens again,” its head, Ada Lind, told reporters."
    ),
    title="Harbour bridge to close for repairs",
    url="https://news.example/harbour",
    author="Jo Berg",
    published=date(2025, 2, 10),
)
SCHOOL = Article.create(
    source="text:school",
    text="A new school opens\n\nThe new school on Mill Lane opened its doors to 300 pupils on Tuesday morning.",
    title="A new school opens",
)
