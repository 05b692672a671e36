"""What an import, a sync or a retraction did to the record, or would do.

Facts and numbers only: how they are shown is the affair of whoever asked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tracker.law.model import Fact


@dataclass(frozen=True, slots=True)
class Outcome:
    """What changed: the facts recorded and retracted, how many stayed, and the record's revision afterwards.

    With `dry_run` nothing was written, and `revision` is the one that still stands.
    """

    revision: int
    recorded: tuple[Fact, ...] = ()
    retracted: tuple[Fact, ...] = ()
    unchanged: int = 0
    dry_run: bool = False

    @property
    def changed(self) -> bool:
        """Does the record say anything else than before?"""
        return bool(self.recorded or self.retracted)

    @property
    def corrected(self) -> tuple[tuple[Fact, Fact], ...]:
        """The facts retracted and recorded on one subject, as (before, after): corrections.

        They are among `recorded` and `retracted` too.
        """
        before: dict[tuple[type[Fact], tuple[str, ...]], list[Fact]] = defaultdict(list)
        for fact in self.retracted:
            before[type(fact), fact.subject].append(fact)
        return tuple((gone.pop(0), fact) for fact in self.recorded if (gone := before.get((type(fact), fact.subject))))
