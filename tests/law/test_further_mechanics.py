"""Further mechanics of final clauses, each from a real treaty: ratios, branches, fixed days, events."""

from datetime import date
from fractions import Fraction

import pytest

from tests.support.builders import (
    SOURCE,
    act,
    body,
    instrument,
    ledger,
    member,
    participant,
    ratified,
    signed,
)
from tests.support.real_treaties import deposits, made
from tracker.errors import BadClause
from tracker.law.bindings import bound_participants, current_binding
from tracker.law.clause_parser import parse_clause
from tracker.law.dates import PartialDate
from tracker.law.entry_into_force import entry_into_force
from tracker.law.model import TERMINATION, ActionKind, InstrumentEvent, InstrumentKind, ParticipantKind, Weight
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.threshold import ForceStatus


def day(text: str) -> date:
    return date.fromisoformat(text)


def weight(table: str, code: str, value: float, on: str | None = None) -> Weight:
    return Weight(table=table, participant=code, value=value, on=PartialDate.parse(on) if on else None, source=SOURCE)


def happened(treaty: str, event: str, on: str, note: str = "") -> InstrumentEvent:
    return InstrumentEvent(instrument=treaty, event=event, on=PartialDate.parse(on), note=note, source=SOURCE)


def entry(*facts, treaty: str = "it", on: str | None = None):
    return entry_into_force(ledger(*facts).as_of(day(on) if on else None), treaty)


@pytest.mark.parametrize(
    ("text", "columns", "words"),
    [
        ("sum(recycling)>=3% of sum(tonnage)", {"threshold": 15, "delay": "24m"},
         "with a total in the table recycling of at least 3% of their total in the table tonnage"),
        ("parties(pact)>2/3", {"delay": "0d"}, "including more than two thirds of the parties to pact"),
        ("share(ships)>50", {"delay": "0d"}, "accounting in total for more than 50% of the table ships"),
        ("any(clause(parties(old)>=all; delay=3m+month), clause(deposits>=38; not-before=opening+5y; delay=0d))", {},
         ("numbering at least 38, have expressed their consent to be bound, but no earlier than 5 years after the "
         "opening")),
        ("any(clause(deposits>=2; on=2008-02-01; delay=0d), clause(event=decision; delay=0d))", {},
         "expressed their consent to be bound or on the date of the event “decision”."),
        ("on=2026-01-01", {}, "Enters into force on 1 January 2026."),
        ("event=certificate", {"threshold": 1, "delay": "0d"}, "or accession and the date of the event “certificate”"),
        ("reio=members(eu)", {"threshold": 2, "delay": "0d"},
         "An instrument deposited by an organization counts for each of the members of eu."),
        ("tacit=objections<1/3 by 2010-06-30", {"delay": "6m"},
         "Deemed accepted on 30 June 2010 unless one third of the parties to the treaty have objected by then."),
        ("binds=all", {"threshold": 1, "delay": "0d"},
         "Once in force, it binds all parties to the treaty that it amends."),
        ("late=after-entry", {"threshold": 1, "delay": "0d"},
         "A State or organization that deposits before the entry into force is bound from that date."),
        ("falls-with=untoc", {"threshold": 1, "delay": "0d"},
         "Withdrawal from untoc entails withdrawal from this treaty."),
        ("denounced-by=c138; denounced-by=c182", {"threshold": 1, "delay": "0d"},
         "Ceases to bind a party that becomes bound by c138 or c182."),
        ("ceases-with=members(coe)+6m", {"threshold": 1, "delay": "0d"},
         "Ceases to bind a party 6 months after it is no longer one of the members of coe."),
        ("consent-lasts=5y", {"threshold": 1, "delay": "0d"},
         "Each consent to be bound lasts 5 years and may be renewed."),
        ("obligations-last=20y", {"threshold": 1, "delay": "0d"},
         "Obligations already incurred continue for 20 years after withdrawal."),
        ("signatories(on=1959-12-01)>=all", {"delay": "0d"}, "including all the signatories on 1 December 1959"),
    ],
)  # fmt: skip
def test_it_is_read_written_in_english_and_printed_back(text, columns, words):
    clause = parse_clause(text, **columns)
    assert words in clause.words
    assert parse_clause(str(clause), **columns) == clause


@pytest.mark.parametrize(
    ("text", "columns", "why"),
    [
        ("any(clause(deposits>=2), clause(deposits>=3; delay=0d))", {}, "needs its own waiting period"),
        (
            "any(clause(deposits>=2; delay=0d), clause(deposits>=3; delay=0d))",
            {"delay": "0d"},
            "Leave threshold and delay empty",
        ),
        (
            "any(clause(deposits>=2; delay=0d), clause(deposits>=3; delay=0d)); deposits>=1",
            {},
            "Write them in each clause",
        ),
        ("reio=yes; reio=members(eu)", {"delay": "0d"}, "repeats a setting"),
        ("parties(pact)>1/1", {"delay": "0d"}, "requires more than all"),
        ("share(ships)>100", {"delay": "0d"}, "more than the whole"),
        ("sum(a)>=101% of sum(b)", {"delay": "0d"}, "not a share"),
        ("tacit=objections<4/3 by 2010-06-30", {"delay": "0d"}, "not a share"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_way_out(text, columns, why):
    with pytest.raises(BadClause, match=why.replace("(", r"\(")):
        parse_clause(text, **columns)


def test_the_hong_kong_convention_weighs_recycling_against_the_fleets_of_the_same_depositors():
    terms = instrument("it", threshold=3, delay="24m", conditions="share(ships)>=40; sum(recycling)>=3% of sum(ships)")
    table = [weight("ships", code, value) for code, value in (("PAN", 40), ("LBR", 20), ("BGD", 1), ("JPN", 39))]
    yards = [weight("recycling", "BGD", 8), weight("recycling", "JPN", 0.5)]
    flags = deposits("it", "PAN:2016-01-01 LBR:2017-01-01 JPN:2019-03-27")
    assert entry(terms, *table, *yards, *flags).status is ForceStatus.PENDING
    assert entry(terms, *table, *yards, *flags, ratified("BGD", "it", "2023-06-26")).date == day("2025-06-26")


CONVENTION_108 = (
    "any(clause(parties(coe-108)>=all; delay=3m+month), clause(deposits>=3; not-before=opening+5y; delay=3m+month))"
)


def test_the_modernised_convention_108_has_two_ways_into_force_and_takes_the_first():
    old = instrument("coe-108", threshold=1, delay="0d")
    terms = instrument("it", opened_on="2018-10-10", conditions=CONVENTION_108)
    members = deposits("coe-108", "AUT:1985-01-01 BGR:1985-01-01 CYP:1985-01-01 HRV:1985-01-01")
    three = deposits("it", "AUT:2019-01-10 BGR:2019-12-10 CYP:2020-09-21")
    pending = entry(old, terms, *members, *three[:2])
    assert pending.status is ForceStatus.PENDING
    assert entry(old, terms, *members, *three).date == day("2023-10-10")
    assert entry(old, terms, *members, *three, ratified("HRV", "it", "2021-02-05")).date == day("2021-06-01")


TIMBER = (
    "any(clause(members(producers)>=2; share(votes)>=60; on=2008-02-01; delay=0d), clause(event=decision; delay=0d))"
)


def test_the_tropical_timber_agreement_enters_into_force_by_its_conditions_or_by_a_decision_of_its_governments():
    votes = [weight("votes", code, value) for code, value in (("BRA", 40), ("MYS", 35), ("IDN", 25))]
    producers = [body("producers"), *(member("producers", code, "2006-01-27") for code in ("BRA", "MYS", "IDN"))]
    facts = (instrument("it", conditions=TIMBER), *votes, *producers)
    assert entry(*facts, *deposits("it", "MYS:2007-09-28 IDN:2008-04-02")).date == day("2008-04-02")
    assert entry(*facts, *deposits("it", "MYS:2007-09-28 BRA:2007-10-02")).date == day("2008-02-01")
    waiting = (*facts, *deposits("it", "MYS:2007-09-28"))
    assert entry(*waiting).status is ForceStatus.PENDING
    assert entry(*waiting, happened("it", "decision", "2011-12-07")).date == day("2011-12-07")


def test_the_emep_protocol_asks_for_two_fifths_of_the_assessments_beside_the_number_of_deposits():
    terms = instrument("it", threshold=2, delay="90d", conditions="reio=yes; by=members(emep); share(rates)>40")
    rates = [weight("rates", code, value) for code, value in (("HUN", 20), ("NLD", 20), ("FRA", 30), ("ITA", 30))]
    emep = [body("emep"), *(member("emep", code, "1984-09-28") for code in ("HUN", "NLD", "FRA", "ITA"))]
    two = deposits("it", "HUN:1985-05-08 NLD:1985-10-22")
    assert entry(terms, *rates, *emep, *two).status is ForceStatus.PENDING, "two deposits, but no more than 40 %"
    assert entry(terms, *rates, *emep, *two, ratified("FRA", "it", "1987-10-30")).date == day("1988-01-28")


def test_an_act_of_the_postal_union_enters_into_force_on_its_day_whatever_has_been_deposited():
    terms = instrument("it", conditions="on=2026-01-01", party_delay="0d")
    whole = ledger(terms, participant("CHE"), participant("FRA"), *deposits("it", "CHE:2025-05-01 FRA:2027-03-01"))
    assert entry_into_force(whole.as_of(day("2025-12-31")), "it").status is ForceStatus.WILL_ENTER
    assert bound_participants(whole.as_of(day("2026-01-01")), "it") == {"CHE"}
    assert bound_participants(whole.as_of(day("2027-03-01")), "it") == {"CHE", "FRA"}


def test_a_clause_waits_for_an_event_that_is_no_act_of_a_participant():
    terms = instrument("it", threshold=2, delay="30d", conditions="event=registry-certificate")
    facts = (terms, *made("it", 2, "2020-01-01"))
    assert entry(*facts).status is ForceStatus.PENDING
    assert entry(*facts, happened("it", "registry-certificate", "2024-02-06")).date == day("2024-03-07")
    assert (
        entry(*facts, happened("it", "registry-certificate", "2024-02-06"), on="2024-02-05").status
        is ForceStatus.PENDING
    )


def test_a_treaty_ends_by_agreement_or_by_a_later_treaty_on_the_day_and_for_the_reason_on_record():
    terms = instrument("it", threshold=1, delay="0d")
    ended = happened("it", TERMINATION, "2010-05-01", "terminated by a later treaty of all parties")
    found = entry(terms, ratified("FRA", "it", "2000-01-01"), ended)
    assert (found.status, found.ended_on) == (ForceStatus.TERMINATED, day("2010-05-01"))
    assert found.why.startswith("No longer in force since 1 May 2010: terminated by a later treaty of all parties.")


def test_the_european_union_counts_as_its_members_under_the_fisheries_subsidies_protocol():
    terms = instrument("it", delay="0d", conditions="reio=members(eu); members(wto)>=2/3")
    eu = participant("EU", kind=ParticipantKind.REIO)
    members = [member("eu", code, "1995-01-01") for code in ("FRA", "DEU", "ITA")]
    wto = [member("wto", code, "1995-01-01") for code in ("FRA", "DEU", "ITA", "CHE", "USA", "CHN")]
    facts = (terms, eu, body("eu"), body("wto"), *members, *wto)
    deposited = deposits("it", "EU:2023-06-08 CHE:2023-01-20")
    assert entry(*facts, *deposited).date == day("2023-06-08")
    assert entry(*facts, deposited[1]).status is ForceStatus.PENDING


def test_those_that_deposit_before_the_chemical_weapons_convention_is_in_force_are_bound_with_it():
    row = {"threshold": 65, "delay": "180d", "party_delay": "30d"}
    facts = (
        *made("it", 65, "1996-10-31"),
        participant("USA"),
        participant("CUB"),
        *deposits("it", "USA:1997-04-25 CUB:1997-04-29"),
        participant("RUS"),
        ratified("RUS", "it", "1997-11-05"),
    )
    late = ledger(instrument("it", **row, conditions="late=after-entry"), *facts)
    assert entry_into_force(late, "it").date == day("1997-04-29")
    assert [current_binding(late, "it", code).since for code in ("USA", "CUB", "RUS")] == [
        day("1997-04-29"), day("1997-05-29"), day("1997-12-05"),
    ]  # fmt: skip
    plain = ledger(instrument("it", **row), *facts)
    assert current_binding(plain, "it", "USA").since == day("1997-05-25")


def test_a_row_of_a_table_weighs_from_its_day_on():
    terms = instrument("it", delay="0d", conditions="share(ships)>=50")
    fleet = [
        weight("ships", "LBR", 10, "2012-01-01"),
        weight("ships", "PAN", 30, "2012-01-01"),
        weight("ships", "LBR", 90, "2016-01-01"),
    ]
    facts = (terms, *fleet, ratified("LBR", "it", "2013-05-01"))
    assert entry(*facts, on="2015-12-31").status is ForceStatus.PENDING
    assert entry(*facts).date == day("2016-01-01")
    early = entry(terms, *fleet, ratified("LBR", "it", "2010-01-01"), on="2011-01-01")
    assert early.status is ForceStatus.UNDETERMINED
    assert "figures of table ships by 1 January 2010" in early.missing[0]


def test_a_share_of_signatories_cannot_be_told_without_the_signatures():
    terms = instrument("it", delay="0d", conditions="signatories>1/2")
    found = entry(terms, ratified("FRA", "it", "2000-01-01"))
    assert (found.status, found.missing) == (ForceStatus.UNDETERMINED, ("signatures of the Treaty it",))


def test_all_signatories_are_known_only_when_signature_has_closed_or_on_the_stated_day():
    acts = [
        signed("FRA", "it", "1990-01-01"),
        ratified("FRA", "it", "1990-01-01"),
        signed("BEL", "it", "1990-03-01"),
        ratified("BEL", "it", "1991-01-01"),
    ]
    closing = instrument("it", delay="0d", conditions="signatories>=all", closed_on="1990-06-30")
    assert entry(closing, *acts, on="1990-01-01").status is ForceStatus.PENDING
    assert entry(closing, *acts).date == day("1991-01-01")
    open_ended = entry(instrument("it", delay="0d", conditions="signatories>=all"), *acts)
    assert open_ended.missing == ("exact date of the closing for signature (Treaty it)",)
    stated = instrument("it", delay="0d", conditions="signatories(on=1990-02-01)>=all")
    assert entry(stated, *acts).date == day("1990-02-01")


# -- amendments -------------------------------------------------------------------------------------------


def amendment(conditions: str, **fields):
    return instrument("amendment", parent="charter", kind=InstrumentKind.AMENDMENT, conditions=conditions, **fields)


CHARTER = (
    instrument("charter", threshold=1, delay="0d", party_delay="0d"),
    *(participant(code) for code in ("CHN", "FRA", "BRA", "NEW")),
    *deposits("charter", "CHN:1945-10-24 FRA:1945-10-24 BRA:1945-10-24 NEW:1992-01-01"),
)


def test_an_amendment_that_binds_all_binds_those_that_never_ratified_it_and_those_that_joined_later():
    terms = amendment("parties(charter)>=2/3; binds=all", delay="0d")
    whole = ledger(*CHARTER, terms, *deposits("amendment", "CHN:1965-08-02 FRA:1965-08-31"))
    assert bound_participants(whole.as_of(day("1965-08-30")), "amendment") == set()
    assert bound_participants(whole.as_of(day("1965-08-31")), "amendment") == {"CHN", "FRA", "BRA"}
    assert bound_participants(whole, "amendment") == {"CHN", "FRA", "BRA", "NEW"}
    brazil = participant_standing(whole, "amendment", "BRA")
    assert (brazil.status, brazil.since, brazil.consent) == (ParticipantStatus.PARTY, day("1965-08-31"), None)
    assert "binds every party to the treaty that it amends" in brazil.why


def test_silence_accepts_a_technical_amendment_and_an_objection_opts_out():
    terms = amendment("tacit=objections<1/2 by 2010-06-30", delay="6m")
    objects = act(ActionKind.OBJECTION, "BRA", "amendment", "2010-05-01")
    whole = ledger(*CHARTER, terms, objects)
    assert entry_into_force(whole, "amendment").date == day("2010-12-30")
    assert bound_participants(whole, "amendment") == {"CHN", "FRA", "NEW"}
    assert participant_standing(whole, "amendment", "BRA").status is ParticipantStatus.NONE
    too_many = ledger(*CHARTER, terms, objects, act(ActionKind.OBJECTION, "FRA", "amendment", "2010-05-02"))
    assert entry_into_force(too_many, "amendment").status is ForceStatus.PENDING
    assert Fraction(1, 2) == parse_clause(terms.conditions, delay="6m").tacit.part
