"""What differs in the statements on one treaty between two ledgers: made, withdrawn, corrected, removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.law.dates import in_words
from tracker.law.ledger import Ledger, name_of, names_in
from tracker.law.reference_facts import Statement
from tracker.law.statements import concerns
from tracker.law.wording import paragraph
from tracker.messages import TranslatableText, message


class StatementTurn(StrEnum):
    """What became of a statement."""

    MADE = "made"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class StatementChange:
    """One statement and what became of it: in words, with its date in legal time and what was said before and after."""

    turn: StatementTurn
    statement: Statement
    words: str
    day: date | None
    before: str = ""
    after: str = ""
    concerned: tuple[str, ...] = ()

    @property
    def article(self) -> str:
        """The provisions that it is about: its own, or those of what a withdrawal or modification concerns."""
        return self.statement.article or "; ".join(self.concerned)

    @property
    def about(self) -> str:
        """What tells it apart from other changes on the same treaty by the same author."""
        each = self.statement
        return " ".join(filter(None, (each.kind, *each.subject[3:], each.summary, each.source)))


def statement_changes(before: Ledger, after: Ledger, instrument: str) -> Iterator[StatementChange]:
    """The differences in what was said about a treaty, in the order of the statements."""
    was, now = (dict.fromkeys(_visible_statements(ledger, instrument)) for ledger in (before, after))
    gone = [each for each in was if each not in now]
    for each in now:
        if each in was:
            continue
        earlier = next((old for old in gone if old.subject == each.subject), None)
        if earlier is None:
            yield _statement_made(after, each)
            continue
        gone.remove(earlier)
        if replace(each, withdrawn_on=None, source=earlier.source, doubt=earlier.doubt) == replace(
            earlier, withdrawn_on=None
        ):
            yield from _withdrawal_changes(after, each, earlier)
        else:
            yield _statement_corrected(after, each, earlier)
    yield from (_statement_retracted(before, each) for each in gone)


def _visible_statements(ledger: Ledger, instrument: str) -> Iterable[Statement]:
    """The statements up to the ledger's day, without a withdrawal that is later than it."""
    for each in ledger.statements(instrument):
        later = each.withdrawn_on and not each.is_withdrawn_by(ledger.horizon)
        yield replace(each, withdrawn_on=None) if later else each


def statement_in_words(ledger: Ledger, statement: Statement) -> TranslatableText:
    """Whose it is, what, and on what: `Ecuador: reservation, UNTOC, article 10`."""
    kind = statement.kind.words
    if statement.towards:
        names = [name_of(ledger, code) for code in statement.towards]
        kind = message("{kind} towards {states}", kind=kind, states=names)
    values: dict[str, Any] = {
        "state": name_of(ledger, statement.participant) if statement.participant else message("Author not known"),
        "kind": kind, "treaty": names_in(ledger)(statement.instrument), "article": statement.article,
    }  # fmt: skip
    if statement.article:
        return message("{state}: {kind}, {treaty}, article {article}", **values)
    return message("{state}: {kind}, {treaty}", **values)


def dated_statement_in_words(ledger: Ledger, statement: Statement) -> TranslatableText:
    """The same with its date: `Ecuador: reservation, UNTOC, article 10, 17 September 2002`."""
    said = statement_in_words(ledger, statement)
    return message("{statement}, {date}", statement=said, date=statement.date or message("date not known"))


def _statement_made(ledger: Ledger, each: Statement) -> StatementChange:
    said = message("{statement}.", statement=dated_statement_in_words(ledger, each))
    words = paragraph([said, each.summary])
    return StatementChange(
        StatementTurn.MADE,
        each,
        words,
        each.counts_from,
        "",
        _details_in_words(each),
        _provisions_concerned(ledger, each),
    )


def _provisions_concerned(ledger: Ledger, each: Statement) -> tuple[str, ...]:
    """The provisions of the statements that a withdrawal or modification is about."""
    if not each.kind.concerns_another:
        return ()
    author = ledger.continuing(each.participant)
    earlier = (one for one in ledger.statements(each.instrument) if ledger.continuing(one.participant) == author)
    return tuple(dict.fromkeys(part for one in earlier if concerns(each, one) for part in one.provisions))


def _withdrawal_changes(ledger: Ledger, each: Statement, earlier: Statement) -> Iterator[StatementChange]:
    if each.withdrawn_on and not earlier.withdrawn_on:
        said = statement_in_words(ledger, each)
        words = message("{statement}: withdrawn on {date}.", statement=said, date=each.withdrawn_on)
        day = each.withdrawn_on.first
        yield StatementChange(
            StatementTurn.WITHDRAWN, each, words, day, _details_in_words(earlier), _details_in_words(each)
        )
    elif _details_in_words(each) != _details_in_words(earlier):
        yield _statement_corrected(ledger, each, earlier)


def _statement_corrected(ledger: Ledger, each: Statement, earlier: Statement) -> StatementChange:
    before, now = _details_in_words(earlier), _details_in_words(each)
    said = statement_in_words(ledger, each)
    words = message("Corrected – {statement}: {new} (was {old}).", statement=said, new=now, old=before)
    return StatementChange(StatementTurn.CORRECTED, each, words, each.counts_from, before, now)


def _statement_retracted(ledger: Ledger, each: Statement) -> StatementChange:
    words = message("Removed from our data – {statement}.", statement=dated_statement_in_words(ledger, each))
    return StatementChange(StatementTurn.RETRACTED, each, words, None, _details_in_words(each))


def _date_in_words(each: Statement) -> str:
    return in_words(each.date) if each.date else "date not known"


def _details_in_words(each: Statement) -> str:
    """Everything that a statement says of itself, so that two different ones never read the same."""
    dates = {"received": each.received_on, "effective": each.effective_on, "confirmed": each.confirmed_on,
             "not before": each.not_before, "known by": each.known_by, "withdrawn": each.withdrawn_on}  # fmt: skip
    days = [f"{name} {in_words(day)}" for name, day in dates.items() if day]
    parts = (_date_in_words(each), each.article, *days, each.effect or "", each.summary, each.text, each.language,
             each.url, each.doubt, f"source: {each.source}")  # fmt: skip
    return "; ".join(filter(None, parts))
