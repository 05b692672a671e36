"""What a check finds: a data note with its severity, its actions and its sentence, and how these are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.law.ledger import Ledger, name_of, title_of
from tracker.law.model import Action, CoverageAspect, Fact, Instrument
from tracker.law.wording import capitalize
from tracker.messages import TranslatableText, message


class Severity(StrEnum):
    """How much a data note weighs: an inconsistency, something uncertain, or only worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class FindingGroup(StrEnum):
    """What a data note shows: statements that cannot both be true, a departure from the rules, or a gap in our data."""

    CONTRADICTION = "contradiction"
    RULE_BREAK = "rule-break"
    GAP = "gap"

    @property
    def words(self) -> TranslatableText:
        """The group as a heading."""
        return _GROUP_WORDS[self]


_GROUP_WORDS = {
    FindingGroup.CONTRADICTION: message("Contradictions"),
    FindingGroup.RULE_BREAK: message("Departures from the rules"),
    FindingGroup.GAP: message("Gaps in our data"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a check reports: the acts, and a sentence that says what.

    `group` is given only where it is not that of the check.
    """

    check: str
    text: str
    instrument: str = ""
    participants: tuple[str, ...] = ()
    acts: tuple[Action, ...] = ()
    source: str = ""
    severity: Severity = Severity.WARNING
    words: str = ""
    group: FindingGroup | None = None


@dataclass(frozen=True, slots=True)
class NamedCheck:
    """A check with its name, its severity, and the group of what it finds unless a finding says another."""

    words: str
    severity: Severity
    group: FindingGroup
    find: Callable[[Ledger, date], Iterable[Finding]]


def finding_of(check: str, acts: Iterable[Action], text: str) -> Finding:
    """A note on one or more actions, of which the first names the participant and the source."""
    acts = tuple(acts)
    return Finding(check, text, acts[0].instrument, (acts[0].participant,), acts, acts[0].source)


def note_about(check: str, instrument: Instrument, text: str, source: str = "") -> Finding:
    """A note on an instrument."""
    return Finding(check, text, instrument.id, source=source)


def action_title(ledger: Ledger, act: Action) -> TranslatableText:
    """An act with its author and its instrument: `France: ratification (UNTOC)`."""
    return message(
        "{state}: {action} ({instrument})",
        state=name_of(ledger, act.participant), action=act.kind.words, instrument=title_of(ledger, act.instrument),
    )  # fmt: skip


NOT_KNOWN = message("a date not known")
ASPECTS = {
    CoverageAspect.SIGNATURES: message("signatures"),
    CoverageAspect.CONSENTS: message("ratifications and accessions"),
}


def note_of(fact: Fact) -> str:
    """What is uncertain about a fact, as a sentence of its own."""
    return f"{capitalize(fact.doubt.rstrip('.'))}." if fact.doubt else ""
