"""The end notes of a status document, where they say plainly when a participant left.

The participants' table shows an act that no longer holds in brackets; since when it does not stands only in the note
that its row points to. Whatever is not plain is left to an editor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tracker.law.dates import PartialDate
from tracker.sync.cell_text import Unreadable, clean_text, day_of

MAX_NOTICE_YEARS = 10  # years from a notice of withdrawal to its effect; treaties ask for half a year to five
MAX_NOTE_LENGTH = 2_000  # characters; a longer note is a story with more than one act in it

_LEAVING = re.compile(r"\b(?:denunciation|denounced?|withdrawal|withdrew|withdrawn?)\b", re.IGNORECASE)
# A withdrawal of something else, of a part, or one that did not last.
_NOT_PLAIN = re.compile(
    r"\b(?:reservations?|declarations?|objections?|territor\w+|in respect of|only|cancel\w*|revo[ck]\w*|annul\w*"
    r"|extend\w*|again)\b",
    re.IGNORECASE,
)
_DAY = re.compile(r"\b(?P<before>\w+)\s+(?P<day>\d{1,2})\s+(?P<month>[A-Z][a-z]{2,8})\s+(?P<year>\d{4})\b", re.ASCII)
_EFFECT = re.compile(r"\b(?:effects?|effective)\s+(?:as\s+)?(?:on|from|of)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Departure:
    """When a withdrawal was notified, and when it takes effect if the note says so."""

    notified_on: PartialDate
    effective_on: PartialDate | None


def departure_in(note: str) -> Departure | None:
    """The departure that the note tells of, if it tells of one and nothing else.

    Its text must speak of a denunciation or withdrawal as a whole, with one day of its notification and
    at most one of its effect; days of other documents ("the Protocol of 12 November 1947") say neither.
    """
    text = clean_text(note)
    if len(text) > MAX_NOTE_LENGTH or not _LEAVING.search(text) or _NOT_PLAIN.search(text):
        return None
    notified: set[PartialDate] = set()
    effective: set[PartialDate] = set()
    for found in _DAY.finditer(text):
        try:
            day = day_of(found.groupdict())
        except Unreadable:
            return None
        if _EFFECT.search(text[: found.start("day")]):
            effective.add(day)
        elif found["before"].casefold() in ("on", "from"):
            notified.add(day)
    if len(notified) != 1 or len(effective) > 1:
        return None
    (given,) = notified
    takes_effect = next(iter(effective), None)
    years = takes_effect.first.year - given.first.year if takes_effect else 0
    in_order = takes_effect is None or given.first <= takes_effect.first
    return Departure(given, takes_effect) if in_order and years <= MAX_NOTICE_YEARS else None
