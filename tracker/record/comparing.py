"""What a status file says beside what the record holds of one instrument: new, corrected, confirmed, ended, missing.

Acts are compared by participant and by class (signature, consent, and each other kind for itself),
since a correction may change the kind and the date. Acts for a territory are no part of status
files and are left alone. Whether a difference may be recorded is asked of `caution`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tracker.law.dates import PartialDate
from tracker.law.deposits import consents
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An act that a status file prints, its participant known by code; in brackets if it no longer holds."""

    participant: str
    kind: ActionKind
    date: PartialDate
    bracketed: bool = False
    name: str = ""
    raw: str = ""


@dataclass(slots=True)
class Comparison:
    """What comparing found, each in the order of the file.

    `corrected` are pairs of the record's act and what the file has in its place; `ended` acts in
    brackets of whose end the record knows nothing, with the record's act if it has one; `missing`
    acts that hold in the record and that the file does not print.
    """

    new: list[Seen] = field(default_factory=list)
    corrected: list[tuple[Action, Seen]] = field(default_factory=list)
    confirmed: list[Action] = field(default_factory=list)
    ended: list[tuple[Seen, Action | None]] = field(default_factory=list)
    missing: list[Action] = field(default_factory=list)


def compare(ledger: Ledger, instrument: str, seen: Iterable[Seen]) -> Comparison:
    """The file's acts beside the ledger's acts on the instrument; the ledger must reach to the end of the record."""
    printed: dict[tuple[str, str], list[Seen]] = defaultdict(list)
    held: dict[tuple[str, str], list[Action]] = defaultdict(list)
    for each in seen:
        printed[each.participant, _class(each.kind)].append(each)
    for act in (*ledger.acts(instrument), *ledger.undated(instrument)):
        if not act.territory:
            held[act.participant, _class(act.kind)].append(act)
    over = _over(ledger, instrument)
    comparison = Comparison()
    for key in dict.fromkeys((*printed, *held)):
        _Pairing(printed.get(key, []), held.get(key, []), over, comparison).make()
    return comparison


def agree(kind: ActionKind, other: ActionKind) -> bool:
    """May two sources mean the same act by these kinds?"""
    vague = ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
    return kind is other or (vague in (kind, other) and kind.follows_signature and other.follows_signature)


def _says_no_less(held: ActionKind, printed: ActionKind) -> bool:
    """Is the held kind the printed one, or an exact one where the file leaves it open?"""
    return held is printed or (agree(held, printed) and held is not ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL)


def _class(kind: ActionKind) -> str:
    if kind.signs:
        return "signature"
    return "consent" if kind.consents else kind.value


def _over(ledger: Ledger, instrument: str) -> frozenset[Action]:
    """The acts of which the record knows the end: by a withdrawal, or with the participant itself."""
    spells = (spell for each in consents(ledger, instrument).values() for spell in each)
    ended = {spell.action for spell in spells if spell.ended_by}
    gone = {act for act in (*ledger.acts(instrument), *ledger.undated(instrument)) if act.participant in ledger.endings}
    return frozenset(ended | gone)


@dataclass(slots=True)
class _Pairing:
    """One participant's acts of one class, printed and held, being paired off."""

    printed: list[Seen]
    held: list[Action]
    over: Collection[Action]
    found: Comparison

    def make(self) -> None:
        plain = [each for each in self.printed if not each.bracketed]
        days = {each.date for each in plain}
        plain = [each for each in plain if not self._same_day(each)]
        for each in self.printed:
            if each.bracketed and each.date not in days:  # else it is the form that a correction replaced
                self._end(each)
        self.found.new += [each for each in plain if not self._corrected(each)]
        self.found.missing += [act for act in self.held if act not in self.over and _is_printed(act)]

    def _same_day(self, seen: Seen) -> bool:
        """Take the held act of that day, if there is one, as confirmed, or as corrected in its kind."""
        same = [act for act in self.held if _covers(seen.date, act.date)]
        agreeing = [act for act in same if _says_no_less(act.kind, seen.kind)]
        for act in agreeing or same[:1]:
            self.held.remove(act)
        if agreeing:
            self.found.confirmed += agreeing
        elif same:
            self.found.corrected.append((same[0], seen))
        return bool(same)

    def _end(self, seen: Seen) -> None:
        act = next((act for act in self.held if _covers(seen.date, act.date)), None)
        if act:
            self.held.remove(act)
        if act is not None and act in self.over:
            self.found.confirmed.append(act)
        else:
            self.found.ended.append((seen, act))

    def _corrected(self, seen: Seen) -> bool:
        """Take the nearest held act that still holds and may be the same one as corrected in its date."""
        open_ = [act for act in self.held if act not in self.over and agree(act.kind, seen.kind)]
        if not open_:
            return False
        act = min(open_, key=lambda each: _apart(each.date, seen.date))
        self.held.remove(act)
        self.found.corrected.append((act, seen))
        return True


def _covers(printed: PartialDate, held: PartialDate | None) -> bool:
    """Is the held date the printed one, or inside it where the file prints no more than a month or a year?"""
    return held is not None and printed.first <= held.first and held.last <= printed.last


def _apart(held: PartialDate | None, printed: PartialDate) -> int:
    return abs((held.first - printed.first).days) if held else 0


def _is_printed(act: Action) -> bool:
    """Is it of the kinds that every status file has a column for?"""
    return act.kind.signs or act.kind.consents
