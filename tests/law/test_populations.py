"""Whose deposits count, and what they weigh: one test for each mechanism, with a real treaty's own clause.

Deposits written out with their days are the real ones; `made` deposits and tables only stand for their number.
"""

import pytest

from tests.support.builders import acceded, body, instrument, participant, ratified, signed
from tests.support.real_treaties import day, deposits, entry, made, real
from tracker.law.dates import PartialDate
from tracker.law.model import Membership, Weight
from tracker.law.threshold import ForceStatus

# -- named lists and populations ----------------------------------------------------------------------

ANNEX_2 = [
    "DZA",
    "ARG",
    "AUS",
    "AUT",
    "BGD",
    "BEL",
    "BRA",
    "BGR",
    "CAN",
    "CHL",
    "CHN",
    "COL",
    "PRK",
    "EGY",
    "FIN",
    "FRA",
    "DEU",
    "HUN",
    "IND",
    "IDN",
    "IRN",
    "ISR",
    "ITA",
    "JPN",
    "MEX",
    "NLD",
    "NOR",
    "PAK",
    "PER",
    "POL",
    "ROU",
    "KOR",
    "RUS",
    "SVK",
    "ZAF",
    "ESP",
    "SWE",
    "CHE",
    "TUR",
    "UKR",
    "GBR",
    "USA",
    "VNM",
    "COD",
]


def test_the_test_ban_treaty_waits_for_every_one_of_forty_four_named_states():
    terms = instrument(
        "it", delay="180d", conditions=f"{'|'.join(ANNEX_2)}>=all; not-before=opening+2y", opened_on="1996-09-24"
    )
    most = [ratified(code, "it", "2000-06-30") for code in ANNEX_2 if code != "USA"]
    waiting = entry(terms, *most, *made("it", 130, "2001-01-01"))
    assert (waiting.status, waiting.date, waiting.progress[0].have) == (ForceStatus.PENDING, None, "43 of 44")
    assert entry(terms, *most, ratified("USA", "it", "2030-01-01")).date == day("2030-06-30")
    assert entry(terms, *(ratified(code, "it", "1997-01-01") for code in ANNEX_2)).date == day("1998-09-24")


CHARTER = [
    "ARG",
    "AUS",
    "BEL",
    "BOL",
    "BRA",
    "BLR",
    "CAN",
    "CHL",
    "CHN",
    "COL",
    "CRI",
    "CUB",
    "CSK",
    "DNK",
    "DOM",
    "ECU",
    "EGY",
    "SLV",
    "ETH",
    "FRA",
    "GRC",
    "GTM",
    "HTI",
    "HND",
    "IND",
    "IRN",
    "IRQ",
    "LBN",
    "LBR",
    "LUX",
    "MEX",
    "NLD",
    "NZL",
    "NIC",
    "NOR",
    "PAN",
    "PRY",
    "PER",
    "PHL",
    "POL",
    "SAU",
    "ZAF",
    "RUS",
    "SYR",
    "TUR",
    "UKR",
    "GBR",
    "USA",
    "URY",
    "VEN",
    "YUG",
]
RATIFIED = """USA:1945-08-08 FRA:1945-08-31 DOM:1945-09-04 NIC:1945-09-06 NZL:1945-09-19 BRA:1945-09-21
    ARG:1945-09-24 SLV:1945-09-26 HTI:1945-09-27 CHN:1945-09-28 TUR:1945-09-28 DNK:1945-10-09
    CHL:1945-10-11 PHL:1945-10-11 PRY:1945-10-12 CUB:1945-10-15 LBN:1945-10-15 IRN:1945-10-16
    LUX:1945-10-17 SAU:1945-10-18 CSK:1945-10-19 SYR:1945-10-19 YUG:1945-10-19 GBR:1945-10-20
    EGY:1945-10-22 BLR:1945-10-24 POL:1945-10-24 RUS:1945-10-24 UKR:1945-10-24 GRC:1945-10-25"""


def test_the_charter_needed_five_named_states_and_a_majority_of_the_others():
    signing = [signed(code, "it", "1945-10-15" if code == "POL" else "1945-06-26") for code in CHARTER]
    found = entry(real("it", "UN Charter"), *signing, *deposits("it", RATIFIED))
    assert found.date == found.official == day("1945-10-24")
    assert found.threshold.reached_by == ("BLR", "POL", "RUS", "UKR")
    assert (
        entry(real("it", "UN Charter"), *signing, *deposits("it", RATIFIED), on="1945-10-23").status
        is ForceStatus.PENDING
    )


def test_the_outer_space_treaty_needed_five_with_three_named_among_them():
    terms = real("it", "Outer Space Treaty")
    five = made("it", 5, "1967-09-01")
    assert entry(terms, *five).status is ForceStatus.PENDING
    assert entry(terms, *five, *deposits("it", "GBR:1967-10-10 RUS:1967-10-10 USA:1967-10-10")).date == day(
        "1967-10-10"
    )


def test_the_geneva_conventions_counted_ratifications_only():
    two = deposits("it", "CHE:1950-03-31 YUG:1950-04-21")
    terms = real("it", "Geneva Conventions I-IV 1949")
    assert entry(terms, *two).date == day("1950-10-21")
    assert entry(terms, two[0], acceded("JOR", "it", "1950-04-01"), two[1]).date == day("1950-10-21")


def test_the_ban_amendment_needs_three_fourths_of_those_that_were_parties_when_it_was_adopted():
    """A made convention with eight parties at adoption; later ones neither count nor are needed."""
    convention = instrument("basel", threshold=1, delay="90d")
    terms = real("it", "Basel Ban Amendment", adopted_on="1995-09-22")
    then, later = made("basel", 8, "1994-01-01"), [ratified(f"L{n}", "basel", "1996-01-01") for n in range(20)]
    newcomers = [acceded(f"L{n}", "it", "2000-01-01") for n in range(20)]
    five, sixth = made("it", 5, "1999-01-01"), ratified("M05", "it", "2019-09-06")
    waiting = entry(convention, terms, *then, *later, *newcomers, *five)
    assert (waiting.status, waiting.progress[0].have, waiting.progress[0].need) == (ForceStatus.PENDING, "5 of 8", "6")
    assert entry(convention, terms, *then, *later, *newcomers, *five, sixth).date == day("2019-12-05")


def test_where_the_population_is_current_it_grows_until_the_share_is_reached():
    """The CPPNM Amendment on a made convention: a new party to the convention raises the number needed."""
    convention = instrument("cppnm", threshold=1, delay="0d")
    states = [participant(f"M{n:02}") for n in range(7)]
    facts = (
        convention,
        real("it", "CPPNM Amendment 2005"),
        *states,
        *made("cppnm", 6, "2005-01-01"),
        *made("it", 4, "2015-04-08"),
    )
    assert entry(*facts).date == day("2015-05-08")
    assert entry(*facts, ratified("M06", "cppnm", "2015-01-01")).status is ForceStatus.PENDING


def test_members_on_the_day_make_the_class_that_is_counted():
    """Made memberships for the Budapest Convention's three member States among five."""
    coe = [Membership(body="coe", participant=f"M{n:02}", start=PartialDate.parse(start)) for n, start in
           enumerate(("1950-01-01", "1950-01-01", "2004-06-01"))]  # fmt: skip
    terms = real("it", "Budapest Cybercrime Convention (ETS 185)")
    found = entry(terms, body("coe"), *coe, *made("it", 5, "2004-03-18"))
    assert (found.threshold.reached_on, found.date) == (day("2004-06-01"), day("2004-10-01"))
    assert found.why.startswith("1 June 2004: all conditions met.")


# -- weights ------------------------------------------------------------------------------------------

ANNEX_I = {  # Gg of CO2 in 1990, the table to the report FCCC/CP/1997/7/Add.1 as recalled; its total is the report's
    "USA": 4957022, "RUS": 2388720, "JPN": 1173360, "DEU": 1012443, "GBR": 584078, "CAN": 457441, "ITA": 428941,
    "POL": 414930, "FRA": 366536, "AUS": 288965, "ESP": 260654, "ROU": 171103, "CZE": 169514, "NLD": 167600,
    "BEL": 113405, "BGR": 82990, "GRC": 82100, "HUN": 71673, "SWE": 61256, "AUT": 59200, "SVK": 58278, "FIN": 53900,
    "DNK": 52100, "CHE": 43600, "PRT": 42148, "EST": 37797, "NOR": 35533, "IRL": 30719, "NZL": 25530, "LVA": 22976,
    "LUX": 11343, "ISL": 2172, "LIE": 208, "MCO": 71,
}  # fmt: skip


def weights(table, figures):
    return [Weight(table=table, participant=code, value=value) for code, value in figures.items()]


def test_the_kyoto_protocol_had_its_number_long_before_its_share_of_emissions():
    assert sum(ANNEX_I.values()) == 13_728_306
    early = [code for code in ANNEX_I if code not in {"USA", "RUS", "AUS", "LIE", "MCO"}]
    unfccc = (instrument("unfccc", threshold=1, delay="0d"), *made("unfccc", 40, "1994-01-01"),
              *(ratified(code, "unfccc", "1994-01-01") for code in ANNEX_I))  # fmt: skip
    facts = (
        *unfccc,
        real("it", "Kyoto Protocol"),
        *weights("kyoto-annex-1-1990", ANNEX_I),
        *made("it", 40, "2002-01-01"),
        *(ratified(code, "it", "2002-12-31") for code in early),
    )
    waiting = entry(*facts)
    assert (waiting.status, waiting.threshold.counted) == (ForceStatus.PENDING, 69)
    assert (waiting.progress[0].have, waiting.progress[0].need) == ("44.39%", "55.00%")
    found = entry(*facts, ratified("RUS", "it", "2004-11-18"))
    assert (found.date, found.threshold.reached_by) == (day("2005-02-16"), ("RUS",))
    assert "18 November 2004: all conditions met (RUS)." in found.why


def test_the_paris_agreement_needs_both_its_number_and_its_share():
    """A made table: one party holds half of the emissions, another a tenth."""
    unfccc = (instrument("unfccc", threshold=1, delay="0d"), *made("unfccc", 60, "1994-01-01"))
    table = weights("paris-emissions-2015", {"M00": 50, "M01": 10, "M55": 40})
    terms = real("it", "Paris Agreement")
    share_first = entry(*unfccc, terms, *table, *made("it", 54, "2016-09-01"), ratified("M54", "it", "2016-10-05"))
    assert (share_first.threshold.reached_on, share_first.date) == (day("2016-10-05"), day("2016-11-04"))
    without = [ratified(f"M{n:02}", "it", "2016-09-01") for n in range(1, 60)]
    assert entry(*unfccc, terms, *table, *without).progress[0].have == "50.00%"
    assert entry(*unfccc, terms, *table, *without).status is ForceStatus.PENDING


def test_one_that_is_no_party_to_the_convention_does_not_count_for_its_protocol():
    terms = real("it", "Paris Agreement", conditions="by=parties(unfccc)")
    unfccc = (instrument("unfccc", threshold=1, delay="0d"), *made("unfccc", 54, "1994-01-01"))
    found = entry(*unfccc, terms, *made("it", 55, "2016-09-01"))
    assert (found.threshold.counted, found.not_counted[0].action.participant) == (54, "M54")


@pytest.mark.parametrize(("ships", "tonnage", "reached"), [(65, 10, True), (10, 65, True), (64, 64, False)])
def test_the_collision_regulations_counted_ships_or_tonnage_whichever_came_first(ships, tonnage, reached):
    tables = [
        *weights("world-ships", {"M00": ships, "XXX": 100 - ships}),
        *weights("world-tonnage", {"M00": tonnage, "XXX": 100 - tonnage}),
    ]
    found = entry(real("it", "COLREG 1972"), *tables, *made("it", 15, "1976-07-15"))
    assert found.date == (day("1977-07-15") if reached else None)


@pytest.mark.parametrize(("large", "reached"), [(7, True), (6, False)])
def test_the_load_lines_convention_needed_seven_with_a_million_tons_each(large, reached):
    table = weights("gross-tonnage", {f"M{n:02}": 1_000_000 if n < large else 999_999 for n in range(15)})
    found = entry(real("it", "Load Lines 1966"), *table, *made("it", 15, "1967-07-21"))
    assert found.date == (day("1968-07-21") if reached else None)


def test_the_nuclear_compensation_convention_needed_a_sum_of_capacity():
    table = weights("installed-nuclear-capacity", {"M00": 300_000, "M01": 99_999, "JPN": 1})
    terms = real("it", "CSC (nuclear compensation)")
    assert entry(terms, *table, *made("it", 5, "2010-01-01")).status is ForceStatus.PENDING
    assert entry(terms, *table, *made("it", 5, "2010-01-01"), ratified("JPN", "it", "2015-01-15")).date == day(
        "2015-04-15"
    )
