"""One number everywhere: whoever prints how many have signed or consented prints the same, on any day."""

import csv
import io
import re

import pytest

from tracker.law.possibilities import range_in_words

DAYS = ["1992-01-01", "2003-09-29", "2012-01-01", "2025-10-25", "2025-10-27", "2026-11-22"]


def of(row) -> tuple[str, str]:
    """The two numbers of a row of JSON, as people read them."""
    return (
        range_in_words(row["signatories"], row["signatories_at_most"]),
        range_in_words(row["parties"], row["parties_at_most"]),
    )


@pytest.fixture(params=DAYS)
def day(request):
    return request.param


@pytest.fixture
def numbers(data, day):
    """Signatories and parties of each instrument as the API lists them."""
    return {row["instrument"]: of(row) for row in data(f"/api/v1/instruments?as_of={day}")}


def test_the_pages_and_answers_of_each_instrument(data, page, numbers, day):
    for id, (signatories, parties) in numbers.items():
        assert of(data(f"/api/v1/instruments/{id}?as_of={day}")) == (signatories, parties), id
        figures = page(f"/instruments/{id}?as_of={day}").cssselect("dl.figures dd")
        shown = {re.match(r"[\d]+(?: to \d+)?", each.text_content().strip())[0] for each in figures}
        assert {signatories, parties} <= shown, id


def test_the_home_page_and_its_table_as_csv(page, client, numbers, day):
    rows = page(f"/?as_of={day}").cssselect("table.instrument-table tr[data-row]")
    cells = {row.get("data-row"): [cell.text_content().strip() for cell in row.cssselect("td.number")] for row in rows}
    assert {id: (found[2], found[0]) for id, found in cells.items()} == numbers
    lines = csv.DictReader(io.StringIO(client.get(f"/instruments.csv?as_of={day}").text))
    assert {line["instrument"]: (line["signatories"], line["parties"]) for line in lines} == {
        id: (found[0].split(" ")[0], found[1].split(" ")[0]) for id, found in numbers.items()
    }


def test_the_matrix_and_the_map(data, numbers, day):
    columns = data(f"/matrix.json?as_of={day}&instrument=all")["instruments"]
    assert {column["instrument"]: of(column) for column in columns} == numbers
    for id, (_, parties) in numbers.items():
        counts = data(f"/map.json?instrument={id}&as_of={day}")["counts"]
        assert str(counts["party"] + counts["contracting party"]) == parties.split(" ")[0], id


def test_the_history_the_search_and_the_badge(data, client, numbers, day):
    for id, (_, parties) in numbers.items():
        steps = data(f"/instruments/{id}/history.json?as_of={day}")["steps"]
        last = steps[-1] if steps else {"signatories": 0, "parties": 0}
        assert [str(last["signatories"]), str(last["parties"])] == [each.split(" ")[0] for each in numbers[id]], id
        assert f">{parties} part" in client.get(f"/embed/{id}/badge.svg?as_of={day}").text, id


def test_a_claim_of_the_very_number_is_true_on_the_day(data, numbers, day):
    for id, (signatories, parties) in numbers.items():
        figures = f"signatories={signatories.split(' ')[0]}&parties={parties.split(' ')[0]}"
        spans = data(f"/api/v1/claims?instrument={id}&{figures}&as_of={day}")["spans"]
        if signatories.split(" ")[0] == parties.split(" ")[0] == "0":
            continue  # before it was opened there was no day to be true on
        assert spans, id
        assert spans[-1]["to"] is None, id
