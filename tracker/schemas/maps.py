"""Answers for maps: each State's status on one instrument, or its number of instruments."""

from __future__ import annotations

from collections import Counter

from tracker.law.gaps import CONSENTING
from tracker.law.ledger import Ledger
from tracker.law.model import Participant
from tracker.law.status import ParticipantStanding, ParticipantStatus, participant_standing
from tracker.schemas.instruments import who_answer
from tracker.schemas.values import Plain, iso_date


def map_answer(ledger: Ledger, instrument: str) -> Plain:
    """Every State of the day, and everyone else with a status, towards one instrument; NotFound for an unknown one.

    `counts` has how many there are of each status; its `party` and `contracting party` together are
    what the UN prints as parties.
    """
    terms = ledger.instrument(instrument)
    found = [(who, participant_standing(ledger, terms.id, who.code)) for who in _by_name(ledger)]
    acted = {who.code for who, where in found if where.status is not ParticipantStatus.NONE}
    rows = [_standing(who, where) for who, where in found if who.code in acted or _stands(ledger, who, acted)]
    numbers = Counter(row["status"] for row in rows)
    return {
        "instrument": terms.id,
        "name": terms.name,
        "as_of": iso_date(ledger.day),
        "counts": {status.value: numbers[status.value] for status in ParticipantStatus},
        "participants": rows,
    }


def map_of_all_answer(ledger: Ledger) -> Plain:
    """Every State of the day, and everyone else that has consented, with how many instruments it is party to.

    Consent not withdrawn makes a party here, as the UN counts them; `counts` has how many
    participants are party to each number of instruments.
    """
    found = [(who, _consents(ledger, who)) for who in _by_name(ledger)]
    acted = {who.code for who, row in found if row["consented"]}
    rows = [row for who, row in found if who.code in acted or _stands(ledger, who, acted)]
    numbers = Counter(row["consented"] for row in rows)
    return {
        "instrument": None,
        "instruments": len(ledger.instruments),
        "as_of": iso_date(ledger.day),
        "counts": {str(number): numbers[number] for number in sorted(numbers)},
        "participants": rows,
    }


def _by_name(ledger: Ledger) -> list[Participant]:
    return sorted(ledger.participants.values(), key=lambda who: who.name)


def _stands(ledger: Ledger, who: Participant, acted: set[str]) -> bool:
    """Is it a State of the day, to be shown even where it has done nothing?

    Not where the record has its acts under the State that continues it (Serbia for Serbia and Montenegro).
    """
    return who.is_state and ledger.existed_on(who.code, ledger.horizon) and acted.isdisjoint(who.successors)


def _standing(who: Participant, where: ParticipantStanding) -> Plain:
    return {
        **who_answer(who),
        "status": where.status.value,
        "since": iso_date(where.since),
        "action": where.consent.kind.value if where.consent else None,
        "why": where.why,
    }


def _consents(ledger: Ledger, who: Participant) -> Plain:
    """How many instruments a participant is party to, and which."""
    names = [id for id in ledger.instruments if participant_standing(ledger, id, who.code).status in CONSENTING]
    return {**who_answer(who), "consented": len(names), "instruments": names}
