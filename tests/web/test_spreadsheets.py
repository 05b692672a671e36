"""Files for people open safely in a spreadsheet, whatever the record holds; files for programs hold it exactly."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from tests.support.builders import body, instrument, member, participant, ratified
from tracker.app import create_app
from tracker.config import Settings
from tracker.storage import repository
from tracker.storage.database import make_engine
from tracker.storage.import_export import export_files
from tracker.storage.schema import migrate
from tracker.web.responses import csv_cell

FORMULAS = ['=HYPERLINK("https://evil.example","click")', "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1",
            "\uff1d1+1", "  =1+1", "\N{ZERO WIDTH NO-BREAK SPACE}=1+1", "\n=1"]  # fmt: skip
NAME, NOTE = FORMULAS[0], FORMULAS[1]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A record whose every text is a formula, its engine and its application."""
    url = f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'record.db'}"
    engine = make_engine(url)
    migrate(engine)
    facts = [
        participant("FRA", name=NAME, region=FORMULAS[2], note=NOTE),
        instrument("one", title=NAME, short_name=FORMULAS[3], threshold=1, delay="0d"),
        body("greco", name=NAME), member("greco", "FRA", note=NOTE),
        ratified("FRA", "one", "2001-01-01", note=NOTE, doubt=FORMULAS[2]),
    ]  # fmt: skip
    repository.record_facts(engine, facts, what="begin", moment=datetime(2026, 11, 1, tzinfo=UTC))
    yield engine, create_app(Settings(database_url=url))
    engine.dispose()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_begins_like_a_formula_is_disarmed(text):
    assert csv_cell(text) == f"'{text}"
    assert csv_cell([text, "more"]).startswith("'")


@pytest.mark.parametrize("text", ["France", "2003-09-29", "a=b", "", "UN - Treaty"])
def test_any_other_text_is_left_as_it_is(text):
    assert csv_cell(text) == text


def test_a_number_below_nothing_stays_a_number():
    assert csv_cell(-3) == "-3"


@pytest.mark.parametrize(
    "path",
    ["/participants.csv", "/instruments/one.csv", "/participants/FRA.csv", "/bodies/greco.csv", "/matrix.csv",
     "/instruments.csv", "/network.csv?view=ties", "/findings.csv", "/compare.csv?instrument=one", "/map.csv"],
)  # fmt: skip
def test_no_cell_of_the_csv_of_a_page_can_be_a_formula(hostile, path):
    answer = hostile[1].test_client().get(path)
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert not [value for row in rows for value in row if value.lstrip()[:1] in ("=", "+", "@") or value[:2] == "-2"]


def test_no_cell_of_the_apis_csv_can_be_a_formula(hostile):
    answer = hostile[1].test_client().get("/api/v1/participants", headers={"Accept": "text/csv"})
    [row] = csv.DictReader(io.StringIO(answer.text, newline=""))
    assert (row["name"], row["region"]) == (f"'{NAME}", f"'{FORMULAS[2]}")


def test_no_cell_of_a_workbook_is_a_formula_or_a_link(hostile):
    answer = hostile[1].test_client().get("/matrix.xlsx")
    assert answer.status_code == 200
    texts = []
    for sheet in load_workbook(io.BytesIO(answer.data)):
        for each in (each for row in sheet.iter_rows() for each in row):
            assert each.data_type != "f", each.coordinate
            assert each.hyperlink is None, each.coordinate
            texts.append(each.value)
    assert NAME in texts


def test_what_is_exported_or_taken_away_whole_is_exactly_what_was_recorded(hostile, tmp_path):
    engine, app = hostile
    export_files(engine, tmp_path)
    with (tmp_path / "participants.csv").open(newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["name"], row["note"]) == (NAME, NOTE)
    with zipfile.ZipFile(io.BytesIO(app.test_client().get("/download/record.zip", buffered=True).data)) as archive:
        assert archive.read("participants.csv") == (tmp_path / "participants.csv").read_bytes()
    entry = app.test_client().get("/api/v1/record/changes").json["data"]["revisions"][0]["recorded"][0]
    assert entry["fact"]["name"] == NAME
