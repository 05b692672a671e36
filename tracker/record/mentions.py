"""Which other things a fact mentions: the participants, instruments and bodies it refers to by name.

Most mentions are columns of their own; an instrument's clause mentions more in its conditions.
Whether what is mentioned exists is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from tracker.errors import BadClause
from tracker.law.clauses import Clause
from tracker.law.grammar import clause_of
from tracker.law.model import Body, Fact, Instrument, Participant
from tracker.law.populations import MembersOf, Named, PartiesTo
from tracker.record.nouns import BY_FACT

Mention = tuple[str, type[Fact], str]  # the column, what sort of thing it names, the name


def of(fact: Fact) -> Iterator[Mention]:
    """Everything that the fact mentions."""
    for column in BY_FACT[type(fact)].referring:
        if column.refers is not None and (value := getattr(fact, column.of)):
            for name in value if isinstance(value, tuple) else (value,):
                yield column.name, column.refers, name
    if isinstance(fact, Instrument) and fact.conditions:
        yield from _in_conditions(fact)


def required_by(instrument: Instrument) -> tuple[str, ...]:
    """The instruments that must be in force before this one is."""
    clause = _clause(instrument)
    return clause.requires if clause else ()


def _clause(instrument: Instrument) -> Clause | None:
    try:
        return clause_of(instrument)
    except BadClause:
        return None  # in a file, that is a fault of the row itself; in the record, of a grammar that has changed


def _in_conditions(instrument: Instrument) -> Iterator[Mention]:
    clause = _clause(instrument)
    for required in required_by(instrument):
        yield "conditions", Instrument, required
    for part in _parts(clause):
        if isinstance(part, MembersOf):
            yield "conditions", Body, part.body
        elif isinstance(part, PartiesTo):
            yield "conditions", Instrument, part.instrument
        elif isinstance(part, Named):
            yield from (("conditions", Participant, code) for code in part.codes)


def _parts(value: object) -> Iterator[object]:
    """The value and everything inside it, down through dataclasses and tuples."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        yield part
        if isinstance(part, tuple):
            waiting.extend(part)
        elif is_dataclass(part):
            waiting.extend(getattr(part, each.name) for each in fields(part))
