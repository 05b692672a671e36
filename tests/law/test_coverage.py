"""What the record says of its own completeness, and that nobody is absent for want of our data."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.builders import SOURCE, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.claims import ClaimVerdict, check_claim
from tracker.law.counts import counts_at_most
from tracker.law.coverage import (
    CONSENTS,
    SIGNATURES,
    count_in_words,
    coverage_in_words,
    data_end,
    data_limit,
    is_open_ended,
    is_partial,
    left_out,
    left_out_in_words,
    missing_acts,
    shortfall_in_words,
)
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.gaps import gaps_of_instrument, gaps_of_participant, is_not_in_data
from tracker.law.model import Coverage, CoverageAspect, CoverageState
from tracker.law.queries import parse_query, run_query
from tracker.law.reference_facts import Metric, Target, TargetKind
from tracker.law.status import ParticipantStatus, participant_standing, status
from tracker.law.targets import TargetOutcome, evaluate_target
from tracker.law.threshold import ForceStatus

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


EXCEPT = Coverage(
    instrument="it", aspect=CoverageAspect.CONSENTS, state=CoverageState.EXCEPT, as_of=PartialDate.parse("2010-06-30"),
    expected=3, missing=2, missing_from=PartialDate.parse("2005-01-01"), note="two accessions are missing",
    source=SOURCE,
)  # fmt: skip
PARTIAL = coverage(CoverageState.PARTIAL, 2, "one accession is missing")
COMPLETE = coverage(CoverageState.COMPLETE, 1)


def test_a_count_whose_data_lack_an_unknown_number_is_printed_as_the_least():
    whole = ledger(IT, *STATES, *ACTS, PARTIAL)
    opened, before = whole.as_of(date(2000, 1, 1)), whole.as_of(date(1999, 12, 31))
    assert [is_open_ended(view, "it", CONSENTS) for view in (whole, opened, before)] == [True, True, False]
    assert not is_open_ended(whole, "it", SIGNATURES)
    assert not is_open_ended(ledger(IT, *STATES, *ACTS, EXCEPT), "it", CONSENTS)
    found = [count_in_words(3, 5), count_in_words(3, 5, open_ended=True), count_in_words(0, 0, open_ended=True)]
    assert found == ["3 to 5", "at least 3", "number not known"]


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


def test_silence_of_partial_data_is_no_status_of_those_that_could_have_joined():
    partial, whole = ledger(IT, *STATES, *ACTS, PARTIAL), ledger(IT, *STATES, *ACTS, COMPLETE)
    here = {code: participant_standing(partial, "it", code) for code in ("AAA", "BBB", "CCC")}
    assert [code for code, where in here.items() if is_not_in_data(partial, where)] == ["CCC"]
    assert not is_not_in_data(whole, participant_standing(whole, "it", "CCC"))


def test_totals_leave_partial_instruments_out_unless_they_are_asked_for_or_named_and_say_so():
    whole = ledger(IT, *STATES, *ACTS, PARTIAL)
    assert left_out(whole) == ("it",)
    assert left_out(whole, partial=True) == left_out(whole, named=("it",)) == left_out(ledger(IT, COMPLETE)) == ()
    assert left_out_in_words(whole, ("it",)) == f"Left out, because our data on them are incomplete: {IT.name}."
    assert left_out_in_words(whole, ()) == ""


def test_it_is_said_in_sentences():
    assert coverage_in_words(ledger(IT, COMPLETE), "it") == "Ratifications and accessions complete to 30 June 2010 (1)."
    assert coverage_in_words(ledger(IT, PARTIAL), "it") == (
        "Ratifications and accessions incomplete (30 June 2010, 2 known). One accession is missing."
    )
    assert coverage_in_words(ledger(IT), "it") == ""


def test_the_data_reach_to_the_day_of_their_completeness_or_of_the_last_act():
    assert data_end(ledger(IT, *STATES, *ACTS, COMPLETE), "it").exact == date(2010, 6, 30)
    assert data_end(ledger(IT, *STATES, *ACTS), "it").exact == date(2002, 2, 2)
    assert data_end(ledger(IT, *STATES, *ACTS, COMPLETE).as_of(date(2001, 1, 1)), "it").exact == date(2010, 6, 30)
    later = ratified("CCC", "it", "2015-05-05")  # beside which others may be missing
    assert data_end(ledger(IT, *STATES, *ACTS, COMPLETE, later), "it").exact == date(2010, 6, 30)
    assert data_end(ledger(IT), "it") is None


def test_where_a_known_number_is_missing_the_treaty_counts_as_others_do_and_the_number_is_said():
    whole = ledger(IT, *STATES, *ACTS, EXCEPT)
    assert not is_partial(whole, "it")
    assert left_out(whole) == ()
    assert missing_acts(whole, "it") == 2
    assert shortfall_in_words(whole) == f"2 ratifications or accessions are not in our data: {IT.name} (2)."
    assert [gap.participant for gap in gaps_of_instrument(whole, "it")] == ["BBB", "CCC"]
    assert participant_standing(whole, "it", "CCC").why == (
        "No action in our data, from which 2 ratifications or accessions are missing."
    )
    assert coverage_in_words(whole, "it") == (
        "Ratifications and accessions complete to 30 June 2010, except for 2 that are not in our data. "
        "Two accessions are missing."
    )


def test_acts_known_to_be_missing_make_a_range_of_every_count_from_the_first_day_on_which_they_can_have_been_done():
    whole = ledger(IT, *STATES, *ACTS, EXCEPT)
    now, before = status(whole, "it"), status(whole.as_of(date(2004, 12, 31)), "it")
    assert (now.parties, now.parties_at_most, now.bound, now.bound_at_most) == (1, 3, 1, 3)
    assert (before.parties_at_most, before.bound_at_most) == (1, 1)
    assert [(least.span.first.year, least.parties, most.parties) for least, most in counts_at_most(whole, "it")] == [
        (2000, 0, 0), (2001, 1, 1), (2002, 1, 1), (2005, 1, 3),
    ]  # fmt: skip


def test_the_same_of_signatures():
    missing = replace(EXCEPT, aspect=CoverageAspect.SIGNATURES)
    whole = ledger(IT, *STATES, *ACTS, missing)
    now = status(whole, "it")
    assert (now.signatories, now.signatories_at_most, now.parties_at_most) == (1, 3, 1)
    claim = check_claim(whole, "it", signatories=3)
    assert (claim.verdict, claim.possible[0].first) == (ClaimVerdict.NOT_REFUTED, date(2005, 1, 1))


@pytest.mark.parametrize(
    ("figure", "verdict", "words"),
    [
        (1, ClaimVerdict.FITS, "matches since 1 January 2001"),
        (
            2,
            ClaimVerdict.NOT_REFUTED,
            "cannot be ruled out since 1 January 2005: parties 1, and 2 actions not in our data",
        ),
        (4, ClaimVerdict.CONTRADICTED, "no matching date"),
    ],
)
def test_a_claim_that_the_missing_acts_may_make_true_is_not_refuted(figure, verdict, words):
    claim = check_claim(ledger(IT, *STATES, *ACTS, EXCEPT), "it", parties=figure)
    assert claim.verdict is verdict
    assert words in claim.why
    assert ("Data on this treaty end on 30 June 2010" in claim.why) is (verdict is ClaimVerdict.CONTRADICTED)


def test_a_treaty_that_needs_as_many_deposits_as_are_missing_is_not_said_to_be_pending():
    needs = instrument("it", opened_on="2000-01-01", threshold=3, delay="0d", party_delay="0d")
    found = entry_into_force(ledger(needs, *STATES, *ACTS, EXCEPT), "it")
    assert found.status is ForceStatus.UNDETERMINED
    assert found.missing == ("2 deposits that may precede the threshold",)
    more = instrument("it", opened_on="2000-01-01", threshold=4, delay="0d", party_delay="0d")
    assert entry_into_force(ledger(more, *STATES, *ACTS, EXCEPT), "it").status is ForceStatus.PENDING
    lacking = entry_into_force(ledger(more, *STATES, *ACTS, PARTIAL), "it")
    assert (lacking.status, lacking.missing) == (ForceStatus.UNDETERMINED, ("an unknown number of deposits",))


def test_a_target_is_neither_missed_nor_met_where_missing_acts_decide():
    reached, reported = (
        Target(id="a", goal="g", kind=kind, on=PartialDate.parse("2010-01-01"), value=2, metric=Metric.PARTIES,
               instrument="it", source=SOURCE)
        for kind in (TargetKind.TARGET, TargetKind.RESULT)
    )  # fmt: skip
    whole = ledger(IT, *STATES, *ACTS, EXCEPT).as_of(date(2012, 1, 1))
    open_result = evaluate_target(whole, reached)
    assert open_result.outcome is TargetOutcome.NOT_COMPUTED
    assert open_result.working.startswith("1 January 2010: the Treaty it, parties: 1 to 3. The result depends on")
    assert evaluate_target(whole, reported).outcome is TargetOutcome.AGREES


def test_a_question_says_how_many_of_the_others_may_be_parties():
    found = run_query(ledger(IT, *STATES, *ACTS, EXCEPT), parse_query("party=it"))
    assert ([each.participant.code for each in found.matches], found.missing) == (["AAA"], 2)
    assert found.shortfall == f"2 ratifications or accessions are not in our data: {IT.name} (2)."
    assert run_query(ledger(IT, *STATES, *ACTS, NAMED), parse_query("party=it")).missing == 0


NAMED = replace(EXCEPT, missing=1, missing_of=("CCC",), note="the accession of CCC is missing")


def test_whose_act_is_missing_may_be_party_and_nobody_else():
    whole = ledger(IT, *STATES, *ACTS, NAMED)
    now, its = status(whole, "it"), participant_standing(whole, "it", "CCC")
    assert (now.parties, now.parties_at_most) == (1, 2)
    assert (its.status, its.possible) == (ParticipantStatus.NONE, ParticipantStatus.PARTY)
    assert its.why.endswith("One of its ratifications or accessions is not in our data.")
    assert participant_standing(whole, "it", "BBB").possible is None
    assert [gap.participant for gap in gaps_of_instrument(whole, "it")] == ["BBB"]


def test_whose_act_is_missing_has_not_done_it_before_the_first_day_on_which_it_can_have_been_done():
    early = ledger(IT, *STATES, *ACTS, NAMED).as_of(date(2004, 12, 31))
    assert participant_standing(early, "it", "CCC").possible is None
    assert status(early, "it").parties_at_most == 1


def test_who_withdrew_and_may_have_returned_is_not_said_to_be_outside():
    left = withdrew("AAA", "it", "2003-01-01", effective_on="2004-01-01")
    whole = ledger(IT, *STATES, *ACTS, left, replace(NAMED, missing_of=("AAA",)))
    its = participant_standing(whole, "it", "AAA")
    assert (its.status, its.possible) == (ParticipantStatus.WITHDRAWN, ParticipantStatus.PARTY)
    assert entry_into_force(whole, "it") == entry_into_force(ledger(IT, *STATES, *ACTS, left), "it")


def test_before_the_missing_acts_were_done_nothing_is_missing():
    early = ledger(IT, *STATES, *ACTS, EXCEPT).as_of(date(2004, 12, 31))
    assert missing_acts(early, "it") == 0
    assert shortfall_in_words(early) == ""
    assert participant_standing(early, "it", "CCC").why == "No action in our data."


def test_a_day_after_the_data_is_said_of_a_treaty_and_of_all():
    late = instrument("late", opened_on="2000-01-01", threshold=1, delay="0d", party_delay="0d")
    whole = ledger(IT, late, *STATES, *ACTS, EXCEPT, ratified("AAA", "late", "2012-03-04"))
    assert data_limit(whole.as_of(date(2011, 1, 1)), "it") == (
        "Data on this treaty end on 30 June 2010; later actions may be missing."
    )
    assert data_limit(whole.as_of(date(2010, 6, 30)), "it") == ""
    assert data_limit(whole.as_of(date(2012, 3, 4))) == (
        "Data on some treaties end earlier, from 30 June 2010 on; later actions may be missing."
    )
    assert data_limit(whole.as_of(date(2020, 1, 1))) == (
        "Data end between 30 June 2010 and 4 March 2012, by treaty; later actions may be missing."
    )
