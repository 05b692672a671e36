"""Where everybody stands, for a map: everyone of the day once, with what it has done."""

from datetime import date

import pytest

from tests.support.builders import acceded, instrument, ledger, participant, ratified, signed, withdrew
from tracker.errors import NotFound
from tracker.law.entry_into_force import parties
from tracker.law.model import ParticipantKind
from tracker.schemas.maps import map_answer, map_of_all_answer


def statuses(answer):
    return {row.participant: row.status for row in answer.participants}


def test_every_state_is_there_with_its_status():
    terms = instrument("t", threshold=2, delay="90d", withdrawal_delay="1y")
    facts = [participant(code) for code in ("AAA", "BBB", "CCC", "DDD")]
    acts = [
        ratified("AAA", "t", "2000-01-01"), acceded("BBB", "t", "2000-01-01"), withdrew("BBB", "t", "2001-01-01"),
        signed("CCC", "t", "2000-01-01"),
    ]  # fmt: skip
    found = map_answer(ledger(terms, *facts, *acts).as_of(date(2005, 1, 1)), "t")
    assert statuses(found) == {"AAA": "party", "BBB": "withdrawn", "CCC": "signatory", "DDD": "none"}
    assert found.counts == {
        "none": 1, "signatory": 1, "applies provisionally": 0, "contracting party": 0, "party": 1, "withdrawn": 1,
    }  # fmt: skip


def test_others_are_there_only_with_a_status():
    organizations = [participant(code, kind=ParticipantKind.REIO) for code in ("EU", "XU")]
    found = map_answer(ledger(instrument("t"), *organizations, signed("EU", "t", "2000-01-01")), "t")
    assert list(statuses(found)) == ["EU"]


def test_a_state_is_there_from_its_beginning_to_its_end():
    old = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1992-12-31", successors=("NEW",))
    record = ledger(instrument("t"), old, participant("NEW", exists_from="1993-01-01"))
    assert list(statuses(map_answer(record.as_of(date(1992, 1, 1)), "t"))) == ["OLD"]
    assert list(statuses(map_answer(record.as_of(date(1994, 1, 1)), "t"))) == ["NEW"]


def test_a_state_that_acted_before_its_own_beginning_stands_for_the_one_that_it_continues():
    heir = participant("HEIR", exists_from="2006-06-05")
    old = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="2006-06-05", successors=("HEIR", "OTHER"))
    record = ledger(instrument("t"), heir, old, acceded("HEIR", "t", "2001-09-06"))
    assert statuses(map_answer(record.as_of(date(2003, 7, 1)), "t")) == {"HEIR": "contracting party"}


def test_the_map_of_all_counts_the_instruments_of_each_state():
    record = ledger(
        instrument("t"), instrument("u"), participant("AAA"), participant("BBB"),
        acceded("AAA", "t", "2000-01-01"), acceded("AAA", "u", "2000-01-01"), signed("BBB", "u", "2000-01-01"),
    )  # fmt: skip
    found = map_of_all_answer(record)
    assert {row.participant: row.consented for row in found.participants} == {"AAA": 2, "BBB": 0}
    assert found.counts == {"0": 1, "2": 1}


def test_party_and_contracting_party_together_are_what_the_un_counts():
    record = ledger(instrument("t"), participant("AAA"), acceded("AAA", "t", "2000-01-01"))
    found = map_answer(record, "t").counts
    assert found["party"] + found["contracting party"] == len(parties(record, "t"))


def test_an_unknown_instrument_is_not_found():
    with pytest.raises(NotFound):
        map_answer(ledger(), "t")
