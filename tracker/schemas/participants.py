"""Answers about participants: status on every instrument, what is missing, memberships."""

from __future__ import annotations

from collections import Counter

from tracker.law.gaps import CONSENTING, GapKind, eligible_participants, gaps_of_participant
from tracker.law.ledger import Ledger, title_of
from tracker.law.model import Action, Membership, Participant
from tracker.law.status import ParticipantStatus, participant_standing
from tracker.schemas.instruments import gap_answer, standing_answer, who_answer
from tracker.schemas.values import Plain, action_answer, distinct_texts, iso_date, named_participants


def participant_answer(ledger: Ledger, code: str) -> Plain:
    """Everything about a participant on the ledger's day; NotFound for an unknown one."""
    who = ledger.participant(code)
    acts = [*ledger.acts_by(who.code), *_undated(ledger, who.code)]
    return {
        **_described(ledger, who),
        "as_of": iso_date(ledger.day),
        "instruments": participant_rows(ledger, who.code),
        "gaps": [
            {**gap_answer(gap), "instrument_name": title_of(ledger, gap.instrument)}
            for gap in gaps_of_participant(ledger, who.code)
        ],
        "bodies": [_membership(ledger, each) for each in ledger.memberships_of(who.code)],
        "acts": [action_answer(ledger, act) for act in acts],
        "doubts": distinct_texts((who.doubt, *(act.doubt for act in acts))),
    }


def participant_rows(ledger: Ledger, code: str) -> list[Plain]:
    """One row for each instrument: where the participant stands on it, and whether it is expected of it."""
    who = ledger.participant(code)
    return [
        {
            "instrument": terms.id,
            "instrument_name": terms.name,
            "expected": who.code in eligible_participants(ledger, terms.id),
            **standing_answer(ledger, participant_standing(ledger, terms.id, who.code)),
        }
        for terms in ledger.instruments.values()
    ]


def participants_answer(ledger: Ledger) -> list[Plain]:
    """One row for each participant that has acted, is a State, or is a member of a body; by name."""
    return [_summary(ledger, who) for who in sorted(ledger.participants.values(), key=lambda each: each.name)]


def _summary(ledger: Ledger, who: Participant) -> Plain:
    found = Counter(participant_standing(ledger, id, who.code).status for id in ledger.instruments)
    gaps = Counter(gap.kind for gap in gaps_of_participant(ledger, who.code))
    acts = ledger.acts_by(who.code)
    return {
        **who_answer(who),
        "exists_to": iso_date(who.exists_to),
        "consented": sum(found[each] for each in CONSENTING),
        "party": found[ParticipantStatus.PARTY],
        "signatory": found[ParticipantStatus.SIGNATORY],
        "withdrawn": found[ParticipantStatus.WITHDRAWN],
        "absent": gaps[GapKind.ABSENT] + gaps[GapKind.CONVENTION_ALONE],
        "last_act": iso_date(acts[-1].date) if acts else None,
    }


def _described(ledger: Ledger, who: Participant) -> Plain:
    return {
        **who_answer(who),
        "iso2": who.iso2,
        "subregion": who.subregion,
        "un_member_since": iso_date(who.un_member_since),
        "exists_from": iso_date(who.exists_from),
        "exists_to": iso_date(who.exists_to),
        "predecessors": named_participants(ledger, ledger.predecessors(who.code)),
        "successors": named_participants(ledger, who.successors),
        "aliases": list(who.aliases),
        "note": who.note,
        "source": who.source,
        "doubt": who.doubt,
    }


def _undated(ledger: Ledger, code: str) -> list[Action]:
    return [act for id in ledger.instruments for act in ledger.undated(id, code)]


def _membership(ledger: Ledger, held: Membership) -> Plain:
    body = ledger.bodies.get(held.body)
    return {
        "body": held.body,
        "name": body.name if body else held.body,
        "short_name": body.short_name if body else held.body,
        "role": held.role,
        "from": iso_date(held.start),
        "to": iso_date(held.end),
        "current": held.holds_on(ledger.horizon),
        "note": held.note,
        "source": held.source,
        "doubt": held.doubt,
    }
