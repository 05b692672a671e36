"""Lists of States as people write or paste them for a scenario: a name or code on each line, some with a date.

Names are never guessed: one that is unknown, or that several participants bear, is given back with what it may mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.law.ledger import Ledger
from tracker.law.names import NameIndex
from tracker.law.search import SearchKind

MAX_LINES = 300  # of a list
_DATED = re.compile(r"^(?P<name>.*?)[\s,:(=\u2013\u2014-]*(?P<day>\d{4}-\d{2}-\d{2})\)?$")
_MARKS = re.compile(r"^\s*(?:[-*\u2022\u2013]|\d+[.)])\s+")


@dataclass(frozen=True, slots=True)
class ListedState:
    """A participant of a list, and the date beside it; None where it has none of its own."""

    participant: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class UnclearName:
    """A text of a list that names nobody, or several, with the names that may be meant."""

    text: str
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateList:
    """A list as it was understood: each participant once, in the order of the list, and what was not understood."""

    states: tuple[ListedState, ...]
    unclear: tuple[UnclearName, ...]


def read_states(ledger: Ledger, index: NameIndex, text: str) -> StateList:
    """The participants that a list names: lines or semicolons part them, and commas where a line is no name itself.

    A date that is none makes its line unclear; lines beyond `MAX_LINES` are not read.
    """
    found: dict[str, ListedState] = {}
    unclear: dict[str, UnclearName] = {}
    for name, day in _entries(ledger, index, text):
        meant = _meant(ledger, index, name)
        if len(meant) == 1:
            found.setdefault(meant[0], ListedState(meant[0], day))
        else:
            names = tuple(ledger.participants[code].name for code in meant) or _nearest(index, name)
            unclear[name] = UnclearName(name, names)
    return StateList(tuple(found.values()), tuple(unclear.values()))


def stagger(states: Iterable[ListedState], first: date, every: int) -> list[tuple[str, date]]:
    """Each participant with its date: its own, or the first date and so many days more for each before it."""
    dated, at = [], 0
    for each in states:
        dated.append((each.participant, each.day or first + timedelta(days=at * every)))
        at += each.day is None
    return dated


def _entries(ledger: Ledger, index: NameIndex, text: str) -> Iterator[tuple[str, date | None]]:
    for line in re.split(r"[\n;]", text)[:MAX_LINES]:
        name, day = _split(_MARKS.sub("", line).strip(" ,\t\r"))
        if not name:
            continue
        parts = [part.strip() for part in re.split(r"[,\t]", name) if part.strip()]
        if len(parts) > 1 and not _meant(ledger, index, name):
            yield from (_split(part) if day is None else (part, day) for part in parts)
        else:
            yield name, day


def _split(text: str) -> tuple[str, date | None]:
    if found := _DATED.match(text):
        with suppress(ValueError):  # a date that is none stays part of a name that nobody bears
            return found["name"].strip(), date.fromisoformat(found["day"])
    return text, None


def _meant(ledger: Ledger, index: NameIndex, name: str) -> list[str]:
    """The participants that bear a name; of several those that exist."""
    codes = [each.id for each in index.named(name) if each.kind is SearchKind.PARTICIPANT]
    alive = [code for code in codes if ledger.existed_on(code, ledger.horizon)]
    return alive or codes


def _nearest(index: NameIndex, name: str) -> tuple[str, ...]:
    found = (near for near in index.nearest(name, 6) for entry in index.named(near)[:1]
             if entry.kind is SearchKind.PARTICIPANT)  # fmt: skip
    return tuple(dict.fromkeys(found))[:3]
