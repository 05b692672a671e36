"""The acts that a status file prints beside the acts of the record: which are the same, corrected, further or missing.

Pure. A deposit is never taken for a correction of an earlier one where it may be a new act: a participant that left and
came back is printed with its last consent only, so a consent that moves forward is a question, not a slip.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.law.clause_parser import clause_of
from tracker.law.dates import PartialDate
from tracker.law.effects import effect_of_deposit
from tracker.law.entry_into_force import consents, entry_into_force
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind
from tracker.sync.text_sections import Departure

FEW_MONTHS = timedelta(days=92)  # by so much a corrected consent may move forward


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAction:
    """An act that a status file prints, its participant known by code; in brackets if it no longer holds.

    `departure` is its end as a footnote says it; `either` tells that its cell prints several dates for one act.
    """

    participant: str
    kind: ActionKind
    date: PartialDate
    bracketed: bool = False
    name: str = ""
    raw: str = ""
    departure: Departure | None = None
    either: bool = False


@dataclass(slots=True)
class Comparison:
    """What comparing found, each in the order of the file.

    `corrected` are pairs of the record's act and what the file has in its place; `moved` such pairs of
    which the printed act may be a further one as well; `ended` acts in brackets of whose end the record
    knows nothing, with the record's act if it has one; `followed` acts that hold in the record, with the
    later act that the file prints alone; `unclear` acts of a cell with several dates; `missing` acts that
    hold in the record and that the file does not print.
    """

    new: list[PrintedAction] = field(default_factory=list)
    corrected: list[tuple[Action, PrintedAction]] = field(default_factory=list)
    moved: list[tuple[Action, PrintedAction]] = field(default_factory=list)
    confirmed: list[Action] = field(default_factory=list)
    ended: list[tuple[PrintedAction, Action | None]] = field(default_factory=list)
    followed: list[tuple[Action, PrintedAction]] = field(default_factory=list)
    unclear: list[PrintedAction] = field(default_factory=list)
    missing: list[Action] = field(default_factory=list)


def compare_actions(
    ledger: Ledger, instrument: str, seen: Iterable[PrintedAction], in_doubt: Collection[tuple[str, PartialDate]] = ()
) -> Comparison:
    """The file's acts beside the ledger's acts on the instrument; the ledger must reach to the end of the record.

    `in_doubt` are the acts, as participant and date, of which an end or a disappearance waits for an editor.
    """
    printed: dict[tuple[str, str], list[PrintedAction]] = defaultdict(list)
    held: dict[tuple[str, str], list[Action]] = defaultdict(list)
    for each in seen:
        printed[each.participant, _class(each.kind)].append(each)
    for act in (*ledger.acts(instrument), *ledger.undated(instrument)):
        if not act.territory:
            held[act.participant, _class(act.kind)].append(act)
    left = {code for (code, sort), acts in printed.items() if sort == "consent" for act in acts if act.bracketed}
    about = _Record(ledger, instrument, _over(ledger, instrument), frozenset(left), in_doubt)
    comparison = Comparison()
    for key in dict.fromkeys((*printed, *held)):
        _Pairing(printed.get(key, []), held.get(key, []), about, comparison).make()
    return comparison


def kinds_agree(kind: ActionKind, other: ActionKind) -> bool:
    """May two sources mean the same act by these kinds?"""
    kinds = (kind, other)
    if kind is other or (ActionKind.CONSENT_TO_BE_BOUND in kinds and kind.consents and other.consents):
        return True
    vague = ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
    return vague in kinds and kind.follows_signature and other.follows_signature


def _says_no_less(held: ActionKind, printed: ActionKind) -> bool:
    """Is the held kind the printed one, or an exact one where the file leaves it open?"""
    return held is printed or (kinds_agree(held, printed) and _exactness(held) > _exactness(printed))


def _exactness(kind: ActionKind) -> int:
    if kind is ActionKind.CONSENT_TO_BE_BOUND:
        return 0
    return 1 if kind is ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL else 2


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


@dataclass(frozen=True, slots=True)
class _Record:
    """What the record says of the instrument as a whole; `left` have a consent in brackets in the file."""

    ledger: Ledger
    instrument: str
    over: Collection[Action]
    left: Collection[str]
    in_doubt: Collection[tuple[str, PartialDate]]

    def is_in_doubt(self, act: Action) -> bool:
        return act.date is not None and (act.participant, act.date) in self.in_doubt

    def takes_effect(self, act: Action) -> date | None:
        """The day after that of a consent on which it has its effect, where it is stated or follows from the clause."""
        if act.effective_on:
            return act.effective_on.first
        clause = clause_of(self.ledger.instrument(self.instrument))
        entry = entry_into_force(self.ledger, self.instrument)
        day = effect_of_deposit(self.ledger, clause, entry, act).day
        return day if day and act.counts_from and day > act.counts_from else None


@dataclass(slots=True)
class _Pairing:
    """One participant's acts of one class, printed and held, being paired off."""

    printed: list[PrintedAction]
    held: list[Action]
    record: _Record
    found: Comparison

    def make(self) -> None:
        plain = [each for each in self.printed if not self._is_ended(each)]
        days = {each.date for each in plain}
        rest = [each for each in plain if not self._same_day(each)]
        for each in self.printed:
            if self._is_ended(each) and each.date not in days:  # else it is the form that a correction replaced
                self._end(each)
        unclear = [each for each in rest if each.either]
        self.found.unclear += unclear
        for each in rest:
            if not each.either and not self._instead(each):
                self.found.new.append(each)
        left = [] if unclear else [act for act in self.held if act not in self.record.over and _is_printed(act)]
        for act in left:
            self._leave(act, plain)

    def _is_ended(self, seen: PrintedAction) -> bool:
        """Does it stand in brackets of its own? A signature in the brackets of a consent was given all the same."""
        return seen.bracketed and not (seen.kind.signs and seen.participant in self.record.left)

    def _same_day(self, seen: PrintedAction) -> bool:
        """Take the held act of that day, if there is one, as confirmed, or as corrected in its kind."""
        same = [act for act in self.held if covers(seen.date, act.date)]
        agreeing = [act for act in same if _says_no_less(act.kind, seen.kind)]
        for act in agreeing or same[:1]:
            self.held.remove(act)
        if agreeing:
            self.found.confirmed += agreeing
        elif same:
            self.found.corrected.append((same[0], seen))
        return bool(same)

    def _end(self, seen: PrintedAction) -> None:
        act = next((act for act in self.held if covers(seen.date, act.date)), None)
        if act:
            self.held.remove(act)
        if act is not None and act in self.record.over:
            self.found.confirmed.append(act)
        else:
            self.found.ended.append((seen, act))

    def _instead(self, seen: PrintedAction) -> bool:
        """Take the held act that may be the same one, nearest in kind and date, as corrected, or as a question."""
        open_ = [act for act in self.held if act not in self.record.over]
        if not open_:
            return False
        act = min(open_, key=lambda each: (not kinds_agree(each.kind, seen.kind), _apart(each.date, seen.date)))
        if self._may_be_further(act, seen):
            if self.record.is_in_doubt(act) or not kinds_agree(act.kind, seen.kind):
                return False
            self.found.moved.append((act, seen))
        elif _class(act.kind) == "consent" or kinds_agree(act.kind, seen.kind):
            self.found.corrected.append((act, seen))
        else:
            return False
        self.held.remove(act)
        return True

    def _may_be_further(self, act: Action, seen: PrintedAction) -> bool:
        """Is the printed consent one that may have been given after the held one had its effect, or its end?"""
        if not seen.kind.consents or not act.date or seen.date.first <= act.date.last:
            return False
        effect = self.record.takes_effect(act)
        past = effect is not None and seen.date.first > effect
        return past or seen.date.first - act.date.last > FEW_MONTHS or self.record.is_in_doubt(act)

    def _leave(self, act: Action, plain: Iterable[PrintedAction]) -> None:
        """Note what the file does not print: a consent that a later one follows has ended, nobody knows when."""
        later = [each for each in plain if each.kind.consents and act.date and each.date.first > act.date.last]
        if later:
            self.found.followed.append((act, later[0]))
        else:
            self.found.missing.append(act)


def covers(printed: PartialDate, held: PartialDate | None) -> bool:
    """Is the held date the printed one, or inside it where the file prints no more than a month or a year?"""
    return held is not None and printed.first <= held.first and held.last <= printed.last


def _apart(held: PartialDate | None, printed: PartialDate) -> int:
    return abs((held.first - printed.first).days) if held else 0


def _is_printed(act: Action) -> bool:
    """Is it of the kinds that every status file has a column for?"""
    return act.kind.signs or act.kind.consents
