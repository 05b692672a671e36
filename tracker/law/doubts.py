"""Which doubts can change a status: those about the acts that it rests on, unless only their date is in doubt.

A doubt about the signature of a State that has ratified since does not change that it is a party, and a date that is
not known leaves a status open only as long as the act may lie on either side of the date asked (`coverage`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tracker.law.evidence import EvidenceGrade, weakest_grade
from tracker.law.model import Action, ActionKind
from tracker.law.status import ParticipantStanding, ParticipantStatus

_NONE, _SIGNATORY = ParticipantStatus.NONE, ParticipantStatus.SIGNATORY
_PROVISIONAL, _WITHDRAWN = ParticipantStatus.PROVISIONAL, ParticipantStatus.WITHDRAWN
_CONSENTING = (ParticipantStatus.CONTRACTING_PARTY, ParticipantStatus.PARTY)

# How sources say that an act was done and only its date, or only its kind, is not known ...
_DETAIL = re.compile(
    r"the (?:day|month)(?: of \w+)? is not known|only the (?:day|month|year) of \w+ is known"
    r"|names the signatory but not the day|^the kind of act is inferred"
)
# ... and how they say that it is not certain whether it was done at all.
_EXISTENCE = re.compile(r"unverified|uncertain|not seen|press|elimination|conflict|secondary|re-accession")


def deciding_acts(where: ParticipantStanding) -> tuple[Action, ...]:
    """The acts without which the status would, or might, be another."""
    provisional = where.provisional
    applied = (provisional.action, provisional.ended_by) if provisional else ()
    made_by: dict[ParticipantStatus, Iterable[Action | None]] = {
        _SIGNATORY: (where.signature, where.consent, where.withdrawal, *applied),
        _PROVISIONAL: (*applied, where.consent, where.withdrawal),
        _NONE: (where.consent, where.withdrawal),  # a consent that was revoked before entry into force
    }
    acts = made_by.get(where.status, (where.consent, where.withdrawal))
    return (*(act for act in acts if act), *(act for act in where.undated if _may_change(act.kind, where.status)))


def _may_change(kind: ActionKind, status: ParticipantStatus) -> bool:
    """Might an act of this kind, done on any day, make the status another?"""
    if kind.signs:
        return status is _NONE
    if kind.consents:
        return status not in _CONSENTING
    if kind is ActionKind.PROVISIONAL_APPLICATION:
        return status in (_NONE, _SIGNATORY)
    return status is not _NONE


def is_about_a_detail(doubt: str) -> bool:
    """Does it say only that the date or the kind of an act is not known, not that it may not have been done?"""
    return bool(_DETAIL.search(doubt)) and not _EXISTENCE.search(doubt)


def status_doubts(where: ParticipantStanding) -> tuple[str, ...]:
    """What is doubtful of the status itself: what can make it another."""
    doubts = dict.fromkeys(act.doubt for act in deciding_acts(where) if act.doubt)
    return tuple(each for each in doubts if where.possible or not is_about_a_detail(each))


def status_grade(where: ParticipantStanding) -> EvidenceGrade | None:
    """The weakest grade of the acts that the status rests on; None where it rests on none."""
    return weakest_grade(deciding_acts(where))


def doubts_by_part(where: ParticipantStanding) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The doubts about the signature, about the consent and about the withdrawal, with those without a date."""
    ends = [act for act in where.undated if act.kind.ends]
    signs = [act for act in where.undated if act.kind.signs]
    others = [act for act in where.undated if not (act.kind.ends or act.kind.signs)]
    return (
        _doubts(where.signature, *signs),
        _doubts(where.consent, *others),
        _doubts(where.withdrawal, *ends),
    )


def _doubts(*acts: Action | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(act.doubt for act in acts if act and act.doubt))
