"""The headings of a participants' table: which acts a column lists, and what a code after a date means there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker.law.model import ActionKind
from tracker.sync.cell_text import clean_text

_ACTS = {
    "succession to signature": ActionKind.SUCCESSION_TO_SIGNATURE,
    "definitive signature": ActionKind.DEFINITIVE_SIGNATURE,
    "signature": ActionKind.SIGNATURE,
    "ratification": ActionKind.RATIFICATION,
    "acceptance": ActionKind.ACCEPTANCE,
    "approval": ActionKind.APPROVAL,
    "accession": ActionKind.ACCESSION,
    "succession": ActionKind.SUCCESSION,
    "formal confirmation": ActionKind.FORMAL_CONFIRMATION,
    "consent to be bound": ActionKind.CONSENT_TO_BE_BOUND,
    "participation": ActionKind.CONSENT_TO_BE_BOUND,
    "simplified procedure": ActionKind.SIMPLIFIED_PROCEDURE,
    "provisional application": ActionKind.PROVISIONAL_APPLICATION,
    "withdrawal": ActionKind.WITHDRAWAL,
    "denunciation": ActionKind.WITHDRAWAL,
}
_USUAL = {
    "A": ActionKind.ACCEPTANCE,
    "AA": ActionKind.APPROVAL,
    "a": ActionKind.ACCESSION,
    "d": ActionKind.SUCCESSION,
    "c": ActionKind.FORMAL_CONFIRMATION,
    "s": ActionKind.DEFINITIVE_SIGNATURE,
    "P": ActionKind.CONSENT_TO_BE_BOUND,
    "p": ActionKind.SIMPLIFIED_PROCEDURE,
    "n": ActionKind.PROVISIONAL_APPLICATION,
}
_USUAL_WHEN_SIGNING = {"s": ActionKind.DEFINITIVE_SIGNATURE, "d": ActionKind.SUCCESSION_TO_SIGNATURE}
_ANY_OF_THREE = frozenset({ActionKind.RATIFICATION, ActionKind.ACCEPTANCE, ActionKind.APPROVAL})
_WHO = ("participant", "state", "country", "contracting")
_NAMED = "|".join(_ACTS)
_BETWEEN = re.compile(rf"\s*(?:[,;/]|\band\b|\bor\b)\s*(?={_NAMED})", re.IGNORECASE)
# A party's notification that it applies the annex on a specialized agency; territories have columns of longer names.
_APPLICATION = re.compile(r"application(?:\s*\([a-z]{1,2}\))?")
# What brought a consent about is no further act: it reaches to the next act, which has a capital, or to the code.
_CAUSE = re.compile(r"\bby virtue of\b.*?(?=(?<=\S)\([A-Za-z]{1,2}\)|,\s*[A-Z]|$)")
_CODE = re.compile(r"\(\s*([A-Za-z]{1,2})\s*\)$")
_PROVISION = re.compile(
    r"\b(?:articles?|art\.|sections?|paragraphs?|para\.)\s+[\dIVX]+(?:\s*\(\w+\))*\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """The acts of a column: what a bare date means, if that is clear, and what each code means."""

    bare: ActionKind | None
    codes: Mapping[str, ActionKind]
    signs: bool

    def act(self, code: str) -> ActionKind | None:
        """The act that a date with this code stands for; None if the heading leaves it open."""
        return self.codes.get(code) if code else self.bare


def names_participants(heading: str) -> bool:
    """Is this the heading of the column with the participants' names?"""
    return clean_text(heading).casefold().startswith(_WHO)


def column_of(heading: str) -> TableColumn | None:
    """The column under this heading, or None if the heading names no treaty action.

    Where a heading gives several kinds of consent for a date without a code, such a date is consent to
    be bound of a kind that the heading leaves open.
    """
    listed = list(_kinds_in_heading(heading))
    if not listed:
        return None
    bare = {act for act, code in listed if not code}
    signs = ActionKind.SIGNATURE in bare
    usual = _USUAL_WHEN_SIGNING if signs else _USUAL
    return TableColumn(_sole_kind(bare), usual | {code: act for act, code in listed if code}, signs)


def _kinds_in_heading(heading: str) -> Iterator[tuple[ActionKind, str]]:
    """The acts that the heading names, each with its code, empty where it has none."""
    for piece in _BETWEEN.split(_CAUSE.sub("", clean_text(heading))):
        words = piece.casefold()
        if act := next((act for name, act in _ACTS.items() if words.startswith(name)), None):
            yield act, _code(piece)
        elif _APPLICATION.fullmatch(words):
            yield ActionKind.CONSENT_TO_BE_BOUND, _code(piece)


def _code(piece: str) -> str:
    """The code at the end of it; the letter of an article, "Section 3 (c)", is none."""
    found = _CODE.search(piece.rstrip(" .:"))
    return found[1] if found and not _PROVISION.search(piece[: found.start()]) else ""


def _sole_kind(bare: set[ActionKind]) -> ActionKind | None:
    if len(bare) == 1:
        return next(iter(bare))
    if bare and bare <= _ANY_OF_THREE:
        return ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
    return ActionKind.CONSENT_TO_BE_BOUND if bare and all(act.consents for act in bare) else None
