"""Real final clauses in the text form: each is read, printed back the same, and written as sentences.

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
    assert all(way.delay is not None for way in found.branches or (found,))
    assert found.words.startswith("Enters into force ")


ANY = "instrument of ratification, acceptance, approval or accession."
SAID = {
    "UNTOC (Palermo)": f"Enters into force on the ninetieth day after the date of deposit of the fortieth {ANY}",
    "Rome Statute of the ICC": (
        "Enters into force on the first day of the month after the sixtieth day following the date of deposit of the "
        f"sixtieth {ANY}"
    ),
    "Ottawa Mine Ban Convention": (
        "Enters into force on the first day of the sixth month following the month that includes the date of deposit "
        f"of the fortieth {ANY}"
    ),
    "UN Charter": (
        "Enters into force on the date on which States, including CHN, FRA, RUS, GBR and USA and including a majority "
        "of the signatories other than States named in the clause (CHN, FRA, RUS, GBR and USA), have expressed their "
        "consent to be bound."
    ),
    "Kyoto Protocol": (
        "Enters into force on the ninetieth day after the date on which 55 States, accounting in total for at least "
        "55% of the table kyoto-annex-1-1990, have expressed their consent to be bound. Only instruments deposited by "
        "parties to unfccc are counted."
    ),
    "Basel Ban Amendment": (
        "Enters into force on the ninetieth day after the date on which States, including at least three fourths of "
        "the parties to basel on the date of the adoption, have expressed their consent to be bound."
    ),
    "London Amendment 1990": (
        "Enters into force on 1 January 1992 if the conditions are met by then; otherwise on the ninetieth day after "
        f"the date of deposit of the twentieth {ANY}"
    ),
    "ILO C188 Fishing": (
        "Enters into force 12 months after the date on which 10 States, including at least 8 member States of "
        "coastal-states, have expressed their consent to be bound. Only instruments of ratification are counted. Only "
        "instruments deposited by members of ilo are counted."
    ),
    "CISG": (
        "Enters into force on the first day of the month following the expiration of a period of 12 months after the "
        f"date of deposit of the tenth {ANY} Only instruments deposited by States other than parties to ulf-1964 or "
        "parties to ulis-1964 are counted."
    ),
    "CPPNM Amendment 2005": (
        "Enters into force on the thirtieth day after the date on which States, including at least two thirds of the "
        "States that are also parties to cppnm, have expressed their consent to be bound."
    ),
    "Chemical Weapons Convention (CWC)": (
        f"on the 180th day after the date of deposit of the sixty-fifth {ANY} No earlier than 2 years after the "
        "opening for signature."
    ),
    "Cartagena Protocol": "In force only for parties to cbd.",
    "UNCLOS": (
        "For each State or organization that joins later: on the thirtieth day after the date of deposit of its own "
        "instrument."
    ),
    "HCCH Apostille 1961": (
        "For each that joins later by accession: on the sixtieth day after the expiration of 6 months following the "
        "date of deposit of its own instrument."
    ),
}
RECEIPT = "the date of receipt of the notification by the depositary."
ENDS = {
    ("Paris Agreement", "withdrawal"): f"Withdrawal takes effect one year after {RECEIPT}",
    ("Single Convention on Narcotic Drugs", "withdrawal"): (
        f"Withdrawal takes effect on 1 January following the first 1 July on or after {RECEIPT}"
    ),
    ("Whaling Convention (ICRW)", "withdrawal"): (
        f"Withdrawal takes effect on 30 June following the first 1 January on or after {RECEIPT}"
    ),
    ("UNESCO Constitution", "withdrawal"): (f"Withdrawal takes effect on 31 December of the year following {RECEIPT}"),
    ("ILO Conventions (standard)", "withdrawal"): "only within one year after each period of 10 years in force.",
    ("Consent to Marriage 1962", "termination"): ("Ceases to be in force if the number of parties falls below 8."),
    ("TIR 1975", "termination"): "Ceases to be in force if the number of parties stays below 5 for 12 months.",
}


@pytest.mark.parametrize("treaty", SAID)
def test_a_clause_is_written_in_these_words(treaty):
    assert SAID[treaty] in clause(treaty).words


@pytest.mark.parametrize(("treaty", "kind"), ENDS)
def test_the_end_of_a_treaty_is_written_in_these_words(treaty, kind):
    assert ENDS[treaty, kind] in clause(treaty, kind).words
