"""Statements and relations as pages, as data and as a command: counts, filters, letters, maps, matrices, the Court."""

import csv
import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from lxml import etree, html
from openpyxl import load_workbook
from PIL import Image

from tests.support.builders import instrument, participant, ratified, stated
from tests.support.paths import DATA, ROOT
from tracker.config import Settings
from tracker.storage import repository
from tracker.web.pair_matrix import CELL, COLOURS

DAY = "as_of=2026-11-01"
EXCLUSIONS = {"untoc": 40, "untoc-tip": 29, "untoc-som": 20, "untoc-firearms": 12, "uncac": 39, "drugs-1988": 25}


def test_the_exclusions_of_the_disputes_clause_are_those_of_the_facts(data):
    found = {each["instrument"]: each["count"] for each in data(f"/disputes.json?{DAY}")}
    assert {treaty: found[treaty] for treaty in EXCLUSIONS} == EXCLUSIONS


def test_they_are_counted_as_of_any_date(data):
    before = data("/api/v1/instruments/untoc/disputes?as_of=2003-09-29")
    with (DATA / "statements.csv").open(encoding="utf-8", newline="") as file:
        facts = [row for row in csv.DictReader(file) if (row["treaty"], row["article"]) == ("untoc", "35(2)")]
    made = {row["participant"] for row in facts if row["kind"] == "reservation" and row["made_on"] <= "2003-09-29"}
    assert {row["participant"] for row in before["excluded"]} == made
    assert before["count"] == len(made) == 8


def test_a_reservation_that_never_took_effect_is_shown_with_its_reason(words):
    text = words("/instruments/uncac/disputes?as_of=2022-01-01")
    assert "38 parties exclude" in text or "39 parties exclude" in text
    assert "objected to by Finland and Netherlands" in text or "objected to by Netherlands and Finland" in text


def test_the_page_of_the_disputes_clause_has_a_map_a_matrix_and_a_table(page):
    tree = page(f"/instruments/untoc/disputes?{DAY}")
    assert len(tree.cssselect("tbody#are-withdrawn tr")) == 40
    assert len(tree.cssselect("svg.pair-matrix")) == 1
    assert tree.cssselect("figure.map svg")


def test_who_can_be_taken_to_the_court_by_whom_is_a_square(data):
    rows = data(f"/api/v1/instruments/untoc/court?{DAY}")
    place = {row["participant"]: number for number, row in enumerate(rows)}
    assert all(len(row["access"]) == len(rows) for row in rows)
    access = {code: rows[number]["access"] for code, number in place.items()}
    assert access["FRA"][place["DEU"]] == "open"
    assert access["FRA"][place["CHN"]] == access["CHN"][place["FRA"]] == "excluded"
    assert access["FRA"][place["EU"]] == "not-a-state"


def test_the_objection_of_germany_to_the_reservation_of_afghanistan(words, data):
    address = "/instruments/untoc-som/between/DEU/AFG"
    relation = data(f"/api/v1{address}?{DAY}")
    assert (relation["state"], relation["since"]) == ("in-force", "2017-03-04")
    (effect,) = relation["effects"]
    assert (effect["author"], effect["provisions"], effect["article"]) == ("AFG", ["18"], "21(3)")
    assert effect["objection"]["made_on"] == "2017-03-21"
    text = words(f"{address}?{DAY}")
    assert "The provision does not apply between the two to the extent of the reservation." in text
    assert "Whether the objecting State opposes entry into force between the two is not in our data" in text


def test_before_a_party_is_bound_the_treaty_is_not_in_force_between_the_two(words):
    text = words("/instruments/untoc-som/between/DEU/AFG?as_of=2017-03-03")
    assert "Not in force between the two" in text
    assert "The treaty does not bind Afghanistan on this date." in text


def test_the_reservations_of_azerbaijan_to_the_cybercrime_convention_await_its_consent(data):
    found = data(f"/api/v1/instruments/un-cybercrime/statements?kind=reservation&{DAY}")
    assert [each["article"] for each in found["statements"]] == ["11(3)", "63(3)", "7(2)", "9(2)"]
    assert {each["effect_in_law"] for each in found["statements"]} == {"awaits-consent"}
    assert found["counts"] == {"reservation": 4}


def test_statements_are_filtered_by_kind_and_article(data):
    every = data(f"/instruments/untoc/statements.json?{DAY}")["statements"]
    chosen = data(f"/instruments/untoc/statements.json?article=35&kind=declaration&{DAY}")["statements"]
    assert len(every) == 80
    assert {each["participant"] for each in chosen} == {"EU", "MYS"}
    assert data("/instruments/untoc/statements.json?article=35&as_of=2000-12-31")["statements"] == []


@pytest.mark.parametrize("query", ["kind=remark", "article=" + "1" * 41])
def test_a_filter_that_makes_no_sense_is_refused(client, query):
    assert client.get(f"/instruments/untoc/statements?{query}").status_code == 400


def test_what_was_withdrawn_after_the_date_is_said(engine, database_url, opened):
    gone = stated("reservation", "FRA", "pact", "2001-01-01", article="5", withdrawn_on="2010-03-04")
    changed = stated("modification", "FRA", "pact", "2003-05-06", concerns="reservation", article="5")
    facts = [
        participant("FRA"),
        instrument("pact", threshold=1, delay="0d"),
        ratified("FRA", "pact", "2001-01-01"),
        gone,
        changed,
    ]
    repository.record_facts(engine, facts, what="test", moment=datetime(2026, 1, 1, tzinfo=UTC))
    pages = opened(Settings(database_url=database_url, data_dir=DATA, static_dir=ROOT / "static")).test_client()

    def shown(on):
        text = html.fromstring(pages.get(f"/instruments/pact/statements?as_of={on}").text).text_content()
        return " ".join(text.split())

    assert "Modified or withdrawn in part" not in shown("2003-05-05")
    assert "Current; withdrawn later, on 4 Mar 2010Modified or withdrawn in part on 6 May 2003" in shown("2005-01-01")
    assert "Withdrawn on 4 Mar 2010" in shown("2011-01-01")


def test_what_a_sync_has_read_is_shown_between_two_by_the_beginning_of_its_text(engine, database_url, opened):
    facts = [
        *(participant(code) for code in ("FRA", "DEU")),
        instrument("pact", threshold=1, delay="0d"),
        *(ratified(code, "pact", "2001-01-01") for code in ("FRA", "DEU")),
        stated("reservation", "FRA", "pact", "2001-01-01", text="Not bound\nby it. " + "More words. " * 40),
        stated("notification", "DEU", "pact", "2001-01-01", article="18(13)", text="Agency: Ministry of Invention"),
    ]
    repository.record_facts(engine, facts, what="test", moment=datetime(2026, 1, 1, tzinfo=UTC))
    pages = opened(Settings(database_url=database_url, data_dir=DATA, static_dir=ROOT / "static")).test_client()
    for address in ("/instruments/pact/between/FRA/DEU", "/participants/FRA/with/DEU"):
        text = " ".join(html.fromstring(pages.get(address).text).text_content().split())
        assert "article 18(13), 1 Jan 2001. Agency: Ministry of Invention" in text
    between = pages.get("/instruments/pact/between/FRA/DEU").text
    assert "Not bound by it. More words." in between
    assert between.count("More words.") < 40


def test_a_participant_has_all_its_statements_and_the_objections_to_it(data, words):
    found = data(f"/participants/AFG/statements.json?{DAY}")["statements"]
    assert ("objection", "DEU") in {(each["kind"], each["participant"]) for each in found}
    assert "Objects to the reservation of Afghanistan" in words(f"/participants/AFG/statements?{DAY}")


def test_letters_stand_beside_the_names_with_a_key(page, words):
    tree = page(f"/instruments/untoc?{DAY}")
    letters = {row.get("data-row"): row.cssselect("a.statement-letters") for row in tree.cssselect("tr[data-row]")}
    assert letters["AZE"][0].text == "RT"
    assert letters["FRA"] == []
    assert "N notification" in words(f"/instruments/untoc?{DAY}")
    assert page(f"/matrix?instrument=untoc&{DAY}").cssselect("td b.statement-letters")


def test_everything_between_two_stands_on_one_page_with_their_authorities(words, data):
    answer = data(f"/participants/IND/with/LVA.json?{DAY}")
    assert answer["count"] == sum(each["state"] == "in-force" for each in answer["treaties"])
    text = words(f"/participants/IND/with/LVA?{DAY}")
    assert "Central authority: Secretary, Ministry of Home Affairs." in text
    assert "Languages: English, Latvian." in text


def test_every_pair_of_parties_is_counted_and_drawn(page, data):
    answer = data(f"/instruments/coe-197/relations.json?{DAY}")
    number = len(answer["parties"])
    assert len(answer["pairs"]) == number * (number - 1) // 2 == sum(answer["counts"].values())
    modified = {(row["one"], row["other"]) for row in answer["pairs"] if row["modified"]}
    assert modified
    assert all("DNK" in pair for pair in modified)
    tree = page(f"/instruments/coe-197/relations?{DAY}")
    assert len({rect.get("y") for rect in tree.cssselect("svg.pair-matrix rect")}) == number


def test_every_pair_of_the_largest_treaty_is_drawn_and_exported(page, client, data):
    address = "/instruments/untoc/relations"
    answer = data(f"{address}.json?{DAY}")
    number = len(answer["parties"])
    pairs = number * (number - 1) // 2
    assert pairs == len(answer["pairs"]) > 18_000
    assert len(client.get(f"{address}.csv?{DAY}").text.splitlines()) == pairs + 1
    cells = page(f"{address}?{DAY}").cssselect("svg.pair-matrix rect")
    assert sum(int(rect.get("width")) for rect in cells) == number * number


PICTURES = ["/instruments/untoc/relations", "/instruments/untoc/disputes"]


@pytest.mark.parametrize("address", PICTURES)
def test_the_matrix_of_a_page_is_a_file_that_stands_for_itself(page, client, address):
    tree = page(f"{address}?{DAY}")
    answer = client.get(f"{address}.svg?{DAY}")
    assert answer.mimetype == "image/svg+xml"
    assert "2026-11-01.svg" in answer.headers["Content-Disposition"]
    drawn = etree.fromstring(answer.data)
    [cells] = drawn.findall("{*}g")[1:]
    shown = [(rect.get("x"), rect.get("y"), rect.get("width")) for rect in tree.cssselect("svg.pair-matrix rect")]
    assert [(rect.get("x"), rect.get("y"), rect.get("width")) for rect in cells] == shown
    said = [text.text for text in drawn.iter("{*}text")]
    order = [each.text_content() for each in tree.cssselect("ol.columns li")]
    assert said.count("France") == 2
    assert len(order) * 2 == sum(text.getparent().get("font-size") == "8.5" for text in drawn.iter("{*}text"))
    for words in tree.cssselect(".pair-key li"):
        assert words.text_content().strip() in said
    assert said[-1].startswith("Treaty Tracker, status as at 1 November 2026.")
    assert {each.get("href") for each in tree.cssselect("a[download]")} == {
        f"{address}.{form}?{DAY}" for form in ("svg", "png")
    }


@pytest.mark.parametrize("address", PICTURES)
def test_the_same_picture_as_png_has_the_colours_of_the_page(client, address):
    answer = client.get(f"{address}.png?{DAY}")
    image = Image.open(BytesIO(answer.data)).convert("RGB")
    drawn = etree.fromstring(client.get(f"{address}.svg?{DAY}").data)
    assert (answer.mimetype, [str(size) for size in image.size]) == (
        "image/png", [drawn.get("width"), drawn.get("height")],
    )  # fmt: skip
    cells = drawn.findall("{*}g")[1]
    left, top = (int(each) for each in re.findall(r"\d+", cells.get("transform"))[:2])
    for rect in list(cells)[::97]:
        middle = left + CELL * int(rect.get("x")) + CELL // 2, top + CELL * int(rect.get("y")) + CELL // 2
        assert "#{:02x}{:02x}{:02x}".format(*image.getpixel(middle)) == rect.get("fill")


def test_a_picture_is_in_the_language_of_its_page(client):
    said = etree.fromstring(client.get(f"/instruments/coe-197/relations.svg?{DAY}&lang=fr").data)
    words = [each.text for each in said.iter("{*}text")]
    assert {"Allemagne", "En vigueur entre les deux"} <= set(words)


def test_the_colours_of_the_files_are_those_of_the_pages():
    style = (ROOT / "static" / "statements.css").read_text().split("@media")[0]
    found = {
        mark: colour
        for marks, colour in re.findall(r"([^{}]*)\{ fill: (#[0-9a-f]{6}); \}", style)
        for mark in re.findall(r"\.mark-([a-z-]+)", marks)
    }
    assert found == dict(COLOURS)


def test_a_treaty_nobody_has_joined_has_an_empty_picture(client):
    image = Image.open(BytesIO(client.get("/instruments/untoc/relations.png?as_of=2000-11-15").data))
    assert image.size[0] >= 720


def test_two_that_are_chosen_lead_to_their_own_page(client):
    answer = client.get(f"/instruments/untoc/relations?one=FRA&other=DEU&{DAY}")
    assert answer.status_code == 302
    assert answer.location.startswith("/instruments/untoc/between/FRA/DEU?as_of=2026-11-01")


@pytest.mark.parametrize(
    "address",
    ["/instruments/none/statements", "/participants/XXX/statements", "/instruments/untoc/between/FRA/XXX",
     "/participants/XXX/with/FRA", "/instruments/none/disputes", "/instruments/none/relations",
     "/instruments/none/relations.svg", "/instruments/none/disputes.png", "/instruments/coe-197/disputes.svg"],
)  # fmt: skip
def test_unknown_names_are_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("address", "heads"),
    [
        ("/instruments/untoc/statements", {"kind", "article", "withdrawn_on", "grade"}),
        ("/participants/AFG/statements", {"towards"}),
        ("/disputes", {"count", "provisions"}),
        ("/instruments/untoc/disputes", {"participant", "effect_in_law"}),
        ("/instruments/untoc-som/between/DEU/AFG", {"state", "explanation", "reservations"}),
        ("/participants/IND/with/LVA", {"instrument", "state"}),
        ("/instruments/coe-197/relations", {"one", "other", "modified"}),
        ("/instruments/untoc", {"status", "statements"}),
        ("/matrix", {"untoc.statements"}),
    ],
)
def test_the_tables_can_be_saved_as_csv_and_as_a_workbook_with_the_same_lines(client, address, heads):
    lines = list(csv.reader(client.get(f"{address}.csv?{DAY}").text.splitlines()))
    book = load_workbook(BytesIO(client.get(f"{address}.xlsx?{DAY}").data), read_only=True)
    rows = list(book.worksheets[0].values)
    assert heads <= set(lines[0])
    assert len(rows) == len(lines) > 1


def test_the_letters_of_statements_are_in_the_downloads_of_the_tables(client, data):
    rows = csv.DictReader(client.get(f"/instruments/untoc.csv?{DAY}").text.splitlines())
    letters = {row["participant"]: row["statements"] for row in rows}
    assert (letters["AZE"], letters["FRA"]) == ("RT", "")
    assert {
        row["participant"]: row["statements"] for row in data(f"/instruments/untoc.json?{DAY}")["participants"]
    } == letters
    row = next(each for each in data(f"/matrix.json?{DAY}")["participants"] if each["participant"] == "AZE")
    assert row["cells"]["untoc"]["statements"] == "RT"
    book = load_workbook(BytesIO(client.get(f"/matrix.xlsx?instrument=untoc&{DAY}").data))
    heads, *lines = book["Matrix"].values
    place = heads.index("UNTOC: statements")
    assert {line[0]: line[place] for line in lines}["AZE"] == "RT"
    assert dict(book["About"].values)["Letter R"] == "reservation"


def test_the_workbook_of_a_pair_says_the_effect_of_the_objection(client):
    book = load_workbook(BytesIO(client.get(f"/instruments/untoc-som/between/DEU/AFG.xlsx?{DAY}").data))
    heads, line = book.worksheets[0].values
    pair = dict(zip(heads, line, strict=True))
    assert pair["since"].date().isoformat() == "2017-03-04"
    assert pair["reservations"] == "AFG 18: not-applied"
    assert "is not in our data" in pair["unknown"]


def test_the_pages_are_in_the_language_of_the_reader(words):
    text = words(f"/instruments/untoc-som/between/DEU/AFG?lang=fr&{DAY}")
    assert "La disposition ne s’applique pas entre les deux" in text
    assert "Exclusiones de la cláusula sobre controversias" in words(f"/disputes?lang=es&{DAY}")
