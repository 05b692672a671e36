"""The clause that a status file quotes, held against the file's own table and date; the treaties are invented."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.invented_treaties import BY_NUMBER, after
from tracker.law.model import Instrument, InstrumentKind
from tracker.sync.documents import parse_document
from tracker.sync.header_clause import ReadingOutcome, header_clause, official_date, with_reading

MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def people(record):
    return [each.name for each in record.participants.values() if each.kind == "state"]


@pytest.fixture
def found(record, people):
    def find(number, **changes):
        treaty = replace(BY_NUMBER[number], **changes)
        file = parse_document(treaty.document(people), number, retrieved_at=MOMENT)
        kind = InstrumentKind.AMENDMENT if "Amendment" in treaty.title else InstrumentKind.CONVENTION
        terms = Instrument(id=number.lower(), title=treaty.title, kind=kind, parent="untoc", source="invented")
        return header_clause(record, terms, file)

    return find


@pytest.mark.parametrize(
    ("number", "threshold", "delay", "day"),
    [("XVIII-31", "5", "90d", after(5, 90)), ("XVIII-35", "5", "3m+month", date(2001, 6, 1)),
     ("XVIII-43", "7", "90d", after(7, 90)), ("XVIII-44", "2", "0d", after(2, 0)),
     ("XVIII-46", "6", "30d", date(2005, 1, 1)), ("XVIII-48", "8", "120d", after(8, 120))],
)  # fmt: skip
def test_a_quoted_clause_that_gives_the_official_date_is_confirmed(found, number, threshold, delay, day):
    header = found(number)
    assert header.outcome is ReadingOutcome.CONFIRMED
    assert (header.computed, header.official) == (day, day)
    assert (header.reading.columns["threshold"], header.reading.columns["delay"]) == (threshold, delay)


def test_one_that_gives_another_date_is_not(found):
    header = found("XVIII-32")
    assert header.outcome is ReadingOutcome.DIFFERS
    assert (header.official, header.computed) == (after(5, 90), after(6, 90))
    assert not header.confirmed


def test_one_that_was_not_understood_whole_is_never_confirmed_though_its_date_comes_out(found):
    header = found("XVIII-36")
    assert header.outcome is ReadingOutcome.NOT_UNDERSTOOD
    assert not header.confirmed
    assert [each[:15] for each in header.reading.unread] == ["This Convention"]
    assert header.candidates


def test_without_an_official_date_nothing_confirms_it(found):
    header = found("XVIII-34")
    assert (header.outcome, header.official) == (ReadingOutcome.NO_DATE, None)
    assert header.reading.whole


def test_a_table_that_does_not_reach_the_threshold_gives_no_date_to_compare(found):
    assert found("XVIII-31", deposits=4).outcome is ReadingOutcome.NOT_COMPUTED


def test_where_only_article_and_date_are_named_what_fits_is_a_candidate(found):
    header = found("XVIII-33")
    assert (header.outcome, header.article, header.reading) == (ReadingOutcome.NONE_QUOTED, "Art. 12", None)
    assert (6, "30d") in [(each.threshold, str(each.delay)) for each in header.candidates]


def test_a_clause_on_the_parties_to_the_treaty_that_is_amended_names_that_treaty(found):
    assert str(found("XVIII-47-a").reading.clause) == "parties(untoc)>=2/3"


def test_a_provisional_date_is_not_the_official_one(found):
    header = found("XVIII-45")
    assert (header.official, header.outcome) == (None, ReadingOutcome.NONE_QUOTED)


def test_a_day_that_is_not_in_the_calendar_is_no_official_date(people):
    treaty = replace(BY_NUMBER["XVIII-42"], entry="31 February 1928.")
    assert official_date(parse_document(treaty.document(people), "XVIII-42", retrieved_at=MOMENT)) is None


def test_a_reading_takes_the_place_of_the_terms(found):
    terms = Instrument(id="x", title="X", kind=InstrumentKind.CONVENTION, threshold=3, delay="1y", source="invented")
    taken = with_reading(terms, found("XVIII-48").reading)
    assert (taken.threshold, taken.delay, taken.party_delay, taken.article) == (8, "120d", "30d", "Art. 20(1)")
