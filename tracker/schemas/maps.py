"""Answers for maps: each State's status on one instrument, or its number of instruments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from typing import Annotated

from tracker.law.coverage import left_out, shortfall_in_words
from tracker.law.gaps import consented_by_participant, is_not_in_data
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
    """Who stands where on one instrument; `shortfall_words` says how many consents are known not to be in our data."""

    instrument: Id
    name: str
    as_of: ExactDay | None
    not_in_data: Number
    shortfall_words: str
    counts: dict[Annotated[str, written_as(ParticipantStatus)], Number]
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
    numbers = Counter(row.status for row in rows)
    return MapOfOne(
        instrument=terms.id,
        name=terms.name,
        as_of=ledger.day,
        not_in_data=sum(row.not_in_data for row in rows),
        shortfall_words=shortfall_in_words(ledger, [terms.id]),
        counts={status.value: numbers[status] for status in ParticipantStatus},
        participants=rows,
    )


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
