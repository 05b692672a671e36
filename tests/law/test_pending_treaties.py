"""What pending instruments still need, and who could bring it."""

from datetime import date

from tests.support.builders import instrument, ledger, participant, ratified, signed
from tracker.law.gaps import pending_instruments, signed_not_ratified
from tracker.law.model import ParticipantKind

STATES = tuple(participant(code) for code in ("AAA", "BBB", "CCC", "DDD"))
UNION = participant("EUU", kind=ParticipantKind.REIO)


def pact(id, **terms):
    return instrument(id, **{"threshold": 3, "delay": "90d"} | terms)


def test_pending_instruments_come_by_fewest_remaining_and_those_in_force_do_not():
    whole = ledger(
        pact("far"), pact("near"), pact("done", threshold=1), pact("waits", threshold=1), *STATES,
        ratified("AAA", "near", "2001-01-01"), ratified("AAA", "done", "2001-01-01"),
    ).as_of(date(2010, 1, 1))  # fmt: skip
    assert [(n.status.instrument.id, n.remaining) for n in pending_instruments(whole)] == [
        ("waits", 1),
        ("near", 2),
        ("far", 3),
    ]


def test_signatories_that_have_not_followed_through_wait_longest_first():
    whole = ledger(
        pact("pact"), *STATES, signed("AAA", "pact", "2002-01-01"), signed("BBB", "pact", "2001-01-01"),
        signed("CCC", "pact", "2000-01-01"), ratified("CCC", "pact", "2002-01-01"),
    ).as_of(date(2003, 1, 1))  # fmt: skip
    assert [(gap.participant, gap.days) for gap in signed_not_ratified(whole, "pact")] == [("BBB", 730), ("AAA", 365)]
    [only] = pending_instruments(whole)
    assert (only.could_tip, only.others) == (("BBB", "AAA"), 1)


def test_an_organization_can_tip_only_where_its_deposit_counts():
    facts = (*STATES, UNION, signed("EUU", "pact", "2001-01-01"))
    [without] = pending_instruments(ledger(pact("pact"), *facts))
    [counting] = pending_instruments(ledger(pact("pact", conditions="reio=yes"), *facts))
    assert (without.could_tip, counting.could_tip) == ((), ("EUU",))


def test_an_instrument_without_a_plain_number_comes_last():
    whole = ledger(pact("pact", threshold=None, conditions="AAA|BBB>=all"), pact("plain"), *STATES)
    assert [(n.status.instrument.id, n.remaining) for n in pending_instruments(whole)] == [("plain", 3), ("pact", None)]


def test_the_convention_against_cybercrime_needs_forty_and_its_signatories_could_bring_them(record):
    nearest, only = pending_instruments(record.as_of(date(2026, 2, 5)))
    assert (nearest.status.instrument.id, nearest.remaining) == ("coe-224", 2)
    assert (only.status.instrument.id, only.remaining) == ("un-cybercrime", 40)
    assert len(only.could_tip) >= 40
    assert "EU" not in only.could_tip
