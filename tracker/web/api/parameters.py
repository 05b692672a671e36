"""The parameters of the API: what each is called, means and may hold, and refusing what is none.

A misspelt filter that silently gave everything would be a trap, so a parameter that an operation does not
know is refused by name, and so is one without a value or given twice. What a value leads to is the answers' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion
from tracker.law.change import ChangeKind
from tracker.law.model import ParticipantKind
from tracker.law.network import TieKind
from tracker.law.standing import Status

MOST = 1000  # rows of one page
FARTHEST = 10_000_000  # rows that may be passed over
LONGEST = 1000  # characters of a value
DAY = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
MOMENT = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?Z$",
}
TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: `schema` is the JSON Schema of one value; `many` may be given several times."""

    name: str
    meaning: str
    schema: Mapping[str, Any] = field(default_factory=lambda: TEXT)
    example: Any = None
    many: bool = False
    required: bool = False

    def called(self, name: str, meaning: str = "") -> Parameter:
        """The same parameter under another name."""
        return replace(self, name=name, meaning=meaning or self.meaning)


def _number(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of(values: Iterable[str]) -> dict[str, Any]:
    """The schema of a value that is one of these."""
    return {"type": "string", "enum": [str(each) for each in values]}


def sorting(names: Sequence[str]) -> Parameter:
    """The order of a table by one of its columns."""
    both = [f"{sign}{each}" for each in names for sign in ("", "-")]
    return Parameter("sort", "Order the rows by this; with a hyphen before it, backwards.", one_of(both), both[1])


def number(name: str, meaning: str, example: int, *, least: int = 0, most: int = 9999) -> Parameter:
    """A whole number from `least` to `most`."""
    return Parameter(name, meaning, _number(least, most), example)


def choice(name: str, meaning: str, values: type[StrEnum] | Sequence[str], example: str = "") -> Parameter:
    """One of a few words."""
    known = [str(each) for each in values]
    return Parameter(name, meaning, one_of(known), example or known[0])


AS_OF = Parameter("as_of", "The day to answer for, in legal time; today in UTC if left out.", DAY, "2003-07-01")
KNOWN_AT = Parameter(
    "known_at", "What the record held at this moment, in record time; now if left out.", MOMENT, "2026-11-02T08:30:00Z"
)
LIMIT = Parameter("limit", "How many rows to give at most; all if left out.", _number(1, MOST), 50)
OFFSET = Parameter("offset", "How many rows to pass over first.", _number(0, FARTHEST), 0)
INSTRUMENT_ID = Parameter("id", "The instrument's id.", TEXT, "untoc", required=True)
PARTICIPANT_CODE = Parameter(
    "code", "The participant's code: ISO 3166-1 alpha-3 for States.", TEXT, "FRA", required=True
)
BODY_ID = Parameter("id", "The body's id.", TEXT, "greco", required=True)
SCHEME_ID = Parameter("id", "The id of a scheme of judgements.", TEXT, "fatf-ncct", required=True)
INSTRUMENT = Parameter("instrument", "Only what is about this instrument, by its id.", TEXT, "untoc")
PARTICIPANT = Parameter("participant", "Only what is about this participant, by its code.", TEXT, "FRA")
BODY = Parameter("body", "Only what is about this body, by its id.", TEXT, "greco")
KIND = choice("kind", "Only participants of this kind.", ParticipantKind, "state")
REGION = Parameter("region", "Only participants of this region.", TEXT, "Africa")
GROUP = Parameter("group", "Only participants of this regional group of the United Nations.", TEXT, "African States")
MEMBER_OF = Parameter("member_of", "Only members of this body on the day, by its id.", TEXT, "greco")
STANDING = choice("standing", "Only participants with this status.", Status, "party")
CHANGE_KIND = choice("kind", "Only changes of this kind.", ChangeKind)
TIE_KIND = choice("standing", "Only ties, or absences, of this kind.", TieKind)
PEOPLE = (KIND, REGION, GROUP, MEMBER_OF)


def checked(known: Sequence[Parameter], given: MultiDict[str, str]) -> None:
    """See that the query of an address holds only what is known; BadQuestion names what is not, and what is."""
    by_name = {each.name: each for each in known}
    for name, values in given.lists():
        if name not in by_name:
            here = f"The parameters here are: {', '.join(by_name)}." if by_name else "There are no parameters here."
            raise BadQuestion(f"'{name[:40]}' is not a parameter here. {here}")
        if len(values) > 1 and not by_name[name].many:
            raise BadQuestion(f"{name} is given {len(values)} times; give it once.")
        for value in values:
            _fits(by_name[name], value)
    for each in known:
        if each.required and each.name not in given:
            raise BadQuestion(f"{each.name} is missing. {each.meaning}")


def _fits(known: Parameter, value: str) -> None:
    schema, said = known.schema, f"{known.name}='{value[:40]}'"
    if not value.strip():
        raise BadQuestion(f"{known.name} is empty; give it a value or leave it out.")
    if "\0" in value:
        raise BadQuestion(f"{known.name} holds a NUL character, which nothing in the record does.")
    if schema["type"] == "integer":
        _whole(known, value)
    elif "enum" in schema and value not in schema["enum"]:
        raise BadQuestion(f"{said} is not there to choose; choose one of: {', '.join(schema['enum'])}.")
    elif len(value) > schema.get("maxLength", LONGEST):
        raise BadQuestion(
            f"{known.name} has {len(value)} characters; write {schema.get('maxLength', LONGEST)} at most."
        )
    elif "pattern" in schema and not re.search(schema["pattern"].replace("$", r"\Z"), value):
        raise BadQuestion(f"{said} is not as it should be: write it like {known.example}.")


def _whole(known: Parameter, value: str) -> None:
    least, most = known.schema["minimum"], known.schema["maximum"]
    plain = value.isascii() and value.isdigit() and len(value) <= len(str(most))
    if not plain or not least <= int(value) <= most:
        raise BadQuestion(f"{known.name}='{value[:20]}' is not a whole number from {least} to {most}.")
