"""What a text names: a participant, an instrument or a body, by code, number, name or alias; never by guessing.

Searching, which finds by parts of names, is `search`. Here a name is whole or it is not known; one that several things
bear leads to all of them, so that whoever asks can say which.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Participant
from tracker.law.search import SearchEntry, SearchKind, fold_text, name_key, search_entries

_ALIKE = 70  # per cent of their letters that names have in common to be suggested


class NameIndex:
    """Things by all that they are called, whatever the case, accents and punctuation."""

    def __init__(self, entries: Iterable[SearchEntry], participants: Iterable[Participant] = ()) -> None:
        self._bearers: dict[str, dict[str, SearchEntry]] = {}
        self._shown: dict[str, str] = {}
        gone = {each.code for each in participants if each.exists_to}
        given_anew = {each.iso2 for each in participants if each.iso2 and not each.exists_to}
        for entry in entries:
            for name in entry.names:
                if entry.id in gone and name.whole and name.text in given_anew:
                    continue  # the two letters are another State's now
                turned = name.text if name.whole else name_key(name.text)
                for key in dict.fromkeys((fold_text(name.text), fold_text(turned))):
                    self._bearers.setdefault(key, {})[entry.id] = entry
                    self._shown.setdefault(key, name.text)

    def named(self, text: str) -> tuple[SearchEntry, ...]:
        """All that bear this name: none for an unknown one, several for one that does not decide."""
        found = self._bearers.get(fold_text(text)) or self._bearers.get(fold_text(name_key(text)), {})
        return tuple(found.values())

    def nearest(self, text: str, most: int = 3) -> tuple[str, ...]:
        """The names most like an unknown one, best first: to ask "did you mean", never to choose."""
        known = list(self._bearers)
        found = process.extract(fold_text(text), known, scorer=fuzz.ratio, limit=most, score_cutoff=_ALIKE)
        return tuple(self._shown[key] for key, _, _ in found)


@memoized
def names_of(ledger: Ledger, kind: SearchKind | None = None) -> NameIndex:
    """The names of everything in the record, or of one kind of thing."""
    entries = (each for each in search_entries(ledger, {}) if kind in (None, each.kind))
    return NameIndex(entries, tuple(ledger.participants.values()))
