"""What a status document says beside the record: new, corrected, confirmed, ended or missing, and what to do about it.

Pure: it decides what is recorded, what is corrected, and what is held for review and why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.errors import Refused
from tracker.law.dates import PartialDate, in_words
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Action, ActionKind
from tracker.storage import validation
from tracker.sync.participant_names import Names
from tracker.sync.review_queue import Discrepancy, EarlierDecision, Proposal
from tracker.sync.status_table import Sighting, StatusFile


@dataclass(frozen=True, slots=True)
class SyncThresholds:
    """How many of the record's acts a file may lack: so many, or that share of them, whichever is more."""

    few: int = 3
    share: float = 0.02

    def must_not_lack(self, missing: Collection[Action], held: int, reference: str) -> None:
        """Refused if the file lacks more than a few of the acts that the record has no doubt about."""
        sure = [act for act in missing if act.date and not act.doubt]
        if len(sure) > max(self.few, held * self.share):
            raise Refused(
                f"{reference}: {len(sure)} of the {held} acts in the record are not in the file; so many do not "
                "vanish. Nothing of it was recorded."
            )


def reason_to_hold(ledger: Ledger, instrument: str, seen: PrintedAction, today: date) -> str:
    """Why the act may not be recorded without an editor; empty if it may."""
    terms, who = ledger.instrument(instrument), ledger.participant(seen.participant)
    if seen.date.first > today:
        return f"It is dated in the future, {in_words(seen.date)}."
    if terms.adopted_on and seen.date.last < terms.adopted_on.first:
        return f"It is dated before the adoption of {terms.name} on {in_words(terms.adopted_on)}."
    if who.ceased_by(seen.date.first):
        return f"{who.name} had ceased to exist by then."
    if seen.kind.consents and terms.parent and terms.parent in validation.required_by(terms):
        return _lacks_convention(ledger, terms.parent, seen)
    return ""


def _lacks_convention(ledger: Ledger, convention: str, seen: PrintedAction) -> str:
    spells = consents(ledger, convention).get(seen.participant, ())
    holds = any(spell.ends_on is None or spell.ends_on > seen.date.first for spell in spells)
    undated = any(act.kind.consents for act in ledger.undated(convention, seen.participant))
    if holds or undated:
        return ""
    return f"It consents to a protocol without any consent to its convention, {ledger.instrument(convention).name}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAction:
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

    new: list[PrintedAction] = field(default_factory=list)
    corrected: list[tuple[Action, PrintedAction]] = field(default_factory=list)
    confirmed: list[Action] = field(default_factory=list)
    ended: list[tuple[PrintedAction, Action | None]] = field(default_factory=list)
    missing: list[Action] = field(default_factory=list)


def compare_actions(ledger: Ledger, instrument: str, seen: Iterable[PrintedAction]) -> Comparison:
    """The file's acts beside the ledger's acts on the instrument; the ledger must reach to the end of the record."""
    printed: dict[tuple[str, str], list[PrintedAction]] = defaultdict(list)
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


def kinds_agree(kind: ActionKind, other: ActionKind) -> bool:
    """May two sources mean the same act by these kinds?"""
    vague = ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
    return kind is other or (vague in (kind, other) and kind.follows_signature and other.follows_signature)


def _says_no_less(held: ActionKind, printed: ActionKind) -> bool:
    """Is the held kind the printed one, or an exact one where the file leaves it open?"""
    return held is printed or (
        kinds_agree(held, printed) and held is not ActionKind.RATIFICATION_ACCEPTANCE_OR_APPROVAL
    )


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

    printed: list[PrintedAction]
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

    def _same_day(self, seen: PrintedAction) -> bool:
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

    def _end(self, seen: PrintedAction) -> None:
        act = next((act for act in self.held if _covers(seen.date, act.date)), None)
        if act:
            self.held.remove(act)
        if act is not None and act in self.over:
            self.found.confirmed.append(act)
        else:
            self.found.ended.append((seen, act))

    def _corrected(self, seen: PrintedAction) -> bool:
        """Take the nearest held act that still holds and may be the same one as corrected in its date."""
        open_ = [act for act in self.held if act not in self.over and kinds_agree(act.kind, seen.kind)]
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


UNKNOWN = "The record knows no participant of that name, or two of it."
ENDED = "It stands in brackets: it was done and no longer holds, and the file does not say since when."
MISSING = "The record has it, and the file does not print it."


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncDecision:
    """Acts to record, acts to correct as (before, after), doubts to hold, and how many acts agree already.

    `put_aside` counts the doubts that an editor has rejected before.
    """

    recorded: tuple[Action, ...]
    corrected: tuple[tuple[Action, Action], ...]
    doubts: tuple[Discrepancy, ...]
    put_aside: int
    unchanged: int

    @property
    def going(self) -> tuple[Action, ...]:
        """The acts that leave the record."""
        return tuple(before for before, _ in self.corrected)

    @property
    def coming(self) -> tuple[Action, ...]:
        """The acts that enter it."""
        return (*self.recorded, *(after for _, after in self.corrected))


def decide(
    ledger: Ledger, instrument: str, file: StatusFile, *, said: EarlierDecision, caution: SyncThresholds, today: date
) -> SyncDecision:
    """The verdict on a file of the instrument, beside a ledger that reaches to the end of the record.

    Refused if the file lacks too many of the record's acts.
    """
    seen = _named(ledger, file, said)
    known = [each for each in seen if each.participant]
    found = compare_actions(ledger, instrument, known)
    _must_be_whole(found, ledger, file, said, caution)
    reasons = {each: reason_to_hold(ledger, instrument, each, today) for each in _coming(found)}
    doubts = [
        *(_doubted(each, instrument, file, UNKNOWN) for each in seen if not each.participant),
        *(_doubted(each, instrument, file, reason) for each, reason in reasons.items() if reason),
        *(_doubted(each, instrument, file, ENDED) for each, _ in found.ended),
        *(_missing(act, ledger, file) for act in found.missing),
    ]
    held = said.without_rejected(doubts)
    source = f"UN Treaty Collection status file, retrieved {file.retrieved_at:%Y-%m-%d}, {file.url}"
    return SyncDecision(
        recorded=tuple(action_of(instrument, each, source) for each in found.new if not reasons[each]),
        corrected=tuple(
            (act, action_of(instrument, each, source, act)) for act, each in found.corrected if not reasons[each]
        ),
        doubts=tuple(held),
        put_aside=len(doubts) - len(held),
        unchanged=len(found.confirmed),
    )


def action_of(instrument: str, seen: PrintedAction, source: str, before: Action | None = None) -> Action:
    """The act to record for what was seen, in the place of the one `before` if that is corrected.

    What the earlier source said of its effect stays while the day stays; a note says what was corrected.
    """
    act = Action(instrument=instrument, participant=seen.participant, kind=seen.kind, date=seen.date, source=source)
    if before is None:
        return act
    day = f" {before.date}" if before.date else " without a day"
    note = f"corrects {before.kind.words}{day} (source: {before.source})"
    effect = before.effective_on if before.date == seen.date else None
    return replace(act, effective_on=effect, note="; ".join(filter(None, (before.note, note))))


def _named(ledger: Ledger, file: StatusFile, said: EarlierDecision) -> list[PrintedAction]:
    """The sightings with the codes of their participants, empty where the record and the editors know none."""
    names = Names(ledger.participants.values())
    return [_seen(each, names.resolve(each.name) or said.names.get(each.name, "")) for each in file.sightings]


def _seen(each: Sighting, code: str) -> PrintedAction:
    return PrintedAction(
        participant=code, kind=each.kind, date=each.date, bracketed=each.withdrawn, name=each.name, raw=each.raw
    )


def _coming(found: Comparison) -> list[PrintedAction]:
    return [*found.new, *(seen for _, seen in found.corrected)]


def _must_be_whole(
    found: Comparison, ledger: Ledger, file: StatusFile, said: EarlierDecision, caution: SyncThresholds
) -> None:
    lost = [act for act in found.missing if _missing(act, ledger, file).key not in said.rejected]
    caution.must_not_lack(lost, len(found.confirmed) + len(found.corrected) + len(lost), file.reference)


def _doubted(seen: PrintedAction, instrument: str, file: StatusFile, reason: str) -> Discrepancy:
    return Discrepancy(
        proposal=Proposal.END if seen.bracketed else Proposal.RECORD,
        instrument=instrument,
        name=seen.name,
        kind=seen.kind,
        date=seen.date,
        reason=reason,
        participant=seen.participant,
        raw=seen.raw,
        url=file.url,
    )


def _missing(act: Action, ledger: Ledger, file: StatusFile) -> Discrepancy:
    return Discrepancy(
        proposal=Proposal.RETRACT,
        instrument=act.instrument,
        name=name_of(ledger, act.participant),
        kind=act.kind,
        date=act.date,
        reason=MISSING,
        participant=act.participant,
        url=file.url,
    )
