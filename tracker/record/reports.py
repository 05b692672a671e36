"""What a look at one status file came to, as a value that people can read.

Nothing is decided here; `sync` makes the report, the command line and the jobs print its lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.law.change import Change
from tracker.law.dates import in_words
from tracker.law.model import Action
from tracker.record.held import Doubt


class Result(StrEnum):
    """How a look at a status file ended."""

    TAKEN_IN = "taken in"
    NOT_MODIFIED = "not modified"
    REFUSED = "refused"
    TRY_LATER = "try later"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One instrument's file beside the record.

    `corrected` are pairs (before, after), `held` what waits for an editor, `put_aside` how many doubts
    an editor rejected before, `why` the reason of a refusal or of trouble, `names` the participants'
    names by code. With `dry_run` nothing was written.
    """

    instrument: str
    reference: str
    result: Result
    why: str = ""
    recorded: tuple[Action, ...] = ()
    corrected: tuple[tuple[Action, Action], ...] = ()
    unchanged: int = 0
    held: tuple[Doubt, ...] = ()
    put_aside: int = 0
    changes: tuple[Change, ...] = ()
    remarks: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    dry_run: bool = False

    @property
    def went_well(self) -> bool:
        """Was the file taken in, or unchanged?"""
        return self.result in (Result.TAKEN_IN, Result.NOT_MODIFIED)

    @property
    def summary(self) -> str:
        """The outcome in one line."""
        head = f"{self.instrument} ({self.reference}): "
        if not self.went_well:
            return f"{head}{self.result.value}. {self.why}"
        if self.result is Result.NOT_MODIFIED:
            return f"{head}the file has not changed since the last look."
        would = "would be " if self.dry_run else ""
        counts = f"{len(self.recorded)} {would}recorded, {len(self.corrected)} {would}corrected"
        return f"{head}{counts}, {self.unchanged} unchanged, {len(self.held)} held."

    @property
    def lines(self) -> list[str]:
        """The outcome as a person reads it: the summary, then every difference."""
        return [
            self.summary,
            *(f"  + {self._said(act)}" for act in self.recorded),
            *(f"  ~ {self._said(after)}; before: {_act(before)}" for before, after in self.corrected),
            *(f"  ? {_doubted(doubt)}" for doubt in self.held),
            *([f"  {self.put_aside} put aside by an editor before."] if self.put_aside else []),
            *(f"  ! {remark}" for remark in self.remarks),
            *(f"  > {change.words}" for change in self.changes),
        ]

    def _said(self, act: Action) -> str:
        return f"{dict(self.names).get(act.participant, act.participant)}: {_act(act)}"


def _act(act: Action) -> str:
    return f"{act.kind.words}, {in_words(act.date)}"


def _doubted(doubt: Doubt) -> str:
    return f"{doubt.name}: {doubt.kind.words}, {in_words(doubt.date)}: held. {doubt.reason}"
