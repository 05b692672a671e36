"""Every table can be saved as a workbook: with real days, its sources, the day it speaks for, and ready to print."""

import csv
import re
from datetime import datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

DAY = "as_of=2026-06-01"
TABLES = [
    "/instruments", "/instruments/untoc", "/instruments/untoc/participants", "/instruments/untoc/non-parties",
    "/instruments/untoc/map", "/instruments/untoc/history", "/instruments/untoc/statements",
    "/instruments/untoc/disputes", "/instruments/un-cybercrime/outlook", "/instruments/untoc-som/between/DEU/AFG",
    "/participants", "/participants/FRA", "/participants/FRA/statements", "/participants/FRA/with/DEU",
    "/bodies", "/bodies/greco", "/assessments", "/assessments/fatf-grey", "/findings", "/needed", "/disputes",
    "/map", "/timeline", "/targets", "/matrix", "/network", "/changes", "/compare?participant=FRA&participant=DEU",
    "/claims?instrument=untoc&parties=40", "/deadline?instrument=un-cybercrime&bound_by=2028-01-01",
    "/search?q=corruption", "/select?q=party=untoc", "/what-if?instrument=un-cybercrime&states=FRA+2027-03-01",
]  # fmt: skip


def address_of(table, form, day=DAY):
    path, _, query = table.partition("?")
    return f"{path}.{form}?{query}{'&' if query else ''}{day}"


def book_of(client, table):
    answer = client.get(address_of(table, "xlsx"))
    assert answer.status_code == 200, answer.text[:200]
    assert f"-{DAY[-10:]}.xlsx" in answer.headers["Content-Disposition"]
    return load_workbook(BytesIO(answer.data))


@pytest.mark.parametrize("table", TABLES)
def test_the_workbook_of_a_table_has_the_lines_of_its_csv_with_real_days_and_prints_well(client, table):
    book = book_of(client, table)
    sheet = book.worksheets[0]
    heads, *lines = sheet.values
    known = list(csv.reader(StringIO(client.get(address_of(table, "csv")).text, newline="")))
    assert len(lines) == len(known) - 1
    texts = [cell for line in lines for cell in line if isinstance(cell, str)]
    assert not [text for text in texts if re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", text)]
    for each in book.worksheets:
        assert each.page_setup.orientation == "landscape"
        assert each.page_setup.fitToHeight in (0, "0")
        assert each.sheet_properties.pageSetUpPr.fitToPage
        assert each.print_title_rows == "$1:$1"
        assert each.freeze_panes
        assert each.oddHeader.right.text == f"Status as at {DAY[-10:]}"
        assert "&P" in each.oddFooter.right.text
    about = list(book["About"].values)
    assert ("Status as at", datetime(2026, 6, 1)) in about  # noqa: DTZ001
    assert len(heads) == len(known[0]) or table == "/matrix"
    assert any(name.startswith("Source") for name, _ in about)


@pytest.mark.parametrize("table", [each for each in TABLES if each != "/changes"])
def test_the_page_of_a_table_leads_to_its_workbook(client, page, table):
    path, _, query = {"/instruments": "/"}.get(table, table).partition("?")
    tree = page(f"{path}?{query}{'&' if query else ''}{DAY}")
    [found] = {each for each in tree.xpath("//p[contains(@class, 'no-print')]/a/@href") if ".xlsx" in each} or [""]
    assert found, table
    assert client.get(found).status_code == 200


def test_the_days_of_a_treatys_participants_are_days(client):
    heads, *lines = book_of(client, "/instruments/untoc/participants").worksheets[0].values
    [france] = [line for line in lines if line[0] == "FRA"]
    told = dict(zip(heads, france, strict=True))
    assert datetime(2002, 10, 29) in told.values()  # noqa: DTZ001 - the day on which France ratified


def test_the_sources_of_a_table_are_listed_once_each(client):
    book = book_of(client, "/instruments/untoc/statements")
    heads, *lines = book.worksheets[0].values
    named = {line[heads.index("source")] for line in lines} - {None}
    listed = [value for name, value in book["About"].values if name == "Source"]
    assert set(listed) == named
    assert len(listed) == len(named)
