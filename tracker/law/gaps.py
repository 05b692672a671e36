"""Non-parties and what is still needed: who signed without ratifying, who could join, which instruments are pending.

Who is missing is one rule, asked by instrument or by participant; the network asks it as well.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.law.clause_parser import clause_of
from tracker.law.coverage import is_partial
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, memoized
from tracker.law.status import (
    InstrumentStatus,
    ParticipantStanding,
    ParticipantStatus,
    participant_standing,
    possible_statuses,
    status,
    statuses,
    statuses_of_participants,
)
from tracker.law.threshold import ForceStatus


class GapKind(StrEnum):
    """The ways in which a participant can be missing from an instrument."""

    PROVISIONAL = "applies provisionally, not consented"
    SIGNED_ONLY = "signed, not consented"
    PROTOCOL_ALONE = "protocol without its convention"
    CONVENTION_ALONE = "convention without its protocol"
    WITHDRAWN = "withdrawn"
    ABSENT = "eligible and absent"


@dataclass(frozen=True, slots=True)
class Gap:
    """One participant missing from one instrument, and how; `days` since it signed, where it did."""

    kind: GapKind
    instrument: str
    participant: str
    standing: ParticipantStanding
    days: int | None = None


UNKNOWN_WHERE_PARTIAL = frozenset({GapKind.ABSENT, GapKind.CONVENTION_ALONE})
CONSENTING = frozenset({ParticipantStatus.CONTRACTING_PARTY, ParticipantStatus.PARTY})


def exists_on(ledger: Ledger, code: str) -> bool:
    """Does the participant exist on the ledger's day, as far as the record knows?"""
    return ledger.existed_on(code, ledger.horizon)


@memoized
def eligible_participants(ledger: Ledger, instrument: str) -> frozenset[str]:
    """The participants that the instrument is expected of on the ledger's day: nobody before its adoption."""
    adopted = ledger.instrument(instrument).adopted_on
    if adopted and adopted.first > ledger.horizon:
        return frozenset()
    body = next((m.body for m in ledger.mandates if m.instrument == instrument and m.relation == "depositary"), "")
    if body and ledger.memberships(body):
        return ledger.members(body) & existing_states(ledger)
    return existing_states(ledger)


@memoized
def existing_states(ledger: Ledger) -> frozenset[str]:
    """The codes of all States that exist on the ledger's day."""
    return frozenset(code for code, who in ledger.participants.items() if who.is_state and exists_on(ledger, code))


@memoized
def consented_by_participant(ledger: Ledger) -> Mapping[str, Sequence[str]]:
    """The instruments to which each participant has consented and not withdrawn, in the order of the record, by code.

    Those that have consented to none are left out.
    """
    found: dict[str, list[str]] = {}
    for id in ledger.instruments:
        for code, where in statuses_of_participants(ledger, id).items():
            if where.status in CONSENTING:
                found.setdefault(code, []).append(id)
    return found


def absences_by_participant(ledger: Ledger) -> Mapping[str, int]:
    """From how many instruments each participant is absent (`ABSENT`, `CONVENTION_ALONE`), as its gaps say one by one.

    It is absent where the instrument is expected of it, it has no status there and may have none by any reading, and
    our data are not known to be partial.
    """
    found: Counter[str] = Counter()
    for id in ledger.instruments:
        if not is_partial(ledger, id):
            known, possible = statuses_of_participants(ledger, id), possible_statuses(ledger, id)
            acted = {code for code, where in known.items() if where.status is not ParticipantStatus.NONE}
            acted |= {code for code, other in possible.items() if other in _NOT_ABSENT}
            found.update(eligible_participants(ledger, id) - acted)
    return found


_NOT_ABSENT = CONSENTING | {ParticipantStatus.SIGNATORY}


def gaps_of_instrument(ledger: Ledger, instrument: str) -> tuple[Gap, ...]:
    """Everyone eligible, or having acted, that is not a contracting party; by name."""
    found = eligible_participants(ledger, instrument) | {
        c for c in ledger.actors(instrument) if c in ledger.participants
    }
    here = (code for code in found if exists_on(ledger, code))
    gaps = (_gap(ledger, participant_standing(ledger, instrument, code)) for code in here)
    missing = (gap for gap in gaps if gap and gap.kind is not GapKind.PROTOCOL_ALONE and not is_unknown(ledger, gap))
    return tuple(sorted(missing, key=lambda gap: ledger.participants[gap.participant].name))


def gaps_of_participant(ledger: Ledger, participant: str) -> tuple[Gap, ...]:
    """Everything the participant misses, in the order of the record's instruments."""
    return tuple(_gaps_of(ledger, ledger.participant(participant).code))


def gap_kind(
    *, consented: bool | None, withdrawn: bool, signed: bool, in_parent: bool | None, provisional: bool = False
) -> GapKind | None:
    """The rule for what is missing between a participant and an instrument that is expected of it; None for nothing.

    `consented` is None for a consent on an unknown date, which is no gap. `in_parent` says whether the participant
    has consented to the convention of a protocol: None where there is no such convention, or on an unknown date.
    """
    if consented is None:
        return None
    if consented:
        return GapKind.PROTOCOL_ALONE if in_parent is False else None
    if withdrawn:
        return GapKind.WITHDRAWN
    if provisional:
        return GapKind.PROVISIONAL
    if signed:
        return GapKind.SIGNED_ONLY
    return GapKind.CONVENTION_ALONE if in_parent else GapKind.ABSENT


def is_unknown(ledger: Ledger, gap: Gap) -> bool:
    """Does the gap rest on nothing but the silence of data that are known to be partial? Then nobody is absent."""
    return gap.kind in UNKNOWN_WHERE_PARTIAL and is_partial(ledger, gap.instrument)


def is_not_in_data(ledger: Ledger, where: ParticipantStanding) -> bool:
    """Has it no status only because our data on the instrument are partial? It may be a party that they lack."""
    return (
        where.status is ParticipantStatus.NONE
        and where.possible is None
        and is_partial(ledger, where.instrument)
        and where.participant in eligible_participants(ledger, where.instrument)
    )


def _gaps_of(ledger: Ledger, code: str) -> Iterator[Gap]:
    if not exists_on(ledger, code):
        return
    for instrument in ledger.instruments:
        where = participant_standing(ledger, instrument, code)
        expected = where.status is not ParticipantStatus.NONE or code in eligible_participants(ledger, instrument)
        if expected and (gap := _gap(ledger, where)) and not is_unknown(ledger, gap):
            yield gap


def _gap(ledger: Ledger, where: ParticipantStanding) -> Gap | None:
    parent = ledger.instrument(where.instrument).parent
    kind = gap_kind(
        consented=_has_consented(where),
        withdrawn=where.status is ParticipantStatus.WITHDRAWN,
        signed=ParticipantStatus.SIGNATORY in (where.status, where.possible),
        in_parent=_has_consented(participant_standing(ledger, parent, where.participant)) if parent else None,
        provisional=where.status is ParticipantStatus.PROVISIONAL,
    )
    if kind is None:
        return None
    waiting = where.status in (ParticipantStatus.SIGNATORY, ParticipantStatus.PROVISIONAL)
    signed = where.signature.day if where.signature and waiting else None
    days = (ledger.day - signed).days if ledger.day and signed else None
    return Gap(kind, where.instrument, where.participant, where, days)


def _has_consented(where: ParticipantStanding) -> bool | None:
    """None for a consent that may have been given by the day."""
    if where.status in CONSENTING:
        return True
    return None if where.possible in CONSENTING else False


@dataclass(frozen=True, slots=True)
class PendingInstrument:
    """A pending instrument: what it lacks, and who could bring it.

    `waiting` are its signatories that have not followed through, longest first; `could_tip` the
    codes among them whose deposit would count; `others` how many more are entitled to accede.
    """

    status: InstrumentStatus
    waiting: tuple[Gap, ...]
    could_tip: tuple[str, ...]
    others: int

    @property
    def remaining(self) -> int | None:
        """How many deposits are missing from the number required; None where the clause has no plain number."""
        return self.status.entry.threshold.remaining


def pending_instruments(ledger: Ledger) -> tuple[PendingInstrument, ...]:
    """Every adopted instrument without a day of entry into force, fewest deposits remaining first."""
    pending = (now for now in statuses(ledger) if now.entry.status is ForceStatus.PENDING and _is_adopted(ledger, now))
    found = (_pending_instrument(ledger, now) for now in pending)
    return tuple(sorted(found, key=lambda n: (n.remaining is None, n.remaining or 0, n.status.instrument.id)))


def pending_instrument(ledger: Ledger, instrument: str) -> PendingInstrument | None:
    """What an adopted instrument without a day of entry into force lacks; None for any other."""
    now = status(ledger, instrument)
    pending = now.entry.status is ForceStatus.PENDING and _is_adopted(ledger, now)
    return _pending_instrument(ledger, now) if pending else None


def signed_not_ratified(ledger: Ledger, instrument: str) -> tuple[Gap, ...]:
    """The signatories that have not consented, by days since signature, longest first.

    Those that apply the instrument provisionally are among them where they have signed.
    """
    signed = (gap for gap in gaps_of_instrument(ledger, instrument) if _waits(gap))
    return tuple(sorted(signed, key=lambda gap: (-(gap.days or 0), gap.participant)))


def _waits(gap: Gap) -> bool:
    applies = gap.kind is GapKind.PROVISIONAL and gap.standing.signature is not None
    return gap.kind is GapKind.SIGNED_ONLY or applies


def _is_adopted(ledger: Ledger, now: InstrumentStatus) -> bool:
    adopted = now.instrument.adopted_on or now.instrument.opened_on
    return adopted is None or adopted.first <= ledger.horizon


def _pending_instrument(ledger: Ledger, now: InstrumentStatus) -> PendingInstrument:
    name = now.instrument.id
    gaps = signed_not_ratified(ledger, name)
    organizations = clause_of(now.instrument).organizations_count
    tip = tuple(
        gap.participant for gap in gaps if organizations or not ledger.participants[gap.participant].is_organization
    )
    acted = set(consents(ledger, name)) | {gap.participant for gap in gaps}
    others = {code for code in eligible_participants(ledger, name) if exists_on(ledger, code)} - acted
    return PendingInstrument(now, gaps, tip, len(others))
