"""What is to be done about a status file: which acts to record, which to correct, and which to hold and why.

Pure: a ledger, what editors have said, and a file go in, a verdict comes out. How acts are compared
is in `comparing`, what is not believed at once in `caution`; carrying the verdict out is `sync`'s part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.law.ledger import Ledger
from tracker.law.model import Action
from tracker.law.naming import name_of
from tracker.record.caution import Caution, reason_to_hold
from tracker.record.comparing import Comparison, Seen, compare
from tracker.record.held import Doubt, Proposal, Said
from tracker.record.untc import Names, Sighting, StatusFile

UNKNOWN = "The record knows no participant of that name, or two of it."
ENDED = "It stands in brackets: it was done and no longer holds, and the file does not say since when."
MISSING = "The record has it, and the file does not print it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Acts to record, acts to correct as (before, after), doubts to hold, and how many acts agree already.

    `put_aside` counts the doubts that an editor has rejected before.
    """

    recorded: tuple[Action, ...]
    corrected: tuple[tuple[Action, Action], ...]
    doubts: tuple[Doubt, ...]
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


def judge(ledger: Ledger, instrument: str, file: StatusFile, *, said: Said, caution: Caution, today: date) -> Verdict:
    """The verdict on a file of the instrument, beside a ledger that reaches to the end of the record.

    Refused if the file lacks too many of the record's acts.
    """
    seen = _named(ledger, file, said)
    known = [each for each in seen if each.participant]
    found = compare(ledger, instrument, known)
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
    return Verdict(
        recorded=tuple(action_of(instrument, each, source) for each in found.new if not reasons[each]),
        corrected=tuple(
            (act, action_of(instrument, each, source, act)) for act, each in found.corrected if not reasons[each]
        ),
        doubts=tuple(held),
        put_aside=len(doubts) - len(held),
        unchanged=len(found.confirmed),
    )


def action_of(instrument: str, seen: Seen, source: str, before: Action | None = None) -> Action:
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


def _named(ledger: Ledger, file: StatusFile, said: Said) -> list[Seen]:
    """The sightings with the codes of their participants, empty where the record and the editors know none."""
    names = Names(ledger.participants.values())
    return [_seen(each, names.resolve(each.name) or said.names.get(each.name, "")) for each in file.sightings]


def _seen(each: Sighting, code: str) -> Seen:
    return Seen(
        participant=code, kind=each.kind, date=each.date, bracketed=each.withdrawn, name=each.name, raw=each.raw
    )


def _coming(found: Comparison) -> list[Seen]:
    return [*found.new, *(seen for _, seen in found.corrected)]


def _must_be_whole(found: Comparison, ledger: Ledger, file: StatusFile, said: Said, caution: Caution) -> None:
    lost = [act for act in found.missing if _missing(act, ledger, file).key not in said.rejected]
    caution.must_not_lack(lost, len(found.confirmed) + len(found.corrected) + len(lost), file.reference)


def _doubted(seen: Seen, instrument: str, file: StatusFile, reason: str) -> Doubt:
    return Doubt(
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


def _missing(act: Action, ledger: Ledger, file: StatusFile) -> Doubt:
    return Doubt(
        proposal=Proposal.RETRACT,
        instrument=act.instrument,
        name=name_of(ledger, act.participant),
        kind=act.kind,
        date=act.date,
        reason=MISSING,
        participant=act.participant,
        url=file.url,
    )
