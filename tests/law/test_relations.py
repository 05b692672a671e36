"""What binds two States to each other: reservations, objections, accepted accessions, and what the data do not tell."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, signed, stated, withdrew
from tracker.errors import NotFound
from tracker.law.disputes import CourtAccess, court_access, disputes_clause
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, InstrumentKind, ParticipantKind
from tracker.law.reference_facts import ObjectionEffect, StatementTopic
from tracker.law.relations import Relation, RelationState, all_relations, relations
from tracker.law.reservations import ReservationOutcome, ReservationState, objections_to, reservations
from tracker.law.statements import StatementState, letters_of, statement_standings, withdrawn_since
from tracker.law.territories import territories_on

WHO = (participant("AAA"), participant("BBB"), participant("CCC"), participant("EUU", kind=ParticipantKind.REIO))
PACT = instrument("pact", threshold=2, delay="90d", party_delay="30d", opened_on="2000-01-01")
PARTIES = (ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "pact", "2001-02-01"))
RESERVATION = stated("reservation", "AAA", "pact", "2001-01-01", article="10")
OPPOSED = ObjectionEffect.EXCLUDES_TREATY


def objected(on: str | None = "2001-06-01", **fields):
    return stated("objection", "BBB", "pact", on, article="10", towards=("AAA",), **fields)


def between(*facts, on: str = "2005-01-01", terms=PACT) -> Relation:
    return relations(ledger(*WHO, terms, *PARTIES, *facts).as_of(date.fromisoformat(on)), "pact", "AAA", "BBB")


def outcome(relation: Relation) -> tuple[str, str]:
    (effect,) = relation.effects
    return effect.outcome, effect.article


def test_a_treaty_is_in_force_between_two_from_the_later_of_their_dates():
    late = ratified("CCC", "pact", "2003-01-01")
    facts = ledger(*WHO, PACT, *PARTIES, late).as_of(date(2005, 1, 1))
    assert relations(facts, "pact", "aaa", "CCC").since == date(2003, 1, 31)
    assert relations(facts, "PACT", "AAA", "BBB").since == date(2001, 5, 2)
    assert relations(facts.as_of(date(2003, 1, 30)), "pact", "AAA", "CCC").state is RelationState.NOT_IN_FORCE


def test_a_signatory_is_not_bound_towards_anybody():
    facts = ledger(*WHO, PACT, *PARTIES, signed("CCC", "pact", "2000-05-01")).as_of(date(2005, 1, 1))
    relation = relations(facts, "pact", "AAA", "CCC")
    assert relation.state is RelationState.NOT_IN_FORCE
    assert relation.steps[0].text == "The treaty does not bind Republic of CCC on this date."


def test_it_ends_between_two_when_one_withdraws():
    left = withdrew("BBB", "pact", "2004-01-01", effective_on="2005-01-01")
    assert between(left, on="2004-06-01").until == date(2005, 1, 1)
    assert between(left, on="2005-01-01").state is RelationState.NOT_IN_FORCE


def test_an_unknown_name_is_refused():
    with pytest.raises(NotFound):
        relations(ledger(*WHO, PACT), "pact", "AAA", "ZZZ")


def test_twelve_months_of_silence_accept_a_reservation():
    before, after = between(RESERVATION, on="2002-01-31"), between(RESERVATION, on="2002-02-01")
    assert outcome(before) == (ReservationOutcome.PENDING, "20(5)")
    assert "1 February 2002" in before.effects[0].why
    assert outcome(after) == (ReservationOutcome.MODIFIED, "20(5)")


def test_an_objection_keeps_the_provision_from_applying_to_the_extent_of_the_reservation():
    relation = between(RESERVATION, objected(effect=ObjectionEffect.TREATY_IN_FORCE))
    assert relation.state is RelationState.IN_FORCE
    assert outcome(relation) == (ReservationOutcome.NOT_APPLIED, "21(3)")
    assert relation.unknown == ()


def test_an_objection_that_does_not_say_whether_the_treaty_is_in_force_leaves_it_in_force_and_says_so():
    relation = between(RESERVATION, objected())
    assert relation.state is RelationState.IN_FORCE
    assert "is not in our data" in relation.unknown[0]


def test_an_objecting_state_may_oppose_entry_into_force_between_the_two():
    relation = between(RESERVATION, objected(effect=OPPOSED))
    assert (relation.state, relation.since, relation.steps[-1].article) == (RelationState.EXCLUDED, None, "20(4)(b)")


def test_an_objection_counts_only_towards_its_author():
    third = ratified("CCC", "pact", "2001-01-01")
    facts = ledger(*WHO, PACT, *PARTIES, third, RESERVATION, objected(effect=OPPOSED)).as_of(date(2005, 1, 1))
    assert relations(facts, "pact", "AAA", "CCC").state is RelationState.IN_FORCE
    assert relations(facts, "pact", "BBB", "CCC").effects == ()


def test_a_withdrawn_objection_lets_the_treaty_into_force_from_its_withdrawal():
    gone = objected(effect=OPPOSED, withdrawn_on="2004-03-01")
    assert between(RESERVATION, gone, on="2004-02-28").state is RelationState.EXCLUDED
    after = between(RESERVATION, gone, on="2004-03-01")
    assert (after.state, after.since) == (RelationState.IN_FORCE, date(2004, 3, 1))
    assert (after.steps[-1].article, "1 March 2004" in after.steps[-1].text) == ("22(3)", True)
    assert outcome(after) == (ReservationOutcome.MODIFIED, "22(2)")


def test_a_withdrawal_may_be_a_statement_of_its_own():
    gone = stated("withdrawal", "BBB", "pact", "2004-03-01", concerns="objection", towards=("AAA",))
    assert between(RESERVATION, objected(effect=OPPOSED), gone, on="2004-02-28").state is RelationState.EXCLUDED
    assert between(RESERVATION, objected(effect=OPPOSED), gone).since == date(2004, 3, 1)


def test_a_reservation_withdrawn_in_part_keeps_the_rest():
    both = stated("reservation", "AAA", "pact", "2001-01-01", article="10; 12")
    part = stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="reservation", article="12")
    assert between(both, on="2002-12-31").effects[0].provisions == ("10", "12")
    assert between(both, part).effects[0].provisions == ("10",)
    whole = stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="reservation")
    assert outcome(between(both, whole)) == (ReservationOutcome.NO_EFFECT, "22(1)")


def test_a_late_objection_changes_nothing():
    assert outcome(between(RESERVATION, objected("2003-02-02", effect=OPPOSED))) == (
        ReservationOutcome.MODIFIED, "20(5)",
    )  # fmt: skip


def test_an_objection_that_may_have_come_in_time_counts_and_the_doubt_is_said():
    relation = between(RESERVATION, objected("2002-02-02", effect=OPPOSED))
    assert (relation.state, outcome(relation)[1]) == (RelationState.EXCLUDED, "20(4)(b)")
    assert "run from the notification of the reservation" in relation.unknown[0]


def test_a_reservation_that_the_treaty_permits_expressly_needs_no_acceptance():
    terms = instrument("pact", threshold=2, delay="90d", reservations="expressly: 10")
    assert outcome(between(RESERVATION, on="2001-07-01", terms=terms)) == (ReservationOutcome.MODIFIED, "20(1)")
    assert outcome(between(RESERVATION, objected(effect=OPPOSED), terms=terms)) == (
        ReservationOutcome.MODIFIED, "20(1)",
    )  # fmt: skip


def test_a_reservation_that_the_treaty_prohibits_has_no_effect():
    terms = instrument("pact", threshold=2, delay="90d", reservations="prohibited")
    assert outcome(between(RESERVATION, terms=terms)) == (ReservationOutcome.NO_EFFECT, "19")


def test_a_reservation_made_upon_signature_must_be_confirmed():
    upon = stated("reservation", "AAA", "pact", "2000-05-01", article="10")
    signature = signed("AAA", "pact", "2000-05-01")
    assert outcome(between(upon, signature)) == (ReservationOutcome.NOT_KNOWN, "23(2)")
    confirmed = stated("reservation", "AAA", "pact", "2000-05-01", article="10", confirmed_on="2001-01-01")
    assert outcome(between(confirmed, signature)) == (ReservationOutcome.MODIFIED, "20(5)")
    waits = ledger(*WHO, PACT, signature, upon).as_of(date(2000, 6, 1))
    assert reservations(waits, "pact")["AAA"][0].state is ReservationState.AWAITS_CONSENT


def test_a_late_reservation_takes_effect_only_if_nobody_objects():
    late = stated("reservation", "AAA", "pact", "2002-01-01", article="10")
    assert outcome(between(late, on="2002-06-01")) == (ReservationOutcome.NOT_KNOWN, "19")
    assert outcome(between(late)) == (ReservationOutcome.MODIFIED, "20(5)")
    rejected = between(late, objected("2002-03-01"))
    assert outcome(rejected) == (ReservationOutcome.NO_EFFECT, "19")
    assert "Republic of BBB" in rejected.effects[0].why


def test_an_objection_without_its_reservation_is_said():
    assert "the reservation is not" in between(objected()).unknown[0]


HAGUE = instrument("pact", threshold=2, delay="0d", party_delay="month+3", accessions="accepted month+3")
APOSTILLE = instrument("pact", threshold=2, delay="0d", party_delay="60d", accessions="not-objected 6m")
JOINED = acceded("CCC", "pact", "2003-01-15")


def with_the_acceding(*facts, on: str = "2005-01-01", terms=HAGUE, other: str = "AAA") -> Relation:
    known = ledger(*WHO, terms, *PARTIES, JOINED, *facts).as_of(date.fromisoformat(on))
    return relations(known, "pact", other, "CCC")


def test_an_accession_binds_only_towards_those_that_accept_it():
    accepted = act(ActionKind.ACCEPTANCE_OF_ACCESSION, "AAA", "pact", "2004-01-20", towards="CCC")
    assert with_the_acceding(accepted, on="2004-03-31").state is RelationState.NOT_IN_FORCE
    relation = with_the_acceding(accepted)
    assert (relation.state, relation.since) == (RelationState.IN_FORCE, date(2004, 4, 1))
    other = with_the_acceding(accepted, other="BBB")
    assert other.state is RelationState.NOT_IN_FORCE
    assert other.steps[-1].text == "Republic of BBB has not accepted the accession of Republic of CCC in our data."
    assert other.steps[-1].article == "15"


def test_an_objection_to_an_accession_keeps_it_from_binding_the_two():
    against = act(ActionKind.OBJECTION_TO_ACCESSION, "AAA", "pact", "2003-05-01", towards="CCC")
    assert with_the_acceding(against, terms=APOSTILLE).state is RelationState.EXCLUDED
    assert with_the_acceding(against, terms=APOSTILLE, other="BBB").state is RelationState.IN_FORCE
    late = act(ActionKind.OBJECTION_TO_ACCESSION, "AAA", "pact", "2004-02-01", towards="CCC")
    assert with_the_acceding(late, terms=APOSTILLE).state is RelationState.IN_FORCE
    open_ = act(ActionKind.OBJECTION_TO_ACCESSION, "AAA", "pact", "2003-08-01", towards="CCC")
    relation = with_the_acceding(open_, terms=APOSTILLE)
    assert relation.state is RelationState.EXCLUDED
    assert "it ended on 15 July 2003 or later" in relation.steps[-1].text
    back = act(ActionKind.OBJECTION_TO_ACCESSION_WITHDRAWN, "AAA", "pact", "2004-05-01", towards="CCC")
    assert with_the_acceding(against, back, terms=APOSTILLE).since == date(2004, 5, 1)


def test_provisional_application_and_territories_are_part_of_the_answer():
    applies = act(ActionKind.PROVISIONAL_APPLICATION, "CCC", "pact", "2002-01-01")
    island = act(ActionKind.TERRITORIAL_EXTENSION, "AAA", "pact", "2002-01-01", territory="Island")
    facts = ledger(*WHO, PACT, *PARTIES, applies, island).as_of(date(2005, 1, 1))
    assert relations(facts, "pact", "AAA", "CCC").state is RelationState.PROVISIONAL
    assert relations(facts, "pact", "AAA", "BBB").territories == (territories_on(facts, "pact", "AAA"), ())


def test_the_text_between_two_is_the_treaty_with_the_amendments_that_bind_both():
    amendment = instrument("change", parent="pact", kind=InstrumentKind.AMENDMENT, threshold=1, delay="0d")
    third = ratified("CCC", "pact", "2001-01-01")
    both = (ratified("AAA", "change", "2003-01-01"), ratified("BBB", "change", "2003-01-01"))
    facts = ledger(*WHO, PACT, amendment, *PARTIES, third, *both).as_of(date(2005, 1, 1))
    assert relations(facts, "pact", "AAA", "BBB").text == ("pact", "change")
    assert relations(facts, "pact", "AAA", "CCC").text == ("pact",)


def test_a_date_that_is_not_known_leaves_the_answer_open():
    undated = ratified("CCC", "pact", None)
    facts = ledger(*WHO, PACT, *PARTIES, undated).as_of(date(2005, 1, 1))
    assert relations(facts, "pact", "AAA", "CCC").state is RelationState.NOT_KNOWN


def test_non_recognition_is_part_of_the_answer():
    said = stated("declaration", "AAA", "pact", "2001-01-01", topic=StatementTopic.NON_RECOGNITION, towards=("BBB",))
    relation = between(said)
    assert relation.state is RelationState.IN_FORCE
    assert relation.non_recognition == (said,)


DISPUTES = instrument("pact", threshold=2, delay="90d", disputes="35(2)", reservations="expressly: 35(2)")


def test_who_excludes_the_clause_on_disputes_cannot_be_taken_to_the_court_nor_take_others():
    clause = stated("reservation", "AAA", "pact", "2001-01-01", article="35(2)", withdrawn_on="2010-01-01")
    more = (ratified("CCC", "pact", "2001-01-01"), act(ActionKind.FORMAL_CONFIRMATION, "EUU", "pact", "2001-01-01"))
    facts = ledger(*WHO, DISPUTES, *PARTIES, *more, clause)
    then, now = facts.as_of(date(2005, 1, 1)), facts.as_of(date(2010, 1, 1))
    assert list(disputes_clause(then, "pact").excluded) == ["AAA"]
    assert list(disputes_clause(now, "pact").excluded) == []
    for one, other in (("AAA", "BBB"), ("BBB", "AAA")):
        assert court_access(then, "pact", one, other) is CourtAccess.EXCLUDED
        assert court_access(now, "pact", one, other) is CourtAccess.OPEN
    assert court_access(then, "pact", "BBB", "EUU") is CourtAccess.NOT_A_STATE
    assert court_access(then, "pact", "BBB", "BBB") is CourtAccess.NOT_IN_FORCE


def test_letters_say_what_a_participant_has_said_and_not_withdrawn():
    gone = stated("notification", "AAA", "pact", "2001-01-01", withdrawn_on="2002-01-01")
    place = stated("declaration", "AAA", "pact", "2001-01-01", topic=StatementTopic.TERRITORIAL)
    facts = ledger(*WHO, PACT, *PARTIES, RESERVATION, gone, place, objected())
    assert letters_of(facts.as_of(date(2005, 1, 1)), "pact") == {"AAA": "RT", "BBB": "O"}
    assert letters_of(facts.as_of(date(2001, 2, 1)), "pact") == {"AAA": "RNT"}
    states = [each.state for each in statement_standings(facts.as_of(date(2005, 1, 1)), "pact")]
    assert states.count(StatementState.WITHDRAWN) == 1


def test_a_statement_that_stands_on_a_day_says_when_it_was_withdrawn_after_it():
    until = stated("notification", "AAA", "pact", "2001-01-01", withdrawn_on="2004-05")
    both = stated("reservation", "AAA", "pact", "2001-01-01", article="10; 12(1)")
    part = stated("withdrawal", "AAA", "pact", "2003-01-01", concerns="reservation", article="10")
    rest = stated("withdrawal", "AAA", "pact", "2006-01-01", concerns="reservation", article="12")
    facts = ledger(*WHO, PACT, *PARTIES, until, both, part, rest)

    def since(on: str) -> list[date | None]:
        view = facts.as_of(date.fromisoformat(on))
        each = {one.statement: one for one in statement_standings(view, "pact")}
        return [withdrawn_since(view, each[one]) for one in (until, both)]

    assert since("2002-01-01") == [date(2004, 5, 1), None]
    assert since("2003-06-01") == [date(2004, 5, 1), date(2006, 1, 1)]
    assert since("2007-01-01") == [None, None]


CODES = ("AAA", "BBB", "CCC")
DATES = st.dates(date(2000, 1, 1), date(2006, 12, 31)).map(str)
STATEMENTS = st.one_of(
    st.builds(
        lambda who, on, article: stated("reservation", who, "pact", on, article=article),
        st.sampled_from(CODES), DATES, st.sampled_from(["10", "10(2)", "12", ""]),
    ),
    st.builds(
        lambda who, on, towards, effect: stated("objection", who, "pact", on, towards=(towards,), effect=effect),
        st.sampled_from(CODES), DATES, st.sampled_from(CODES), st.sampled_from([*ObjectionEffect, None]),
    ),
)  # fmt: skip
CONSENTS = st.builds(lambda who, on: ratified(who, "pact", on), st.sampled_from(CODES), DATES)


def _any(drawn) -> Ledger:
    return ledger(*WHO, PACT, *drawn)


@given(st.lists(STATEMENTS, max_size=8), st.lists(CONSENTS, min_size=2, max_size=5), DATES)
def test_a_relation_is_the_same_from_both_sides(said, consents, on):
    facts = _any([*said, *consents]).as_of(date.fromisoformat(on))
    for one, other in (("AAA", "BBB"), ("AAA", "CCC"), ("BBB", "CCC")):
        here, there = relations(facts, "pact", one, other), relations(facts, "pact", other, one)
        assert (here.state, here.since, here.until) == (there.state, there.since, there.until)
        assert len(here.effects) == len(there.effects)
        if here.since:
            assert here.since <= facts.horizon


@given(st.lists(STATEMENTS, max_size=8), st.lists(CONSENTS, min_size=1, max_size=5), DATES)
def test_every_step_and_every_effect_names_its_article(said, consents, on):
    facts = _any([*said, *consents]).as_of(date.fromisoformat(on))
    for one, other in (("AAA", "BBB"), ("AAA", "CCC"), ("BBB", "CCC"), ("AAA", "AAA")):
        relation = relations(facts, "pact", one, other)
        assert relation.steps
        assert all(step.article for step in relation.steps)
        assert all(each.article for each in relation.effects)


@given(st.lists(STATEMENTS, max_size=8), st.lists(CONSENTS, min_size=2, max_size=5), DATES)
def test_every_pair_is_asked_once_and_answered_alike(said, consents, on):
    facts = _any([*said, *consents]).as_of(date.fromisoformat(on))
    every = list(all_relations(facts, "pact"))
    assert len({frozenset(each.participants) for each in every}) == len(every)
    assert all(each == relations(facts, "pact", *each.participants) for each in every)


def test_the_objections_to_a_reservation_are_found():
    facts = ledger(*WHO, PACT, *PARTIES, RESERVATION, objected()).as_of(date(2005, 1, 1))
    (reservation,) = reservations(facts, "pact")["AAA"]
    assert [each.participant for each in objections_to(facts, reservation.standing)] == ["BBB"]
