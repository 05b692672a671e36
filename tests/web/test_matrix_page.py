"""The matrix: chosen, sorted, and saved exactly as it is shown."""

import csv
import gzip
from datetime import datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

CHOICES = [
    "", "as_of=2003-07-01", "region=Africa&instrument=untoc&instrument=uncac", "member_of=coe&sort=-consented",
    "standing=signatory&towards=untoc-firearms&sort=name", "as_of=2010-01-01&group=African+States&sort=uncac",
    "kind=reio", "region=Oceania&standing=withdrawn&towards=coe-173",
]  # fmt: skip


def shown(page, query):
    return [row.get("data-row") for row in page(f"/matrix?{query}").cssselect("tbody [data-row]")]


def sheet(client, query):
    answer = client.get(f"/matrix.xlsx?{query}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return load_workbook(BytesIO(answer.data))["Matrix"]


@pytest.mark.parametrize("query", CHOICES)
def test_page_json_csv_and_workbook_hold_the_same_rows_and_columns(page, data, client, query):
    told = data(f"/matrix.json?{query}")
    codes = [row["participant"] for row in told["participants"]]
    columns = [each["instrument"] for each in told["instruments"]]
    reader = csv.DictReader(StringIO(client.get(f"/matrix.csv?{query}").text))
    lines = list(reader)
    book = list(sheet(client, query).values)
    assert shown(page, query) == codes == [line["participant"] for line in lines] == [line[0] for line in book[1:]]
    heads = page(f"/matrix?{query}").cssselect("thead th")
    assert len(heads) - 3 == len(columns)
    assert reader.fieldnames[7::4] == [f"{id}.status" for id in columns]
    assert len(book[0]) == 7 + 4 * len(columns)
    assert data(f"/api/v1/matrix?{query}") == told


def test_a_cell_is_the_same_in_every_form(page, data, client):
    query = "as_of=2024-01-01&instrument=untoc"
    [told] = [row for row in data(f"/matrix.json?{query}")["participants"] if row["participant"] == "AFG"]
    assert told["cells"]["untoc"] | {"doubts": []} == {
        "status": "party", "possible": None, "not_in_data": False,
        "act": "ratification", "date": "2003-09-24", "signature": "2000-12-14",
        "signed": True, "may_have_signed": False,
        "bound_since": "2003-10-24", "doubts": [], "status_doubts": [], "expected": True, "statements": "",
    }  # fmt: skip
    [cell] = page(f"/matrix?{query}").cssselect("tr[data-row=AFG] td.party")
    assert cell.text_content() == "24 Sep 2003ratification, party"
    [line] = [line for line in sheet(client, query).values if line[0] == "AFG"]
    assert line[7:] == ("party", "ratification", datetime(2003, 9, 24), None)  # noqa: DTZ001


def test_the_days_of_the_workbook_are_days_and_its_heads_stay(client):
    found = sheet(client, "instrument=coe-174")
    assert found.freeze_panes == "C2"
    assert found.auto_filter.ref.startswith("A1:K")
    days = [line[9] for line in found.values][1:]
    assert all(day is None or isinstance(day, datetime | str) for day in days)
    assert any(isinstance(day, datetime) for day in days)


def test_the_workbook_says_what_it_is(client):
    answer = client.get("/matrix.xlsx?as_of=2003-07-01&region=Africa")
    about = dict(load_workbook(BytesIO(answer.data))["About"].values)
    assert str(about["Status as at"]).startswith("2003-07-01")
    assert "region=Africa" in about["Filters"]
    assert 'filename="matrix-2003-07-01.xlsx"' in answer.headers["Content-Disposition"]


def test_no_cell_of_the_workbook_is_a_formula(client):
    for line in sheet(client, "").iter_rows():
        assert all(cell.data_type != "f" and cell.hyperlink is None for cell in line)


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("region=Africa", lambda row: row["region"] == "Africa"),
        ("group=African+States", lambda row: row["un_group"] == "African States"),
        ("kind=reio", lambda row: row["participant"] == "EU"),
        ("standing=signatory&towards=untoc", lambda row: row["cells"]["untoc"]["status"] == "signatory"),
        ("standing=withdrawn", lambda row: any(c["status"] == "withdrawn" for c in row["cells"].values())),
        ("standing=none&towards=uncac", lambda row: row["cells"]["uncac"]["status"] == "none"),
    ],
)
def test_a_filter_leaves_exactly_the_rows_that_it_names(data, query, holds):
    everyone = data("/matrix.json?as_of=2024-05-04")["participants"]
    chosen = data(f"/matrix.json?as_of=2024-05-04&{query}")["participants"]
    assert chosen == [row for row in everyone if holds(row)]
    assert 0 < len(chosen) < len(everyone)


def test_a_column_is_sorted_by_standing_and_day_with_the_others_last(data):
    for sort in ("untoc", "-untoc"):
        rows = data(f"/matrix.json?as_of=2004-01-01&sort={sort}")["participants"]
        acted = [row["cells"]["untoc"] for row in rows if row["cells"]["untoc"]["status"] != "none"]
        assert [row["cells"]["untoc"] for row in rows[: len(acted)]] == acted
        days = [cell["date"] for cell in acted if cell["status"] == "party"]
        assert days == sorted(days, reverse=sort[0] == "-")


def test_a_sorted_column_says_so_and_turns_when_asked_again(page):
    [head] = page("/matrix?sort=untoc&region=Asia").cssselect("th[aria-sort]")
    assert head.get("aria-sort") == "ascending"
    [turn] = head.cssselect("a.sort")
    assert "sort=-untoc" in turn.get("href")
    assert "region=Asia" in turn.get("href")
    assert turn.get("aria-label") == "Sort by UNTOC"


def test_the_totals_are_of_the_rows_shown(page):
    tree = page("/matrix?as_of=2024-05-04&region=Oceania&instrument=untoc")
    parties = len(tree.cssselect("tbody td.party, tbody td.contracting-party"))
    assert [each.text_content() for each in tree.cssselect("tfoot tr:first-child td")][-1] == str(parties)


def test_every_cell_has_words_and_none_depends_on_colour(page):
    cells = page("/matrix").cssselect("tbody td:not(.number)")
    assert len(cells) > 3000
    assert all(cell.cssselect("i")[0].text for cell in cells)


def test_it_is_small_and_travels_smaller(client):
    whole = client.get("/matrix").data
    assert len(whole) < 300_000
    assert len(gzip.compress(whole)) < 30_000


def test_when_nobody_is_left_it_says_so(words):
    assert "No participants match these filters." in words("/matrix?region=Oceania&standing=withdrawn&towards=coe-173")


@pytest.mark.parametrize("query", ["region=Atlantis", "standing=king", "sort=title", "kind=x", "format=pdf"])
def test_what_is_not_there_to_choose_is_refused(client, query):
    assert client.get(f"/matrix?{query}").status_code == 400
    assert client.get(f"/matrix.xlsx?{query}").status_code in (200 if "format" in query else 400, 400)


@pytest.mark.parametrize("query", ["instrument=none", "towards=none"])
def test_an_instrument_that_is_not_there_is_not_found(client, query):
    assert client.get(f"/matrix?{query}").status_code == 404
    assert client.get(f"/matrix.xlsx?{query}").json["error"]["status"] == 404


def test_every_instrument_can_be_asked_for_at_once(data, app):
    assert data("/matrix.json?instrument=all") == data("/matrix.json")


def test_of_very_many_instruments_the_fullest_are_shown(data, monkeypatch):
    monkeypatch.setattr("tracker.web.pages.matrix.MOST", 3)
    shown = [each["instrument"] for each in data("/matrix.json?as_of=2026-11-22")["instruments"]]
    assert shown == ["untoc", "uncac", "drugs-1988"]
    assert len(data("/matrix.json?instrument=all")["instruments"]) > 3
