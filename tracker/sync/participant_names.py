"""Which participant a printed name means: by the record's names and aliases, and by nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from tracker.law.model import Participant

_APOSTROPHES = "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}"
_HYPHENS = "\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
_SHAPES = str.maketrans(dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_HYPHENS, "-"))


class Names:
    """The names by which the participants are known. A name that leads to two of them leads to none."""

    def __init__(self, participants: Iterable[Participant]) -> None:
        self._codes: dict[str, str | None] = {}
        for each in participants:
            for name in (each.name, *each.aliases):
                known = self._codes.setdefault(_plain(name), each.code)
                if known != each.code:
                    self._codes[_plain(name)] = None

    def resolve(self, name: str) -> str | None:
        """The code of the participant of that name; None if the record knows nobody, or two, of it."""
        return self._codes.get(_plain(name))


def resolve(name: str, participants: Iterable[Participant]) -> str | None:
    """The code of the one among the participants with that name or alias; None if there is no such one.

    For many names, make one `Names` and ask that.
    """
    return Names(participants).resolve(name)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).translate(_SHAPES).casefold().split())
