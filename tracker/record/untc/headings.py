"""What the heading of a column says about the dates below it.

A heading lists the acts of its column in no fixed order, each with the code that marks it; the act
without a code is the one that a bare date means. Codes differ by case: `A` accepts, `a` accedes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.law.model import ActionKind
from tracker.record.untc.cells import clean

_ACTS = (
    ("succession to signature", ActionKind.SUCCESSION_TO_SIGNATURE),
    ("definitive signature", ActionKind.DEFINITIVE_SIGNATURE),
    ("signature", ActionKind.SIGNATURE),
    ("ratification", ActionKind.RATIFICATION),
    ("acceptance", ActionKind.ACCEPTANCE),
    ("approval", ActionKind.APPROVAL),
    ("accession", ActionKind.ACCESSION),
    ("succession", ActionKind.SUCCESSION),
    ("formal confirmation", ActionKind.FORMAL_CONFIRMATION),
    ("consent to be bound", ActionKind.CONSENT_TO_BE_BOUND),
    ("simplified procedure", ActionKind.SIMPLIFIED_PROCEDURE),
    ("provisional application", ActionKind.PROVISIONAL_APPLICATION),
    ("withdrawal", ActionKind.WITHDRAWAL),
    ("denunciation", ActionKind.WITHDRAWAL),
)
_USUAL = {
    "A": ActionKind.ACCEPTANCE,
    "AA": ActionKind.APPROVAL,
    "a": ActionKind.ACCESSION,
    "d": ActionKind.SUCCESSION,
    "c": ActionKind.FORMAL_CONFIRMATION,
    "s": ActionKind.DEFINITIVE_SIGNATURE,
    "P": ActionKind.CONSENT_TO_BE_BOUND,
    "p": ActionKind.SIMPLIFIED_PROCEDURE,
}
_USUAL_WHEN_SIGNING = {"s": ActionKind.DEFINITIVE_SIGNATURE, "d": ActionKind.SUCCESSION_TO_SIGNATURE}
_ANY_OF_THREE = frozenset({ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.APPROVAL})
_BETWEEN = re.compile(r"[,;/]|\band\b|\bor\b")
_CODE = re.compile(r"\(\s*([A-Za-z]{1,2})\s*\)")
_WHO = ("participant", "state", "country", "contracting")


@dataclass(frozen=True, slots=True)
class Column:
    """The acts of a column: what a bare date means, if that is clear, and what each code means."""

    bare: ActionKind | None
    codes: Mapping[str, ActionKind]
    signs: bool

    def act(self, code: str) -> ActionKind | None:
        """The act that a date with this code stands for; None if the heading leaves it open."""
        return self.codes.get(code) if code else self.bare


def names_participants(heading: str) -> bool:
    """Is this the heading of the column with the participants' names?"""
    return clean(heading).casefold().startswith(_WHO)


def column_of(heading: str) -> Column | None:
    """The column under this heading, or None if the heading names no treaty action."""
    listed = [(act, _code(piece)) for piece in _BETWEEN.split(clean(heading)) if (act := _act(piece))]
    if not listed:
        return None
    bare = {act for act, code in listed if not code}
    signs = ActionKind.SIGNATURE in bare
    usual = _USUAL_WHEN_SIGNING if signs else _USUAL
    return Column(_meant(bare), usual | {code: act for act, code in listed if code}, signs)


def _act(piece: str) -> ActionKind | None:
    words = " ".join(piece.casefold().split())
    return next((act for name, act in _ACTS if words.startswith(name)), None)


def _code(piece: str) -> str:
    return found[1] if (found := _CODE.search(piece)) else ""


def _meant(bare: set[ActionKind]) -> ActionKind | None:
    if len(bare) == 1:
        return next(iter(bare))
    return ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL if bare and bare <= _ANY_OF_THREE else None
