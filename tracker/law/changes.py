"""What differs between two ledgers, as changes with a sentence and a stable key: the only notion of an event.

Actions, statuses, counts, entries into force, assessments and check results are compared, for the instruments that
`affected` names. Alerts, feeds and the change log are made from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.errors import BadClause
from tracker.law import assessments
from tracker.law.affected import (
    DateWindow,
    affected_instruments,
    corrected_acts,
    date_window,
    with_related_instruments,
)
from tracker.law.change import Change, ChangeKind
from tracker.law.checks import Finding, run_checks
from tracker.law.dates import PartialDate, in_words, when
from tracker.law.ledger import Ledger, name_of, names_in
from tracker.law.model import Action, Assessment
from tracker.law.reference_facts import StatementKind
from tracker.law.statement_changes import StatementChange, StatementTurn, statement_changes
from tracker.law.status import InstrumentStatus, ParticipantStanding, ParticipantStatus, participant_standings, status
from tracker.law.threshold import EntryIntoForce, ForceStatus
from tracker.law.wording import SentenceStart, paragraph
from tracker.messages import TranslatableText, message, plural

__all__ = ["Change", "ChangeKind", "assessment_changes", "changes_between"]


def assessment_changes(before: Ledger, after: Ledger) -> Iterator[Change]:
    """The changes in every scheme whose assessments, or whose day, differ; by scheme, then participant."""
    span, same = date_window(before, after), before.is_view_of_same_record(after)
    for scheme in dict.fromkeys((*after.schemes, *before.schemes)):
        was, now = before.schemes.get(scheme, ()), after.schemes.get(scheme, ())
        if (same or was == now) and not _turns(now, span):
            continue
        yield from _in_lists(before, after, scheme)
        yield from _in_rounds(before, after, scheme)


def _turns(judged: tuple[Assessment, ...], span: DateWindow) -> bool:
    """Does any of these assessments begin or end between the two dates?"""
    return any(span.has(day) for each in judged for day in assessments.change_dates(each))


def _in_lists(before: Ledger, after: Ledger, scheme: str) -> Iterator[Change]:
    was, now = (_assessments_in_effect(ledger, scheme) for ledger in (before, after))
    unknown = _lacks_a_part(before, scheme) or _lacks_a_part(after, scheme)
    for code in sorted(was.keys() | now.keys()):
        old, new = was.get(code), now.get(code)
        if old and new:
            if old.value != new.value:
                yield _change(after, ChangeKind.REASSESSED, new, old.value, new.value, _begins(new))
        elif new and not unknown:
            yield _change(after, ChangeKind.LISTED, new, "", new.value, _begins(new))
        elif old and not unknown:
            ended = _end_of(after, old) or (old.end.last if old.end else None)
            yield _change(after, ChangeKind.DELISTED, old, old.value, "", ended)


def _assessments_in_effect(ledger: Ledger, scheme: str) -> Mapping[str, Assessment]:
    return assessments.assessments_in_force(ledger, scheme) if scheme in ledger.schemes else {}


def _lacks_a_part(ledger: Ledger, scheme: str) -> bool:
    if scheme not in ledger.schemes:
        return False
    edition = assessments.edition_on(ledger, scheme, ledger.horizon)
    return edition is not None and not edition.complete


def _end_of(after: Ledger, old: Assessment) -> date | None:
    """The date on which the assessment ended, as the later ledger has it."""
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
    where = {
        "state": name_of(ledger, judged.participant) if judged.participant else _body_name(ledger, judged),
        "list": _list_name(ledger, judged), "value": after or before, "old": before, "when": when(day),
    }  # fmt: skip
    unverified = message("Unverified.") if judged.unverified else ""
    return Change(
        kind=kind, words=paragraph([_assessment_in_words(kind, where), unverified]), participant=judged.participant,
        body=judged.body, scheme=judged.scheme, day=day, before=before, after=after, source=judged.source,
        about=judged.edition,
    )  # fmt: skip


def _assessment_in_words(kind: ChangeKind, where: Mapping[str, Any]) -> TranslatableText:
    match kind:
        case ChangeKind.LISTED:
            return message("{state}: added to {list} {when} ({value}).", **where)
        case ChangeKind.DELISTED:
            return message("{state}: removed from {list} {when} (was {value}).", **where)
        case ChangeKind.ROUND_BEGUN:
            return message("{state}: {value} of {list} began {when}.", **where)
        case ChangeKind.ROUND_ENDED:
            return message("{state}: {value} of {list} ended {when}.", **where)
    return message("{state}: {value} (was {old}) – {list}, {when}.", **where)


def _body_name(ledger: Ledger, judged: Assessment) -> str:
    body = ledger.bodies.get(judged.body)
    return body.short_name if body else judged.body


def _list_name(ledger: Ledger, judged: Assessment) -> TranslatableText:
    names = {"scheme": judged.scheme, "body": _body_name(ledger, judged), "edition": judged.edition}
    if judged.edition:
        return message("“{scheme}” ({body}, {edition} edition)", **names)
    return message("“{scheme}” ({body})", **names)


def changes_between(before: Ledger, after: Ledger) -> tuple[Change, ...]:
    """Everything that differs from one ledger to the other, each with a key of its own.

    Order: by instrument in the order of the record (actions, statuses, counts, entry into force), then
    assessments, then data notes. The same two ledgers give the same changes.
    """
    names = affected_instruments(before, after)
    found = [change for name in names for change in _of_instrument(before, after, name)]
    found += assessment_changes(before, after)
    found += _finding_changes(before, after, names)
    return tuple({change.key: change for change in found}.values())


def _of_instrument(before: Ledger, after: Ledger, name: str) -> Iterator[Change]:
    acts = tuple(_act_changes(before, after, name))
    yield from acts
    yield from (_statement_change(each) for each in statement_changes(before, after, name))
    source = "; ".join(dict.fromkeys(act.source for act in acts if act.source))
    try:
        was, now = (status(ledger, name) if name in ledger.instruments else None for ledger in (before, after))
    except BadClause:
        return  # the data note on its clause says so; nothing follows from such terms
    moved = tuple(_standing_changes(before, after, name))
    yield from moved
    days = [change.day for change in moved if change.day]
    yield from _Course(after, name, was, now, max(days, default=None), source).changes()


# -- acts ------------------------------------------------------------------------------------------


def _act_changes(before: Ledger, after: Ledger, name: str) -> Iterator[Change]:
    was, now = ((*ledger.acts(name), *ledger.undated(name)) for ledger in (before, after))
    old, current = set(was), set(now)
    gone = {act: None for act in was if act not in current}
    come = {act: None for act in now if act not in old}
    new = ChangeKind.ACT_DONE if before.is_view_of_same_record(after) else ChangeKind.ACT_RECORDED
    corrected = corrected_acts(come, gone)
    for act in come:
        if act in corrected:
            yield _act_change(after, ChangeKind.ACT_CORRECTED, act, corrected[act])
        else:
            yield _act_change(after, new, act)
    replaced = set(corrected.values())
    for act in gone:
        if act not in replaced:
            yield _act_change(before, ChangeKind.ACT_RETRACTED, act)


def _act_change(ledger: Ledger, kind: ChangeKind, act: Action, earlier: Action | None = None) -> Change:
    gone = kind is ChangeKind.ACT_RETRACTED
    was, now = (
        (_details_in_words(act), "")
        if gone
        else (_details_in_words(earlier) if earlier else "", _details_in_words(act))
    )
    values: dict[str, Any] = {
        "state": name_of(ledger, act.participant), "instrument": names_in(ledger)(act.instrument),
        "action": act.kind.words, "date": act.date or _NOT_KNOWN, "new": now, "old": was,
    }  # fmt: skip
    if gone:
        words = message("Removed from our data – {state}, {instrument}: {action}, {date}.", **values)
    elif earlier and earlier.kind is not act.kind:
        values["previous"] = earlier.kind.words
        words = message("Corrected – {state}, {instrument}: {action}, {new} (was {previous}, {old}).", **values)
    elif kind is ChangeKind.ACT_CORRECTED:
        words = message("Corrected – {state}, {instrument}: {action}, {new} (was {old}).", **values)
    else:
        words = message("{state}: {action} – {instrument}, {date}.", **values)
    return Change(
        kind=kind, words=words, instrument=act.instrument, participant=act.participant,
        day=None if gone else act.counts_from, before=was, after=now, source=act.source,
        about=" ".join(filter(None, (act.kind, act.territory, act.source))),
    )  # fmt: skip


_NOT_KNOWN = message("date not known")


def _date_in_words(act: Action) -> str:
    return in_words(act.date) if act.date else "date not known"


def _details_in_words(act: Action) -> str:
    """Everything that an act says of itself, so that two different acts never read the same."""
    effect = f"effective {in_words(act.effective_on)}" if act.effective_on else ""
    towards = f"towards {act.towards}" if act.towards else ""
    source = f"source: {act.source}" if act.source else ""
    return "; ".join(filter(None, (_date_in_words(act), towards, effect, act.note, act.doubt, source)))


_STATEMENT_MADE = {
    StatementKind.RESERVATION: ChangeKind.RESERVATION_MADE,
    StatementKind.DECLARATION: ChangeKind.DECLARATION_MADE,
    StatementKind.INTERPRETATIVE_DECLARATION: ChangeKind.DECLARATION_MADE,
    StatementKind.NOTIFICATION: ChangeKind.NOTIFICATION_MADE,
    StatementKind.OBJECTION: ChangeKind.OBJECTION_MADE,
    StatementKind.WITHDRAWAL: ChangeKind.STATEMENT_WITHDRAWN,
}


def _statement_change(change: StatementChange) -> Change:
    statement, turn = change.statement, change.turn
    made = _STATEMENT_MADE.get(statement.kind, ChangeKind.STATEMENT_MADE)
    kind = made if turn is StatementTurn.MADE else ChangeKind(f"statement-{turn}")
    return Change(
        kind=kind, words=change.words, instrument=statement.instrument, participant=statement.participant,
        day=change.day, before=change.before, after=change.after, source=statement.source, about=change.about,
        article=change.article,
    )  # fmt: skip


# -- statuses --------------------------------------------------------------------------------------

_BECAME = {
    ParticipantStatus.SIGNATORY: ChangeKind.SIGNED,
    ParticipantStatus.PROVISIONAL: ChangeKind.APPLIED,
    ParticipantStatus.CONTRACTING_PARTY: ChangeKind.CONSENTED,
    ParticipantStatus.PARTY: ChangeKind.BOUND,
    ParticipantStatus.WITHDRAWN: ChangeKind.WITHDREW,
    ParticipantStatus.NONE: ChangeKind.STANDING_ENDED,
}


def _became(new: ParticipantStatus, state: str, instrument: str) -> TranslatableText:
    match new:
        case ParticipantStatus.SIGNATORY:
            return message("{state}: now a signatory – {instrument}.", state=state, instrument=instrument)
        case ParticipantStatus.PROVISIONAL:
            return message("{state}: now applied provisionally – {instrument}.", state=state, instrument=instrument)
        case ParticipantStatus.CONTRACTING_PARTY:
            return message("{state}: now a contracting State – {instrument}.", state=state, instrument=instrument)
        case ParticipantStatus.PARTY:
            return message("{state}: now a party – {instrument}.", state=state, instrument=instrument)
        case ParticipantStatus.WITHDRAWN:
            return message("{state}: no longer a party – {instrument}.", state=state, instrument=instrument)
    return message("{state}: no longer any status – {instrument}.", state=state, instrument=instrument)


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
    day = _last(now.since) if now and now.since else ledger.endings.get(code) if new is ParticipantStatus.NONE else None
    words = [_became(new, name_of(ledger, code), names_in(ledger)(name)), now.why if now else ""]
    source = "; ".join(dict.fromkeys(act.source for act in now.acts if act.source)) if now else ""
    return Change(
        kind=_BECAME[new], words=paragraph(words), instrument=name, participant=code, day=day,
        before=old.value, after=new.value, source=source,
    )  # fmt: skip


def _last(day: date | PartialDate) -> date:
    return day.last if isinstance(day, PartialDate) else day


# -- counts and entry into force -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Course:
    """One instrument's counts, threshold and entry into force in the two ledgers; None where it is unknown.

    `day` is the last day on which a status changed, `source` where the acts that differ come from.
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

    @property
    def _called(self) -> SentenceStart:
        return SentenceStart(names_in(self.ledger)(self.name))

    def _change(
        self, kind: ChangeKind, words: str, day: date | None, before: object = None, after: object = None
    ) -> Change:
        was, now = ("" if each is None else str(each) for each in (before, after))
        return Change(kind=kind, words=words, instrument=self.name, day=day, before=was, after=now, source=self.source)

    def _counts(self) -> Iterator[Change]:
        old, new = (_numbers(each) for each in (self.was, self.now))
        settled = self.was and self.now and _has_entered(self.was.entry) and _has_entered(self.now.entry)
        for kind in new:
            if old[kind] != new[kind] and not (settled and kind is ChangeKind.COUNTED):
                words = _count_in_words(kind, self._called, new[kind], old[kind])
                yield self._change(kind, words, self.day, old[kind], new[kind])

    def _threshold(self) -> Iterator[Change]:
        old, new = (each.entry.threshold if each else None for each in (self.was, self.now))
        before, after = (each.reached_on if each else None for each in (old, new))
        if new and after and not before:
            states = [name_of(self.ledger, code) for code in new.reached_by]
            met = {"instrument": self._called, "date": after, "states": states}
            words = (
                message("{instrument}: threshold met on {date} ({states}).", **met) if states
                else message("{instrument}: threshold met on {date}.", **met)
            )  # fmt: skip
            yield self._change(ChangeKind.THRESHOLD_REACHED, words, after, None, after)
        elif before and not after:
            words = message("{instrument}: threshold no longer met.", instrument=self._called)
            yield self._change(ChangeKind.THRESHOLD_UNDONE, words, None, before)

    def _date(self) -> Iterator[Change]:
        old, new = (each.entry.date if each else None for each in (self.was, self.now))
        dates = {"instrument": self._called, "date": new, "old": old}
        if new and not old and self.now:
            words = paragraph([message("{instrument}: entry into force on {date}.", **dates), self.now.entry.why])
            yield self._change(ChangeKind.DATE_FIXED, words, new, None, new)
        elif old and not new:
            words = message("{instrument}: no date of entry into force any longer (previously {old}).", **dates)
            yield self._change(ChangeKind.DATE_UNFIXED, words, None, old)
        elif old != new:
            words = message("{instrument}: entry into force on {date} (previously {old}).", **dates)
            yield self._change(ChangeKind.DATE_MOVED, words, new, old, new)

    def _force(self) -> Iterator[Change]:
        old, new = (each.entry if each else None for each in (self.was, self.now))
        if new and _has_entered(new) and not (old and _has_entered(old)):
            entered = message("{instrument}: in force since {date}.", instrument=self._called, date=new.date)
            words = paragraph([entered, new.why])
            yield self._change(ChangeKind.ENTERED_INTO_FORCE, words, new.date, old and old.status, new.status)
        if new and new.ended_on and not (old and old.ended_on):
            ended = message(
                "{instrument}: no longer in force since {date}.", instrument=self._called, date=new.ended_on
            )
            words = paragraph([ended, new.why])
            yield self._change(ChangeKind.TERMINATED, words, new.ended_on, old and old.status, new.status)


def _count_in_words(kind: ChangeKind, instrument: SentenceStart, new: int, old: int) -> TranslatableText:
    counts: dict[str, Any] = {"instrument": instrument, "old": old}
    if kind is ChangeKind.SIGNATORIES:
        return plural(
            "{instrument}: {n} signatory (was {old}).", "{instrument}: {n} signatories (was {old}).", new, **counts
        )
    if kind is ChangeKind.PARTIES:
        return plural("{instrument}: {n} party (was {old}).", "{instrument}: {n} parties (was {old}).", new, **counts)
    return plural(
        "{instrument}: {n} deposit counted towards entry into force (was {old}).",
        "{instrument}: {n} deposits counted towards entry into force (was {old}).",
        new, **counts,
    )  # fmt: skip


def _numbers(now: InstrumentStatus | None) -> dict[ChangeKind, int]:
    signatories, parties = (now.signatories, now.parties) if now else (0, 0)
    counted = now.entry.threshold.counted if now else 0
    return {ChangeKind.SIGNATORIES: signatories, ChangeKind.PARTIES: parties, ChangeKind.COUNTED: counted}


def _has_entered(entry: EntryIntoForce) -> bool:
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
    closed = kind is ChangeKind.FINDING_CLOSED
    words = (
        message("Data note closed: {text}", text=finding.text) if closed
        else message("Data note added: {text}", text=finding.text)
    )  # fmt: skip
    return Change(
        kind=kind, words=words, instrument=finding.instrument,
        participant=finding.participants[0] if len(finding.participants) == 1 else "", source=finding.source,
        before=finding.text if closed else "", after="" if closed else finding.text, about=finding.check,
    )  # fmt: skip
