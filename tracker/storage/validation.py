"""What is wrong with facts that are valid one by one: references to nothing, duplicates, circles, impossible dates.

References are found by `mentions_of`; the checks compare an import with itself and with the facts already recorded.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from tracker.errors import BadClause
from tracker.law.clause_parser import clause_of
from tracker.law.clauses import Clause
from tracker.law.model import Action, Body, Coverage, CoverageState, Fact, Instrument, Participant, PublishedCount
from tracker.law.populations import MembersOf, NamedParticipants, PartiesTo
from tracker.law.search import name_key
from tracker.storage.csv_reader import Faults
from tracker.storage.facts import FACT_SCHEMAS, SCHEMA_BY_TYPE, FactSchema

Mention = tuple[str, type[Fact], str]  # the column, the fact type that it names, the name


def mentions_of(fact: Fact) -> Iterator[Mention]:
    """Everything that the fact mentions."""
    for column, named in SCHEMA_BY_TYPE[type(fact)].referring:
        if value := getattr(fact, column.field):
            for name in value if isinstance(value, tuple) else (value,):
                yield column.name, named, name
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
        elif isinstance(part, NamedParticipants):
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


LAST_YEAR = 2999


class SourcedFact(NamedTuple):
    """A fact, and the file and line it stands on."""

    fact: Fact
    schema: FactSchema
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class MentionedNames:
    """A name that a row gives for something else, and where it stands."""

    file: str
    line: int
    column: str
    fact_type: type[Fact]
    name: str


def facts_beside(held: Iterable[Fact], entries: Iterable[SourcedFact], replaced: Collection[type[Fact]]) -> list[Fact]:
    """The record's live facts on which the entries do not speak."""
    held = list(held)
    if not held:
        return []
    spoken = {(type(entry.fact), entry.fact.subject) for entry in entries}
    return [fact for fact in held if type(fact) not in replaced and (type(fact), fact.subject) not in spoken]


def check_facts(
    entries: Sequence[SourcedFact],
    kept: Sequence[Fact],
    named: Collection[tuple[type[Fact], str]],
    unread: Collection[type[Fact]],
    loose: Sequence[MentionedNames],
    faults: Faults,
    *,
    recheck: bool = False,
) -> None:
    """Add to `faults` what is wrong with the entries beside the `kept` facts of the record.

    `loose` are the names given by rows that are faulty otherwise: they too must be known.

    With `recheck`, what the kept facts refer to must be there too: names may have gone.
    """
    everything = [*(entry.fact for entry in entries), *kept]
    _duplicates(entries, faults)
    _figures(entries, faults)
    _far_days(entries, faults)
    _check_addresses(entries, faults)
    _names(entries, kept, faults)
    known = set(named) | {(type(fact), fact.subject[0]) for fact in everything if SCHEMA_BY_TYPE[type(fact)].key}
    asking = [*entries, *(_in_the_record(fact) for fact in kept)] if recheck else entries
    lost = [each for each in loose if (each.fact_type, each.name) not in known]
    _references([*_unknown_names(asking, known), *lost], unread, everything, faults)
    _circles(entries, everything, faults)
    _protocols(entries, everything, faults)


def _in_the_record(fact: Fact) -> SourcedFact:
    return SourcedFact(fact, SCHEMA_BY_TYPE[type(fact)], "(our data)", 0)


def _duplicates(entries: Sequence[SourcedFact], faults: Faults) -> None:
    first: dict[object, SourcedFact] = {}
    for entry in entries:
        key = (entry.schema.file, entry.fact.subject) if entry.schema.key else _without_remarks(entry.fact)
        if (earlier := first.setdefault(key, entry)) is entry:
            continue
        where = f"line {earlier.line}" if earlier.file == entry.file else f"{earlier.file}:{earlier.line}"
        if entry.schema.key:
            problem = f"defines '{' '.join(filter(None, entry.fact.subject))}' a second time, after {where}."
        else:
            problem = f"says the same from the same source as {where}."
        faults.add(entry.file, entry.line, problem, "Remove one of the two.")


def _without_remarks(fact: Fact) -> Fact:
    if not fact.doubt and not getattr(fact, "note", ""):
        return fact  # as nearly all are, and a copy costs
    plain = replace(fact, doubt="")
    return replace(plain, note="") if hasattr(plain, "note") else plain  # type: ignore[call-arg]


def _figures(entries: Sequence[SourcedFact], faults: Faults) -> None:
    for entry in entries:
        fact = entry.fact
        if isinstance(fact, PublishedCount) and fact.signatories is None and fact.parties is None:
            faults.add(entry.file, entry.line, "gives no figure.", "Give signatories, parties, or both.")
        if isinstance(fact, Coverage) and bool(fact.missing) is not (fact.state is CoverageState.EXCEPT):
            problem = f"is '{fact.state}' and gives {fact.missing or 'no number'} in missing."
            mend = f"Write how many actions are missing with '{CoverageState.EXCEPT}', and nothing with other states."
            faults.add(entry.file, entry.line, problem, mend)
        if isinstance(fact, Coverage) and len(fact.missing_of) > (fact.missing or 0):
            problem = f"gives {fact.missing or 'no number'} in missing and {len(fact.missing_of)} in missing_of."
            faults.add(entry.file, entry.line, problem, "Name in missing_of no more participants than are missing.")


def _far_days(entries: Sequence[SourcedFact], faults: Faults) -> None:
    """An act's day must leave room in the calendar for what follows from it."""
    for entry in entries:
        if not isinstance(entry.fact, Action):
            continue
        for column, day in (("date", entry.fact.date), ("effective_on", entry.fact.effective_on)):
            if day and day.last.year > LAST_YEAR:
                problem = f"has a day after the year {LAST_YEAR} in {column}."
                faults.add(entry.file, entry.line, problem, "Correct the day, or leave it empty where it is not known.")


def _check_addresses(entries: Sequence[SourcedFact], faults: Faults) -> None:
    """An acceptance of an accession, or an objection to one, names whose it is; other acts are towards all."""
    for entry in entries:
        act = entry.fact
        if isinstance(act, Action) and bool(act.towards) is not act.kind.is_towards_another:
            problem = "names no State in towards." if act.kind.is_towards_another else "is towards all participants."
            advice = "Write the code of the acceding State." if act.kind.is_towards_another else "Leave towards empty."
            faults.add(entry.file, entry.line, problem, advice, column="towards", value=act.towards)


def _names(entries: Sequence[SourcedFact], kept: Sequence[Fact], faults: Faults) -> None:
    """A name must lead to one participant, or a sync would not know whose act it reads."""
    owners: dict[str, tuple[str, str]] = {}
    for fact in kept:
        if isinstance(fact, Participant):
            owners.update((name_key(name), (fact.code, "in our data")) for name in (fact.name, *fact.aliases))
    for entry in entries:
        if not isinstance(fact := entry.fact, Participant):
            continue
        for column, name in [("name", fact.name), *(("aliases", alias) for alias in fact.aliases)]:
            code, where = owners.setdefault(name_key(name), (fact.code, f"{entry.file}:{entry.line}"))
            if code != fact.code:
                problem = f"leads to {code} as well ({where})."
                faults.add(entry.file, entry.line, problem, "Leave it to one of them.", column=column, value=name)


_CODE = re.compile(r"[A-Z]{2,4}")
_LIKE = 0.75  # of 1: so alike is a code that may be meant, EU for EUU


def _other_names(facts: Iterable[Fact]) -> dict[str, str]:
    """The codes of participants by all that they are called, two-letter codes too; those of today before others."""
    participants = sorted(
        (each for each in facts if isinstance(each, Participant)), key=lambda each: bool(each.exists_to)
    )
    called: dict[str, str] = {}
    for each in participants:
        for name in (each.code, each.name, *each.aliases, *filter(None, (each.iso2,))):
            called.setdefault(name_key(name), each.code)
    return called


def _code_meant(name: str, other_names: dict[str, str]) -> str:
    """The advice on an unknown code or name: the code of its participant, or codes that are like it; else empty.

    A name that is only like another one is never taken for it.
    """
    if code := other_names.get(name_key(name)):
        return f"Write its code, {code}."
    codes = sorted(set(other_names.values())) if _CODE.fullmatch(name) else []
    alike = difflib.get_close_matches(name, codes, n=3, cutoff=_LIKE)
    return f"Write the code that is meant; {' or '.join(alike)} is like it." if alike else ""


def _unknown_names(
    entries: Iterable[SourcedFact], known: Collection[tuple[type[Fact], str]]
) -> Iterator[MentionedNames]:
    for entry in entries:
        for column, fact_type, name in mentions_of(entry.fact):
            if (fact_type, name) not in known:
                yield MentionedNames(entry.file, entry.line, column, fact_type, name)


def _references(
    unknown: Sequence[MentionedNames], unread: Collection[type[Fact]], everything: Iterable[Fact], faults: Faults
) -> None:
    other_names = _other_names(everything) if unknown else {}
    for each in unknown:
        if each.fact_type in unread:
            continue
        schema = SCHEMA_BY_TYPE[each.fact_type]
        meant = _code_meant(each.name, other_names) if each.fact_type is Participant else ""
        advice = meant or f"Add it to {schema.file}, or correct the {schema.names[0]}."
        faults.add(each.file, each.line, f"is not a known {schema.name}.", advice, column=each.column, value=each.name)


# The columns by which facts of one type refer to each other.
_SELF_REFERENCES: tuple[tuple[type[Fact], str], ...] = (
    *((each.fact, column.name) for each in FACT_SCHEMAS for column, named in each.referring if named is each.fact),
    (Instrument, "conditions"),
)


def _circles(entries: Sequence[SourcedFact], everything: Sequence[Fact], faults: Faults) -> None:
    """No instrument or body stands above itself, none must wait for itself, and no State succeeds itself."""
    for fact_type, column in _SELF_REFERENCES:
        ties: dict[str, set[str]] = defaultdict(set)
        for fact in everything:
            if isinstance(fact, fact_type):
                ties[fact.subject[0]] |= set(_ties(fact, column))
        try:
            TopologicalSorter(ties).prepare()
        except CycleError as trouble:
            _blame(entries, fact_type, column, trouble.args[1], faults)


def _ties(fact: Fact, column: str) -> Iterator[str]:
    if column == "conditions":
        assert isinstance(fact, Instrument)
        yield from required_by(fact)
    else:
        yield from (name for mentioned, _, name in mentions_of(fact) if mentioned == column)


def _blame(
    entries: Sequence[SourcedFact], fact_type: type[Fact], column: str, circle: list[str], faults: Faults
) -> None:
    shown = " > ".join(reversed(circle))
    for entry in entries:
        if type(entry.fact) is fact_type and entry.fact.subject[0] in circle:
            faults.add(entry.file, entry.line, f"goes round in a circle: {shown}.", "Break the circle.", column=column)
            return


def _protocols(entries: Sequence[SourcedFact], everything: Sequence[Fact], faults: Faults) -> None:
    """A State may not consent to a protocol that requires its convention without the convention; a doubt admits it."""
    instruments = {fact.id: fact for fact in everything if isinstance(fact, Instrument)}
    needed = {each.id: each.parent for each in instruments.values() if _requires_parent(each)}
    if not needed:
        return
    acts = [fact for fact in everything if isinstance(fact, Action)]
    consents = {(act.instrument, act.participant) for act in acts if act.kind.consents}
    for entry in entries:
        act = entry.fact
        if not isinstance(act, Action) or not act.kind.consents or act.doubt or act.instrument not in needed:
            continue
        if (parent := needed[act.instrument], act.participant) not in consents:
            problem = f"consents to '{act.instrument}' without any consent to its convention, '{parent}'."
            advice = "Add the consent to the convention, correct this row, or state why it is uncertain."
            faults.add(entry.file, entry.line, problem, advice, column="participant", value=act.participant)


def _requires_parent(instrument: Instrument) -> bool:
    return bool(instrument.parent) and instrument.parent in required_by(instrument)
