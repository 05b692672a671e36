"""What if: supposed deposits, withdrawals and terms beside the record as it is."""

from datetime import date, timedelta

import pytest

from tests.support.builders import body, instrument, ledger, participant, ratified, signed
from tracker.errors import BadClause, BadQuestion, NotFound
from tracker.law.consents import signatories
from tracker.law.entry_into_force import entry_into_force
from tracker.law.model import ActionKind, Membership, ParticipantKind
from tracker.law.scenarios import (
    HypotheticalAction,
    HypotheticalTerms,
    participants_chosen,
    run_scenario,
    under_other_terms,
    with_terms,
)
from tracker.law.threshold import ForceStatus

NOW = date(2026, 3, 1)
THEN = date(2027, 3, 1)
PACT = instrument("pact", threshold=2, delay="90d", party_delay="30d", withdrawal_delay="1y")
STATES = (
    participant("AAA", region="Africa", un_group="African States"),
    participant("BBB", region="Asia", un_group="Asia-Pacific States"),
    participant("CCC", region="Africa"),
    participant("OLD", region="Africa", exists_to="1990-01-01"),
)
UNION = participant("EUU", kind=ParticipantKind.REIO, region="Africa")


def world(*facts):
    return ledger(PACT, *STATES, UNION, body("club"), Membership(body="club", participant="BBB"), *facts).as_of(NOW)


# -- the real convention that waits -----------------------------------------------------------------


def states_that_signed(record):
    today = record.as_of(NOW)
    return sorted(code for code in signatories(today, "un-cybercrime") if today.participants[code].is_state)


def test_forty_signatories_that_deposit_on_one_day_bring_the_convention_into_force_ninety_days_on(record):
    forty = states_that_signed(record)[:40]
    answer = run_scenario(record.as_of(NOW), "un-cybercrime", [HypotheticalAction(code, THEN) for code in forty])
    assert answer.before.entry.status is ForceStatus.PENDING
    assert answer.after.entry.date == date(2027, 5, 30)
    assert answer.after.entry.threshold.reached_by == tuple(forty)
    assert {binding.since for binding in answer.own} == {date(2027, 5, 30)}
    assert answer.new_findings == ()


def test_thirty_nine_and_the_european_union_bring_nothing_into_force(record):
    codes = [*states_that_signed(record)[:39], "EU"]
    answer = run_scenario(record.as_of(NOW), "un-cybercrime", [HypotheticalAction(code, THEN) for code in codes])
    assert (answer.after.entry.status, answer.after.entry.date) == (ForceStatus.PENDING, None)
    assert (answer.after.parties, answer.after.entry.threshold.remaining) == (40, 1)


def test_were_organizations_counted_the_thirty_nine_and_the_union_would_do(record):
    codes = [*states_that_signed(record)[:39], "EU"]
    terms = HypotheticalTerms(organizations_count=True)
    answer = run_scenario(record.as_of(NOW), "un-cybercrime", [HypotheticalAction(code, THEN) for code in codes], terms)
    assert answer.after.entry.date == date(2027, 5, 30)


# -- made records -----------------------------------------------------------------------------------


def test_the_record_itself_is_untouched():
    whole = world()
    run_scenario(whole, "pact", [HypotheticalAction("AAA", THEN), HypotheticalAction("BBB", THEN)])
    assert whole.acts("pact") == ()


@pytest.mark.parametrize(
    ("facts", "kind"), [((), ActionKind.ACCESSION), ((signed("AAA", "pact", "2020-01-01"),), ActionKind.RATIFICATION)]
)
def test_a_signatory_is_supposed_to_ratify_and_another_to_accede(facts, kind):
    assert [act.kind for act in run_scenario(world(*facts), "pact", [HypotheticalAction("AAA", THEN)]).acts] == [kind]


def test_each_supposed_party_has_its_own_day():
    supposed = [
        HypotheticalAction("AAA", date(2027, 1, 1)),
        HypotheticalAction("BBB", date(2027, 2, 1)),
        HypotheticalAction("CCC", date(2027, 6, 1)),
    ]
    answer = run_scenario(world(), "pact", supposed)
    assert [binding.since.isoformat() for binding in answer.own] == ["2027-05-02", "2027-05-02", "2027-07-01"]


def test_a_supposed_withdrawal_is_seen_from_the_day_it_takes_effect():
    whole = world(ratified("AAA", "pact", "2020-01-01"), ratified("BBB", "pact", "2020-01-01"))
    answer = run_scenario(whole, "pact", [HypotheticalAction("AAA", THEN, withdraws=True)])
    assert (answer.before.parties, answer.after.parties) == (2, 1)
    assert answer.after.as_of == date(2028, 3, 1)


def test_a_supposed_withdrawal_without_a_known_notice_period_counts_from_its_notice_and_asks_for_the_period():
    terms = instrument("loose", threshold=1, delay="0d", party_delay="0d")
    whole = world(terms, ratified("AAA", "loose", "2020-01-01"), ratified("BBB", "loose", "2020-01-01"))
    answer = run_scenario(whole, "loose", [HypotheticalAction("AAA", THEN, withdraws=True)])
    assert (answer.before.parties, answer.after.parties) == (2, 1)
    assert any("notice period" in found.text for found in answer.new_findings)


def test_findings_that_the_scenario_brings_are_told_and_old_ones_are_not():
    protocol = instrument("protocol", parent="pact", threshold=1, delay="0d")
    answer = run_scenario(world(protocol), "protocol", [HypotheticalAction("AAA", THEN)])
    assert [finding.check for finding in answer.new_findings] == ["protocol-without-convention"]


@pytest.mark.parametrize(
    ("supposed", "trouble"),
    [
        (HypotheticalAction("AAA", THEN), "already"),
        (HypotheticalAction("BBB", THEN, withdraws=True), "cannot withdraw"),
        (HypotheticalAction("BBB", date(9999, 12, 31)), "too far in the future"),
    ],
)
def test_what_cannot_be_supposed_is_refused(supposed, trouble):
    with pytest.raises(BadQuestion, match=trouble):
        run_scenario(world(ratified("AAA", "pact", "2020-01-01")), "pact", [supposed])


def test_unknown_names_are_not_found():
    with pytest.raises(NotFound):
        run_scenario(world(), "pact", [HypotheticalAction("ZZZ", THEN)])
    with pytest.raises(NotFound):
        run_scenario(world(), "nothing", [])


# -- terms --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terms", "lands"),
    [
        (HypotheticalTerms(), "2020-07-30"),
        (HypotheticalTerms(threshold=1), "2020-03-31"),
        (HypotheticalTerms(delay="3m"), "2020-08-01"),
        (HypotheticalTerms(threshold=3), None),
        (HypotheticalTerms(threshold=3, organizations_count=True), "2020-11-28"),
    ],
)
def test_a_drafter_may_try_other_terms(terms, lands):
    whole = world(
        ratified("AAA", "pact", "2020-01-01"),
        ratified("BBB", "pact", "2020-05-01"),
        ratified("EUU", "pact", "2020-08-30"),
    )
    found = entry_into_force(with_terms(whole, "pact", terms), "pact").date
    assert found == (date.fromisoformat(lands) if lands else None)


def test_past_instruments_can_be_held_against_several_terms(record):
    dates = under_other_terms(
        record, [HypotheticalTerms(), HypotheticalTerms(threshold=30), HypotheticalTerms(threshold=60)]
    )
    deposits = sorted(act.day for act in record.acts("untoc") if act.kind.consents and act.participant != "EU")
    assert dates["untoc"] == tuple(deposits[number - 1] + timedelta(days=90) for number in (40, 30, 60))
    assert set(dates) == set(record.instruments)


def test_terms_that_make_no_sense_are_refused():
    with pytest.raises(BadClause):
        with_terms(world(), "pact", HypotheticalTerms(delay="soon"))


# -- choices ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "codes"),
    [
        ("aaa", ("AAA",)),
        ("signatories", ("CCC",)),
        ("region:Africa", ("AAA", "CCC")),
        ("group:asia-pacific states", ("BBB",)),
        ("body:club", ("BBB",)),
    ],
)
def test_a_choice_stands_for_those_it_fits(choice, codes):
    assert participants_chosen(world(signed("CCC", "pact", "2020-01-01")), "pact", choice) == codes


def test_a_choice_leaves_out_those_that_are_parties_already():
    assert participants_chosen(world(ratified("AAA", "pact", "2020-01-01")), "pact", "region:Africa") == ("CCC",)


@pytest.mark.parametrize("choice", ["region:Nowhere", "planet:Mars", "signatories"])
def test_a_choice_that_fits_nobody_is_refused(choice):
    with pytest.raises(BadQuestion):
        participants_chosen(world(), "pact", choice)


def test_under_other_terms_the_depositarys_day_is_no_longer_held_against_the_record(record):
    answer = run_scenario(record.as_of(NOW), "untoc", [], HypotheticalTerms(threshold=30))
    assert answer.after.entry.official is None
    assert answer.new_findings == ()


def test_a_state_that_no_longer_exists_cannot_be_supposed_to_act(record):
    with pytest.raises(BadQuestion, match="no longer exists"):
        run_scenario(record.as_of(date(2026, 11, 1)), "untoc", [HypotheticalAction("SUN", date(2027, 1, 1))])
