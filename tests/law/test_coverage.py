"""What the record says of its own completeness, and that nobody is absent for want of our data."""

from datetime import date

import pytest

from tests.support.builders import SOURCE, instrument, ledger, participant, ratified, signed
from tracker.law.coverage import coverage_in_words, data_end, is_partial
from tracker.law.dates import PartialDate
from tracker.law.gaps import gaps_of_instrument, gaps_of_participant
from tracker.law.model import Coverage, CoverageAspect, CoverageState
from tracker.law.status import participant_standing

IT = instrument("it", opened_on="2000-01-01", threshold=1, delay="0d", party_delay="0d")
STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC"))
ACTS = (ratified("AAA", "it", "2001-01-01"), signed("BBB", "it", "2002-02-02"))


def coverage(
    state: CoverageState, expected: int | None = None, note: str = "", aspect=CoverageAspect.CONSENTS
) -> Coverage:
    return Coverage(
        instrument="it", aspect=aspect, state=state, as_of=PartialDate.parse("2010-06-30"), expected=expected,
        note=note, source=SOURCE,
    )  # fmt: skip


PARTIAL = coverage(CoverageState.PARTIAL, 2, "one accession is missing")
COMPLETE = coverage(CoverageState.COMPLETE, 1)


def test_nobody_is_absent_from_an_instrument_whose_data_are_partial_and_signatories_still_lack_their_consent():
    whole = ledger(IT, *STATES, *ACTS, PARTIAL)
    assert [gap.participant for gap in gaps_of_instrument(whole, "it")] == ["BBB"]
    assert gaps_of_participant(whole, "CCC") == ()
    assert participant_standing(whole, "it", "CCC").why == "Not in our data, which are incomplete here."


@pytest.mark.parametrize(
    "said", [(), (COMPLETE,), (coverage(CoverageState.PARTIAL, aspect=CoverageAspect.SIGNATURES),)]
)
def test_where_consents_are_not_known_to_be_partial_the_absent_are_listed(said):
    whole = ledger(IT, *STATES, *ACTS, *said)
    assert [gap.participant for gap in gaps_of_instrument(whole, "it")] == ["BBB", "CCC"]
    assert not is_partial(whole, "it")


def test_it_is_said_in_sentences():
    assert coverage_in_words(ledger(IT, COMPLETE), "it") == "Consents complete to 30 June 2010 (1)."
    assert coverage_in_words(ledger(IT, PARTIAL), "it") == (
        "Consents incomplete (30 June 2010, 2 known): one accession is missing."
    )
    assert coverage_in_words(ledger(IT), "it") == ""


def test_the_data_reach_to_the_day_of_their_completeness_or_of_the_last_act():
    assert data_end(ledger(IT, *STATES, *ACTS, COMPLETE), "it").exact == date(2010, 6, 30)
    assert data_end(ledger(IT, *STATES, *ACTS), "it").exact == date(2002, 2, 2)
    assert data_end(ledger(IT, *STATES, *ACTS, COMPLETE).as_of(date(2001, 1, 1)), "it").exact == date(2010, 6, 30)
    assert data_end(ledger(IT), "it") is None
