"""Statements as facts: the provisions they name, what makes no sense, both clocks, and the changes between records."""

from datetime import UTC, date, datetime

import pytest

from tests.support.builders import instrument, ledger, participant, ratified, stated
from tracker.errors import BadClause
from tracker.law.changes import ChangeKind, changes_between
from tracker.law.clauses import accession_terms, reservation_terms
from tracker.law.dates import PartialDate
from tracker.law.reference_facts import ObjectionEffect, is_provision, overlap, provisions_in

FACTS = (participant("FRA"), participant("ITA"), instrument("untoc"), ratified("FRA", "untoc", "2003-01-01"))
RESERVATION = stated("reservation", "FRA", "untoc", "2003-01-01", article="35(2)", summary="Not bound.")


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("35(2)", "35", True),
        ("35", "35(2)", True),
        ("35(2)", "35(3)", False),
        ("3", "35", False),
        ("Art. 35 (2)", "35(2)", True),
        ("XI(1)(c)", "XI", True),
        ("UNTOC 15(1)", "15(1)", False),
        ("16 bis", "16", True),
    ],
)
def test_one_provision_may_be_a_part_of_another(one: str, other: str, meet: bool):
    assert overlap(one, other) is meet


def test_provisions_are_listed_with_semicolons():
    assert provisions_in("32(2); 32(3);") == ("32(2)", "32(3)")
    assert provisions_in("") == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "reservation", "code": ""},
        {"kind": "objection", "code": ""},
        {"kind": "reservation", "code": "FRA", "effect": ObjectionEffect.TREATY_IN_FORCE},
        {"kind": "withdrawal", "code": "FRA"},
        {"kind": "reservation", "code": "FRA", "concerns": "reservation"},
        {"kind": "reservation", "code": "FRA", "made_on": "2003-05-01", "withdrawn_on": "2003-04-30"},
    ],
)
def test_a_statement_that_makes_no_sense_is_refused(wrong: dict):
    with pytest.raises(ValueError, match=r"names|says|author|before"):
        stated(treaty="untoc", **wrong)


def test_a_statement_counts_from_the_last_date_on_which_it_can_have_been_made():
    in_2003 = stated("declaration", "ITA", "untoc", "2003")
    undated = stated("declaration", "ITA", "untoc", summary="Another.")
    facts = ledger(*FACTS, RESERVATION, in_2003, undated)
    assert facts.as_of(date(2003, 6, 1)).statements("untoc") == (RESERVATION, undated)
    assert facts.as_of(date(2003, 12, 31)).statements("untoc") == (RESERVATION, in_2003, undated)
    assert facts.as_of(date(2002, 1, 1)).statements("untoc", undated=False) == ()


def test_what_was_retracted_comes_back_when_the_data_are_seen_as_they_were():
    monday, tuesday = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)
    gone = stated("reservation", "FRA", "untoc", "2003-01-01", recorded_at=monday, retracted_at=tuesday)
    facts = ledger(*FACTS, gone)
    assert facts.statements("untoc") == ()
    assert facts.known_at(monday).statements("untoc") == (gone,)
    assert facts.known_at(tuesday).statements("untoc") == ()


def test_a_new_reservation_is_a_change_that_names_its_article():
    (change,) = changes_between(ledger(*FACTS), ledger(*FACTS, RESERVATION))
    assert (change.kind, change.article, change.day) == (ChangeKind.RESERVATION_MADE, "35(2)", date(2003, 1, 1))
    assert change.words == "Republic of FRA: reservation, the Treaty untoc, article 35(2), 1 January 2003. Not bound."


def test_a_withdrawal_without_an_article_is_a_change_on_the_articles_that_it_concerns():
    gone = stated("withdrawal", "FRA", "untoc", "2010-01-01", concerns="reservation")
    (change,) = changes_between(ledger(*FACTS, RESERVATION), ledger(*FACTS, RESERVATION, gone))
    assert (change.kind, change.article) == (ChangeKind.STATEMENT_WITHDRAWN, "35(2)")


@pytest.mark.parametrize(("text", "provision"), [
    ("35(2)", True), ("Art. 35", True), ("XI(1)(c)", True), ("16 bis", True), ("UNTOC 15(1)", True), ("10bis", True),
    ("about extradition", False), ("?", False), ("", False), ("<35>", False),
])  # fmt: skip
def test_a_provision_is_known_by_its_form(text: str, provision: bool):
    assert is_provision(text) is provision


def test_a_withdrawal_falls_due_on_its_date():
    until_2010 = stated(
        "reservation", "FRA", "untoc", "2003-01-01", article="35(2)", summary="Not bound.", withdrawn_on="2010-05-01"
    )
    facts = ledger(*FACTS, until_2010)
    (change,) = changes_between(facts.as_of(date(2010, 4, 30)), facts.as_of(date(2010, 5, 1)))
    assert (change.kind, change.day) == (ChangeKind.STATEMENT_WITHDRAWN, date(2010, 5, 1))
    (change,) = changes_between(ledger(*FACTS, RESERVATION), facts)
    assert change.kind is ChangeKind.STATEMENT_WITHDRAWN


def test_corrections_and_retractions_are_told_apart():
    other = stated("reservation", "FRA", "untoc", "2003-01-01", article="35(2)", summary="Not bound by it.")
    (corrected,) = changes_between(ledger(*FACTS, RESERVATION), ledger(*FACTS, other))
    (retracted,) = changes_between(ledger(*FACTS, RESERVATION), ledger(*FACTS))
    assert corrected.kind is ChangeKind.STATEMENT_CORRECTED
    assert retracted.kind is ChangeKind.STATEMENT_RETRACTED


@pytest.mark.parametrize(
    ("terms", "provisions", "permission"),
    [
        ("", ("5",), "permitted"),
        ("prohibited", ("5",), "prohibited"),
        ("only: 31(2)", ("31(2)",), "expressly-permitted"),
        ("only: 31(2)", ("31",), "expressly-permitted"),
        ("only: 31(2)", ("31(2)", "5"), "prohibited"),
        ("only: 31(2)", (), "not-known"),
        ("not: 2; 4", (), "not-known"),
        ("prohibited", (), "prohibited"),
        ("not: 2; 4", ("4(1)",), "prohibited"),
        ("not: 2; 4", ("5",), "permitted"),
        ("expressly: 35(2)", ("35(2)",), "expressly-permitted"),
        ("expressly: 35(2)", ("10",), "permitted"),
        ("expressly: 35(2) | not: 10", ("10(2)",), "prohibited"),
    ],
)
def test_a_treaty_says_to_what_a_reservation_may_be_made(terms: str, provisions: tuple[str, ...], permission: str):
    assert reservation_terms(terms).permission(provisions) == permission


@pytest.mark.parametrize("text", ["perhaps", "only", "prohibited: 5", "not: 2 | not: 3"])
def test_terms_that_cannot_be_read_are_refused(text: str):
    with pytest.raises(BadClause):
        reservation_terms(text)


def test_the_terms_on_accessions_have_a_period():
    assert accession_terms("").rule == "all"
    accepted = accession_terms("accepted month+3")
    assert accepted.delay
    assert accepted.delay.after(date(2020, 1, 15)) == date(2020, 4, 1)
    with pytest.raises(BadClause):
        accession_terms("sometimes")


def test_a_date_known_to_the_month_is_kept_so():
    assert str(stated("declaration", "FRA", "untoc", "2003-05").date) == str(PartialDate.parse("2003-05"))
