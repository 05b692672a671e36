"""How much there is at each mark, where there are too many ties to draw them: counted, in figures and in words.

What is counted is the views' business, how large a mark is drawn for it `picture`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tracker.law.answers.plain import Plain
from tracker.law.network import Change


@dataclass(frozen=True, slots=True)
class Tally:
    """The turns at one mark: how many `joined` (consented), were `lost` (withdrew, ended), `signed`; and `other`s."""

    joined: int = 0
    lost: int = 0
    signed: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.joined + self.lost + self.signed + self.other

    @property
    def acts(self) -> int:
        """Those that are acts of a participant."""
        return self.joined + self.lost + self.signed

    @property
    def most(self) -> str:
        """The kind of turn that a mark is drawn as: the most frequent."""
        return max((self.joined, 2, "gained"), (self.signed + self.other, 1, "changed"), (self.lost, 0, "lost"))[2]

    @property
    def short(self) -> str:
        """Consents with a plus, losses with a minus; where there are neither, the signatures, or the other changes."""
        signs = [f"+{self.joined}" if self.joined else "", f"\N{MINUS SIGN}{self.lost}" if self.lost else ""]
        rest = f"{self.signed} signed" if self.signed else f"{self.other} other"
        return " ".join(filter(None, signs)) or rest

    @property
    def words(self) -> str:
        """The same, with the signatures in any case."""
        return f"{self.short}, {self.signed} signed" if self.signed and self.joined + self.lost else self.short


def tallies(turns: Iterable[Plain], ends: Callable[[Plain], Iterable[str]]) -> Mapping[str, Tally]:
    """The tally of everything that `ends` names of a turn, such as its two nodes."""
    found: dict[str, Counter[str]] = {}
    for turn in turns:
        what = _meaning(turn)
        for id in ends(turn):
            found.setdefault(id, Counter())[what] += 1
    return {id: Tally(**counts) for id, counts in found.items()}


def _meaning(turn: Plain) -> str:
    if turn["turn"] == "lost" or turn["change"] == Change.WITHDREW:
        return "lost"
    return {Change.CONSENTED: "joined", Change.SIGNED: "signed"}.get(turn["change"], "other")
