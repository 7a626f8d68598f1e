from __future__ import annotations

import pytest

from onrecord.index.errors import SourceError, UnreadableSource
from tests.unit.index.sources.documents import contents

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_sitemap_lists_its_urls_once_and_in_order() -> None:
    entries = "".join(
        f"<url><loc> {url} </loc><lastmod>2024-01-01</lastmod></url>"
        for url in (
            "https://x.example/2",
            "https://x.example/1?a=1&amp;b=2",
            "https://x.example/2",
            "ftp://x.example/3",
        )
    )
    found = contents(f'<?xml version="1.0" encoding="UTF-8"?><urlset {XMLNS}>{entries}</urlset>', "sitemap.xml")
    assert found.links == ("https://x.example/2", "https://x.example/1?a=1&b=2")
    assert found.articles == ()


def test_a_sitemap_index_lists_its_sitemaps() -> None:
    index = f"<sitemapindex {XMLNS}><sitemap><loc>https://x.example/a.xml</loc></sitemap></sitemapindex>"
    assert contents(index, "sitemap.xml").links == ("https://x.example/a.xml",)


def test_entities_are_neither_read_nor_expanded() -> None:
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<!DOCTYPE urlset [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://x.example/&f;&l9;</loc></url></urlset>'
    try:
        links = contents(f'<?xml version="1.0"?>{bomb}', "sitemap.xml").links
    except SourceError:
        links = ()
    assert all("root:" not in link and len(link) < 100 for link in links)


def test_an_empty_sitemap_and_a_damaged_one_are_refused() -> None:
    with pytest.raises(SourceError, match="lists nothing"):
        contents(f"<urlset {XMLNS}></urlset>", "sitemap.xml")
    with pytest.raises(UnreadableSource, match=r"sitemap\.xml is a damaged sitemap"):
        contents("<urlset><url><loc>https://x.example/1</url>", "sitemap.xml")
