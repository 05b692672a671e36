"""Succession, continuity and States that ceased to exist: whose acts they are, from when they bind, what they count."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.law.test_properties import CODES, INSTRUMENTS, PARTICIPANTS, brief, days, exact
from tests.support.builders import acceded, act, instrument, ledger, participant, ratified
from tests.support.real_treaties import deposits
from tracker.law.bindings import current_binding
from tracker.law.checks import run_checks
from tracker.law.effects import EffectRule
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.gaps import gaps_of_instrument
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.threshold import ForceStatus

FORMER = ParticipantKind.FORMER_STATE
SCG = participant("SCG", kind=FORMER, exists_from="1992-04-27", exists_to="2006-06-05", successors=("SRB", "MNE"))
SRB = participant("SRB", exists_from="2006-06-05", continues=("SCG",))
MNE = participant("MNE", exists_from="2006-06-03")
DRUGS = instrument("drugs-1988", threshold=1, delay="90d", party_delay="90d")
START = ratified("CHN", "drugs-1988", "1990-08-13")


def day(text: str) -> date:
    return date.fromisoformat(text)


def succeeded(code: str, treaty: str, on: str, **fields):
    return act(ActionKind.SUCCESSION, code, treaty, on, **fields)


def test_serbia_is_bound_from_the_day_on_which_the_state_that_it_continues_began():
    whole = ledger(DRUGS, SCG, SRB, MNE, participant("CHN"), START, succeeded("SRB", "drugs-1988", "2001-03-12"))
    standing = participant_standing(whole.as_of(day("2004-06-30")), "drugs-1988", "SRB")
    assert (standing.status, standing.since) == (ParticipantStatus.PARTY, day("1992-04-27"))
    assert not [f for f in run_checks(whole, day("2020-01-01")) if f.check == "act-before-existence"]


def test_montenegro_is_bound_from_its_own_beginning():
    whole = ledger(DRUGS, SCG, SRB, MNE, participant("CHN"), START, succeeded("MNE", "drugs-1988", "2006-10-23"))
    assert current_binding(whole, "drugs-1988", "MNE").since == day("2006-06-03")


def test_the_acts_of_a_continued_state_stand_under_the_one_that_continues_it():
    ussr = participant("SUN", kind=FORMER, exists_from="1922-12-30", exists_to="1991-12-25", successors=("RUS", "UKR"))
    russia = participant("RUS", exists_from="1991-12-26", continues=("SUN",))
    whole = ledger(DRUGS, ussr, russia, participant("CHN"), START, ratified("SUN", "drugs-1988", "1990-12-17"))
    assert parties(whole, "drugs-1988") == {"CHN", "RUS"}
    assert participant_standing(whole, "drugs-1988", "RUS").since == day("1991-03-17")
    assert participant_standing(whole, "drugs-1988", "SUN").status is ParticipantStatus.NONE
    assert (
        "actions listed under Republic of RUS, which continues it"
        in participant_standing(whole, "drugs-1988", "SUN").why
    )
    assert "SUN" not in {gap.participant for gap in gaps_of_instrument(whole.as_of(day("1990-01-01")), "drugs-1988")}


def test_a_second_act_under_the_new_name_is_no_second_party():
    ussr = participant("SUN", kind=FORMER, exists_to="1991-12-25")
    russia = participant("RUS", exists_from="1991-12-26", continues=("SUN",))
    whole = ledger(
        DRUGS, ussr, russia, ratified("SUN", "drugs-1988", "1990-12-17"), acceded("RUS", "drugs-1988", "1995-01-01")
    )
    assert parties(whole, "drugs-1988") == {"RUS"}


def test_a_succession_binds_from_its_stated_day_and_never_before_the_treaty_is_in_force():
    late = instrument("it", threshold=2, delay="0d")
    new = participant("NEW", exists_from="1962-07-01")
    acts = deposits("it", "AAA:1970-01-01 BBB:1971-01-01")
    stated = ledger(late, new, *acts, succeeded("NEW", "it", "1971-01-01", effective_on="1962-07-01"))
    assert current_binding(stated, "it", "NEW").since == day("1971-01-01")
    assert "itself is in force from 1 January 1971" in current_binding(stated, "it", "NEW").why
    assert participant_standing(stated.as_of(day("1965-01-01")), "it", "NEW").status is ParticipantStatus.NONE
    unstated = ledger(late, new, *acts, succeeded("NEW", "it", "1980-05-01"))
    assert current_binding(unstated, "it", "NEW").since == day("1971-01-01")


def test_a_succession_of_a_state_whose_beginning_is_not_recorded_has_no_invented_day():
    whole = ledger(DRUGS, participant("NEW"), participant("CHN"), START, succeeded("NEW", "drugs-1988", "1995-01-01"))
    binding = current_binding(whole, "drugs-1988", "NEW")
    assert (binding.since, binding.by, binding.own.rule) == (None, day("1995-01-01"), EffectRule.SUCCESSION_UNDATED)


def test_an_act_before_its_author_existed_and_without_a_predecessor_is_found():
    whole = ledger(DRUGS, participant("NEW", exists_from="1993-01-01"), acceded("NEW", "drugs-1988", "1990-01-01"))
    assert [f.check for f in run_checks(whole, day("2020-01-01")) if f.check == "act-before-existence"]


OLD = participant("OLD", kind=FORMER, exists_to="1990-10-02", successors=("HEIR",))
TWO = instrument("it", threshold=2, delay="0d")


def test_the_deposit_of_a_former_state_goes_on_counting_and_makes_no_party():
    whole = ledger(
        TWO, OLD, participant("NEW"), ratified("OLD", "it", "1990-08-16"), ratified("NEW", "it", "1991-04-11")
    )
    assert entry_into_force(whole, "it").date == day("1991-04-11")
    assert parties(whole, "it") == {"NEW"}


def test_a_former_state_and_its_successor_are_not_counted_twice():
    heir = participant("HEIR", exists_from="1990-10-03")
    whole = ledger(TWO, OLD, heir, ratified("OLD", "it", "1990-08-16"), succeeded("HEIR", "it", "1991-04-11"))
    assert entry_into_force(whole, "it").status is ForceStatus.PENDING


def test_a_deposit_that_the_depositary_did_not_count_is_left_out_with_its_reason():
    whole = ledger(
        TWO,
        *deposits("it", "AAA:2000-01-01 BBB:2000-02-01"),
        ratified("CCC", "it", "1999-01-01", not_counted="it was not in due form"),
    )
    entry = entry_into_force(whole, "it")
    assert entry.date == day("2000-02-01")
    assert [each.reason for each in entry.not_counted] == ["not counted by the depositary: it was not in due form"]


consents = st.builds(
    act, st.sampled_from([kind for kind in ActionKind if kind.consents]), st.sampled_from(CODES), st.just("pact"), exact
)


@given(st.lists(consents, max_size=14), exact)
@brief
def test_counting_former_states_never_delays_entry_into_force(actions, former):
    facts = (*INSTRUMENTS, *PARTICIPANTS, *actions)
    without = entry_into_force(Ledger(each for each in facts if getattr(each, "participant", "") != "OLD"), "pact").date
    counted = entry_into_force(Ledger((*facts, ratified("OLD", "pact", str(former)))), "pact").date
    assert without is None or (counted is not None and counted <= without)


@given(st.lists(consents, max_size=8), exact, exact, days)
@brief
def test_a_consent_after_a_withdrawal_never_leaves_one_worse_than_without_it(actions, left, back, when):
    acts = [*actions, ratified("AAA", "pact", "2000-01-02"), act(ActionKind.WITHDRAWAL, "AAA", "pact", str(left))]
    later = max(left.first, back.first)
    whole = Ledger((*INSTRUMENTS, *PARTICIPANTS, *acts))
    returned = Ledger((*INSTRUMENTS, *PARTICIPANTS, *acts, acceded("AAA", "pact", str(later))))
    order = [
        ParticipantStatus.NONE,
        ParticipantStatus.WITHDRAWN,
        ParticipantStatus.CONTRACTING_PARTY,
        ParticipantStatus.PARTY,
    ]
    one, other = (participant_standing(view.as_of(when), "pact", "AAA").status for view in (whole, returned))
    assert order.index(other) >= order.index(one)


def test_serbia_in_the_data_is_bound_by_the_drug_convention_as_the_state_that_it_continues(record):
    bound = current_binding(record, "drugs-1988", "SRB")
    assert bound.consent.action.kind is ActionKind.SUCCESSION
    assert bound.since < day("2001-03-12") < day("2006-06-05"), "by succession, not from the day of its new name"


def test_bosnia_and_herzegovina_exists_from_the_day_that_depositaries_give(record):
    assert record.existed_on("BIH", day("1992-03-06"))
    assert not record.existed_on("BIH", day("1992-03-05"))
