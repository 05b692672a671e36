"""Real final clauses in the text form: each is read, printed back the same, and said in plain English.

`real_clauses.csv` has one row for each clause (entry into force, withdrawal, termination) with its article and
source. Ids of bodies, tables and instruments in it are its own; the acts of the Soviet Union are under RUS, as
the Russian Federation continues it.
"""

from collections import Counter

import pytest

from tests.support.real_treaties import ROWS, row_of
from tracker.law.clause_parser import parse_clause
from tracker.law.clauses import Clause

DELAYS = ("delay", "party_delay", "withdrawal_delay")


def read(row: dict[str, str]) -> Clause:
    threshold = int(row["threshold"]) if row["threshold"] else None
    return parse_clause(row["conditions"], threshold=threshold, **{name: row[name] for name in DELAYS})


def clause(treaty: str, kind: str = "entry_into_force") -> Clause:
    return read(row_of(treaty, kind))


def named(row: dict[str, str]) -> str:
    return f"{row['treaty']}: {row['kind']}"


def test_the_file_holds_the_clauses_that_were_expressed():
    kinds = Counter(row["kind"] for row in ROWS)
    assert kinds["entry_into_force"] >= 145
    assert kinds["withdrawal"] + kinds["termination"] >= 26
    assert len({named(row) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_clause_is_read_and_printed_back_the_same(row):
    found = read(row)
    printed = {name: str(getattr(found, name) or "") for name in DELAYS}
    assert parse_clause(str(found), threshold=found.threshold, **printed) == found
    assert {name: row[name] for name in DELAYS} == printed


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_a_clause_reads_as_sentences(row):
    words = read(row).words
    sentences = words.removesuffix(".").split(". ")
    assert words.endswith(".")
    assert all(sentence[0].isupper() for sentence in sentences)
    assert not {"  ", " ,", ",.", "None", "()"} & {words[i : i + 2] for i in range(len(words))}
    assert "None" not in words


@pytest.mark.parametrize("row", [row for row in ROWS if row["kind"] == "entry_into_force"], ids=named)
def test_a_clause_on_entry_into_force_decides_a_day(row):
    found = read(row)
    assert found.is_stated
    assert found.delay is not None
    assert found.words.startswith("It enters into force ")


SAID = {
    "UNTOC (Palermo)": "It enters into force on the 90th day after the deposit of the 40th instrument.",
    "Rome Statute of the ICC": (
        "It enters into force on the first day of the month after the 60th day following the deposit of the 60th "
        "instrument."
    ),
    "Ottawa Mine Ban Convention": (
        "It enters into force on the first day of the sixth month after the month of the deposit of the 40th "
        "instrument."
    ),
    "UN Charter": (
        "It enters into force on the day of the deposit of instruments by depositors that include CHN, FRA, RUS, "
        "GBR and USA and include a majority of the signatories other than CHN, FRA, RUS, GBR and USA."
    ),
    "Kyoto Protocol": (
        "It enters into force on the 90th day after the deposit of instruments by 55 parties to unfccc that hold "
        "at least 55 % of the total in the table 'kyoto-annex-1-1990'."
    ),
    "Basel Ban Amendment": (
        "It enters into force on the 90th day after the deposit of instruments by depositors that include at "
        "least three fourths of the parties to basel when this instrument was adopted."
    ),
    "London Amendment 1990": (
        "It enters into force on 1 January 1992 where the deposit of the 20th instrument has come by then, "
        "otherwise on the 90th day after it."
    ),
    "ILO C188 Fishing": (
        "It enters into force 12 months after the deposit of instruments of ratification by 10 members of ilo "
        "that include at least 8 members of coastal-states."
    ),
    "CISG": (
        "It enters into force on the first day of the month following the expiry of 12 months after the deposit of "
        "instruments by 10 States other than parties to ulf-1964 or parties to ulis-1964."
    ),
    "CPPNM Amendment 2005": (
        "It enters into force on the 30th day after the deposit of instruments by depositors that include at least two "
        "thirds of the States that are also parties to cppnm."
    ),
    "Chemical Weapons Convention (CWC)": (
        "It does not enter into force before 2 years after its opening for signature."
    ),
    "Cartagena Protocol": "It binds no depositor before cbd does.",
    "UNCLOS": "For each later depositor it enters into force on the 30th day after its own deposit.",
    "HCCH Apostille 1961": (
        "For one that deposits by accession it does so on the 60th day after the expiry of 6 months after its "
        "own deposit."
    ),
}
ENDS = {
    ("Paris Agreement", "withdrawal"): "A withdrawal takes effect one year after its notification.",
    ("Single Convention on Narcotic Drugs", "withdrawal"): (
        "A withdrawal takes effect on the 1 January that follows the first 1 July on or after its notification."
    ),
    ("Whaling Convention (ICRW)", "withdrawal"): (
        "A withdrawal takes effect on the 30 June that follows the first 1 January on or after its notification."
    ),
    ("UNESCO Constitution", "withdrawal"): (
        "A withdrawal takes effect on 31 December of the following year after its notification."
    ),
    ("ILO Conventions (standard)", "withdrawal"): "only within one year after each period of 10 years in force.",
    ("Consent to Marriage 1962", "termination"): "It ends when its parties become fewer than 8.",
    ("TIR 1975", "termination"): "It ends when its parties become fewer than 5 and stay so for 12 months.",
}


@pytest.mark.parametrize("treaty", SAID)
def test_a_clause_is_said_in_these_words(treaty):
    assert SAID[treaty] in clause(treaty).words


@pytest.mark.parametrize(("treaty", "kind"), ENDS)
def test_the_end_of_a_treaty_is_said_in_these_words(treaty, kind):
    assert ENDS[treaty, kind] in clause(treaty, kind).words
