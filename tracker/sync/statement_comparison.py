"""The statements of a status document beside those of the record: which are the same, reworded, further or missing.

Pure. Two are the same if their texts agree but for spaces, quotation marks and capitals. One that the record has in
other words is found by its participant, kind, article and date, and gets the depositary's text.

What is done about the statements of a status document: what is recorded, corrected, and held for an editor.

Pure. Participants and addressees are found by the record's names, the dates of those without one by the table above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tracker.errors import Refused
from tracker.law.dates import PartialDate
from tracker.law.ledger import Ledger, name_of
from tracker.law.reference_facts import Statement, StatementKind, StatementTopic, overlap
from tracker.law.statements import concerns
from tracker.sync import reasons
from tracker.sync.participant_names import Names
from tracker.sync.printed_statements import Occasion, PrintedStatement
from tracker.sync.provision_words import provisions_named
from tracker.sync.review_queue import Discrepancy, EarlierDecision, Proposal, fingerprint
from tracker.sync.status_table import StatusFile
from tracker.sync.text_sections import SectionPart

STATUS_FILE = "UN Treaty Collection status file"  # how the source of a fact of a sync begins
ALIKE = 0.6  # share of words in common, from which a text is another wording of an earlier one

_VAGUE = StatementKind.UNSPECIFIED


@dataclass(slots=True)
class StatementComparison:
    """What comparing found: `new`; `corrected` as (before, after); `confirmed`; `doubtful`, printed ones that may be
    one of several of the record; `missing`, of earlier syncs and no longer printed.
    """

    new: list[Statement] = field(default_factory=list)
    corrected: list[tuple[Statement, Statement]] = field(default_factory=list)
    confirmed: list[Statement] = field(default_factory=list)
    doubtful: list[Statement] = field(default_factory=list)
    missing: list[Statement] = field(default_factory=list)


def is_of_a_sync(statement: Statement) -> bool:
    """Does the record have it from a status file, in the depositary's words?"""
    return bool(statement.text) and statement.source.startswith(STATUS_FILE)


def compare_statements(held: Iterable[Statement], printed: Iterable[Statement]) -> StatementComparison:
    """The printed statements of one participant on one treaty beside those that the record has of it."""
    left, found = list(held), StatementComparison()
    rest = [each for each in printed if not _same_text(each, left, found)]
    rest = [each for each in rest if not _own_words(each, left, found)]
    rest = [each for each in rest if not _take_rewording(each, left, found)]
    for each in rest:
        near = [one for one in left if not one.text and _kinds_agree(one, each) and _same_day(one, each)]
        if near and not each.kind.concerns_another and (not each.article or each.kind is _VAGUE):
            named = [one for one in near if _names(each, one)]
            if len(near) == 1 and named:
                left.remove(named[0])
                found.corrected.append((named[0], _with_text(named[0], each)))
            else:
                found.doubtful.append(each)
        else:
            found.new.append(each)
    withdrawals = [one for one in (*left, *found.confirmed, *found.new) if one.kind is StatementKind.WITHDRAWAL]
    for each in left:
        over = each.withdrawn_on or any(concerns(one, each) for one in withdrawals)
        if is_of_a_sync(each) and not over and not each.kind.concerns_another:
            found.missing.append(each)
    return found


def _same_text(printed: Statement, left: list[Statement], found: StatementComparison) -> bool:
    wanted = fingerprint(printed.text)
    same = next(
        (one for one in left if one.text and fingerprint(one.text) == wanted and _day_may_agree(one, printed)), None
    )
    if same is None:
        return False
    left.remove(same)
    after = _with_dates(same, printed) if is_of_a_sync(same) else same
    if after == same:
        found.confirmed.append(same)
    else:
        found.corrected.append((same, after))
    return True


def _day_may_agree(held: Statement, printed: Statement) -> bool:
    """Two statements in the same words on different dates are two, where both dates are known."""
    return not (held.date and printed.date) or _same_day(held, printed)


def _with_dates(held: Statement, printed: Statement) -> Statement:
    """The same with the dates that the file has and the record lacks, and its new source if there are any."""
    withdrawn = held.withdrawn_on or printed.withdrawn_on
    made = held.made_on or printed.made_on
    if (withdrawn, made) == (held.withdrawn_on, held.made_on):
        return held
    dated = bool(made)
    return replace(
        held, withdrawn_on=withdrawn, made_on=made, source=printed.source,
        known_by=None if dated else held.known_by, doubt=printed.doubt if dated else held.doubt,
    )  # fmt: skip


def _own_words(printed: Statement, left: list[Statement], found: StatementComparison) -> bool:
    """Give the depositary's text to the record's own account of the same statement."""
    for one in left:
        if one.text or not _kinds_agree(one, printed) or not _same_day(one, printed):
            continue
        if printed.article == one.article or _same_provisions(one, printed):
            if one.towards and printed.towards and not set(one.towards) & set(printed.towards):
                continue
            if not one.article and printed.kind is _VAGUE:
                continue  # too little to tell: it is looked at again with the others of its day
            left.remove(one)
            found.corrected.append((one, _with_text(one, printed)))
            return True
    return False


def _same_provisions(held: Statement, printed: Statement) -> bool:
    mine, theirs = held.provisions, printed.provisions
    return bool(mine and theirs) and all(any(overlap(one, other) for other in theirs) for one in mine)


def _with_text(held: Statement, printed: Statement) -> Statement:
    return replace(
        held, text=printed.text, language=printed.language, url=printed.url, source=printed.source, doubt=printed.doubt,
        withdrawn_on=held.withdrawn_on or printed.withdrawn_on, towards=held.towards or printed.towards,
        effect=held.effect or printed.effect, confirmed_on=held.confirmed_on or printed.confirmed_on,
    )  # fmt: skip


def _take_rewording(printed: Statement, left: list[Statement], found: StatementComparison) -> bool:
    """Take the earlier wording of a statement, of the same date and mostly in the same words, as corrected."""
    earlier = [
        one for one in left if is_of_a_sync(one) and _kinds_agree(one, printed) and _day_may_agree(one, printed)
    ]  # fmt: skip
    nearest = max(earlier, key=lambda one: _likeness(one.text, printed.text), default=None)
    if nearest is None or _likeness(nearest.text, printed.text) < ALIKE:
        return False
    left.remove(nearest)
    found.corrected.append((nearest, _with_text(nearest, printed)))
    return True


def _likeness(one: str, other: str) -> float:
    mine, theirs = ({fingerprint(word) for word in text.split()} for text in (one, other))
    return len(mine & theirs) / max(len(mine | theirs), 1)


def _names(printed: Statement, held: Statement) -> bool:
    """Does the printed text speak of the held statement's provisions?"""
    said = provisions_named(printed.text)
    return not held.provisions or any(held.names(each) for each in said)


def _kinds_agree(held: Statement, printed: Statement) -> bool:
    if held.kind is printed.kind:
        return held.concerns is printed.concerns
    return _VAGUE in (held.kind, printed.kind) and not (held.kind.concerns_another or printed.kind.concerns_another)


def _same_day(held: Statement, printed: Statement) -> bool:
    if not held.date or not printed.date:
        return False
    return printed.date.first <= held.date.first and held.date.last <= printed.date.last


UNDATED = "the source prints no date for the statement"


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
            f"{file.reference}: {len(work.missing)} of the {seen} statements of earlier files are not in the file, "
            "too many to be removals. Nothing of it was recorded."
        )
    return StatementDecision(
        recorded=tuple(work.recorded), corrected=tuple(work.corrected), unchanged=len(work.unchanged),
        doubts=(*work.doubts, *(work.gone(each, reasons.VANISHED) for each in work.missing)),
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
                self.doubts.append(self.doubt(each, None, reasons.UNKNOWN))
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
            self.doubts.append(self.doubt(as_printed[fact], fact, reasons.SEVERAL))
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
        reason = each.unclear or reasons.STILL_PRINTED
        gone = [one for one in held if one not in found.confirmed and not one.withdrawn_on]
        ended = [one for one in gone if not one.kind.concerns_another and _may_end(fact, one)]
        if not ended:
            self.doubts.append(self.doubt(each, None, reason))
        self.doubts += [self.gone(one, reasons.with_text(reason, each.text[:300])) for one in ended]
        return set(ended)

    def not_yet(self, fact: Statement) -> str:
        later = fact.date is not None and fact.date.first > self.today
        return reasons.in_the_future(fact.date) if later and fact.date else ""

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
