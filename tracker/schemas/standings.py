"""Where a participant stands on an instrument, as an answer: the status, and the act behind each part of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from threading import Lock

from cachetools import LRUCache

from tracker.law.bindings import BindingBasis
from tracker.law.doubts import doubts_by_part, status_doubts, status_grade
from tracker.law.evidence import EvidenceGrade
from tracker.law.gaps import CONSENTING, is_not_in_data
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind, Participant
from tracker.law.statements import letters_of
from tracker.law.status import ParticipantStanding, ParticipantStatus
from tracker.law.territories import TerritorialScope
from tracker.messages import message
from tracker.schemas.values import (
    AnyDay,
    ExactDay,
    NamedStatus,
    PartDay,
    answer_model,
    distinct_texts,
    iso_date,
    who_answer,
)

MAX_ANSWERS = 8192  # of about 2 kB each


@answer_model
class Standing(NamedStatus):
    """Where a participant stands on an instrument, and the act behind each part of it.

    `doubts` are all that is doubtful about its acts, `status_doubts` those that can change the status; `grade` is that
    of the acts on which the status rests. `statements` are the letters of its statements that were not withdrawn.
    `possible` is what else the status may be, because a date is not known; `not_in_data` that there is no status only
    because our data on the instrument are incomplete.
    """

    status: ParticipantStatus
    possible: ParticipantStatus | None
    not_in_data: bool
    since: AnyDay | None
    why: str
    signature: PartDay | None
    consent: PartDay | None
    action: ActionKind | None
    bound_since: ExactDay | None
    bound_until: ExactDay | None
    bound_why: str
    bound_basis: BindingBasis | None
    provisional_since: PartDay | None
    provisional_until: ExactDay | None
    suspended_on: PartDay | None
    withdrawal: PartDay | None
    withdrawal_effective: ExactDay | None
    applies_to: list[str]
    territories: list[str]
    undated: list[ActionKind]
    notes: list[str]
    doubts: list[str]
    sources: list[str]
    grade: EvidenceGrade | None
    status_doubts: list[str]
    statements: str
    signature_doubts: list[str]
    consent_doubts: list[str]
    withdrawal_doubts: list[str]

    @property
    def may_be_party(self) -> bool:
        """Has it perhaps consented by this day: on a day not known, or by an action that our data lack?"""
        return self.possible in CONSENTING and self.status not in CONSENTING

    @property
    def status_in_words(self) -> str:
        """The status as a table says it: with what else it may be, and never "none" where our data are incomplete."""
        if self.not_in_data:
            return message("not in our data")
        if self.possible is None:
            return self.status
        return message("{status} or {possible}: date not known", status=self.status, possible=self.possible)


def standing_answer(ledger: Ledger, where: ParticipantStanding) -> Standing:
    """One participant towards one instrument: the status, and the act behind each part of it.

    The views of different days share most standings, and the answers made of them.
    """
    who, letters = ledger.participants[where.participant], letters_of(ledger, where.instrument)
    given = (who, letters.get(where.participant, ""), is_not_in_data(ledger, where))
    if where.territories:  # which of them hold depends on the day
        return _standing_answer(ledger, where, *given)
    with _lock:
        known = _answers.get(id(where))
    if known is None or known[0] is not where or known[1] != given:
        known = (where, given, _standing_answer(ledger, where, *given))
        with _lock:
            _answers[id(where)] = known
    return known[2]


# By the identity of the standing, which is kept beside the answer: comparing two standings costs as much as an answer.
_answers: LRUCache[int, tuple[ParticipantStanding, tuple[Participant, str, bool], Standing]] = LRUCache(MAX_ANSWERS)
_lock = Lock()


def _standing_answer(
    ledger: Ledger, where: ParticipantStanding, who: Participant, letters: str, not_in_data: bool
) -> Standing:
    act, left = where.consent, where.withdrawal
    acts = (*where.acts, *(each.action for each in where.territories), *where.undated)
    signature, consent, withdrawal = doubts_by_part(where)
    return Standing(
        **vars(who_answer(who)),
        status=where.status,
        possible=where.possible,
        not_in_data=not_in_data,
        since=where.since,
        why=where.why,
        signature=where.signature.date if where.signature else None,
        consent=act.date if act else None,
        action=act.kind if act else None,
        bound_since=where.bound_from,
        bound_until=where.bound_until,
        bound_why=where.bound_why,
        bound_basis=where.bound_basis,
        provisional_since=where.provisional.start if where.provisional else None,
        provisional_until=_end_of_provisional(where),
        suspended_on=where.suspended.date if where.suspended else None,
        withdrawal=left.date if left else None,
        withdrawal_effective=where.bound_until if left else None,
        applies_to=[s.territory for s in where.territories if not s.excluded and s.holds_on(ledger.horizon)],
        territories=distinct_texts(_territory(each) for each in where.territories),
        undated=action_kinds([*(each for each in where.acts if each.date is None), *where.undated]),
        notes=distinct_texts(each.note for each in acts),
        doubts=list(where.doubts),
        sources=distinct_texts(each.source for each in acts),
        grade=status_grade(where),
        status_doubts=list(status_doubts(where)),
        statements=letters,
        signature_doubts=list(signature),
        consent_doubts=list(consent),
        withdrawal_doubts=list(withdrawal),
    )


def _end_of_provisional(where: ParticipantStanding) -> date | None:
    """The first day on which it no longer applies provisionally: by its notice, or because it is bound from then on."""
    if where.provisional is None:
        return None
    return min(filter(None, (where.provisional.end, where.bound_from)), default=None)


def action_kinds(acts: Iterable[Action]) -> list[ActionKind]:
    """The kinds of the acts, each once, in their order."""
    return list(dict.fromkeys(each.kind for each in acts))


def _territory(scope: TerritorialScope) -> str:
    """A territory with the days of its notification and its end: `Curaçao (2010-10-10)`."""
    days = [iso_date(scope.action.date), f"until {scope.until}" if scope.until else None]
    said = ", ".join(filter(None, (*days, "excluded" if scope.excluded else None)))
    return f"{scope.territory} ({said})" if said else scope.territory
