"""Reservations, objections and accessions of real treaties: what was in force between two States, by published facts.

Every row names where it was published: UNTC is the United Nations Treaty Collection, by its MTDSG number, as at January
2018 unless told otherwise; Verdragenbank the treaty database of the Netherlands, depositary of the Hague Conventions.
"""

from datetime import date
from typing import Any

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, stated
from tracker.law.disputes import CourtAccess, court_access
from tracker.law.model import ActionKind, Fact
from tracker.law.reference_facts import ObjectionEffect
from tracker.law.relations import Relation, RelationState, relations
from tracker.law.reservations import ReservationOutcome

STATES = {
    "ALB": "Albania", "AUS": "Australia", "AZE": "Azerbaijan", "BEL": "Belgium", "BRA": "Brazil",
    "CZE": "Czech Republic", "DEU": "Germany", "ESP": "Spain", "GBR": "United Kingdom", "GRC": "Greece",
    "HUN": "Hungary", "NLD": "Netherlands", "QAT": "Qatar", "VNM": "Viet Nam",
}  # fmt: skip
WHO = [participant(code, name=name) for code, name in STATES.items()]


def between(facts: list[Fact], one: str, other: str, on: str) -> Relation:
    (terms,) = (fact.id for fact in facts if hasattr(fact, "threshold"))
    return relations(ledger(*WHO, *facts).as_of(date.fromisoformat(on)), terms, one, other)


# -- Genocide Convention: an objection that keeps the treaty from being in force between the two -----------------------

IV_1 = {"source": "UNTC IV-1, status as at 24 April 2024"}
DUTCH = {"source": "Verdragenbank 007213_b; rodekruis.nl, verdrag-genocide (deposit 20-06-1966, in force 18-09-1966)"}
DOES_NOT_DEEM_A_PARTY = ObjectionEffect.EXCLUDES_TREATY  # "... any State which has made ... such reservation a party"
GENOCIDE: list[Fact] = [
    instrument("genocide", title="Genocide Convention", reference="IV-1", in_force_on="1951-01-12", party_delay="90d",
               disputes="IX", **IV_1),
    acceded("ALB", "genocide", "1955-05-12", **IV_1),
    ratified("AUS", "genocide", "1949-07-08", **IV_1),
    acceded("NLD", "genocide", "1966-06-20", **DUTCH),
    stated("reservation", "ALB", "genocide", "1955-05-12", article="IX", withdrawn_on="1999-07-19",
           source="Verdragenbank 007213_b; preventgenocide.org/law/convention/reservations (withdrawn 19 July 1999)"),
    stated("objection", "NLD", "genocide", "1966-06-20", article="IX", towards=("ALB",), effect=DOES_NOT_DEEM_A_PARTY,
           **DUTCH),
]  # fmt: skip


def test_an_objection_that_excludes_the_treaty_keeps_the_genocide_convention_from_binding_the_two():
    relation = between(GENOCIDE, "NLD", "ALB", "1990-01-01")
    assert (relation.state, relation.since) == (RelationState.EXCLUDED, None)
    assert (relation.steps[-1].article, relation.effects[0].outcome) == ("20(4)(b)", "treaty-excluded")


def test_it_binds_each_of_the_two_towards_everybody_else():
    assert between(GENOCIDE, "NLD", "AUS", "1990-01-01").since == date(1966, 9, 18)
    albania = between(GENOCIDE, "AUS", "ALB", "1990-01-01")
    assert (albania.since, albania.effects[0].outcome) == (date(1955, 8, 10), ReservationOutcome.MODIFIED)


def test_the_treaty_is_in_force_between_them_once_the_reservation_is_withdrawn():
    assert between(GENOCIDE, "NLD", "ALB", "1999-07-18").state is RelationState.EXCLUDED
    relation = between(GENOCIDE, "ALB", "NLD", "1999-07-19")
    assert (relation.state, relation.since) == (RelationState.IN_FORCE, date(1999, 7, 19))


def test_who_may_go_to_the_court_follows_from_both():
    on = {day: ledger(*WHO, *GENOCIDE).as_of(date.fromisoformat(day)) for day in ("1990-01-01", "2000-01-01")}
    access = {day: court_access(view, "genocide", "NLD", "ALB") for day, view in on.items()}
    assert access == {"1990-01-01": CourtAccess.EXCLUDED, "2000-01-01": CourtAccess.OPEN}


# -- Optional Protocol on the sale of children: an objection that leaves it in force, and silence ----------------------

IV_11_C = {"source": "UNTC IV-11-c"}
SALE: list[Fact] = [
    instrument("op-sale", title="Optional Protocol on the sale of children", reference="IV-11-c", party_delay="1m",
               in_force_on="2002-01-18", **IV_11_C),
    acceded("QAT", "op-sale", "2001-12-14", **IV_11_C),
    ratified("ESP", "op-sale", "2001-12-18", **IV_11_C),
    ratified("BRA", "op-sale", "2004-01-27", **IV_11_C),
    stated("reservation", "QAT", "op-sale", "2001-12-14", **IV_11_C,
           summary="Reserves to any provision in conflict with Islamic law."),
    stated("objection", "ESP", "op-sale", "2002-09-10", towards=("QAT",), effect=ObjectionEffect.TREATY_IN_FORCE,
           **IV_11_C),
    stated("withdrawal", "QAT", "op-sale", "2008-06-18", concerns="reservation", **IV_11_C),
]  # fmt: skip


def test_an_objection_that_does_not_preclude_entry_into_force_leaves_the_protocol_in_force():
    relation = between(SALE, "QAT", "ESP", "2005-01-01")
    assert (relation.state, relation.since, relation.unknown) == (RelationState.IN_FORCE, date(2002, 1, 18), ())
    (effect,) = relation.effects
    assert (effect.outcome, effect.article) == (ReservationOutcome.NOT_APPLIED, "21(3)")
    after = between(SALE, "QAT", "ESP", "2008-06-18").effects[0]
    assert (after.outcome, after.article) == (ReservationOutcome.NO_EFFECT, "22(1)")


@pytest.mark.parametrize(
    ("on", "outcome"), [("2005-01-26", ReservationOutcome.PENDING), ("2005-01-27", ReservationOutcome.MODIFIED)]
)
def test_twelve_months_of_silence_of_a_later_party_accept_the_reservation(on, outcome):
    (effect,) = between(SALE, "BRA", "QAT", on).effects
    assert (effect.outcome, effect.article) == (outcome, "20(5)")


# -- Single Convention as amended: an objection thirteen months after the deposit, which its notification preceded -----

VI_18 = {"source": "UNTC VI-18"}
NARCOTICS: list[Fact] = [
    instrument("narcotics", title="Single Convention as amended", reference="VI-18", in_force_on="1975-08-08",
               party_delay="30d", **VI_18),
    act(ActionKind.CONSENT_TO_BE_BOUND, "GBR", "narcotics", "1978-06-20", **VI_18),
    acceded("VNM", "narcotics", "1997-11-04", **VI_18),
    stated("reservation", "VNM", "narcotics", "1997-11-04", article="36(2)(b); 48(2)", **VI_18),
    stated("objection", "GBR", "narcotics", "1998-12-17", article="36(2)(b)", towards=("VNM",),
           effect=ObjectionEffect.TREATY_IN_FORCE, **VI_18),
]  # fmt: skip


def test_an_objection_that_the_depositary_received_as_one_is_not_called_late_for_want_of_the_day_of_notification():
    relation = between(NARCOTICS, "GBR", "VNM", "2005-01-01")
    (effect,) = relation.effects
    assert (relation.state, effect.outcome) == (RelationState.IN_FORCE, ReservationOutcome.NOT_APPLIED)
    assert "after 4 November 1998" in relation.unknown[0]


# -- Apostille Convention, art. 12: an accession does not bind towards those that object in time -----------------------

HCCH_12 = {"source": "hcch.net, status table of Convention 12"}
OBJECTIONS = {"source": "Verdragenbank 009051_db (objections to accession)"}
APOSTILLE: list[Fact] = [
    instrument("apostille", title="Apostille Convention", in_force_on="1965-01-24", party_delay="60d",
               accessions="not-objected 6m 60d", **HCCH_12),
    ratified("DEU", "apostille", "1965-12-15", effective_on="1966-02-13", **HCCH_12),
    ratified("BEL", "apostille", "1975-12-11", effective_on="1976-02-09", **HCCH_12),
    acceded("AUS", "apostille", "1994-07-11", effective_on="1995-03-16", **HCCH_12),
    acceded("ALB", "apostille", "2003-09-03", effective_on="2004-05-09", **HCCH_12),
    acceded("AZE", "apostille", "2004-05-13", effective_on="2005-03-02", **HCCH_12),
    act(ActionKind.OBJECTION_TO_ACCESSION, "DEU", "apostille", "2004-03-08", towards="ALB", **OBJECTIONS),
    act(ActionKind.OBJECTION_TO_ACCESSION_WITHDRAWN, "DEU", "apostille", "2016-12-09", towards="ALB", **OBJECTIONS),
    act(ActionKind.OBJECTION_TO_ACCESSION, "BEL", "apostille", "2005-01-21", towards="AZE",
        source="Verdragenbank 009051_dm: received after the time limit, without legal consequences"),
]  # fmt: skip


def test_an_accession_to_the_apostille_convention_does_not_bind_towards_one_that_objected():
    assert between(APOSTILLE, "DEU", "ALB", "2010-01-01").state is RelationState.EXCLUDED
    assert between(APOSTILLE, "AUS", "ALB", "2010-01-01").since == date(2004, 5, 9)


def test_the_withdrawal_of_the_objection_brings_it_into_force_between_the_two():
    assert between(APOSTILLE, "DEU", "ALB", "2016-12-08").state is RelationState.EXCLUDED
    relation = between(APOSTILLE, "ALB", "DEU", "2016-12-09")
    assert (relation.state, relation.since) == (RelationState.IN_FORCE, date(2016, 12, 9))


def test_an_objection_to_an_accession_after_the_time_for_it_has_no_effect():
    relation = between(APOSTILLE, "BEL", "AZE", "2010-01-01")
    assert (relation.state, relation.since) == (RelationState.IN_FORCE, date(2005, 3, 2))
    assert "which ended on 1 January 2005" in relation.steps[-1].text


# -- Child Abduction Convention, art. 38: an accession binds towards those that accept it ------------------------------


def trb(number: str) -> dict[str, Any]:
    return {"source": f"Tractatenblad {number} (Convention of 25 October 1980)"}


ABDUCTION: list[Fact] = [
    instrument("abduction", title="Child Abduction Convention", in_force_on="1983-12-01", party_delay="month+3",
               accessions="accepted month+3", **trb("2006, 87")),
    acceded("HUN", "abduction", "1986-04-07", effective_on="1986-07-01", **trb("2006, 87")),
    ratified("GRC", "abduction", "1993-03-19", effective_on="1993-06-01", **trb("2006, 87")),
    ratified("CZE", "abduction", "1997-12-15", effective_on="1998-03-01", **trb("1998, 236")),
    act(ActionKind.ACCEPTANCE_OF_ACCESSION, "GRC", "abduction", "1997-07-16", towards="HUN", **trb("1997, 275")),
    act(ActionKind.ACCEPTANCE_OF_ACCESSION, "CZE", "abduction", "1998-05-18", towards="HUN", **trb("1998, 236")),
]  # fmt: skip


def test_an_accession_to_the_child_abduction_convention_binds_only_towards_those_that_accepted_it():
    one, not_yet = (between(ABDUCTION, "HUN", other, "1998-04-01") for other in ("GRC", "CZE"))
    assert (one.state, one.since) == (RelationState.IN_FORCE, date(1997, 10, 1))
    assert not_yet.state is RelationState.NOT_IN_FORCE
    assert not_yet.steps[-1].text == "Czech Republic has not accepted the accession of Hungary in our data."
    assert between(ABDUCTION, "HUN", "CZE", "1998-07-31").state is RelationState.NOT_IN_FORCE
    assert between(ABDUCTION, "HUN", "CZE", "1998-08-01").since == date(1998, 8, 1)
    assert between(ABDUCTION, "GRC", "CZE", "1998-04-01").since == date(1998, 3, 1)
