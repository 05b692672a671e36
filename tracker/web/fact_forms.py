"""The fields of the forms in which editors enter facts: which columns, in what order, with what choices.

Columns and their codecs are those of the data files; here they get labels, and a kind of field each.

The clause of a form read back: in words, the date that would follow on a test date, and what is wrong by field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tracker.errors import BadClause, BadQuestion, NotFound
from tracker.law.clause_parser import parse_clause
from tracker.law.clauses import Clause
from tracker.law.dates import parse_delay
from tracker.law.fact_references import FactKind
from tracker.law.ledger import Ledger, names_in
from tracker.law.model import ActionKind, Body, Fact, Instrument, InstrumentKind, Participant
from tracker.law.scenarios import trial_of
from tracker.messages import message
from tracker.storage.codecs import DAY, NAMES
from tracker.storage.fact_edits import EDITABLE
from tracker.storage.facts import Column
from tracker.web.context import read_day
from tracker.web.labels import label
from tracker.web.language import say

DELAYS = ("delay", "party_delay", "withdrawal_delay")
CLAUSE_FIELDS = ("threshold", *DELAYS, "conditions")
_ID = "own-treaty"


@dataclass(frozen=True, slots=True)
class ClauseReadback:
    """The clause in words, when it would bring the treaty into force, the test date, and what is wrong, by field."""

    words: str = ""
    trial: str = ""
    on: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)


def read_back(ledger: Ledger, given: Mapping[str, str], today: date) -> ClauseReadback:
    """The clause that the fields state, and the date that follows if all that can deposit did so on `test_on`.

    Texts are in the language of the page. `test_on` is today where it is empty.
    """
    values = {name: given.get(name, "").strip() for name in CLAUSE_FIELDS}
    if not any(values.values()):
        return ClauseReadback()
    if faults := _faults(values):
        return ClauseReadback(faults=faults)
    words = say(_parse_terms(values).sentence(names_in(ledger)))
    try:
        day = read_day("", given.get("test_on", "").strip()) or today
    except BadQuestion as trouble:
        return ClauseReadback(words, faults={"test_on": str(trouble).removeprefix("=")})
    return ClauseReadback(words, _trial_words(ledger, _terms(values, given.get("parent", "")), day), day.isoformat())


def _terms(values: Mapping[str, str], parent: str) -> Instrument:
    return Instrument(
        id=_ID, title=_ID, kind=InstrumentKind.CONVENTION, source=_ID, parent=parent, threshold=_threshold(values),
        delay=values["delay"], party_delay=values["party_delay"], withdrawal_delay=values["withdrawal_delay"],
        conditions=values["conditions"],
    )  # fmt: skip


def _threshold(values: Mapping[str, str]) -> int | None:
    return int(values["threshold"]) if values["threshold"] else None


def _faults(values: Mapping[str, str]) -> dict[str, str]:
    """What cannot be read, by field; what only makes no sense together stands at the conditions, or at the delay."""
    faults = {}
    if values["threshold"] and not re.fullmatch(r"[1-9]\d{0,3}", values["threshold"], re.ASCII):
        faults["threshold"] = say(message("Write a whole number from 1 to 9999."))
    for name in DELAYS:
        try:
            if values[name]:
                parse_delay(values[name])
        except BadClause as trouble:
            faults[name] = str(trouble)
    if not faults:
        try:
            _parse_terms(values)
        except BadClause as trouble:
            faults["conditions" if values["conditions"] else "delay"] = str(trouble)
    return faults


def _parse_terms(values: Mapping[str, str]) -> Clause:
    return parse_clause(
        values["conditions"], threshold=_threshold(values), delay=values["delay"], party_delay=values["party_delay"],
        withdrawal_delay=values["withdrawal_delay"],
    )  # fmt: skip


def _trial_words(ledger: Ledger, terms: Instrument, day: date) -> str:
    """When all that can deposit do so on the test date; nothing where the calendar does not reach so far."""
    try:
        entry = trial_of(ledger, terms, day)
    except NotFound as trouble:
        return say(trouble.args[0])
    except (BadClause, OverflowError):
        return ""
    if entry.date:
        return say(message("All required deposits on {day}: entry into force on {date}.", day=day, date=entry.date))
    return say(entry.why)


KIND_NAMES = {
    FactKind.ACTION: message("Treaty action"),
    FactKind.STATEMENT: message("Statement"),
    FactKind.MEMBERSHIP: message("Membership"),
    FactKind.ASSESSMENT: message("Assessment or listing"),
    FactKind.TREATY: message("Treaty"),
}
_FIRST: Mapping[FactKind, tuple[str, ...]] = {
    FactKind.ACTION: ("treaty", "participant", "action", "date", "effective_on", "source", "doubt"),
    FactKind.STATEMENT: (
        "treaty", "participant", "kind", "article", "made_on", "withdrawn_on", "summary", "text", "source", "doubt",
    ),
    FactKind.MEMBERSHIP: ("body", "participant", "role", "from", "to", "source", "doubt"),
    FactKind.ASSESSMENT: ("body", "scheme", "participant", "value", "from", "to", "edition", "source", "doubt"),
    FactKind.TREATY: (
        "title", "short_name", "id", "kind", "parent", "opened_on", "threshold", "delay", "party_delay", "conditions",
        "withdrawal_delay", "article", "in_force_on", "source", "doubt",
    ),
}  # fmt: skip
COLUMN_LABELS = {
    "id": message("Id in addresses and files"), "treaty": message("Treaty"),
    "participant": message("State or participant"),
    "action": message("Treaty action"), "date": message("Date"), "effective_on": message("Date of effect"),
    "not_before": message("Not before"), "known_by": message("Known by"), "territory": message("Territory"),
    "towards": message("Addressed to"), "not_counted": message("Why it was not counted"), "note": message("Note"),
    "source": message("Source"), "doubt": message("Uncertainty"), "kind": message("Kind"), "topic": message("Topic"),
    "article": message("Article"), "made_on": message("Made on"), "received_on": message("Received on"),
    "confirmed_on": message("Confirmed on"), "withdrawn_on": message("Withdrawn on"),
    "effect": message("Effect of an objection"), "concerns": message("Concerns"), "summary": message("Summary"),
    "text": message("Text"), "language": message("Language"), "url": message("Web address"), "body": message("Body"),
    "role": message("Role"), "from": message("From"), "to": message("To"), "scheme": message("Scheme (id)"),
    "value": message("Category"), "edition": message("Edition"), "title": message("Title"),
    "short_name": message("Short name"), "aliases": message("Other names"), "parent": message("Belongs to"),
    "subject": message("Subject"), "adopted_on": message("Adopted on"), "adopted_at": message("Place of adoption"),
    "opened_on": message("Opened for signature"), "closed_on": message("Closed for signature"),
    "depositary": message("Depositary"), "threshold": message("Threshold"), "delay": message("Waiting period"),
    "party_delay": message("Period for later parties"), "conditions": message("Conditions"),
    "withdrawal_delay": message("Notice of withdrawal"),
    "in_force_on": message("In force on, as the depositary states"),
    "registration": message("Registration"), "reference": message("Number in the collection"),
    "reservations": message("Reservations"), "disputes": message("Disputes clause"),
    "accessions": message("Acceptance of accessions"),
}  # fmt: skip
_LONG = frozenset({"text", "summary", "conditions", "note", "doubt"})
_WIDE = frozenset({"title", "source", "url", "not_counted", "reservations", "depositary"})
_EXAMPLES = {"delay": "90d", "party_delay": "30d", "withdrawal_delay": "1y", "aliases": "A|B", "towards": "FRA|DEU",
             "url": "https://"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form: its name, its label, how it is filled in, and with what so far."""

    name: str
    label: str
    form: Literal["text", "long", "wide", "day", "choice"]
    value: str = ""
    required: bool = False
    example: str = ""
    choices: Sequence[tuple[str, str]] = field(default_factory=tuple)


def form_fields(kind: FactKind, ledger: Ledger, values: Mapping[str, str]) -> tuple[list[FormField], list[FormField]]:
    """The fields of a fact of that kind: those that are always shown, and the rest; in the page's language."""
    schema = EDITABLE[kind]
    first = [_field(schema.column(name), ledger, values) for name in _FIRST[kind]]
    rest = [_field(each, ledger, values) for each in schema.columns if each.name not in _FIRST[kind]]
    return first, rest


def _field(column: Column, ledger: Ledger, values: Mapping[str, str]) -> FormField:
    value = values.get(column.name, "")
    choices = _choices(column, ledger)
    if value and choices and value not in {each for each, _ in choices}:
        choices = [*choices, (value, value)]
    return FormField(
        column.name, say(COLUMN_LABELS[column.name]), _form(column, choices), value,
        column.required and column.name != "id", _EXAMPLES.get(column.name, ""), choices,
    )  # fmt: skip


def _form(column: Column, choices: Sequence[tuple[str, str]]) -> Literal["text", "long", "wide", "day", "choice"]:
    if choices:
        return "choice"
    if column.codec is DAY:
        return "day"
    if column.name in _LONG:
        return "long"
    return "wide" if column.name in _WIDE else "text"


def _choices(column: Column, ledger: Ledger) -> list[tuple[str, str]]:
    """What there is to choose, by name; nothing where anything may be written."""
    if column.refers and column.codec is not NAMES:
        return sorted(_known(column.refers, ledger), key=lambda pair: pair[1].casefold())
    if column.codec.values:
        return [(value, _value_name(column, value)) for value in column.codec.values]
    return []


def _known(fact_type: type[Fact], ledger: Ledger) -> list[tuple[str, str]]:
    if fact_type is Instrument:
        return [(each.id, each.name) for each in ledger.instruments.values()]
    if fact_type is Body:
        return [(each.id, each.name) for each in ledger.bodies.values()]
    assert fact_type is Participant
    return [(each.code, f"{each.name} ({each.code})") for each in ledger.participants.values()]


def _value_name(column: Column, value: str) -> str:
    return say(ActionKind(value).words) if column.name == "action" else label(value)
