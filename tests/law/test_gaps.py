"""What is missing: signed and not consented, one of two instruments alone, withdrawn, eligible and absent."""

from datetime import date

from tests.support.builders import body, instrument, ledger, participant, ratified, signed, withdrew
from tracker.law.entry_into_force import parties
from tracker.law.gaps import GapKind, eligible_participants, gaps_of_instrument, gaps_of_participant
from tracker.law.model import Mandate, Membership, ParticipantKind

PACT = instrument("pact", threshold=1, delay="0d", party_delay="0d", withdrawal_delay="0d")
PROTOCOL = instrument("protocol", parent="pact", threshold=1, delay="0d", party_delay="0d")
A, B, C = (participant(code) for code in ("AAA", "BBB", "CCC"))


def kinds(gaps):
    return {(gap.participant, gap.instrument): gap.kind for gap in gaps}


def test_a_signatory_that_has_not_consented_is_missing_with_its_days():
    whole = ledger(PACT, A, signed("AAA", "pact", "2001-01-01")).as_of(date(2001, 1, 31))
    [gap] = gaps_of_instrument(whole, "pact")
    assert (gap.kind, gap.days) == (GapKind.SIGNED_ONLY, 30)


def test_a_party_is_not_missing_and_one_that_did_nothing_is():
    whole = ledger(PACT, A, B, ratified("AAA", "pact", "2001-01-01"))
    assert kinds(gaps_of_instrument(whole, "pact")) == {("BBB", "pact"): GapKind.ABSENT}


def test_one_that_withdrew_is_missing_as_withdrawn():
    whole = ledger(PACT, A, ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2002-01-01"))
    assert kinds(gaps_of_instrument(whole, "pact")) == {("AAA", "pact"): GapKind.WITHDRAWN}


def test_one_that_withdrew_is_missing_as_withdrawn_though_the_day_of_its_signature_is_lost():
    whole = ledger(
        PACT, A, signed("AAA", "pact"), ratified("AAA", "pact", "2001-01-01"), withdrew("AAA", "pact", "2002-01-01")
    )
    assert kinds(gaps_of_instrument(whole, "pact")) == {("AAA", "pact"): GapKind.WITHDRAWN}


def test_a_convention_without_its_protocol_and_a_protocol_without_its_convention_are_told_apart():
    whole = ledger(
        PACT, PROTOCOL, A, B, ratified("AAA", "pact", "2001-01-01"), ratified("BBB", "protocol", "2001-01-01")
    )
    assert kinds(gaps_of_participant(whole, "AAA")) == {("AAA", "protocol"): GapKind.CONVENTION_ALONE}
    assert [(gap.instrument, gap.kind) for gap in gaps_of_participant(whole, "BBB")] == [
        ("pact", GapKind.ABSENT),
        ("protocol", GapKind.PROTOCOL_ALONE),
    ]


def test_an_undated_consent_is_no_gap():
    whole = ledger(PACT, PROTOCOL, A, ratified("AAA", "pact"), ratified("AAA", "protocol", "2001-01-01"))
    assert gaps_of_participant(whole, "AAA") == ()
    assert gaps_of_instrument(whole, "pact") == ()


def test_only_states_that_exist_are_expected():
    gone = participant("OLD", kind=ParticipantKind.FORMER_STATE, exists_to="1990-01-01")
    union = participant("EUU", kind=ParticipantKind.REIO)
    future = participant("NEW", exists_from="2030-01-01")
    whole = ledger(PACT, A, gone, union, future).as_of(date(2020, 1, 1))
    assert eligible_participants(whole, "pact") == {"AAA"}
    assert gaps_of_participant(whole, "OLD") == ()


def test_an_instrument_of_a_body_is_expected_of_its_members():
    whole = ledger(
        PACT, A, B, C, body("club"),
        Membership(body="club", participant="AAA"), Membership(body="club", participant="CCC"),
        Mandate(body="club", instrument="pact", relation="depositary"), signed("BBB", "pact", "2001-01-01"),
    )  # fmt: skip
    assert eligible_participants(whole, "pact") == {"AAA", "CCC"}
    assert set(kinds(gaps_of_instrument(whole, "pact"))) == {("AAA", "pact"), ("BBB", "pact"), ("CCC", "pact")}


def test_whoever_is_not_missing_from_a_real_convention_is_party_to_it(record):
    today = record.as_of(date(2026, 1, 1))
    gone = {gap.participant for gap in gaps_of_instrument(today, "untoc")}
    assert gone == eligible_participants(today, "untoc") - parties(today, "untoc")
    assert "PNG" in gone
