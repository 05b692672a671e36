"""What is done about the statements of a status document: what is recorded, corrected, and held for an editor.

Pure. Participants and addressees are found by the record's names, the dates of those without one by the table above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tracker.errors import Refused
from tracker.law.dates import PartialDate, in_words
from tracker.law.ledger import Ledger, name_of
from tracker.law.statement_facts import Statement, StatementKind, StatementTopic
from tracker.law.statements import concerns
from tracker.sync.participant_names import Names
from tracker.sync.printed_statements import Occasion, PrintedStatement
from tracker.sync.review_queue import Discrepancy, EarlierDecision, Proposal
from tracker.sync.statement_comparison import STATUS_FILE, StatementComparison, compare_statements, is_of_a_sync
from tracker.sync.status_table import StatusFile
from tracker.sync.text_sections import SectionPart

UNDATED = "the source prints no date for the statement"
UNKNOWN_AUTHOR = "The record knows no participant of that name, or two of it."
SEVERAL = "The record has statements of that date in other words: it may be one of them, or a further one."
VANISHED = "The record has it from an earlier status file, and this file does not print it."


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementDecision:
    """Statements to record, to correct as (before, after), doubts to hold, and how many agree already."""

    recorded: tuple[Statement, ...] = ()
    corrected: tuple[tuple[Statement, Statement], ...] = ()
    doubts: tuple[Discrepancy, ...] = ()
    unchanged: int = 0


def decide_statements(
    ledger: Ledger, instrument: str, file: StatusFile, *, said: EarlierDecision, few: int, share: float, today: date
) -> StatementDecision:
    """The verdict on the statements of a file of the instrument; nothing where the file has no statement at all.

    Refused if it lacks more than a few, and more than that share, of those that earlier files had.
    """
    if not file.statements:
        return StatementDecision()
    work = _Work(ledger, instrument, file, said, today)
    for code, printed in work.by_author().items():
        work.take(code, printed)
    seen = len(work.unchanged) + len(work.corrected) + len(work.missing)
    if len(work.missing) > max(few, seen * share):
        raise Refused(
            f"{file.reference}: {len(work.missing)} of the {seen} statements of earlier files are not in the file; so "
            "many do not vanish. Nothing of it was recorded."
        )
    return StatementDecision(
        recorded=tuple(work.recorded), corrected=tuple(work.corrected), unchanged=len(work.unchanged),
        doubts=(*work.doubts, *(work.gone(each, VANISHED) for each in work.missing)),
    )  # fmt: skip


class _Work:
    """One file's statements being decided, participant by participant."""

    def __init__(self, ledger: Ledger, instrument: str, file: StatusFile, said: EarlierDecision, today: date) -> None:
        self.ledger, self.instrument, self.file, self.said, self.today = ledger, instrument, file, said, today
        self.names = Names(ledger.participants.values())
        self.source = f"{STATUS_FILE}, retrieved {file.retrieved_at:%Y-%m-%d}, {file.url}"
        self.held: dict[str, list[Statement]] = {}
        for each in ledger.every_statement(instrument):
            self.held.setdefault(each.participant, []).append(each)
        self.recorded: list[Statement] = []
        self.corrected: list[tuple[Statement, Statement]] = []
        self.unchanged: list[Statement] = []
        self.missing: list[Statement] = []
        self.doubts: list[Discrepancy] = []

    def by_author(self) -> dict[str, list[tuple[PrintedStatement, Statement]]]:
        """The printed statements by the codes of their authors, those whom nobody knows held; authors of earlier files
        that print nothing now stand there with nothing.
        """
        earlier = (code for code, theirs in self.held.items() if any(map(is_of_a_sync, theirs)))
        found: dict[str, list[tuple[PrintedStatement, Statement]]] = {code: [] for code in earlier}
        for each in self.file.statements:
            if code := self.code_of(each.name):
                found.setdefault(code, []).append((each, self.fact(each, code)))
            else:
                self.doubts.append(self.doubt(each, None, UNKNOWN_AUTHOR))
        return found

    def code_of(self, name: str) -> str:
        return self.names.resolve(name) or self.said.names.get(name, "")

    def take(self, code: str, printed: list[tuple[PrintedStatement, Statement]]) -> None:
        held = self.held.get(code, [])
        as_printed = {fact: each for each, fact in printed}
        found = compare_statements(held, as_printed)
        self.corrected += found.corrected
        self.unchanged += found.confirmed
        told: set[Statement] = set()
        for fact in found.doubtful:
            self.doubts.append(self.doubt(as_printed[fact], fact, SEVERAL))
        for fact in found.new:
            told |= self.record_or_hold(as_printed[fact], fact, held, found, [each for _, each in printed])
        self.missing += [each for each in found.missing if each not in told]

    def record_or_hold(
        self, each: PrintedStatement, fact: Statement, held: list[Statement], found: StatementComparison,
        printed: list[Statement],
    ) -> set[Statement]:  # fmt: skip
        """Record it, or hold it with the reason; gives back those of the record that a question is about."""
        if reason := each.whole or self.not_yet(fact):
            self.doubts.append(self.doubt(each, fact, reason))
            return set()
        if fact.kind is not StatementKind.WITHDRAWAL:
            self.recorded.append(fact)
            return set()
        standing = [one for one in printed if one is not fact and not one.kind.concerns_another and _may_end(fact, one)]
        if not each.unclear and not standing:
            self.recorded.append(fact)
            return set()
        reason = each.unclear or "It tells of a withdrawal, and the file prints such a statement still."
        gone = [one for one in held if one not in found.confirmed and not one.withdrawn_on]
        ended = [one for one in gone if not one.kind.concerns_another and _may_end(fact, one)]
        if not ended:
            self.doubts.append(self.doubt(each, None, reason))
        self.doubts += [self.gone(one, f"{reason} “{each.text[:300]}”") for one in ended]
        return set(ended)

    def not_yet(self, fact: Statement) -> str:
        later = fact.date is not None and fact.date.first > self.today
        return f"It is dated in the future, {in_words(fact.date)}." if later and fact.date else ""

    # -- from the page to facts and questions ----------------------------------------------------------

    def fact(self, each: PrintedStatement, code: str) -> Statement:
        """The statement as the record would have it."""
        made, confirmed = self.dates(each)
        withdrawn = each.withdrawn_on
        if withdrawn and made and withdrawn.last < made.first:
            withdrawn = None
        topic = None
        if each.part is SectionPart.UNDER_ARTICLE and re.search(r"recogni[sz]\w+[^.]{0,80}competence", each.text):
            topic = StatementTopic.OPTIONAL_CLAUSE
        return Statement(
            instrument=self.instrument, participant=code, kind=each.kind, topic=topic, article=each.article,
            made_on=made, confirmed_on=confirmed, withdrawn_on=withdrawn, effect=each.effect, concerns=each.concerns,
            known_by=None if made else PartialDate.parse(f"{self.file.retrieved_at:%Y-%m-%d}"),
            towards=tuple(dict.fromkeys(one for name in each.towards for one in self.addressees(name))),
            text=each.text, language="en", url=self.file.url, source=self.source, doubt="" if made else UNDATED,
        )  # fmt: skip

    def dates(self, each: PrintedStatement) -> tuple[PartialDate | None, PartialDate | None]:
        """When it was made, and when confirmed."""
        if each.date or each.occasion is Occasion.NOT_KNOWN:
            return each.date, None
        if each.occasion is Occasion.CONSENT:
            return self.only_day(each.name, consents=True), None
        signed = self.only_day(each.name, consents=False)
        confirmed = self.only_day(each.name, consents=True) if each.occasion is Occasion.CONFIRMED else None
        return signed, confirmed

    def only_day(self, name: str, *, consents: bool) -> PartialDate | None:
        """The date of the participant's signature or consent in the table, if it prints one."""
        days = {
            act.date
            for act in self.file.sightings
            if act.name == name and (act.kind.consents if consents else act.kind.signs)
        }
        return days.pop() if len(days) == 1 else None

    def addressees(self, names: str) -> Iterator[str]:
        """The codes of those in the words, if every one of them is known; nothing otherwise."""
        plain = re.sub(r"\b(?:the\s+)?governments?\s+of\s+", "", names, flags=re.IGNORECASE).strip(" ,")
        whole = self.names.resolve(plain)
        each = [whole] if whole else [self.names.resolve(one) for one in re.split(r",\s*|\s+and\s+", plain) if one]
        yield from (code for code in each if code and all(each))

    def doubt(self, each: PrintedStatement, fact: Statement | None, reason: str) -> Discrepancy:
        """The question whether to record it: as a statement of unknown kind, where no more is known of it."""
        plain = fact is not None and not fact.kind.concerns_another
        return Discrepancy(
            proposal=Proposal.RECORD, instrument=self.instrument, name=each.name,
            kind=each.kind if plain else StatementKind.UNSPECIFIED, date=fact.made_on if fact else each.date,
            reason=reason, participant=self.code_of(each.name), raw=each.text, url=self.file.url,
        )  # fmt: skip

    def gone(self, held: Statement, reason: str) -> Discrepancy:
        """The question since when a statement of the record no longer holds."""
        return Discrepancy(
            proposal=Proposal.END, instrument=self.instrument, name=name_of(self.ledger, held.participant),
            kind=held.kind, date=held.date, reason=reason, participant=held.participant, raw=held.text or held.summary,
            url=self.file.url,
        )  # fmt: skip


def _may_end(withdrawal: Statement, earlier: Statement) -> bool:
    """May the withdrawal be about that statement, or about one whose kind nobody knows?"""
    if earlier.kind is StatementKind.UNSPECIFIED:
        return concerns(withdrawal, replace(earlier, kind=withdrawal.concerns or earlier.kind))
    return concerns(withdrawal, earlier)
