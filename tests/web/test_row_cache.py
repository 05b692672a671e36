"""Rows that were rendered for one date serve others, and nobody can tell."""

import re

import pytest
from cachetools import LRUCache

from tracker.web import row_cache

PAGES = ["/instruments/untoc", "/instruments/untoc/participants", "/instruments/coe-174/participants"]
QUERIES = [
    "as_of=2003-07-01", "as_of=2003-06-30", "as_of=2012-01-01&lang=fr", "lang=es", "", "reasons=yes",
    "as_of=2012-01-02&lang=fr&sort=-consent", "as_of=2012-01-01&known_at=2026-11-20T00:00:00Z",
]  # fmt: skip


@pytest.fixture(autouse=True)
def cold():
    row_cache._rows.clear()


@pytest.fixture
def html(client):
    """A page computed anew: what says that a reader may be known is not answered from the response cache."""
    return lambda path, query: client.get(f"{path}?{query}", headers={"Cookie": "known=yes"}).get_data(as_text=True)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_kept_rows_is_the_page_of_rows_made_for_it(html, path):
    warm = [html(path, query) for query in QUERIES + QUERIES]
    assert len(row_cache._rows) > 40
    for query, kept in zip(QUERIES + QUERIES, warm, strict=True):
        row_cache._rows.clear()
        assert html(path, query) == kept


def test_most_rows_of_one_day_serve_the_next(html):
    html("/instruments/untoc/participants", "as_of=2012-01-01")
    made = len(row_cache._rows)
    html("/instruments/untoc/participants", "as_of=2012-02-01")
    assert made > 150
    assert len(row_cache._rows) < made + 10


@pytest.mark.parametrize(("query", "carried"), [
    ("", ""), ("lang=fr", "lang=fr"), ("as_of=2012-01-01", "as_of=2012-01-01"),
    ("as_of=2012-01-01&lang=fr", "lang=fr&amp;as_of=2012-01-01"),
])  # fmt: skip
def test_links_of_rows_carry_what_the_request_asked_for(html, query, carried):
    page = html("/instruments/untoc/participants", query)
    assert f'<a href="/participants/FRA{"?" if carried else ""}{carried}">' in page
    [report] = re.findall(r'class="report-link no-print" href="([^"]*participant=FRA[^"]*)"', page)
    assert report.startswith(f"/report?{carried}{'&amp;' if carried else ''}kind=action")
    assert row_cache._MARK not in page


def test_the_numbers_of_notes_are_part_of_a_row(html):
    """With the filter, other texts come first and the same row refers to other numbers."""
    for query in ("", "region=Europe", ""):
        page = html("/instruments/untoc/participants", query)
        for kind in ("source", "note", "doubt"):
            used = {int(n) for n in re.findall(rf'(?:href="#|popovertarget="){kind}-(\d+)', page)}
            assert used == set(range(1, len(used) + 1)), (query, kind)


def test_however_many_dates_are_asked_for_what_is_kept_stays_within_its_bound(html, monkeypatch):
    monkeypatch.setattr(row_cache, "_rows", LRUCache(100_000, getsizeof=len))
    for year in range(2001, 2026):
        html("/instruments/untoc", f"as_of={year}-06-01")
    assert 50_000 < row_cache._rows.currsize <= 100_000
    assert row_cache._rows.currsize == sum(map(len, row_cache._rows.values()))


def test_a_list_too_long_to_be_kept_is_shown_all_the_same(html, monkeypatch):
    whole = html("/instruments/untoc", "as_of=2012-01-01")
    row_cache._rows.clear()
    monkeypatch.setattr(row_cache, "MAX_CHARACTERS", 10)
    assert html("/instruments/untoc", "as_of=2012-01-01") == whole
    assert not row_cache._rows
