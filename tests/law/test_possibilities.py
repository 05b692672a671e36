"""An act whose day is not known is an act: it counts when it is certain, and may count from when it is possible."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.law.test_properties import INSTRUMENTS, PARTICIPANTS, brief, days
from tests.support.builders import act, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.checks import run_checks
from tracker.law.claims import ClaimVerdict, check_claim
from tracker.law.dates import PartialDate
from tracker.law.gaps import gaps_of_instrument
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, Coverage, CoverageAspect, CoverageState, PublishedCount
from tracker.law.status import ParticipantStatus, participant_standing, status
from tracker.schemas.maps import map_answer
from tracker.schemas.queries import selection_answer

IT = instrument("it", opened_on="2000-01-01", threshold=1, delay="0d", party_delay="0d")
STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC"))


def day(text: str) -> date:
    return date.fromisoformat(text)


def world(*facts):
    return ledger(IT, *STATES, *facts)


def signatories(whole, on: str) -> tuple[int, int]:
    now = status(whole.as_of(day(on)), "it")
    return now.signatories, now.signatories_at_most


def test_a_signature_shown_by_a_list_counts_from_the_day_of_the_list():
    whole = world(signed("AAA", "it", known_by="2005-06-01"), signed("BBB", "it", "2001-01-01"))
    assert [signatories(whole, on) for on in ("1999-12-31", "2000-06-01", "2001-01-01", "2005-06-01")] == [
        (0, 0), (0, 1), (1, 2), (2, 2),
    ]  # fmt: skip


def test_a_deposit_that_a_list_shows_binds_by_the_day_of_the_list_at_the_latest():
    terms = replace(IT, in_force_on=PartialDate.parse("2000-02-01"))
    standing = participant_standing(ledger(terms, *STATES, ratified("AAA", "it", known_by="2005-06-01")), "it", "AAA")
    assert (standing.status, standing.since) == (ParticipantStatus.PARTY, None)
    assert standing.why.startswith("Ratification by 1 June 2005 (date not known).")
    assert "bound by 1 June 2005 at the latest" in standing.bound_why


def test_a_list_that_does_not_show_it_yet_narrows_what_is_possible():
    whole = world(signed("AAA", "it", not_before="2003-01-01", known_by="2005-06-01"))
    assert [signatories(whole, on) for on in ("2002-12-31", "2003-01-01", "2005-06-01")] == [(0, 0), (0, 1), (1, 1)]


def test_before_it_is_certain_its_author_may_be_a_signatory_and_afterwards_is_one():
    whole = world(signed("AAA", "it", known_by="2005-06-01"))
    before, after = (participant_standing(whole.as_of(day(on)), "it", "AAA") for on in ("2003-01-01", "2006-01-01"))
    assert (before.status, before.possible) == (ParticipantStatus.NONE, ParticipantStatus.SIGNATORY)
    assert before.why == "Signature: date not known; possibly on or before this date."
    assert (after.status, after.possible) == (ParticipantStatus.SIGNATORY, None)


def test_an_act_known_to_the_year_may_have_been_done_within_it():
    whole = world(ratified("AAA", "it", "2001"))
    found = [status(whole.as_of(day(on)), "it") for on in ("2000-12-31", "2001-03-01", "2001-12-31")]
    assert [(now.parties, now.parties_at_most) for now in found] == [(0, 0), (0, 1), (1, 1)]


def test_an_act_without_any_day_may_have_been_done_since_the_treaty_opened():
    whole = world(ratified("AAA", "it"))
    now = status(whole.as_of(day("2020-01-01")), "it")
    assert (now.parties, now.parties_at_most) == (0, 1)
    assert "possibly on or before this date" in participant_standing(whole, "it", "AAA").why


def test_one_that_may_have_consented_is_in_no_list_of_what_is_missing():
    whole = world(ratified("AAA", "it"), signed("BBB", "it", known_by="2030-01-01"))
    gaps = {gap.participant: gap.kind.value for gap in gaps_of_instrument(whole.as_of(day("2020-01-01")), "it")}
    assert gaps == {"BBB": "signed, not consented", "CCC": "eligible and absent"}


def test_an_undated_withdrawal_leaves_a_party_that_may_have_left():
    whole = world(
        ratified("AAA", "it", "2001-01-01"), withdrew("AAA", "it", known_by="2010-01-01", effective_on="2010-06")
    )
    early, late = (participant_standing(whole.as_of(day(on)), "it", "AAA") for on in ("2009-01-01", "2011-01-01"))
    assert early.status is ParticipantStatus.PARTY
    assert (late.status, late.possible) == (ParticipantStatus.WITHDRAWN, None)


@pytest.mark.parametrize(
    ("figure", "verdict", "words"),
    [
        (2, ClaimVerdict.FITS, "matches since 1 January 2002"),
        (3, ClaimVerdict.NOT_REFUTED, "signatories 2, and one action with date not known"),
        (4, ClaimVerdict.CONTRADICTED, "no matching date"),
    ],
)
def test_a_claim_fits_cannot_be_refuted_or_is_contradicted(figure, verdict, words):
    whole = world(signed("AAA", "it", "2001-01-01"), signed("BBB", "it", "2002-01-01"), signed("CCC", "it"))
    found = check_claim(whole.as_of(day("2020-01-01")), "it", signatories=figure)
    assert found.verdict is verdict
    assert words in found.why


def test_a_published_count_within_what_may_be_is_no_contradiction():
    printed = [
        PublishedCount(instrument="it", on=PartialDate.parse("2010-01-01"), signatories=n, source="a list")
        for n in (1, 2, 3)
    ]
    whole = world(signed("AAA", "it", "2001-01-01"), signed("BBB", "it"), *printed)
    findings = [f.text for f in run_checks(whole, day("2020-01-01")) if f.check == "published-count-differs"]
    assert findings == ["Treaty it on 1 January 2010: signatories published 3, our data 1 to 2."]


FIRST, LAST = date(2000, 1, 1), date(2012, 12, 31)
inexact = st.sampled_from(["2001", "2003-05", "2007", "2010-11"]).map(PartialDate.parse)
gains = st.sampled_from([kind for kind in ActionKind if kind.consents or kind.signs])
open_acts = st.builds(
    act, gains, st.sampled_from(["AAA", "BBB", "CCC", "DDD"]), st.just("pact"),
    st.one_of(inexact, st.none(), st.dates(FIRST, LAST).map(PartialDate.of)),
    known_by=st.one_of(st.none(), st.dates(date(2005, 1, 1), LAST).map(PartialDate.of)),
)  # fmt: skip


def completed(action, share: float):
    """The act on one of the days on which it can have been done."""
    if action.is_exact:
        return action
    first = action.date.first if action.date else FIRST
    last = action.counts_from or date(2014, 1, 1)
    if last < first:
        return replace(action, date=PartialDate.of(first), known_by=None)
    chosen = first + timedelta(days=int((last - first).days * share))
    return replace(action, date=PartialDate.of(chosen), known_by=None)


def counts(actions, when) -> list[tuple[int, int]]:
    now = status(Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions)).as_of(when), "pact")
    return [(now.signatories, now.signatories_at_most), (now.parties, now.parties_at_most)]


@given(st.lists(open_acts, max_size=12), st.lists(st.floats(0, 1), min_size=12, max_size=12), days)
@brief
def test_a_range_holds_the_exact_count_of_every_completion(actions, shares, when):
    whole = [completed(action, share) for action, share in zip(actions, shares, strict=False)]
    for (least, most), (exact, same) in zip(counts(actions, when), counts(whole, when), strict=True):
        assert exact == same
        assert least <= exact <= most


@given(st.lists(open_acts, max_size=8), st.sets(st.sampled_from(["EEE", "FFF"]), min_size=1), days, days)
@brief
def test_a_range_holds_the_exact_count_once_the_missing_acts_are_there(actions, authors, done, when):
    gap = Coverage(
        instrument="pact", aspect=CoverageAspect.CONSENTS, state=CoverageState.EXCEPT, as_of=PartialDate.of(LAST),
        missing=len(authors), missing_from=PartialDate.of(done), source="a list",
    )  # fmt: skip
    found = [ratified(code, "pact", done.isoformat()) for code in sorted(authors)]
    now = status(Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions, gap)).as_of(when), "pact")
    whole = status(Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions, *found)).as_of(when), "pact")
    assert now.parties <= whole.parties
    assert whole.parties_at_most == now.parties_at_most


QUERIES = [
    "party=pact", "not-party=pact", "none=pact", "signatory=pact", "party=pact@2006-01-01;not-party=pact",
    "not-party=pact@2006-01-01;party=pact",
]  # fmt: skip


@given(
    st.lists(open_acts, max_size=8), st.lists(st.floats(0, 1), min_size=8, max_size=8),
    st.sets(st.sampled_from(["EEE", "FFF"]), min_size=1), days, st.sampled_from(QUERIES),
)  # fmt: skip
@brief
def test_the_number_found_and_the_legend_of_the_map_hold_every_completion(actions, shares, authors, done, text):
    gap = Coverage(
        instrument="pact", aspect=CoverageAspect.CONSENTS, state=CoverageState.EXCEPT, as_of=PartialDate.of(LAST),
        missing=len(authors), missing_from=PartialDate.of(done), source="a list",
    )  # fmt: skip
    whole = [completed(action, share) for action, share in zip(actions, shares, strict=False)]
    found = [ratified(code, "pact", done.isoformat()) for code in sorted(authors)]
    now = Ledger((*INSTRUMENTS, *PARTICIPANTS, *actions, gap)).as_of(LAST)
    then = Ledger((*INSTRUMENTS, *PARTICIPANTS, *whole, *found)).as_of(LAST)
    answer, exact = selection_answer(now, text), selection_answer(then, text)
    assert answer.count_at_least <= exact.count_at_least
    assert exact.count_at_most <= answer.count_at_most
    legend = map_answer(now, "pact")
    for standing, number in map_answer(then, "pact").counts.items():
        if standing not in ("party", "contracting party"):  # which of the two depends on the entry into force
            assert legend.counts_at_least[standing] <= number <= legend.counts_at_most[standing]


@given(st.lists(open_acts, min_size=1, max_size=12), st.floats(0, 1), days)
@brief
def test_a_day_more_never_widens_a_range(actions, share, when):
    better = [completed(actions[0], share), *actions[1:]]
    for (least, most), (at_least, at_most) in zip(counts(actions, when), counts(better, when), strict=True):
        assert least <= at_least <= at_most <= most
