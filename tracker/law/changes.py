"""What differs between two ledgers: acts, standings, counts, entries into force, judgements and findings.

The two may be one record on two days (then what fell due in between is the difference), or the record
before and after a sync or a correction. Only what can differ is looked at (`touched`). A change is a
pure value with a stable key (`change`); whom to tell of it is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.errors import BadClause
from tracker.law.change import Change, ChangeKind
from tracker.law.checks import Finding
from tracker.law.consistency import findings
from tracker.law.dates import PartialDate, in_words
from tracker.law.force import EntryIntoForce, ForceStatus
from tracker.law.judgements import judgement_changes
from tracker.law.ledger import Ledger
from tracker.law.model import Action, ActionKind
from tracker.law.naming import name_of, names_in
from tracker.law.standing import Standing, Status, standings
from tracker.law.status import InstrumentStatus, status
from tracker.law.touched import closure, touched


def between(before: Ledger, after: Ledger) -> tuple[Change, ...]:
    """Everything that differs from one ledger to the other, each with a key of its own.

    Order: by instrument in the order of the record (acts, standings, counts, entry into force), then
    judgements, then findings. The same two ledgers give the same changes.
    """
    names = touched(before, after)
    found = [change for name in names for change in _of_instrument(before, after, name)]
    found += judgement_changes(before, after)
    found += _finding_changes(before, after, names)
    return tuple({change.key: change for change in found}.values())


def _of_instrument(before: Ledger, after: Ledger, name: str) -> Iterator[Change]:
    acts = tuple(_act_changes(before, after, name))
    yield from acts
    source = "; ".join(dict.fromkeys(act.source for act in acts if act.source))
    try:
        was, now = (status(ledger, name) if name in ledger.instruments else None for ledger in (before, after))
    except BadClause:
        return  # told by the finding on its clause; nothing follows from such terms
    moved = tuple(_standing_changes(before, after, name))
    yield from moved
    days = [change.day for change in moved if change.day]
    yield from _Course(after, name, was, now, max(days, default=None), source).changes()


# -- acts ------------------------------------------------------------------------------------------


def _act_changes(before: Ledger, after: Ledger, name: str) -> Iterator[Change]:
    was, now = ((*ledger.acts(name), *ledger.undated(name)) for ledger in (before, after))
    gone = {act: None for act in was if act not in set(now)}
    come = {act: None for act in now if act not in set(was)}
    new = ChangeKind.ACT_DONE if before.is_view_of_same_record(after) else ChangeKind.ACT_RECORDED
    for act in come:
        earlier = next((each for each in gone if each.subject == act.subject), None)
        if earlier is None:
            yield _act_change(after, new, act)
        else:
            del gone[earlier]
            yield _act_change(after, ChangeKind.ACT_CORRECTED, act, earlier)
    for act in gone:
        yield _act_change(before, ChangeKind.ACT_RETRACTED, act)


def _act_change(ledger: Ledger, kind: ChangeKind, act: Action, earlier: Action | None = None) -> Change:
    towards = _TOWARDS.get(act.kind, "of")
    what = f"{name_of(ledger, act.participant)}: {act.kind.words} {towards} {names_in(ledger)(act.instrument)}"
    gone = kind is ChangeKind.ACT_RETRACTED
    words = {
        ChangeKind.ACT_DONE: f"{what}, {_dated(act)}.",
        ChangeKind.ACT_RECORDED: f"{what}, {_dated(act)}, was recorded.",
        ChangeKind.ACT_RETRACTED: f"{what}, {_dated(act)}, was taken out of the record.",
        ChangeKind.ACT_CORRECTED: f"{what} was corrected: {_said(act)}; before: {_said(earlier or act)}.",
    }
    was, now = (_said(act), "") if gone else (_said(earlier) if earlier else "", _said(act))
    return Change(
        kind=kind, words=words[kind], instrument=act.instrument, participant=act.participant,
        day=None if gone else act.known_by, before=was, after=now, source=act.source,
        about=" ".join(filter(None, (act.kind, act.territory, act.source))),
    )  # fmt: skip


_TOWARDS = {
    ActionKind.ACCESSION: "to",
    ActionKind.SUCCESSION: "to",
    ActionKind.WITHDRAWAL: "from",
    ActionKind.WITHDRAWAL_CANCELLED: "from",
    ActionKind.REVOCATION: "to",
    ActionKind.CONSENT_TO_BE_BOUND: "by",
}


def _dated(act: Action) -> str:
    return in_words(act.date) if act.date else "without a day"


def _said(act: Action) -> str:
    """Everything that an act says of itself, so that two different acts never read the same."""
    effect = f"with effect from {in_words(act.effective_on)}" if act.effective_on else ""
    source = f"source: {act.source}" if act.source else ""
    return "; ".join(filter(None, (_dated(act), effect, act.note, act.doubt, source)))


# -- standings -------------------------------------------------------------------------------------

_BECAME = {
    Status.SIGNATORY: (ChangeKind.SIGNED, "became a signatory of"),
    Status.CONTRACTING_PARTY: (ChangeKind.CONSENTED, "became a contracting party to"),
    Status.PARTY: (ChangeKind.BOUND, "became a party to"),
    Status.WITHDRAWN: (ChangeKind.WITHDREW, "is no longer a party to"),
    Status.NONE: (ChangeKind.STANDING_ENDED, "no longer has any standing towards"),
}


def _standing_changes(before: Ledger, after: Ledger, name: str) -> Iterator[Change]:
    was, now = (_standings(ledger, name) for ledger in (before, after))
    for code in sorted(was.keys() | now.keys()):
        old = was[code].status if code in was else Status.NONE
        new = now[code].status if code in now else Status.NONE
        if old is not new:
            yield _standing_change(after, name, code, old, now.get(code))


def _standings(ledger: Ledger, name: str) -> Mapping[str, Standing]:
    return {each.participant: each for each in standings(ledger, name)} if name in ledger.instruments else {}


def _standing_change(ledger: Ledger, name: str, code: str, old: Status, now: Standing | None) -> Change:
    new = now.status if now else Status.NONE
    kind, became = _BECAME[new]
    day = _last(now.since) if now and now.since else ledger.endings.get(code) if new is Status.NONE else None
    why = f" {now.why}" if now else ""
    source = "; ".join(dict.fromkeys(act.source for act in now.acts if act.source)) if now else ""
    return Change(
        kind=kind, words=f"{name_of(ledger, code)} {became} {names_in(ledger)(name)}.{why}", instrument=name,
        participant=code, day=day, before=old.value, after=new.value, source=source,
    )  # fmt: skip


def _last(day: date | PartialDate) -> date:
    return day.last if isinstance(day, PartialDate) else day


# -- counts and entry into force -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Course:
    """One instrument's counts, threshold and entry into force in the two ledgers; None where it is unknown.

    `day` is the last day on which a standing changed, `source` where the acts that differ come from.
    """

    ledger: Ledger
    name: str
    was: InstrumentStatus | None
    now: InstrumentStatus | None
    day: date | None
    source: str

    def changes(self) -> Iterator[Change]:
        yield from self._counts()
        yield from self._threshold()
        yield from self._date()
        yield from self._force()

    def _change(
        self, kind: ChangeKind, words: str, day: date | None, before: object = None, after: object = None
    ) -> Change:
        name = names_in(self.ledger)(self.name)
        was, now = ("" if each is None else str(each) for each in (before, after))
        return Change(
            kind=kind, words=f"{name[0].upper()}{name[1:]} {words}", instrument=self.name, day=day,
            before=was, after=now, source=self.source,
        )  # fmt: skip

    def _counts(self) -> Iterator[Change]:
        old, new = (_numbers(each) for each in (self.was, self.now))
        settled = self.was and self.now and _entered(self.was.entry) and _entered(self.now.entry)
        for kind, word in _COUNTS.items():
            if old[kind] != new[kind] and not (settled and kind is ChangeKind.COUNTED):
                words = f"has {new[kind]} {word}, before {old[kind]}."
                yield self._change(kind, words, self.day, old[kind], new[kind])

    def _threshold(self) -> Iterator[Change]:
        old, new = (each.entry.threshold if each else None for each in (self.was, self.now))
        before, after = (each.reached_on if each else None for each in (old, new))
        if new and after and not before:
            number = f"{new.required} deposits" if new.required else "deposits"
            by = ", ".join(name_of(self.ledger, code) for code in new.reached_by)
            words = f"has the {number} that it needs, since {in_words(after)}" + (f" ({by})." if by else ".")
            yield self._change(ChangeKind.THRESHOLD_REACHED, words, after, None, after)
        elif before and not after:
            yield self._change(ChangeKind.THRESHOLD_UNDONE, "lacks deposits that it needs again.", None, before)

    def _date(self) -> Iterator[Change]:
        old, new = (each.entry.date if each else None for each in (self.was, self.now))
        if new and not old and self.now:
            tense = "is in force since" if _entered(self.now.entry) else "will enter into force on"
            words = f"{tense} {in_words(new)}. {self.now.entry.why}"
            yield self._change(ChangeKind.DATE_FIXED, words, new, None, new)
        elif old and not new:
            words = f"no longer has a day of entry into force; it was {in_words(old)}."
            yield self._change(ChangeKind.DATE_UNFIXED, words, None, old)
        elif old != new:
            words = f"enters into force on {in_words(new)}, not on {in_words(old)}."
            yield self._change(ChangeKind.DATE_MOVED, words, new, old, new)

    def _force(self) -> Iterator[Change]:
        old, new = (each.entry if each else None for each in (self.was, self.now))
        if new and _entered(new) and not (old and _entered(old)):
            words = f"entered into force on {in_words(new.date)}. {new.why}"
            yield self._change(ChangeKind.ENTERED_INTO_FORCE, words, new.date, old and old.status, new.status)
        if new and new.ended_on and not (old and old.ended_on):
            words = f"ended on {in_words(new.ended_on)}. {new.why}"
            yield self._change(ChangeKind.TERMINATED, words, new.ended_on, old and old.status, new.status)


_COUNTS = {
    ChangeKind.SIGNATORIES: "signatories",
    ChangeKind.PARTIES: "parties",
    ChangeKind.COUNTED: "deposits that count towards its entry into force",
}


def _numbers(now: InstrumentStatus | None) -> dict[ChangeKind, int]:
    signatories, parties = (now.signatories, now.parties) if now else (0, 0)
    counted = now.entry.threshold.counted if now else 0
    return {ChangeKind.SIGNATORIES: signatories, ChangeKind.PARTIES: parties, ChangeKind.COUNTED: counted}


def _entered(entry: EntryIntoForce) -> bool:
    return entry.status in (ForceStatus.IN_FORCE, ForceStatus.TERMINATED)


# -- findings --------------------------------------------------------------------------------------


def _finding_changes(before: Ledger, after: Ledger, names: Iterable[str]) -> Iterator[Change]:
    wanted = frozenset(names)
    if not wanted:
        return
    was, now = (_findings(ledger, wanted) for ledger in (before, after))
    for matter in dict.fromkeys((*now, *was)):
        old, new = was.get(matter, []), now.get(matter, [])
        yield from (_finding_change(ChangeKind.FINDING_OPENED, each) for each in _extra(new, old))
        yield from (_finding_change(ChangeKind.FINDING_CLOSED, each) for each in _extra(old, new))


def _findings(ledger: Ledger, wanted: frozenset[str]) -> dict[tuple[object, ...], list[Finding]]:
    """What the checks find on these instruments, by the matter: that stays when a number in the text changes."""
    found: dict[tuple[object, ...], list[Finding]] = {}
    for each in findings(ledger.only(closure(ledger, wanted)), ledger.horizon):
        if each.instrument in wanted:
            acts = tuple((*act.subject, str(act.date or "")) for act in each.acts)
            found.setdefault((each.check, each.instrument, each.participants, acts, each.source), []).append(each)
    return found


def _extra(these: list[Finding], those: list[Finding]) -> list[Finding]:
    """As many of these as there are more than those, the ones with words of their own first."""
    known = {each.text for each in those}
    fresh = sorted(these, key=lambda each: each.text in known)
    return fresh[: max(0, len(these) - len(those))]


def _finding_change(kind: ChangeKind, finding: Finding) -> Change:
    closed = "No longer so: " if kind is ChangeKind.FINDING_CLOSED else ""
    return Change(
        kind=kind, words=closed + finding.text, instrument=finding.instrument,
        participant=finding.participants[0] if len(finding.participants) == 1 else "", source=finding.source,
        before=finding.text if closed else "", after="" if closed else finding.text, about=finding.check,
    )  # fmt: skip
