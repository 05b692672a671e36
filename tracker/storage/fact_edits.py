"""One fact entered, corrected or retracted by an editor: what that would change in the record, and doing it.

The values are those of a row of the fact's data file, and are read and checked as the row would be. A correction
retracts one fact and records another, in one transaction with the changes that follow and the line of the audit log.

Targets entered by an editor: recorded and removed together with their audit entry, in one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Engine

from tracker.errors import BadData, BadQuestion, Fault, NotFound
from tracker.law.changes import Change
from tracker.law.fact_references import FactKind, reference_of
from tracker.law.ledger import Ledger
from tracker.law.model import Action, Assessment, Fact, Instrument, Membership
from tracker.law.reference_facts import Statement, Target
from tracker.messages import message
from tracker.storage import audit_log, change_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.change_log import Announce
from tracker.storage.csv_reader import CsvRow
from tracker.storage.database import read_transaction, write_transaction
from tracker.storage.facts import SCHEMA_BY_TYPE, FactSchema
from tracker.storage.import_export import Parsed, parse_rows, require_valid

MANUAL_GOAL = "Targets set here"


def manual_targets(ledger: Ledger) -> list[Target]:
    """The targets of a ledger that were set by hand, by day."""
    return sorted(
        (each for each in ledger.targets.values() if each.goal == MANUAL_GOAL), key=lambda each: (each.day, each.id)
    )


def set_target(engine: Engine, target: Target, *, actor: Actor, moment: datetime) -> None:
    """Record a target; one of the same id says now what this one says."""
    with write_transaction(engine) as connection:
        outcome = repository.record_facts_in(connection, [target], what=f"target set by {actor.name}", moment=moment)
        if outcome.changed:
            audit_log.add_entry(connection, actor, "set target", target.id, moment=moment)


def remove_target(engine: Engine, id: str, *, actor: Actor, moment: datetime) -> None:
    """Take a target out of the record; NotFound if none of that id was set by hand."""
    with write_transaction(engine) as connection:
        found = [each for each in repository.live_facts_in(connection) if isinstance(each, Target) and each.id == id]
        if not found or found[0].goal != MANUAL_GOAL:
            raise NotFound("target set here", id[:100])
        repository.replace_facts(connection, found, (), what=f"target taken back by {actor.name}", moment=moment)
        audit_log.add_entry(connection, actor, "withdraw target", id, moment=moment)


EDITABLE: Mapping[FactKind, FactSchema] = {
    FactKind.ACTION: SCHEMA_BY_TYPE[Action],
    FactKind.STATEMENT: SCHEMA_BY_TYPE[Statement],
    FactKind.MEMBERSHIP: SCHEMA_BY_TYPE[Membership],
    FactKind.ASSESSMENT: SCHEMA_BY_TYPE[Assessment],
    FactKind.TREATY: SCHEMA_BY_TYPE[Instrument],
}
_ONCE = (
    FactKind.ACTION,
    FactKind.MEMBERSHIP,
    FactKind.ASSESSMENT,
    FactKind.TREATY,
)  # of which one reference is one fact
MAX_REASON = 1000  # characters


@dataclass(frozen=True, slots=True)
class FactEdit:
    """What an editor asks for: `values` are the columns of the fact to record, None to retract the one named.

    `replaces` is the mark of the fact that is corrected or retracted (see `fact_mark`), `reason` says why.
    """

    kind: FactKind
    values: Mapping[str, str] | None
    replaces: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EditEffect:
    """What an edit changes, or would: the facts, the changes that follow, and the record on either side of it."""

    before: Fact | None
    after: Fact | None
    old: Ledger
    new: Ledger
    changes: tuple[Change, ...] = ()
    revision: int = 0


@dataclass(frozen=True, slots=True)
class _Prepared:
    """An edit held against the record: the facts to go and to come, and everything that is live."""

    before: Fact | None
    after: Fact | None
    held: Collection[Fact] = field(repr=False)


def fact_mark(fact: Fact) -> str:
    """A short text that stands for the fact as it is: another one as soon as it says something else."""
    said = "\0".join(fact_values(fact).values())
    return hashlib.sha256(f"{type(fact).__name__}\0{said}".encode()).hexdigest()[:24]


def fact_values(fact: Fact) -> dict[str, str]:
    """The fact as the columns of its data file."""
    schema = SCHEMA_BY_TYPE[type(fact)]
    return {column.name: column.codec.to_text(getattr(fact, column.field)) for column in schema.columns}


def marked_fact(held: Iterable[Fact], kind: FactKind, mark: str) -> Fact:
    """The live fact of that mark; BadQuestion where there is none any more."""
    fact_type = EDITABLE[kind].fact
    for fact in held:
        if type(fact) is fact_type and fact_mark(fact) == mark:
            return fact
    raise BadQuestion(message("The entry was changed or retracted in the meantime. Open it again."))


def preview_edit(engine: Engine, edit: FactEdit, *, moment: datetime) -> EditEffect:
    """What the edit would change, nothing being written; errors as for `edit_fact`."""
    with read_transaction(engine) as connection:
        prepared = _prepare(edit, repository.live_facts_in(connection))
        day = change_log.day_of_comparison(connection, moment)
    ledger, gone, come = Ledger(prepared.held), _some(prepared.before), _some(prepared.after)
    changes = change_log.changes_by(ledger, gone, come, day=day, moment=moment)
    new = Ledger([*(fact for fact in prepared.held if fact not in set(gone)), *come])
    return EditEffect(prepared.before, prepared.after, ledger.as_of(day), new.as_of(day), changes)


def edit_fact(engine: Engine, edit: FactEdit, *, moment: datetime, announce: Announce, actor: Actor) -> EditEffect:
    """Do what the editor asks, with the changes that follow and the line of the log, in one transaction.

    BadData naming the columns for values that make no sense, beside the record as well; BadQuestion for a fact that is
    there already or is gone, for an edit that changes nothing, and for a correction or retraction without a reason.
    """
    change_log.run_day_turn(engine, moment.date(), moment=moment, announce=announce)
    with write_transaction(engine) as connection:
        prepared = _prepare(edit, repository.live_facts_in(connection))
        ledger, gone, come = Ledger(prepared.held), _some(prepared.before), _some(prepared.after)
        what = f"{_verb(edit)} {edit.kind} by {actor.name}: {edit.reason}".rstrip(": ")
        outcome = repository.replace_facts(connection, gone, come, what=what, moment=moment)
        changes = change_log.log_differences(connection, ledger, outcome, moment=moment, announce=announce)
        _write_audit_line(connection, edit, prepared, actor, moment)
        day = change_log.day_of_comparison(connection, moment)
        new = Ledger(repository.live_facts_in(connection))
    return EditEffect(prepared.before, prepared.after, ledger.as_of(day), new.as_of(day), changes, outcome.revision)


def _write_audit_line(
    connection: Connection, edit: FactEdit, prepared: _Prepared, actor: Actor, moment: datetime
) -> None:
    fact = prepared.after or prepared.before
    assert fact is not None
    about = " ".join(filter(None, (*fact.subject, edit.reason and f"({edit.reason})")))
    audit_log.audit_by(actor, f"{_verb(edit)} {edit.kind}", about, moment)(connection)


def _verb(edit: FactEdit) -> str:
    if edit.values is None:
        return "retract"
    return "correct" if edit.replaces else "record"


def _some(fact: Fact | None) -> tuple[Fact, ...]:
    return () if fact is None else (fact,)


# -- checking --------------------------------------------------------------------------------------


def _prepare(edit: FactEdit, held: Collection[Fact]) -> _Prepared:
    before = marked_fact(held, edit.kind, edit.replaces) if edit.replaces else None
    if len(edit.reason) > MAX_REASON or not edit.reason.isprintable():
        raise _faulty(edit, "reason", f"is not one line of at most {MAX_REASON} characters.")
    if before is not None and not edit.reason.strip():
        raise _faulty(edit, "reason", "is empty: say why the entry is changed; it is kept with the change.")
    if edit.values is None:
        if before is None:
            raise BadQuestion(message("Say which entry to retract."))
        _refuse_needed(before, held)
        return _Prepared(before, None, held)
    beside = [fact for fact in held if fact is not before]
    after = _read(edit, edit.values, beside, before)
    if after == before:
        raise BadQuestion(message("Nothing was changed."))
    return _Prepared(before, after, held)


def _read(edit: FactEdit, values: Mapping[str, str], beside: Collection[Fact], before: Fact | None) -> Fact:
    """The fact that the values state, sound beside the others; BadData naming the columns if it is none."""
    schema, parsed = EDITABLE[edit.kind], Parsed()
    if unknown := values.keys() - set(schema.names):
        raise BadQuestion(message("'{unknown}' is no column of {file}.", unknown=min(unknown)[:40], file=schema.file))
    row = {name: _clean(values.get(name, "")) for name in schema.names}
    parse_rows([CsvRow(1, row)], schema, schema.file, parsed)
    [fact] = require_valid(parsed, beside) or [None]
    assert fact is not None
    if edit.kind is FactKind.TREATY and isinstance(before, Instrument) and fact.subject != before.subject:
        raise _faulty(edit, "id", "cannot be changed: other entries name the treaty by it.", row["id"])
    _refuse_repetition(edit, fact, beside, schema)
    return fact


def _clean(text: str) -> str:
    """The text as a data file would hold it, with line ends of one kind and nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def _refuse_repetition(edit: FactEdit, fact: Fact, beside: Iterable[Fact], schema: FactSchema) -> None:
    reference = reference_of(fact)
    for other in beside:
        same = edit.kind in _ONCE and type(other) is schema.fact and reference_of(other) == reference
        if other == fact or (same and getattr(other, "territory", "") == getattr(fact, "territory", "")):
            raise _faulty(edit, schema.names[0], "is in the data already. Correct that entry instead.")


def _refuse_needed(fact: Fact, held: Iterable[Fact]) -> None:
    """A treaty that others speak of stays."""
    if isinstance(fact, Instrument) and any(
        getattr(other, "instrument", "") == fact.id or getattr(other, "parent", "") == fact.id for other in held
    ):
        raise BadQuestion(message("Other entries name this treaty. Retract them first."))


def _faulty(edit: FactEdit, column: str, problem: str, value: str = "") -> BadData:
    return BadData([Fault(EDITABLE[edit.kind].file, 1, column, value, problem, "")])
