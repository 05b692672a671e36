"""From when and until when an instrument binds each participant, by which rule, and where the record cannot tell."""

from dataclasses import replace
from datetime import date

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, withdrew
from tracker.law.bindings import bindings, bound_participants, current_binding
from tracker.law.effects import EffectRule
from tracker.law.model import ActionKind, ParticipantKind

PACT = instrument("pact", threshold=2, delay="90d", party_delay="30d", withdrawal_delay="1y")
STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC", "DDD"))
START = (ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-03-01"))  # in force on 2001-05-30


def day(text: str) -> date:
    return date.fromisoformat(text)


def world(*facts, pact=PACT):
    return ledger(pact, *STATES, *START, *facts)


@pytest.mark.parametrize(
    ("deposit", "since", "rule"),
    [
        ("2001-03-01", "2001-05-30", EffectRule.BY_THRESHOLD),
        ("2001-03-02", "2001-05-30", EffectRule.ENTRY_LATER),
        ("2001-04-30", "2001-05-30", EffectRule.ENTRY_LATER),
        ("2001-05-01", "2001-05-31", EffectRule.OWN_PERIOD),
        ("2009-01-31", "2009-03-02", EffectRule.OWN_PERIOD),
    ],
)
def test_a_later_depositor_is_bound_by_its_own_period_and_never_before_the_instrument(deposit, since, rule):
    binding = current_binding(world(acceded("CCC", "pact", deposit)), "pact", "CCC")
    assert (binding.since, binding.own.rule, binding.stated) == (day(since), rule, None)


def test_all_that_deposited_on_the_day_of_the_threshold_are_original_parties():
    whole = world(acceded("CCC", "pact", "2001-03-01"))
    assert {code: b.since for code, [b] in bindings(whole, "pact").items()} == dict.fromkeys(
        ("AAA", "BBB", "CCC"), day("2001-05-30")
    )


def test_the_depositarys_own_date_is_kept_beside_what_the_clause_gives():
    binding = current_binding(world(acceded("CCC", "pact", "2005-01-01", effective_on="2005-02-15")), "pact", "CCC")
    assert (binding.since, binding.computed, binding.stated) == (
        day("2005-02-15"),
        day("2005-01-31"),
        day("2005-02-15"),
    )
    assert binding.why.startswith("Date given by the depositary: 15 February 2005.")
    assert "31 January 2005" in binding.why


def test_the_depositarys_date_is_given_alone_where_the_clause_agrees():
    binding = current_binding(world(acceded("CCC", "pact", "2005-01-01", effective_on="2005-01-31")), "pact", "CCC")
    assert binding.why == "Date given by the depositary: 31 January 2005."


def test_a_successor_is_bound_from_the_succession_though_it_was_recorded_later():
    heir = participant("NEW", exists_from="2006-06-03")
    whole = ledger(PACT, *STATES, heir, *START, act(ActionKind.SUCCESSION, "NEW", "pact", "2008-10-23"))
    binding = current_binding(whole, "pact", "NEW")
    assert (binding.since, binding.own.rule) == (day("2006-06-03"), EffectRule.SUCCESSION)
    assert "By succession, from 3 June 2006." in binding.why
    assert "NEW" not in bound_participants(whole.as_of(day("2008-10-22")), "pact")
    assert "NEW" in bound_participants(whole, "pact", day("2006-06-03"))


def test_a_successor_is_not_bound_before_the_instrument_is_in_force():
    heir = participant("NEW", exists_from="2001-01-15")
    whole = ledger(PACT, *STATES, heir, *START, act(ActionKind.SUCCESSION, "NEW", "pact", "2001-04-01"))
    assert current_binding(whole, "pact", "NEW").since == day("2001-05-30")


def test_a_deposit_known_to_the_month_binds_at_the_latest_possible_day_and_has_no_exact_one():
    binding = current_binding(world(acceded("CCC", "pact", "2005-01")), "pact", "CCC")
    assert (binding.since, binding.by) == (None, day("2005-03-02"))
    assert "at the latest" in binding.why


def test_before_there_is_a_day_for_the_instrument_nobody_has_one():
    whole = ledger(PACT, *STATES, START[0])
    assert current_binding(whole, "pact", "AAA").why == "Deposited; the treaty is not yet in force."
    assert bound_participants(whole, "pact") == set()


def test_without_a_recorded_period_a_later_depositor_is_bound_from_its_consent_by_default():
    whole = world(acceded("CCC", "pact", "2005-01-01"), pact=replace(PACT, party_delay=""))
    binding = current_binding(whole, "pact", "CCC")
    assert (binding.since, binding.own.rule, binding.basis) == (day("2005-01-01"), EffectRule.BY_DEFAULT, "default")
    assert "bound from the date of deposit" in binding.why
    assert "art. 24(3)" in binding.why


@pytest.mark.parametrize(
    ("code", "kind", "since"),
    [
        ("CCC", ActionKind.ACCESSION, "2005-11-01"),
        ("CCC", ActionKind.RATIFICATION, "2005-05-01"),
        ("EUU", ActionKind.APPROVAL, "2005-01-11"),
    ],
)
def test_the_own_period_may_differ_by_kind_of_act_and_for_organizations(code, kind, since):
    pact = replace(PACT, party_delay="3m+month", conditions="party-delay(accession)=9m+month; party-delay(reio)=10d")
    whole = ledger(
        pact, *STATES, participant("EUU", kind=ParticipantKind.REIO), *START, act(kind, code, "pact", "2005-01-01")
    )
    assert current_binding(whole, "pact", code).since == day(since)


# -- the end ------------------------------------------------------------------------------------------


def test_a_withdrawal_unbinds_on_the_day_of_its_effect():
    whole = world(withdrew("AAA", "pact", "2005-01-01"))
    assert current_binding(whole, "pact", "AAA").until == day("2006-01-01")
    assert bound_participants(whole, "pact", day("2005-12-31")) == {"AAA", "BBB"}
    assert bound_participants(whole, "pact", day("2006-01-01")) == {"BBB"}


def test_one_that_came_back_is_bound_in_both_spells_and_not_between():
    whole = world(withdrew("AAA", "pact", "2005-01-01"), acceded("AAA", "pact", "2008-01-01"))
    days = ("2005-06-01", "2007-06-01", "2008-01-30", "2008-01-31")
    assert ["AAA" in bound_participants(whole, "pact", day(on)) for on in days] == [True, False, False, True]
    assert current_binding(whole, "pact", "AAA").since == day("2008-01-31")


def test_one_that_ceases_to_exist_is_no_longer_bound():
    gone = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="2003-02-03")
    whole = ledger(PACT, *STATES, gone, *START, ratified("OLD", "pact", "2001-02-01"))
    assert current_binding(whole, "pact", "OLD").until == day("2003-02-04")
    assert "OLD" in bound_participants(whole, "pact", day("2003-02-03"))
    assert "OLD" not in bound_participants(whole, "pact", day("2003-02-04"))


def test_an_instrument_that_ended_binds_nobody():
    whole = world(pact=replace(PACT, conditions="ends-after=1y")).as_of(day("2003-01-01"))
    assert current_binding(whole, "pact", "AAA").until == day("2002-05-30")
    assert bound_participants(whole, "pact") == set()


# -- bound by another instrument first ------------------------------------------------------------------


PROTOCOL = instrument("protocol", threshold=1, delay="0d", party_delay="0d", conditions="party-requires=pact")


def test_a_protocol_binds_nobody_that_its_convention_does_not_bind():
    whole = world(PROTOCOL, ratified("DDD", "protocol", "2001-01-01"), acceded("CCC", "protocol", "2002-01-01"),
                  acceded("CCC", "pact", "2004-01-01"), ratified("AAA", "protocol", "2002-01-01"))  # fmt: skip
    own = {code: (b.since, b.own.rule) for code, [b] in bindings(whole, "protocol").items()}
    assert own["DDD"] == (None, EffectRule.NOT_BOUND_ABOVE)
    assert own["CCC"] == (day("2004-01-31"), EffectRule.BOUND_ABOVE_LATER)
    assert own["AAA"] == (day("2002-01-01"), EffectRule.OWN_PERIOD)
    assert bound_participants(whole, "protocol") == {"AAA", "CCC"}
    assert "31 January 2004" in current_binding(whole, "protocol", "CCC").why


def test_instruments_that_must_bind_each_other_first_bind_nobody():
    whole = world(
        PROTOCOL, ratified("AAA", "protocol", "2001-01-01"), pact=replace(PACT, conditions="party-requires=protocol")
    )
    assert bound_participants(whole, "protocol") == bound_participants(whole, "pact") == set()


def test_an_unknown_instrument_that_must_bind_first_binds_nobody():
    whole = world(replace(PROTOCOL, conditions="party-requires=nothing"), ratified("AAA", "protocol", "2001-01-01"))
    assert bound_participants(whole, "protocol") == set()


# -- the real record ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "count"), [("2003-09-28", 0), ("2003-09-29", 41), ("2003-10-22", 41), ("2003-10-23", 43)]
)
def test_the_palermo_convention_binds_all_whose_own_period_has_run(record, on, count):
    assert len(bound_participants(record.as_of(day(on)), "untoc")) == count


def test_a_partys_stated_day_is_not_shown_before_the_instrument_has_a_day(record):
    early, later = record.as_of(date(2003, 7, 1)), record.as_of(date(2004, 3, 18))
    assert current_binding(early, "coe-185", "ALB").since is None
    assert current_binding(later, "coe-185", "ALB").since == date(2004, 7, 1)
