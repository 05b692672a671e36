"""One number everywhere: whoever prints how many have signed or consented prints the same, on any day."""

import csv
import io
import json
import re
from collections import Counter
from datetime import date

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

import tracker
from tracker.cli import cli
from tracker.law.coverage import range_in_words

DAYS = ["1992-01-01", "2003-09-29", "2012-01-01", "2025-10-25", "2025-10-27", "2026-11-22"]


def of(row) -> tuple[str, str]:
    """The two numbers of a row of JSON or CSV, as people read them."""
    return (
        range_in_words(int(row["signatories"]), int(row["signatories_at_most"])),
        range_in_words(int(row["parties"]), int(row["parties_at_most"])),
    )


def words_of(row) -> tuple[str, str]:
    """The two numbers as pages print them: the least where nobody knows how many acts are missing."""
    return tuple(
        number if not row[f"{name}_open_ended"] else f"at least {row[name]}" if row[name] else "number not known"
        for name, number in zip(("signatories", "parties"), of(row), strict=True)
    )


@pytest.fixture(params=DAYS)
def day(request):
    return request.param


@pytest.fixture
def listed(data, day):
    """Each instrument as the API lists it."""
    return {row["instrument"]: row for row in data(f"/api/v1/instruments?as_of={day}")}


@pytest.fixture
def numbers(listed):
    """Signatories and parties of each instrument as the API lists them."""
    return {id: of(row) for id, row in listed.items()}


@pytest.fixture
def printed(listed):
    """The same numbers as pages print them."""
    return {id: words_of(row) for id, row in listed.items()}


@pytest.fixture
def missing(listed):
    """How many consents to each instrument are known to be missing, and are in no participant's row."""
    return {id: row["missing_acts"] - len(row["missing_of"]) for id, row in listed.items()}


def test_the_pages_and_answers_of_each_instrument(data, page, numbers, printed, day):
    for id, (signatories, parties) in printed.items():
        assert of(data(f"/api/v1/instruments/{id}?as_of={day}")) == numbers[id], id
        figures = page(f"/instruments/{id}?as_of={day}").cssselect("dl.figures dd")
        number = re.compile(r"(?:at least )?\d+(?: to \d+)?|number not known")
        shown = {number.match(each.text_content().strip())[0] for each in figures}
        assert {signatories, parties} <= shown, id


def test_the_home_page_and_its_table_as_csv(page, client, numbers, printed, day):
    rows = page(f"/?as_of={day}").cssselect("table.instrument-table tr[data-row]")
    cells = {row.get("data-row"): [cell.text_content().strip() for cell in row.cssselect("td.number")] for row in rows}
    assert {id: (found[2], found[0]) for id, found in cells.items()} == printed
    lines = csv.DictReader(io.StringIO(client.get(f"/instruments.csv?as_of={day}").text))
    assert {line["instrument"]: of(line) for line in lines} == numbers


def test_the_matrix_and_the_map(data, page, numbers, printed, day):
    foot = page(f"/matrix?as_of={day}&instrument=all").cssselect("tfoot tr")
    shown = {row.cssselect("th")[0].text: [cell.text for cell in row.cssselect("td")[1:]] for row in foot}
    assert shown["Signatories"] == [each[0] for each in printed.values()]
    assert shown["Parties"] == [each[1] for each in printed.values()]
    columns = data(f"/matrix.json?as_of={day}&instrument=all")["instruments"]
    assert {column["instrument"]: of(column) for column in columns} == numbers
    for id, (_, parties) in numbers.items():
        found = data(f"/map.json?instrument={id}&as_of={day}")
        assert str(consented(found["counts"])) == parties.split(" ")[0], id
        either = sum({row["status"], row["possible"]} == CONSENTING for row in found["participants"])
        most = consented(found["counts_at_most"]) - either
        assert range_in_words(consented(found["counts"]), most) == parties, id


def consented(counts) -> int:
    return counts["party"] + counts["contracting party"]


@pytest.mark.parametrize("address", ["/map?instrument={id}", "/instruments/{id}/map", "/embed/{id}/map"])
def test_the_legend_of_a_map_prints_the_range_of_its_answer(data, page, address, listed, day):
    for id in listed:
        found = data(f"/map.json?instrument={id}&as_of={day}")
        mark = "&" if "?" in address else "?"
        items = page(f"{address.format(id=id)}{mark}as_of={day}").cssselect(".map-legend li:not([data-kind=neutral])")
        shown = {item.get("data-kind").replace("-", " "): item.cssselect("strong")[0].text for item in items}
        least, most = found["counts_at_least"], found["counts_at_most"]
        entered = listed[id]["entry_into_force"]["date"]
        joined = "party" if entered and entered <= day else "contracting party"
        open_ended = {"signatory": listed[id]["signatories_open_ended"], joined: listed[id]["parties_open_ended"]}
        for status, words in shown.items():
            least_words = f"at least {least[status]}" if least[status] else "number not known"
            range_words = range_in_words(least[status], most[status])
            assert words == (least_words if open_ended.get(status) else range_words), (id, status)


def test_the_history_the_search_and_the_badge(data, page, client, numbers, printed, day):
    for id, (_, parties) in printed.items():
        steps = data(f"/instruments/{id}/history.json?as_of={day}")["steps"]
        assert not steps or of(steps[-1]) == numbers[id], id
        assert steps or numbers[id] == ("0", "0"), id
        badge = f">{parties} part" if parties != "number not known" else ">number of parties not known"
        assert badge in client.get(f"/embed/{id}/badge.svg?as_of={day}").text, id
        last = page(f"/instruments/{id}/history?as_of={day}").cssselect("tr[data-from] td.number")[:2]
        assert not steps or tuple(cell.text for cell in last) == printed[id], id


def test_a_claim_of_the_very_number_is_true_on_the_day(data, numbers, day):
    for id, (signatories, parties) in numbers.items():
        figures = f"signatories={signatories.split(' ')[0]}&parties={parties.split(' ')[0]}"
        spans = data(f"/api/v1/claims?instrument={id}&{figures}&as_of={day}")["spans"]
        if signatories.split(" ")[0] == parties.split(" ")[0] == "0":
            continue  # before it was opened there was no day to be true on
        assert spans, id
        assert spans[-1]["to"] is None, id


# -- those who are counted, one by one ---------------------------------------------------------------

CONSENTING = {"party", "contracting party"}


def parties_in(rows, missing) -> str:
    """The number of parties, from the rows of those that are counted, and those of whom no row says it."""
    sure = sum(row["status"] in CONSENTING for row in rows)
    perhaps = sum(row["possible"] in CONSENTING and row["status"] not in CONSENTING for row in rows)
    return range_in_words(sure, sure + perhaps + missing)


def signatories_in(rows) -> range:
    """Between which numbers that of signatories lies: a row does not say by when an undated signature was made."""
    living = [row for row in rows if row["status"] != "none"]
    dated = sum(bool(row["signature"]) for row in living)
    undated = [row for row in living if row["signature"] is None and "signature" in row["undated"]]
    surely = sum(row["status"] == "signatory" for row in undated)
    perhaps = sum(row["status"] == "none" and bool(row["possible"]) for row in rows)
    return range(dated + surely, dated + len(undated) + perhaps + 1)


def test_the_participants_of_a_treaty_in_its_table_and_files(data, page, client, numbers, missing, day):
    for id, (signatories, parties) in numbers.items():
        address = f"/instruments/{id}/participants"
        rows = data(f"{address}.json?as_of={day}")
        assert parties_in(rows, missing[id]) == parties, id
        assert {int(number) for number in re.findall(r"\d+", signatories)} <= set(signatories_in(rows)), id
        statuses = Counter(row["status"] for row in rows)
        found = page(f"{address}?as_of={day}")
        options = {box.get("value"): box for box in found.cssselect("input[name=standing]")}
        for status, box in options.items():
            beside = re.findall(r"\d+", box.getparent().text_content())
            assert beside[-1] == str(statuses.get(status, 0)), (id, status)
        assert len(found.cssselect("table.rows-table tr[data-row]")) == len(rows), id
        lines = list(csv.DictReader(io.StringIO(client.get(f"{address}.csv?as_of={day}").text)))
        assert Counter(line["status"] for line in lines) == statuses, id
        sheet = load_workbook(io.BytesIO(client.get(f"{address}.xlsx?as_of={day}").data)).active
        cells = Counter(cell for line in sheet.iter_rows(values_only=True) for cell in line)
        assert all(cells[status] >= number for status, number in statuses.items()), id
        embedded = page(f"/embed/{id}/table?as_of={day}").cssselect("tbody th")
        assert len(embedded) == sum(statuses.values()) - statuses["none"], id


def test_who_is_found_by_a_question(data, page, listed, numbers, day):
    for id, (_, parties) in numbers.items():
        found = data(f"/select.json?q=party={id}&as_of={day}")
        listed_there = data(f"/api/v1/select?q=party={id}&as_of={day}")
        assert listed_there["count_at_most"] == found["count_at_most"], id
        shown = range_in_words(found["count_at_least"], found["count_at_most"])
        assert str(found["count"]) == parties.split(" ")[0], id
        if not listed[id]["partial"]:  # where data are incomplete, whoever they lack is undecided as well
            assert shown == parties, id
        tree = page(f"/select?q=party={id}&as_of={day}")
        assert tree.cssselect("p.lead strong")[1].text == shown, id
        assert tree.cssselect("#found")[0].text == f"Results ({shown})", id


def test_the_command_that_asks_a_question_prints_the_same_range(record_url, numbers, day):
    for id in ("untoc-som", "coe-185", "uncac", "un-cybercrime"):
        command = ["--database", record_url, "select", f"party={id}", "--as-of", day]
        said = " ".join(CliRunner().invoke(cli, command).stdout.split())
        assert f"as of {day}: {numbers[id][1]}." in said


def test_the_ties_of_the_network(data, numbers, day):
    ties = data(f"/network.json?view=ties&as_of={day}")["ties"]
    consented = Counter(each["to"] for each in ties if each["tie"] in {"party", "contracting-party"})
    assert {id: str(consented.get(id, 0)) for id in numbers} == {
        id: each[1].split(" ")[0] for id, each in numbers.items()
    }


def test_the_treaties_of_each_participant(data, numbers, day):
    parties = sum(int(each[1].split(" ")[0]) for each in numbers.values())
    assert sum(row["consented"] for row in data(f"/participants.json?as_of={day}")) == parties


def test_treaties_compared_and_the_starting_point_of_a_scenario(data, numbers, day):
    first, second = "untoc", "untoc-som"
    both = data(f"/compare.json?instrument={first}&instrument={second}&as_of={day}")["instruments"]
    assert {each["instrument"]: range_in_words(each["parties"], each["parties_at_most"]) for each in both} == {
        id: numbers[id][1] for id in (first, second)
    }
    for id in numbers:
        absent = [row["participant"] for row in data(f"/instruments/{id}/non-parties.json?as_of={day}")["missing"]]
        for one in absent[:1]:
            assert of(data(f"/what-if.json?instrument={id}&who={one}&as_of={day}")["before"]) == numbers[id], id


def test_the_first_page_of_the_api_and_what_is_still_needed(data, numbers, day):
    assert {row["instrument"]: of(row) for row in data(f"/api/v1/overview?as_of={day}")["instruments"]} == numbers
    for row in data(f"/needed.json?as_of={day}"):
        assert of(row) == numbers[row["instrument"]]


def test_the_commands_and_the_library(record_url, numbers, day):
    answer = CliRunner().invoke(cli, ["--database", record_url, "status", "--as-of", day, "--format", "json"])
    assert {row["instrument"]: of(row) for row in json.loads(answer.stdout)} == numbers
    table = CliRunner().invoke(cli, ["--database", record_url, "status", "--as-of", day, "--format", "csv"]).stdout
    assert {line["instrument"]: of(line) for line in csv.DictReader(io.StringIO(table))} == numbers
    record = tracker.open(record_url)
    for id, (signatories, parties) in numbers.items():
        treaty = record[id]
        assert str(len(treaty.parties(on=day))) == parties.split(" ")[0], id
        assert str(len(treaty.signatories(on=day))) == signatories.split(" ")[0], id


@pytest.mark.parametrize("year", [1992, 2003, 2012, 2025])
def test_the_panel_at_the_end_of_a_year(data, downloaded, year):
    numbers = {row["instrument"]: row for row in data(f"/api/v1/instruments?as_of={date(year, 12, 31)}")}
    panel = csv.DictReader(io.StringIO(downloaded("/download/panel.csv").text))
    counted = Counter(line["treaty"] for line in panel if line["year"] == str(year) and line["status"] in CONSENTING)
    for id, row in numbers.items():
        assert counted.get(id, 0) == row["parties"], id
        rows = data(f"/api/v1/instruments/{id}/panel/{year}")
        assert sum(each["status"] in CONSENTING for each in rows) == row["parties"], id
