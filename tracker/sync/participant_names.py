"""Which participant a printed name means: by the record's names and aliases, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.law.model import Participant
from tracker.law.search import name_key


class Names:
    """The names by which the participants are known. A name that leads to two of them leads to none."""

    def __init__(self, participants: Iterable[Participant]) -> None:
        self._codes: dict[str, str | None] = {}
        for each in participants:
            for name in (each.name, *each.aliases):
                known = self._codes.setdefault(name_key(name), each.code)
                if known != each.code:
                    self._codes[name_key(name)] = None

    def resolve(self, name: str) -> str | None:
        """The code of the participant of that name; None if the record knows nobody, or two, of it."""
        return self._codes.get(name_key(name))


def resolve(name: str, participants: Iterable[Participant]) -> str | None:
    """The code of the one among the participants with that name or alias; None if there is no such one.

    For many names, make one `Names` and ask that.
    """
    return Names(participants).resolve(name)
