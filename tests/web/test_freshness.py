"""How far the data reach is said on every page, of treaties and of lists, and when they were compared."""

from datetime import UTC, datetime

import pytest

from tests.support.paths import DATA, ROOT
from tests.support.ready_databases import set_up_shipped_record
from tracker.config import Settings
from tracker.storage.database import make_engine, write_transaction
from tracker.sync.sync import record_fetch

FRIDAY = datetime(2026, 11, 20, 9, tzinfo=UTC)

PAGES = ["/", "/matrix", "/map", "/network", "/participants", "/participants/FRA", "/compare", "/findings", "/select"]


def band(page):
    return " ".join(page.xpath("normalize-space(//*[@class='data-limit'])").split())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_day_after_the_data_says_so(page, path):
    assert band(page(f"{path}?as_of=2026-11-28")) == (
        "Data end between 2013 and 11 September 2026, by treaty; later actions may be missing."
    )


def test_a_page_of_a_day_that_all_data_reach_says_nothing(page):
    assert band(page("/matrix?as_of=2003-07-01")) == ""


def test_a_treaty_says_how_far_its_own_data_reach_and_what_is_missing(page):
    found = page("/instruments/untoc-som?as_of=2026-11-28")
    assert band(found) == "Data on this treaty end on 26 April 2024; later actions may be missing."
    assert "except for 1 that is not in our data" in found.text_content()
    others = page("/instruments/untoc-som/non-parties?as_of=2026-11-28").text_content()
    assert "1 of these States may be a party" in others
    assert "may be a party" not in page("/instruments/untoc/non-parties?as_of=2026-11-28").text_content()


def test_a_list_is_never_headed_with_a_day_after_its_last_edition(page):
    later = page("/assessments/fatf-grey?as_of=2026-11-28")
    assert later.xpath("string(//h2[@id='held'])") == "Entries on 19 June 2026, the last date in our data"
    assert "28 November" not in later.xpath("string(//title)")
    assert band(later) == (
        "Last edition or change in our data: 19 June 2026. Later ones may be missing. "
        "Outcome not in our data: Plenary of October 2026."
    )
    then = page("/assessments/fatf-grey?as_of=2026-02-13")
    assert then.xpath("string(//h2[@id='held'])") == "Entries on 13 February 2026"
    assert band(then) == ""


def test_the_interface_for_programs_has_both_days(client):
    answer = client.get("/api/v1/instruments/untoc?as_of=2026-11-28").json["data"]
    assert (answer["data_to"], answer["compared_on"], answer["missing_acts"]) == ("2026-09-11", None, 0)
    assert client.get("/api/v1/assessments/fatf-grey").json["data"]["data_to"] == "2026-06-19"


def test_a_comparison_with_the_depositary_is_said_and_only_to_those_who_ask_of_a_later_moment(tmp_path, opened):
    url = set_up_shipped_record(tmp_path / "record.db")
    engine = make_engine(url)
    reader = opened(Settings(database_url=url, data_dir=DATA, static_dir=ROOT / "static")).test_client()
    assert "not yet compared with the depositary" in reader.get("/instruments/untoc").text
    with write_transaction(engine) as connection:
        record_fetch(connection, "untoc", FRIDAY, compared_on="2026-11-20")
    engine.dispose()
    assert "compared with the depositary on 20 November 2026" in " ".join(reader.get("/instruments/untoc").text.split())
    earlier = reader.get("/instruments/untoc?known_at=2026-11-19T00:00:00Z").text
    assert "not yet compared with the depositary" in earlier
