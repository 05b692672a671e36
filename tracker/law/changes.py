"""What differs between two ledgers, as changes with a sentence and a stable key: the only notion of an event.

Actions, statuses, counts, entries into force, assessments and check results are compared, for the instruments that
`affected` names. Alerts, feeds and the change log are made from these.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.errors import BadClause
from tracker.law import assessments
from tracker.law.affected import DateWindow, affected_instruments, date_window, with_related_instruments
from tracker.law.checks import Finding, run_checks
from tracker.law.dates import PartialDate, in_words
from tracker.law.explanation import EntryIntoForce, ForceStatus
from tracker.law.ledger import Ledger, name_of, names_in
from tracker.law.model import Action, ActionKind, Assessment
from tracker.law.status import InstrumentStatus, ParticipantStanding, ParticipantStatus, participant_standings, status


class ChangeKind(StrEnum):
    """What sort of change it is. The first four are of single acts, the next six of one participant's standing."""

    ACT_RECORDED = "act-recorded"
    ACT_RETRACTED = "act-retracted"
    ACT_CORRECTED = "act-corrected"
    ACT_DONE = "act-done"
    SIGNED = "became-signatory"
    APPLIED = "applies-provisionally"
    CONSENTED = "became-contracting-party"
    BOUND = "became-party"
    WITHDREW = "withdrew"
    STANDING_ENDED = "standing-ended"
    SIGNATORIES = "signatories"
    PARTIES = "parties"
    COUNTED = "deposits-counted"
    THRESHOLD_REACHED = "threshold-reached"
    THRESHOLD_UNDONE = "threshold-undone"
    DATE_FIXED = "date-fixed"
    DATE_MOVED = "date-moved"
    DATE_UNFIXED = "date-unfixed"
    ENTERED_INTO_FORCE = "entered-into-force"
    TERMINATED = "terminated"
    LISTED = "listed"
    DELISTED = "delisted"
    REASSESSED = "reassessed"
    ROUND_BEGUN = "round-begun"
    ROUND_ENDED = "round-ended"
    FINDING_OPENED = "finding-opened"
    FINDING_CLOSED = "finding-closed"

    @property
    def counts(self) -> bool:
        """Are its `before` and `after` numbers?"""
        return self in (ChangeKind.SIGNATORIES, ChangeKind.PARTIES, ChangeKind.COUNTED)

    @property
    def words(self) -> str:
        """The kind as people say it."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two ledgers.

    `day` is the day in legal time since which it is so, None where there is none (a finding, a
    retraction) or the record lacks it. `before` and `after` are the two states in words or numbers, empty
    for none. `about` tells apart changes that agree in all else (two sources of one act).
    """

    kind: ChangeKind
    words: str
    instrument: str = ""
    participant: str = ""
    body: str = ""
    scheme: str = ""
    day: date | None = None
    before: str = ""
    after: str = ""
    source: str = ""
    about: str = ""

    @property
    def key(self) -> str:
        """The same for the same difference whenever it is found: 32 hexadecimal digits."""
        day = self.day.isoformat() if self.day else ""
        what = [self.kind, self.instrument, self.participant, self.body, self.scheme]
        said = [*what, day, self.before, self.after, self.about]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]

    def reaches(self, number: int) -> bool:
        """Did a count rise to that number or beyond, from below it?"""
        return self.kind.counts and int(self.before) < number <= int(self.after)

    def falls_below(self, number: int) -> bool:
        """Did a count fall below that number, from it or above?"""
        return self.kind.counts and int(self.after) < number <= int(self.before)


def assessment_changes(before: Ledger, after: Ledger) -> Iterator[Change]:
    """The changes in every scheme whose judgements, or whose day, differ; by scheme, then participant."""
    span, same = date_window(before, after), before.is_view_of_same_record(after)
    for scheme in dict.fromkeys((*after.schemes, *before.schemes)):
        was, now = before.schemes.get(scheme, ()), after.schemes.get(scheme, ())
        if (same or was == now) and not _turns(now, span):
            continue
        yield from _in_lists(before, after, scheme)
        yield from _in_rounds(before, after, scheme)


def _turns(judged: tuple[Assessment, ...], span: DateWindow) -> bool:
    """Does any of these judgements begin or end between the two days?"""
    return any(span.has(day) for each in judged for day in assessments.change_dates(each))


def _in_lists(before: Ledger, after: Ledger, scheme: str) -> Iterator[Change]:
    was, now = (_held(ledger, scheme) for ledger in (before, after))
    unknown = _lacks_a_part(before, scheme) or _lacks_a_part(after, scheme)
    for code in sorted(was.keys() | now.keys()):
        old, new = was.get(code), now.get(code)
        if old and new:
            if old.value != new.value:
                yield _change(after, ChangeKind.REASSESSED, new, old.value, new.value, _begins(new))
        elif new and not unknown:
            yield _change(after, ChangeKind.LISTED, new, "", new.value, _begins(new))
        elif old and not unknown:
            ended = _ended(after, old) or (old.end.last if old.end else None)
            yield _change(after, ChangeKind.DELISTED, old, old.value, "", ended)


def _held(ledger: Ledger, scheme: str) -> Mapping[str, Assessment]:
    return assessments.assessments_in_force(ledger, scheme) if scheme in ledger.schemes else {}


def _lacks_a_part(ledger: Ledger, scheme: str) -> bool:
    if scheme not in ledger.schemes:
        return False
    edition = assessments.edition_on(ledger, scheme, ledger.horizon)
    return edition is not None and not edition.complete


def _ended(after: Ledger, old: Assessment) -> date | None:
    """The day on which the judgement ended, as the later record has it."""
    theirs = (j for j in after.schemes.get(old.scheme, ()) if j.subject == old.subject)
    return next((judged.end.last for judged in theirs if judged.end), None)


def _in_rounds(before: Ledger, after: Ledger, scheme: str) -> Iterator[Change]:
    was, now = (_running(ledger, scheme) for ledger in (before, after))
    for name, begun in now.items():
        if name not in was:
            yield _change(after, ChangeKind.ROUND_BEGUN, begun, "", begun.value, _begins(begun))
    for name, over in was.items():
        if name not in now:
            yield _change(after, ChangeKind.ROUND_ENDED, over, over.value, "", over.end.last if over.end else None)


def _running(ledger: Ledger, scheme: str) -> dict[tuple[str, ...], Assessment]:
    rounds = assessments.evaluation_rounds(ledger, scheme) if scheme in ledger.schemes else ()
    return {each.subject: each for each in rounds if assessments.is_in_force(each, ledger.horizon)}


def _begins(judged: Assessment) -> date | None:
    return judged.start.last if judged.start else None


def _change(ledger: Ledger, kind: ChangeKind, judged: Assessment, before: str, after: str, day: date | None) -> Change:
    edition = f", {judged.edition} edition" if judged.edition else ""
    body = ledger.bodies.get(judged.body)
    whose = f"'{judged.scheme}' of {body.short_name if body else judged.body}{edition}"
    said = {
        ChangeKind.LISTED: f"is on {whose}: {after}",
        ChangeKind.DELISTED: f"is no longer on {whose}; it was {before}",
        ChangeKind.REASSESSED: f"is {after}, before {before}, on {whose}",
        ChangeKind.ROUND_BEGUN: f"{after} of {whose} has begun",
        ChangeKind.ROUND_ENDED: f"{before} of {whose} has ended",
    }[kind]
    who = f"{name_of(ledger, judged.participant)} " if judged.participant else ""
    since = f" ({in_words(day)})" if day else ""
    words = f"{who}{said}{since}." + (" Unverified." if judged.unverified else "")
    return Change(
        kind=kind, words=words[0].upper() + words[1:], participant=judged.participant, body=judged.body,
        scheme=judged.scheme, day=day, before=before, after=after, source=judged.source, about=judged.edition,
    )  # fmt: skip


def changes_between(before: Ledger, after: Ledger) -> tuple[Change, ...]:
    """Everything that differs from one ledger to the other, each with a key of its own.

    Order: by instrument in the order of the record (acts, standings, counts, entry into force), then
    judgements, then findings. The same two ledgers give the same changes.
    """
    names = affected_instruments(before, after)
    found = [change for name in names for change in _of_instrument(before, after, name)]
    found += assessment_changes(before, after)
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
        day=None if gone else act.counts_from, before=was, after=now, source=act.source,
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
    ParticipantStatus.SIGNATORY: (ChangeKind.SIGNED, "became a signatory of"),
    ParticipantStatus.PROVISIONAL: (ChangeKind.APPLIED, "applies provisionally"),
    ParticipantStatus.CONTRACTING_PARTY: (ChangeKind.CONSENTED, "became a contracting party to"),
    ParticipantStatus.PARTY: (ChangeKind.BOUND, "became a party to"),
    ParticipantStatus.WITHDRAWN: (ChangeKind.WITHDREW, "is no longer a party to"),
    ParticipantStatus.NONE: (ChangeKind.STANDING_ENDED, "no longer has any standing towards"),
}


def _standing_changes(before: Ledger, after: Ledger, name: str) -> Iterator[Change]:
    was, now = (_standings(ledger, name) for ledger in (before, after))
    for code in sorted(was.keys() | now.keys()):
        old = was[code].status if code in was else ParticipantStatus.NONE
        new = now[code].status if code in now else ParticipantStatus.NONE
        if old is not new:
            yield _standing_change(after, name, code, old, now.get(code))


def _standings(ledger: Ledger, name: str) -> Mapping[str, ParticipantStanding]:
    return (
        {each.participant: each for each in participant_standings(ledger, name)} if name in ledger.instruments else {}
    )


def _standing_change(
    ledger: Ledger, name: str, code: str, old: ParticipantStatus, now: ParticipantStanding | None
) -> Change:
    new = now.status if now else ParticipantStatus.NONE
    kind, became = _BECAME[new]
    day = _last(now.since) if now and now.since else ledger.endings.get(code) if new is ParticipantStatus.NONE else None
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
    for each in run_checks(ledger.only(with_related_instruments(ledger, wanted)), ledger.horizon):
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
