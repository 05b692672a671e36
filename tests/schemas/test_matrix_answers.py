"""The matrix: who belongs in it, what a cell tells, and totals that are those of the depositary."""

from datetime import date

import pytest

from tests.support.builders import acceded, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.kinds import ParticipantKind
from tracker.schemas.instruments import status_answer
from tracker.schemas.matrix import matrix_answer, matrix_rows

FACTS = (
    instrument("one", title="One", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="1y"),
    instrument("two", title="Two", threshold=9, delay="0d"),
    participant("AAA", name="A"),
    participant("BBB", name="B"),
    participant("CCC", name="C"),
    participant("OLD", name="Old", exists_to="2001-12-31", kind=ParticipantKind.FORMER_STATE),
    participant("ORG", name="Org", kind=ParticipantKind.ORGANIZATION),
    participant("REG", name="Reg", kind=ParticipantKind.REIO),
    signed("AAA", "one", "2000-01-01"),
    ratified("AAA", "one", "2001-01-01"),
    signed("BBB", "one", "2000-02"),
    acceded("CCC", "one", "2000-03-01"),
    withdrew("CCC", "one", "2002-03-01"),
    ratified("AAA", "two", "2003-03-03", doubt="not checked"),
    ratified("BBB", "two"),
    signed("OLD", "one", "2000-01-01"),
    acceded("REG", "one", "2004-01-01"),
)


def cells(day, code):
    asked = ledger(*FACTS).as_of(date.fromisoformat(day))
    return next(row.cells for row in matrix_rows(asked) if row.participant == code)


def test_states_that_exist_and_all_that_have_acted_are_in_it():
    def people(day):
        return [row.participant for row in matrix_rows(ledger(*FACTS).as_of(date.fromisoformat(day)))]

    assert people("2001-06-01") == ["AAA", "BBB", "CCC", "OLD"]
    assert people("2005-01-01") == ["AAA", "BBB", "CCC", "REG"]


@pytest.mark.parametrize(
    ("code", "treaty", "told"),
    [
        ("AAA", "one", ("party", "ratification", "2001-01-01")),
        ("BBB", "one", ("signatory", "signature", "2000-02")),
        ("CCC", "one", ("withdrawn", "withdrawal", "2002-03-01")),
        ("AAA", "two", ("contracting party", "ratification", "2003-03-03")),
        ("BBB", "two", ("none", "ratification", None)),
        ("CCC", "two", ("none", None, None)),
    ],
)
def test_a_cell_tells_the_status_and_the_act_that_made_it(code, treaty, told):
    cell = cells("2005-01-01", code)[treaty]
    assert (cell.status, cell.act, cell.date and str(cell.date)) == told


def test_a_doubt_stays_with_its_cell():
    assert cells("2005-01-01", "AAA")["two"].doubts == ["not checked"]


def test_only_the_columns_asked_for_are_counted():
    asked = ledger(*FACTS).as_of(date(2005, 1, 1))
    rows = {row.participant: row for row in matrix_answer(asked, matrix_rows(asked), ["two"]).participants}
    assert rows["AAA"].consented == 1
    assert rows["BBB"].signed_only == 0
    assert list(rows["AAA"].cells) == ["two"]


@pytest.mark.parametrize("day", ["1990-01-01", "2004-09-30", "2026-11-22"])
def test_the_totals_of_the_whole_matrix_are_the_counts_of_each_instrument(record, day):
    asked = record.as_of(date.fromisoformat(day))
    for column in matrix_answer(asked, matrix_rows(asked), list(asked.instruments)).instruments:
        status = status_answer(asked, column.instrument)
        assert (column.parties, column.signatories) == (status.parties, status.signatories)
