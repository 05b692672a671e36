"""The clause of a form read back: in words, the date that would follow on a test date, and what is wrong by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.errors import BadClause, BadQuestion, NotFound
from tracker.law.clause_parser import parse_clause
from tracker.law.clause_trial import trial_of
from tracker.law.clauses import Clause
from tracker.law.dates import parse_delay
from tracker.law.ledger import Ledger, names_in
from tracker.law.model import Instrument, InstrumentKind
from tracker.messages import message
from tracker.web.context import read_day
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
    words = say(_parsed(values).sentence(names_in(ledger)))
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
            _parsed(values)
        except BadClause as trouble:
            faults["conditions" if values["conditions"] else "delay"] = str(trouble)
    return faults


def _parsed(values: Mapping[str, str]) -> Clause:
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
