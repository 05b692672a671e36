"""Answers for maps: each State's status on one instrument, or its number of instruments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from typing import Annotated

from tracker.law.coverage import left_out, missing_of_others, shortfall_in_words
from tracker.law.entry_into_force import entry_into_force
from tracker.law.gaps import CONSENTING, consented_by_participant, is_not_in_data
from tracker.law.ledger import Ledger
from tracker.law.model import ActionKind, Participant
from tracker.law.status import ParticipantStanding, ParticipantStatus, participant_standing
from tracker.schemas.values import (
    AnyDay,
    ExactDay,
    Id,
    LeftOut,
    NamedStatus,
    Number,
    answer_model,
    left_out_answer,
    who_answer,
    written_as,
)


@answer_model
class MapRow(NamedStatus):
    """Where a participant stands on the instrument of a map."""

    status: ParticipantStatus
    possible: ParticipantStatus | None
    not_in_data: bool
    since: AnyDay | None
    action: ActionKind | None
    why: str


@answer_model
class MapOfOne:
    """Who stands where on one instrument; `shortfall_words` says how many consents are known not to be in our data.

    Each status has between `counts_at_least` and `counts_at_most` participants; `counts` relies on what is certain.
    """

    instrument: Id
    name: str
    as_of: ExactDay | None
    not_in_data: Number
    shortfall_words: str
    counts: dict[Annotated[str, written_as(ParticipantStatus)], Number]
    counts_at_least: dict[Annotated[str, written_as(ParticipantStatus)], Number]
    counts_at_most: dict[Annotated[str, written_as(ParticipantStatus)], Number]
    participants: list[MapRow]


@answer_model
class MapOfAllRow(NamedStatus):
    """How many instruments a participant is party to, and which."""

    consented: Number
    instruments: list[Id]


@answer_model
class MapOfAll(LeftOut):
    """On how many instruments each participant stands; `counts` is by that number."""

    instrument: None
    instruments: Number
    as_of: ExactDay | None
    counts: dict[str, Number]
    participants: list[MapOfAllRow]


def map_answer(ledger: Ledger, instrument: str) -> MapOfOne:
    """Every State of the day, and everyone else with a status, towards one instrument; NotFound for an unknown one.

    `counts` has how many there are of each status; its `party` and `contracting party` together are
    what the UN prints as parties.
    """
    terms = ledger.instrument(instrument)
    found = [(who, participant_standing(ledger, terms.id, who.code)) for who in _by_name(ledger)]
    acted = {who.code for who, where in found if where.status is not ParticipantStatus.NONE}
    rows = [_standing(ledger, who, where) for who, where in found if who.code in acted or _stands(ledger, who, acted)]
    numbers, bounds = Counter(row.status for row in rows), status_bounds(ledger, terms.id, rows)
    return MapOfOne(
        instrument=terms.id,
        name=terms.name,
        as_of=ledger.day,
        not_in_data=sum(row.not_in_data for row in rows),
        shortfall_words=shortfall_in_words(ledger, [terms.id]),
        counts={status.value: numbers[status] for status in ParticipantStatus},
        counts_at_least={status.value: least for status, (least, _) in bounds.items()},
        counts_at_most={status.value: most for status, (_, most) in bounds.items()},
        participants=rows,
    )


def status_bounds(ledger: Ledger, instrument: str, rows: Sequence[MapRow]) -> dict[ParticipantStatus, tuple[int, int]]:
    """How many of these participants certainly have each status, and how many at most.

    A participant with a possible status may have either. A consent that is missing, and is in nobody's status, may be
    that of any who has not consented: so many more may be parties, or contracting parties before entry into force.
    """
    certain = Counter(row.status for row in rows if row.possible in (None, row.status))
    possible = Counter(status for row in rows for status in {row.status, row.possible or row.status})
    others = sum(row.status not in CONSENTING and row.possible not in CONSENTING for row in rows)
    missing = min(missing_of_others(ledger, instrument), others)
    joined = status_of_those_missing(ledger, instrument)
    return {
        status: (
            certain[status] - (0 if status in CONSENTING else min(missing, certain[status])),
            possible[status] + (missing if status is joined else 0),
        )
        for status in ParticipantStatus
    }


def status_of_those_missing(ledger: Ledger, instrument: str) -> ParticipantStatus:
    """What a participant is whose consent our data lack: a party once the instrument is in force."""
    entered = entry_into_force(ledger, instrument).date
    in_force = entered is not None and entered <= ledger.horizon
    return ParticipantStatus.PARTY if in_force else ParticipantStatus.CONTRACTING_PARTY


def map_of_all_answer(ledger: Ledger, *, partial: bool = False) -> MapOfAll:
    """Every State of the day, and everyone else that has consented, with how many instruments it is party to.

    Consent not withdrawn makes a party here, as the UN counts them; `counts` has how many
    participants are party to each number of instruments. Instruments with partial data are counted only where `partial`
    asks for them.
    """
    without = left_out(ledger, partial=partial)
    counted = [id for id in ledger.instruments if id not in without]
    found = [(who, _consents(ledger, who, without)) for who in _by_name(ledger)]
    acted = {who.code for who, row in found if row.consented}
    rows = [row for who, row in found if who.code in acted or _stands(ledger, who, acted)]
    numbers = Counter(row.consented for row in rows)
    return MapOfAll(
        **vars(left_out_answer(ledger, without)),
        instrument=None,
        instruments=len(counted),
        as_of=ledger.day,
        counts={str(number): numbers[number] for number in sorted(numbers)},
        participants=rows,
    )


def _by_name(ledger: Ledger) -> list[Participant]:
    return sorted(ledger.participants.values(), key=lambda who: who.name)


def _stands(ledger: Ledger, who: Participant, acted: set[str]) -> bool:
    """Is it a State of the day, to be shown even where it has done nothing?

    Not where the record has its acts under the State that continues it (Serbia for Serbia and Montenegro).
    """
    return who.is_state and ledger.existed_on(who.code, ledger.horizon) and acted.isdisjoint(who.successors)


def _standing(ledger: Ledger, who: Participant, where: ParticipantStanding) -> MapRow:
    return MapRow(
        **vars(who_answer(who)),
        status=where.status,
        possible=where.possible,
        not_in_data=is_not_in_data(ledger, where),
        since=where.since,
        action=where.consent.kind if where.consent else None,
        why=where.why,
    )


def _consents(ledger: Ledger, who: Participant, without: Container[str]) -> MapOfAllRow:
    """How many instruments a participant is party to, and which."""
    names = [id for id in consented_by_participant(ledger).get(who.code, ()) if id not in without]
    return MapOfAllRow(**vars(who_answer(who)), consented=len(names), instruments=names)
