"""The last day to deposit, the earliest effect of a denunciation, and which text governs between two parties."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import instrument, ledger, participant, ratified
from tests.support.real_treaties import deposits
from tracker.law.dates import PartialDate, parse_delay
from tracker.law.deadlines import deposit_deadline, withdrawal_outlook
from tracker.law.model import InstrumentKind
from tracker.law.relations import governing_text


def day(text: str) -> date:
    return date.fromisoformat(text)


START = ratified("AAA", "it", "1990-01-01")


def world(**terms):
    given = {"threshold": 1, "delay": "0d", "party_delay": "30d"} | terms
    return ledger(instrument("it", **given), participant("AAA"), START).as_of(day("2026-11-27"))


@pytest.mark.parametrize(
    ("period", "bound_by", "last_day"),
    [("30d", "2027-01-01", "2026-12-02"), ("0d", "2027-01-01", "2027-01-01"), ("3m+month", "2027-06-01", "2027-02-28"),
     ("1m+month", "2027-06-30", "2027-04-30"), ("month+2", "2027-03-01", "2027-01-31"),
     ("90d", "2026-12-25", "2026-09-26")],
)  # fmt: skip
def test_the_last_day_to_deposit_is_the_last_that_binds_in_time(period, bound_by, last_day):
    found = deposit_deadline(world(party_delay=period), "it", day(bound_by))
    assert found.last_day == day(last_day)
    assert found.passed == (day(last_day) < day("2026-11-27"))


@given(
    st.sampled_from(["30d", "90d", "3m", "1m+month", "60d+month", "month+6", "6m+60d"]),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
@settings(deadline=None)
def test_a_deposit_of_the_last_day_binds_in_time_and_one_of_the_next_does_not(period, bound_by):
    found = deposit_deadline(world(party_delay=period), "it", bound_by)
    delay = parse_delay(period)
    assert delay.after(found.last_day) <= bound_by
    assert delay.after(date.fromordinal(found.last_day.toordinal() + 1)) > bound_by
    assert found.binds_on == delay.after(found.last_day)


def test_nothing_binds_by_a_day_before_the_treaty_is_in_force():
    pending = ledger(instrument("it", threshold=3, delay="90d"), START)
    assert deposit_deadline(pending, "it", day("2030-01-01")).last_day is None
    assert "no date of entry into force yet" in deposit_deadline(pending, "it", day("2030-01-01")).why
    assert deposit_deadline(world(), "it", day("1980-01-01")).last_day is None


@pytest.mark.parametrize(
    ("terms", "notified", "opens", "closes", "effect", "until"),
    [
        ({"withdrawal_delay": "1y"}, "2026-12-01", "2026-12-01", None, "2027-12-01", None),
        ({"withdrawal_delay": "on(01-01,by=07-01)"}, "2026-07-02", "2026-07-02", None, "2028-01-01", None),
        ({"withdrawal_delay": "6m", "conditions": "no-withdrawal-before=40y"},
         "2026-12-01", "2030-01-01", None, "2030-07-01", None),
        ({"withdrawal_delay": "1y", "conditions": "withdrawal-window=1y every 10y"},
         "2026-12-01", "2030-01-01", "2030-12-31", "2031-01-01", None),
        ({"withdrawal_delay": "1y", "conditions": "obligations-last=20y"},
         "2026-12-01", "2026-12-01", None, "2027-12-01", "2047-12-01"),
        ({}, "2026-12-01", "2026-12-01", None, None, None),
    ],
)  # fmt: skip
def test_when_a_denunciation_would_take_effect(terms, notified, opens, closes, effect, until):
    found = withdrawal_outlook(world(**terms), "it", day(notified))
    days = [
        each and each.isoformat()
        for each in (found.earliest_notice, found.window_closes, found.effect, found.obligations_until)
    ]
    assert days == [opens, closes, effect, until]


def test_without_a_notice_period_the_default_of_treaty_law_is_named_and_no_day_invented():
    why = withdrawal_outlook(world(), "it", day("2026-12-01")).why
    assert "at least twelve months, to 1 December 2027 (Vienna Convention on the Law of Treaties, art. 56(2))" in why


TREATY = (
    instrument("it", threshold=1, delay="0d", party_delay="0d", short_name="Treaty"),
    instrument("change", parent="it", kind=InstrumentKind.AMENDMENT, threshold=2, delay="0d", short_name="Amendment"),
    *(participant(code) for code in ("AAA", "BBB", "CCC", "DDD")),
    *deposits("it", "AAA:1990-01-01 BBB:1990-01-01 CCC:1990-01-01 DDD:2010-01-01"),
    *deposits("change", "AAA:2000-01-01 BBB:2001-01-01"),
)


@pytest.mark.parametrize(
    ("one", "other", "on", "text"),
    [("AAA", "BBB", "2000-06-01", ("it",)), ("AAA", "BBB", "2005-01-01", ("it", "change")),
     ("AAA", "CCC", "2005-01-01", ("it",)), ("AAA", "DDD", "2011-01-01", ("it", "change")),
     ("CCC", "DDD", "2011-01-01", ("it",)), ("AAA", "DDD", "2005-01-01", ())],
)  # fmt: skip
def test_which_text_binds_two_parties_towards_each_other(one, other, on, text):
    found = governing_text(ledger(*TREATY), "it", one, other, day(on))
    assert found.text == text
    assert found.in_force == bool(text)


def test_the_reasons_name_the_article():
    whole = ledger(*TREATY)
    assert "art. 40(4) and 30(4)(b)" in governing_text(whole, "it", "AAA", "CCC", day("2005-01-01")).why
    assert "art. 40(5)(a)" in governing_text(whole, "it", "AAA", "DDD", day("2011-01-01")).why
    assert str(PartialDate.of(day("2010-01-01"))) == "2010-01-01"
