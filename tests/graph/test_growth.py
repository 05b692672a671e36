"""How a treaty grew: the acts behind the statuses of a date, with dates as the data have them."""

from datetime import date

from tests.support.builders import instrument, participant, ratified, signed, withdrew
from tests.support.builders import ledger as ledger_of
from tracker.graph.growth import GrowthKind, consents_by_year, first_year, growth_marks
from tracker.law.dates import PartialDate
from tracker.law.model import ActionKind

PEOPLE = [participant(code) for code in ("FRX", "GBX", "ZAX", "JPX")]


def marks_on(day, *acts):
    ledger = ledger_of(instrument("untoc", threshold=1, delay="90d"), *PEOPLE, *acts).as_of(date.fromisoformat(day))
    return ledger, growth_marks(ledger, "untoc")


def kinds(marks):
    return {(mark.participant, mark.kind) for mark in marks}


ACTS = (
    signed("FRX", "untoc", "2000-12-12"),
    ratified("FRX", "untoc", "2002-10-29"),
    signed("GBX", "untoc", "2000-12-14"),
    ratified("ZAX", "untoc", "2004-02"),
)


def test_a_ratification_takes_the_place_of_the_signature_on_its_date():
    _, before = marks_on("2002-10-28", *ACTS)
    _, after = marks_on("2002-10-29", *ACTS)
    assert kinds(before) == {("FRX", GrowthKind.SIGNATURE), ("GBX", GrowthKind.SIGNATURE)}
    assert kinds(after) == {("FRX", GrowthKind.CONSENT), ("GBX", GrowthKind.SIGNATURE)}
    assert next(mark for mark in after if mark.participant == "FRX").act is ActionKind.RATIFICATION


def test_a_date_known_to_the_month_stays_a_month():
    ledger, marks = marks_on("2005-01-01", *ACTS)
    south_africa = next(mark for mark in marks if mark.participant == "ZAX")
    assert south_africa.on == PartialDate.parse("2004-02")
    assert south_africa.on.exact is None
    assert consents_by_year(ledger, "untoc") == {2002: 1, 2004: 1}


def test_a_withdrawal_comes_after_the_consent_that_it_ends():
    acts = (*ACTS, withdrew("FRX", "untoc", "2010-01-01"))
    _, marks = marks_on("2020-01-01", *acts)
    of_france = [mark.kind for mark in marks if mark.participant == "FRX"]
    assert of_france == [GrowthKind.CONSENT, GrowthKind.WITHDRAWAL]


def test_a_treaty_begins_with_its_first_act():
    ledger, _ = marks_on("2005-01-01", *ACTS)
    assert first_year(ledger, "untoc") == 2000


def test_there_is_nothing_before_the_first_act_and_of_nobody_else():
    _, marks = marks_on("1999-01-01", *ACTS)
    assert marks == ()
    _, later = marks_on("2020-01-01", *ACTS)
    assert "JPX" not in {mark.participant for mark in later}
