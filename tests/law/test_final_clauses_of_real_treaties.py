"""How real treaties come into force and are left: one test for each mechanism, with the treaty's own clause.

Deposits written out with their days are the real ones; `made` deposits only stand for their number. Codes are
those of the Secretary-General's practice: what the Soviet Union deposited is under RUS. Whose deposits count, and
what they weigh, is in `test_populations`.
"""

import pytest

from tests.support.builders import acceded, act, instrument, ledger, participant, ratified, signed, withdrew
from tests.support.real_treaties import day, deposits, entry, made, real
from tracker.law.bindings import bindings, bound_participants, current_binding
from tracker.law.checks import run_checks
from tracker.law.entry_into_force import entry_into_force, parties
from tracker.law.model import ActionKind, ParticipantKind
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.law.threshold import ForceStatus

# -- a prerequisite ---------------------------------------------------------------------------------

COVENANT = """CRI:1968-11-29 ECU:1969-03-06 TUN:1969-03-18 CYP:1969-04-02 SYR:1969-04-21 COL:1969-10-29
    URY:1970-04-01 LBY:1970-05-15 BGR:1970-09-21 IRQ:1971-01-25 YUG:1971-06-02 MDG:1971-06-21
    SWE:1971-12-06 DNK:1972-01-06 CHL:1972-02-10 KEN:1972-05-01 NOR:1972-09-13 LBN:1972-11-03
    BRB:1973-01-05 RUS:1973-10-16 DDR:1973-11-08 BLR:1973-11-12 UKR:1973-11-12 MUS:1973-12-12
    DEU:1973-12-17 HUN:1974-01-17 MLI:1974-07-16 MNG:1974-11-18 ROU:1974-12-09 RWA:1975-04-16
    JOR:1975-05-28 IRN:1975-06-24 FIN:1975-08-19 JAM:1975-10-03 CSK:1975-12-23"""
FIRST_PROTOCOL = """CRI:1968-11-29 ECU:1969-03-06 COL:1969-10-29 URY:1970-04-01 MDG:1971-06-21 SWE:1971-12-06
    DNK:1972-01-06 NOR:1972-09-13 BRB:1973-01-05 MUS:1973-12-12 FIN:1975-08-19 JAM:1975-10-03"""


def test_the_first_optional_protocol_waited_for_the_covenant():
    facts = (
        real("iccpr", "ICCPR"),
        real("it", "ICCPR-OP1"),
        *deposits("iccpr", COVENANT),
        *deposits("it", FIRST_PROTOCOL),
    )
    protocol = entry(*facts)
    assert protocol.threshold.reached_on == day("1973-12-12")
    assert entry(*facts, treaty="iccpr").threshold.reached_by == ("CSK",)
    assert protocol.date == protocol.official == day("1976-03-23")
    assert "ICCPR must be in force first: 23 March 1976." in protocol.why
    assert entry(*facts, on="1975-12-22").status is ForceStatus.PENDING


def test_the_disability_protocol_came_into_force_with_its_convention():
    convention = instrument("crpd", threshold=20, delay="30d")
    protocol = """HUN:2007-07-20 PAN:2007-08-07 HRV:2007-08-15 ZAF:2007-11-30 ESP:2007-12-03 NAM:2007-12-04
        SLV:2007-12-14 MEX:2007-12-17 PER:2008-01-30 GIN:2008-02-08 SMR:2008-02-22 TUN:2008-04-02
        ECU:2008-04-03"""
    facts = (convention, real("it", "OP-CRPD"), *made("crpd", 19, "2008-04-02"), ratified("ECU", "crpd", "2008-04-03"))
    found = entry(*facts, *deposits("it", protocol))
    assert (found.threshold.reached_by, found.date, found.official) == (("GIN",), day("2008-05-03"), day("2008-05-03"))


# -- delays -----------------------------------------------------------------------------------------


def test_the_rome_statute_came_on_the_first_of_the_month_after_sixty_days_with_ten_deposits_on_one_day():
    ten = ["BGR", "BIH", "COD", "IRL", "JOR", "KHM", "MNG", "NER", "ROU", "SVK"]
    found = entry(
        real("it", "Rome Statute of the ICC"),
        *made("it", 56, "2002-01-01"),
        *(ratified(c, "it", "2002-04-11") for c in ten),
    )
    assert found.date == found.official == day("2002-07-01")
    assert found.threshold.reached_by == tuple(ten)


@pytest.mark.parametrize(
    ("deposit", "bound_from"),
    [("2002-05-01", "2002-07-01"), ("2002-07-02", "2002-09-01"), ("2002-07-03", "2002-10-01")],
)
def test_a_later_party_to_the_rome_statute_is_bound_by_the_same_formula(deposit, bound_from):
    whole = ledger(real("it", "Rome Statute of the ICC"), *made("it", 60, "2002-04-11"), acceded("AAA", "it", deposit))
    assert current_binding(whole, "it", "AAA").since == day(bound_from)


def test_the_ottawa_convention_came_on_the_first_of_the_sixth_month():
    found = entry(
        real("it", "Ottawa Mine Ban Convention"), *made("it", 39, "1998-09-01"), ratified("BFA", "it", "1998-09-16")
    )
    assert found.date == found.official == day("1999-03-01")


def test_the_statelessness_convention_took_two_years():
    six = "GBR:1966-03-29 SWE:1969-02-19 NOR:1971-08-11 AUT:1972-09-22 IRL:1973-01-18 AUS:1973-12-13"
    terms = instrument("it", threshold=6, delay="2y", article="Art. 18")
    assert entry(terms, *deposits("it", six)).date == day("1975-12-13")


def test_the_law_of_the_sea_took_a_year_and_later_parties_take_thirty_days():
    facts = (
        real("it", "UNCLOS"),
        *made("it", 59, "1993-10-01"),
        ratified("GUY", "it", "1993-11-16"),
        ratified("AUS", "it", "1994-10-05"),
        ratified("FRA", "it", "1996-04-11"),
    )
    assert entry(*facts).date == day("1994-11-16")
    own = bindings(ledger(*facts), "it")
    assert (own["AUS"][0].since, own["FRA"][0].since) == (day("1994-11-16"), day("1996-05-11"))


@pytest.mark.parametrize(("last", "lands"), [("HUN:1996-10-31", "1997-04-29"), ("AAA:1993-06-01", "1995-01-13")])
def test_the_chemical_weapons_convention_could_not_come_before_two_years_after_its_opening(last, lands):
    terms = real("it", "Chemical Weapons Convention (CWC)", opened_on="1993-01-13")
    assert entry(terms, *made("it", 64, "1993-05-01"), *deposits("it", last)).date == day(lands)


LONDON = """CAN:1990-07-05 NZL:1990-10-01 CHN:1991-06-14 MDV:1991-07-31 SWE:1991-08-02 JPN:1991-09-04
    MEX:1991-10-11 NOR:1991-11-18 USA:1991-12-18 DNK:1991-12-20 EU:1991-12-20 FIN:1991-12-20
    GBR:1991-12-20 IRL:1991-12-20 NLD:1991-12-20 DEU:1991-12-27 RUS:1992-01-13 FRA:1992-02-12
    ITA:1992-02-21 CHL:1992-04-09 ZAF:1992-05-12"""
EU = participant("EU", kind=ParticipantKind.REIO)


def test_the_london_amendment_missed_its_fixed_day_and_came_by_its_twentieth_deposit():
    found = entry(real("it", "London Amendment 1990"), EU, *deposits("it", LONDON))
    assert (found.threshold.reached_by, found.date) == (("ZAF",), day("1992-08-10"))


def test_the_kigali_amendment_came_on_its_fixed_day_as_the_deposits_were_there():
    found = entry(real("it", "Kigali Amendment 2016"), *made("it", 20, "2017-11-17"))
    assert found.date == found.official == day("2019-01-01")
    assert "Date fixed in the treaty for this case: 1 January 2019." in found.why


# -- organizations ----------------------------------------------------------------------------------

SULPHUR = """NLD:1995-05-30 NOR:1995-07-03 SWE:1995-07-19 LUX:1996-06-14 GBR:1996-12-17 FRA:1997-06-12
    CZE:1997-06-19 CAN:1997-07-08 ESP:1997-08-07 DNK:1997-08-25 LIE:1997-08-27 CHE:1998-01-23
    GRC:1998-02-24 SVK:1998-04-01 EU:1998-04-24 SVN:1998-05-07 DEU:1998-06-03"""


def test_in_the_sulphur_protocol_the_communitys_deposit_counted():
    found = entry(real("it", "Sulphur Protocol 1994"), EU, *deposits("it", SULPHUR))
    assert (found.threshold.reached_by, found.date) == (("SVN",), day("1998-08-05"))
    without = entry(real("it", "Sulphur Protocol 1994", conditions="reio=no"), EU, *deposits("it", SULPHUR))
    assert without.threshold.reached_by == ("DEU",)


# -- each participant's own date ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deposit", "since"),
    [
        (ratified("HRV", "it", "2009-09-04"), "2010-01-01"),
        (acceded("HND", "it", "2017-10-16"), "2018-08-01"),
        (acceded("SLV", "it", "2024-09-10"), "2025-07-01"),
    ],
)
def test_an_accession_to_the_child_protection_convention_takes_six_months_more(deposit, since):
    whole = ledger(real("it", "HCCH Child Protection 1996"), *made("it", 3, "2001-09-01"), deposit)
    assert current_binding(whole, "it", deposit.participant).since == day(since)


# -- leaving and coming back ------------------------------------------------------------------------------


def test_bolivia_left_the_single_convention_with_the_year_and_came_back():
    terms = real("it", "Single Convention on Narcotic Drugs 1961", withdrawal_delay="on(01-01,by=07-01)")
    whole = ledger(terms, participant("BOL"), *made("it", 40, "1964-11-13"), acceded("BOL", "it", "1976-09-23"),
                   withdrew("BOL", "it", "2011-06-29"), acceded("BOL", "it", "2013-01-11"))  # fmt: skip
    on = ["2011-12-31", "2012-01-01", "2013-01-11", "2013-02-09", "2013-02-10"]
    assert ["BOL" in bound_participants(whole, "it", day(each)) for each in on] == [True, False, False, False, True]
    assert ["BOL" in parties(whole.as_of(day(each)), "it") for each in on] == [True, False, True, True, True]


def test_the_united_states_left_the_paris_agreement_came_back_and_left_again():
    terms = real("it", "Paris Agreement", conditions="")
    whole = ledger(
        terms,
        participant("USA"),
        *made("it", 55, "2016-10-05"),
        act(ActionKind.ACCEPTANCE, "USA", "it", "2016-09-03"),
        withdrew("USA", "it", "2019-11-04"),
        act(ActionKind.ACCEPTANCE, "USA", "it", "2021-01-20"),
        withdrew("USA", "it", "2025-01-27"),
    )
    on = ["2020-11-03", "2020-11-04", "2021-02-18", "2021-02-19", "2026-01-26", "2026-01-27"]
    assert ["USA" in bound_participants(whole, "it", day(each)) for each in on] == [
        True,
        False,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("treaty", "notified", "effect"),
    [
        ("Rome Statute of the ICC", "2016-10-27", "2017-10-27"),
        ("Kyoto Protocol", "2011-12-15", "2012-12-15"),
        ("ICCPR-OP1", "1997-10-23", "1998-01-23"),
        ("Whaling Convention (ICRW)", "2018-12-26", "2019-06-30"),
    ],
)
def test_a_real_withdrawal_took_effect_on_its_day(treaty, notified, effect):
    own = {"Rome Statute of the ICC": "1y"}
    terms = real(
        "it",
        treaty,
        conditions="",
        in_force_on="1990-06-01",
        **({"withdrawal_delay": own[treaty]} if treaty in own else {}),
    )
    whole = ledger(terms, participant("AAA"), acceded("AAA", "it", "1990-01-01"), withdrew("AAA", "it", notified))
    assert participant_standing(whole.as_of(day(effect)), "it", "AAA").status is ParticipantStatus.WITHDRAWN
    assert participant_standing(whole.as_of(day(notified)), "it", "AAA").status in {
        ParticipantStatus.PARTY,
        ParticipantStatus.CONTRACTING_PARTY,
    }


def test_russia_revoked_its_ratification_of_the_test_ban_treaty_and_remains_a_signatory():
    whole = ledger(
        instrument("it", delay="180d", conditions="RUS|USA>=all"),
        participant("RUS"),
        signed("RUS", "it", "1996-09-24"),
        ratified("RUS", "it", "2000-06-30"),
        act(ActionKind.REVOCATION, "RUS", "it", "2023-11-03"),
    )
    assert (
        participant_standing(whole.as_of(day("2023-11-02")), "it", "RUS").status is ParticipantStatus.CONTRACTING_PARTY
    )
    assert participant_standing(whole, "it", "RUS").status is ParticipantStatus.SIGNATORY
    assert entry_into_force(whole, "it").progress[0].have == "0 of 2"


# -- a deposit that the depositary did not count -------------------------------------------------------


def mines_protocol(first):
    """Amended Protocol II, of which the official date asks for a twentieth notification on 3 June 1998."""
    notified = [first, *made("it", 20, "1998-04-20")[1:], ratified("LAST", "it", "1998-06-03")]
    people = [participant(each.participant) for each in notified]
    return ledger(real("it", "CCW Amended Protocol II"), *people, *notified).as_of(day("2000-01-01"))


def test_a_date_earlier_than_the_official_one_is_a_finding_and_the_clause_stays_as_it_is():
    whole = mines_protocol(ratified("M00", "it", "1998-04-20"))
    assert entry_into_force(whole, "it").date == day("1998-10-20")
    assert "entry-into-force-differs" in {found.check for found in run_checks(whole, day("2000-01-01"), "it")}


def test_with_one_of_the_twenty_on_record_as_not_counted_the_official_date_comes_out():
    whole = mines_protocol(ratified("M00", "it", "1998-04-20", not_counted="not accepted by the depositary"))
    assert entry_into_force(whole, "it").date == day("1998-12-03")
    assert "entry-into-force-differs" not in {found.check for found in run_checks(whole, day("2000-01-01"), "it")}


# -- those that deposit between the threshold and the entry into force -----------------------------------


@pytest.mark.parametrize(
    ("treaty", "first", "number", "between", "in_force"),
    [
        ("Chemical Weapons Convention (CWC)", "1996-10-31", 65, "1997-04-25", "1997-04-29"),
        ("OP-CRC-SC", "2001-10-18", 10, "2002-01-10", "2002-01-18"),
    ],
)
def test_a_period_for_deposits_after_the_entry_into_force_delays_no_earlier_one(
    treaty, first, number, between, in_force
):
    terms = real("it", treaty, opened_on="1993-01-13")
    whole = ledger(terms, participant("USA"), *made("it", number, first), ratified("USA", "it", between))
    assert entry_into_force(whole, "it").date == day(in_force)
    assert current_binding(whole, "it", "USA").since == day(in_force)
