"""An instrument over time: the curve is the record's own, in every form, on every day."""

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest

from tests.support.paths import ROOT
from tracker.law.counts import counts_over_time
from tracker.law.ledger import Ledger
from tracker.schemas.history import History, HistoryStep, YearCounts
from tracker.storage.import_export import read_facts
from tracker.web import charts

DAY = "2026-11-22"


@pytest.fixture(scope="module")
def record():
    return Ledger(read_facts([ROOT / "data"]))


@pytest.mark.parametrize("instrument", ["untoc", "drugs-1988", "coe-185"])
@pytest.mark.parametrize("day", ["2003-07-01", DAY])
def test_the_steps_are_what_the_record_held(data, record, instrument, day):
    held = counts_over_time(record.as_of(date.fromisoformat(day)), instrument)
    steps = data(f"/instruments/{instrument}/history.json?as_of={day}")["steps"]
    assert [(step["from"], step["signatories"], step["parties"]) for step in steps] == [
        (str(each.span.first), each.signatories, each.parties) for each in held
    ]


def test_page_csv_and_api_hold_the_same_steps(client, page, data):
    steps = data(f"/api/v1/instruments/untoc/history?as_of={DAY}")["steps"]
    rows = page(f"/instruments/untoc/history?as_of={DAY}").cssselect("tr[data-from]")
    assert [row.get("data-from") for row in reversed(rows)] == [step["from"] for step in steps]
    assert len(client.get(f"/instruments/untoc/history.csv?as_of={DAY}").text.splitlines()) == len(steps) + 1


def test_each_step_names_who_acted_in_its_days(page, data):
    steps = data(f"/instruments/untoc/history.json?as_of={DAY}")["steps"]
    fortieth = next(step for step in steps if step["from"] == "2003-07-01")
    assert [(each["participant"], each["action"]) for each in fortieth["actions"]] == [("ARM", "ratification")]
    row = page(f"/instruments/untoc/history?as_of={DAY}").cssselect("tr[data-from='2003-07-01']")[0]
    assert "Ratification: Armenia" in row.text_content()
    assert sum(each["action"] == "signature" for step in steps for each in step["actions"]) == steps[-1]["signatories"]


def test_the_curve_ends_at_the_count(page):
    text = " ".join(page("/instruments/untoc/history?as_of=2003-07-01").cssselect("svg.chart")[0].itertext())
    for words in ("147 signatories", "40 parties", "threshold: 40 deposits", "Entry into force 29 Sep 2003",
                  "Threshold reached 1 Jul 2003"):  # fmt: skip
        assert words in text


MOST = {"signatories_at_most": 4, "parties_at_most": 3}


def test_the_curve_is_drawn_to_scale():
    steps = [
        HistoryStep(from_=date(2000, 1, 1), to=date(2000, 12, 31), signatories=4, parties=0, **MOST),
        HistoryStep(from_=date(2001, 1, 1), to=None, signatories=4, parties=2, **MOST),
    ]
    data = History(instrument="t", name="T", as_of=None, threshold=2, steps=steps, milestones=[], years=[])
    chart = charts.counts_chart(data, date(2002, 1, 1), date(2002, 1, 1))
    assert chart.grid[-1][0] >= 4
    parties = next(line for line in chart.lines if line.kind == "parties")
    assert parties.y == chart.threshold_y
    assert (chart.end, chart.gone) == ("100.00%", None)
    earlier = charts.counts_chart(data, date(2001, 6, 1), date(2002, 1, 1))
    assert earlier.gone is not None


def test_bars_hold_every_act():
    years = [
        YearCounts(year=year, signatures=year - 1999, consents=0, withdrawals=0, others=0) for year in (2000, 2001)
    ]
    [row] = charts.year_bars(years)
    assert (row.group, row.whole, row.most, row.most_in) == ("signatures", 3, 2, 2001)
    assert [height for _, _, height, _, _ in row.bars] == ["50.0%", "100.0%"]


def test_the_drawings_are_well_formed_and_styled_by_the_style_sheet_alone(client):
    for path in ("/instruments/untoc/history", "/instruments/drugs-1988", "/participants/GBR", "/timeline"):
        text = client.get(path).text
        for start in re.finditer(r'<svg class="(?:chart|bars)', text):
            whole = text[start.start() :][: _end(text[start.start() :])]
            assert " style=" not in whole
            ET.fromstring(whole)


def _end(text):
    depth = 0
    for tag in re.finditer(r"<svg\b[^>]*?(/)?>|</svg>", text):
        depth += -1 if tag[0] == "</svg>" else 0 if tag[1] else 1
        if depth == 0:
            return tag.end()
    raise AssertionError("a drawing does not end")


def test_a_participants_acts_each_have_a_mark(page, data):
    acts = [act for act in data(f"/participants/GBR.json?as_of={DAY}")["acts"] if act["date"]]
    assert len(page(f"/participants/GBR?as_of={DAY}").cssselect("svg.lanes .dot")) == len(acts)


def test_before_it_was_there_an_instrument_has_no_curve(page, words):
    assert not page("/instruments/untoc?as_of=1990-01-01").cssselect("svg.chart")
    assert "Not yet adopted or opened on this date." in words("/instruments/untoc/history?as_of=1990-01-01")


def test_the_timeline_counts_every_dated_act(data):
    days = data("/timeline.json?instrument=untoc")["days"]
    years = data("/instruments/untoc/history.json")["years"]
    assert sum(number for _, number in days) == sum(sum(row.values()) - row["year"] for row in years)
    assert days == sorted(days)


def test_the_slider_of_a_list_halts_where_the_list_changed(page, data):
    address = page("/assessments/fatf-ncct?as_of=2003-01-01").cssselect(".date-slider")[0].get("data-timeline")
    days = data(address)
    turns = data("/assessments/fatf-ncct.json?as_of=2026-11-22")["history"]
    assert days["noun"] == "change"
    assert [day for day, _ in days["days"]] == [turn["date"] for turn in turns]
    assert days["first"] == "2000-06-22"


def test_the_timeline_page_has_a_curve_for_every_instrument_of_the_day(page):
    assert len(page(f"/timeline?as_of={DAY}").cssselect("svg.chart")) == 17
    assert len(page("/timeline?as_of=1989-01-01").cssselect("svg.chart")) == 1


def test_a_page_tells_the_slider_whose_days_it_wants(page):
    for path, query in (
        ("/instruments/untoc", "?instrument=untoc"),
        ("/participants/FRA", "?participant=FRA"),
        ("/", ""),
        ("/map?instrument=uncac", "?instrument=uncac"),
    ):
        [strip] = page(f"{path}{'&' if '?' in path else '?'}as_of=2003-07-01").cssselect("[data-timeline]")
        assert strip.get("data-timeline") == f"/timeline.json{query}"
        assert strip.get("data-date") == "2003-07-01"


@pytest.mark.parametrize(
    "path",
    [
        "/instruments/none/history",
        "/timeline?instrument=none",
        "/timeline.json?participant=none",
        "/timeline.json?scheme=none",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_another_spelling_leads_to_the_proper_address(client):
    assert client.get("/instruments/UNTOC/history").headers["Location"] == "/instruments/untoc/history"
