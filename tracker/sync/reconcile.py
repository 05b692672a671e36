"""What is done about a status document: what is recorded, what is corrected, and what is held for review and why.

Pure. Which of its acts are new, corrected, confirmed, ended or missing is found by `comparison`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.errors import Refused
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Action, ActionKind, Fact
from tracker.storage import validation
from tracker.sync import reasons
from tracker.sync.comparison import Comparison, PrintedAction, compare_actions
from tracker.sync.participant_names import Names
from tracker.sync.printed_territories import extensions
from tracker.sync.review_queue import Discrepancy, EarlierDecision, Proposal
from tracker.sync.statement_comparison import STATUS_FILE, StatementDecision, decide_statements
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
                f"{reference}: {len(sure)} of the {held} acts in our data are not in the file, too many to be "
                "removals. Nothing of it was recorded."
            )


def reason_to_hold(ledger: Ledger, instrument: str, seen: PrintedAction, today: date) -> str:
    """Why the act may not be recorded without an editor; empty if it may."""
    terms, who = ledger.instrument(instrument), ledger.participant(seen.participant)
    if seen.date.first > today:
        return reasons.in_the_future(seen.date)
    if terms.adopted_on and seen.date.last < terms.adopted_on.first:
        return reasons.before_adoption(terms.name, terms.adopted_on)
    if who.ceased_by(seen.date.first):
        return reasons.author_ceased(who.name)
    if seen.kind.consents and terms.parent and terms.parent in validation.required_by(terms):
        return _lacks_convention(ledger, terms.parent, seen)
    return ""


def _lacks_convention(ledger: Ledger, convention: str, seen: PrintedAction) -> str:
    spells = consents(ledger, convention).get(seen.participant, ())
    holds = any(spell.ends_on is None or spell.ends_on > seen.date.first for spell in spells)
    undated = any(act.kind.consents for act in ledger.undated(convention, seen.participant))
    if holds or undated:
        return ""
    return reasons.without_convention(ledger.instrument(convention).name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncDecision:
    """Acts to record, acts to correct as (before, after), doubts to hold, and how many acts agree already.

    `put_aside` counts the doubts that an editor has rejected before; `statements` is the same about statements, the
    doubts apart.
    """

    recorded: tuple[Action, ...]
    corrected: tuple[tuple[Action, Action], ...]
    doubts: tuple[Discrepancy, ...]
    put_aside: int
    unchanged: int
    statements: StatementDecision = field(default_factory=StatementDecision)

    @property
    def going(self) -> tuple[Fact, ...]:
        """The facts that leave the record."""
        return (*(before for before, _ in self.corrected), *(before for before, _ in self.statements.corrected))

    @property
    def coming(self) -> tuple[Fact, ...]:
        """The facts that enter it."""
        changed = (after for _, after in self.corrected)
        return (*self.recorded, *changed, *self.statements.recorded, *(each for _, each in self.statements.corrected))


def decide(
    ledger: Ledger, instrument: str, file: StatusFile, *, said: EarlierDecision, caution: SyncThresholds, today: date
) -> SyncDecision:
    """The verdict on a file of the instrument, beside a ledger that reaches to the end of the record.

    Refused if the file lacks too many of the record's acts. A file that prints no numbers to check it by,
    and that says much that the record does not, is held whole until an editor has confirmed one.
    """
    seen = _named_actions(ledger, file, said)
    found = compare_actions(ledger, instrument, [each for each in seen if each.participant], said.in_doubt)
    _must_be_whole(found, ledger, file, said, caution)
    if not (file.self_checked or said.taken_in) and _differs(
        found, sum(not each.participant for each in seen), caution
    ):
        return _held_whole(found, instrument, file, said)
    waiting = {each: reason_to_hold(ledger, instrument, each, today) for each in _coming(found)}
    left = [(each, act) for each, act in found.ended if _has_departed(each, today) and not waiting[each]]
    doubts = [
        *(_doubt(each, instrument, file, reasons.UNKNOWN) for each in seen if not each.participant),
        *(_doubt(each, instrument, file, reason) for each, reason in waiting.items() if reason and not each.bracketed),
        *(_doubt(each, instrument, file, reasons.ENDED) for each, act in found.ended if (each, act) not in left),
        *_doubts_of_the_record(found, ledger, instrument, file),
    ]
    source = f"{STATUS_FILE}, retrieved {file.retrieved_at:%Y-%m-%d}, {file.url}"
    statements = decide_statements(
        ledger, instrument, file, said=said, few=caution.few, share=caution.share, today=today
    )
    territories, unread = extensions(ledger, instrument, file, said, source)
    doubts += (*statements.doubts, *unread)
    held = said.without_rejected(doubts)
    return SyncDecision(
        recorded=(
            *(action_of(instrument, each, source) for each in found.new if not waiting[each]),
            *(act for each, before in left for act in _departures(instrument, each, before, source)),
            *territories,
        ),
        corrected=tuple(
            (act, action_of(instrument, each, source, act)) for act, each in found.corrected if not waiting[each]
        ),
        doubts=tuple(held),
        put_aside=len(doubts) - len(held),
        unchanged=len(found.confirmed),
        statements=statements,
    )


def _differs(found: Comparison, unknown: int, caution: SyncThresholds) -> bool:
    """Does the file say more than a little that the record does not, so that only an editor can vouch for it?"""
    other = sum(len(part) for part in (found.new, found.corrected, found.moved, found.missing, found.unclear)) + unknown
    return not found.confirmed or other > max(caution.few, len(found.confirmed) * caution.share)


def _held_whole(found: Comparison, instrument: str, file: StatusFile, said: EarlierDecision) -> SyncDecision:
    names = len({each.name for each in file.sightings})
    doubt = Discrepancy(
        proposal=Proposal.TAKE_IN,
        instrument=instrument,
        name=file.title,
        kind=ActionKind.CONSENT_TO_BE_BOUND,
        date=None,
        reason=reasons.not_checked(len(file.sightings), names, len(found.confirmed)),
        url=file.url,
    )
    held = said.without_rejected([doubt])
    return SyncDecision(
        recorded=(), corrected=(), doubts=tuple(held), put_aside=1 - len(held), unchanged=len(found.confirmed)
    )


def _has_departed(seen: PrintedAction, today: date) -> bool:
    """Does a footnote plainly say when the consent in brackets was withdrawn, on a day that can be?"""
    end = seen.departure
    return end is not None and seen.kind.consents and seen.date.first <= end.notified_on.first <= today


def _doubts_of_the_record(
    found: Comparison, ledger: Ledger, instrument: str, file: StatusFile
) -> Iterator[Discrepancy]:
    """The questions about acts of the record that the file prints otherwise, or not at all."""
    yield from (_doubt(each, instrument, file, reasons.EITHER) for each in found.unclear)
    for act, each in found.moved:
        yield from _readings(act, each, instrument, file)
    yield from (_doubt_of_later_act(act, each, ledger, file) for act, each in found.followed)
    yield from (_missing(act, ledger, file) for act in found.missing)


def _departures(instrument: str, seen: PrintedAction, before: Action | None, source: str) -> Iterator[Action]:
    """The withdrawal that a footnote tells of, and the consent itself where the record lacks it."""
    assert seen.departure
    if before is None:
        yield action_of(instrument, seen, source)
    yield Action(
        instrument=instrument, participant=seen.participant, kind=ActionKind.WITHDRAWAL,
        date=seen.departure.notified_on, effective_on=seen.departure.effective_on, source=f"{source}, its end note",
    )  # fmt: skip


_CORRECTS = re.compile(r"(?:^|; )corrects .*", re.DOTALL)


def action_of(instrument: str, seen: PrintedAction, source: str, before: Action | None = None) -> Action:
    """The act to record for what was seen, in the place of the one `before` if that is corrected.

    What the earlier source said of its effect stays while the day stays; a note says what was corrected
    last, for the change log has what was corrected before that.
    """
    act = Action(instrument=instrument, participant=seen.participant, kind=seen.kind, date=seen.date, source=source)
    if before is None:
        return act
    day = f" {before.date}" if before.date else " without a date"
    note = f"corrects {before.kind.words}{day} (source: {before.source})"
    effect = before.effective_on if before.date == seen.date else None
    return replace(act, effective_on=effect, note="; ".join(filter(None, (_CORRECTS.sub("", before.note), note))))


def _named_actions(ledger: Ledger, file: StatusFile, said: EarlierDecision) -> list[PrintedAction]:
    """The sightings with the codes of their participants, empty where the record and the editors know none."""
    names = Names(ledger.participants.values())
    return [_printed_action(each, names.resolve(each.name) or said.names.get(each.name, "")) for each in file.sightings]


def _printed_action(each: Sighting, code: str) -> PrintedAction:
    return PrintedAction(
        participant=code, kind=each.kind, date=each.date, bracketed=each.withdrawn, name=each.name, raw=each.raw,
        departure=each.departure, either=each.either,
    )  # fmt: skip


def _coming(found: Comparison) -> list[PrintedAction]:
    return [*found.new, *(seen for _, seen in found.corrected), *(seen for seen, _ in found.ended)]


def _must_be_whole(
    found: Comparison, ledger: Ledger, file: StatusFile, said: EarlierDecision, caution: SyncThresholds
) -> None:
    lost = [act for act in found.missing if _missing(act, ledger, file).key not in said.rejected]
    lost += [act for act, _ in found.moved]
    caution.must_not_lack(lost, len(found.confirmed) + len(found.corrected) + len(lost), file.reference)


def _readings(before: Action, seen: PrintedAction, instrument: str, file: StatusFile) -> Iterator[Discrepancy]:
    """Both ways to read a consent that moved forward: as a further act, and as a correction of the earlier one."""
    for proposal, other in ((Proposal.RECORD, Proposal.CORRECT), (Proposal.CORRECT, Proposal.RECORD)):
        reason = reasons.two_readings(before.kind.words, before.date, other.words)
        yield replace(_doubt(seen, instrument, file, reason), proposal=proposal)


def _doubt_of_later_act(act: Action, later: PrintedAction, ledger: Ledger, file: StatusFile) -> Discrepancy:
    reason = reasons.later_consent(later.kind.words, later.date)
    return replace(_missing(act, ledger, file), proposal=Proposal.END, reason=reason)


def _doubt(seen: PrintedAction, instrument: str, file: StatusFile, reason: str) -> Discrepancy:
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
        reason=reasons.MISSING,
        participant=act.participant,
        url=file.url,
    )
