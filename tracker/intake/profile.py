"""The profile of a file: what has been decided about it, to be kept and used again, and what is still open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from tracker.errors import BadQuestion, TrackerError
from tracker.messages import TranslatableText

DATE_ORDERS = ("dmy", "mdy")
ROLES = (
    "participant", "treaty", "action", "date", "effective_on", "territory", "note", "source", "doubt", "ignore",
)  # fmt: skip
ACTION_ROLE = "date: "  # a column of dates of one action: `date: signature`


@dataclass(frozen=True, slots=True)
class FileProfile:
    """The answers that one kind of file needs.

    `columns` gives headings a role (one of `ROLES`, or `date: ratification` for a column of the dates of one action),
    `letters` the meaning of letters and words for actions (an action, or `ignore`), `codes` the scheme of participants'
    codes, `dates` the order of day and month. What is empty is read from the file itself.
    """

    treaty: str = ""
    source: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    dates: str = ""
    codes: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)

    def over(self, other: FileProfile) -> FileProfile:
        """These answers, and the other's where these say nothing."""
        own = {name: value for name, value in asdict(self).items() if value}
        merged = {name: {**getattr(other, name), **own.get(name, {})} for name in ("columns", "letters")}
        return replace(other, **own | merged)

    def to_json(self) -> str:
        """The profile as a JSON file to keep."""
        kept = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(kept, ensure_ascii=False, indent=1) + "\n"


def profile_from_json(text: str) -> FileProfile:
    """The profile in a JSON file; BadQuestion for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        raise BadQuestion("The profile is not JSON.") from None
    known = {each.name: each for each in fields(FileProfile)}
    if not isinstance(found, dict) or not found.keys() <= known.keys() or not all(map(_sound, found.items())):
        raise BadQuestion(f"The profile must be a JSON object with these keys: {', '.join(known)}.")
    return FileProfile(**found)


def _sound(item: tuple[str, Any]) -> bool:
    name, value = item
    if name in ("columns", "letters"):
        return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())
    return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What a file leaves open: which field of the profile decides it (`of` which column or letter), and the choices."""

    field: str
    of: str
    text: TranslatableText
    choices: tuple[str, ...] = ()

    def __str__(self) -> str:
        given = f"{self.of}={self.choices[0] if self.choices else '...'}" if self.of else "..."
        options = f" ({' or '.join(map(repr, self.choices))})" if self.choices else ""
        return f"{self.text} Answer with --{OPTIONS[self.field]} {given}{options}."


OPTIONS = {
    "treaty": "treaty", "encoding": "encoding", "delimiter": "delimiter", "sheet": "sheet", "dates": "dates",
    "codes": "codes", "columns": "column", "letters": "letter",
}  # fmt: skip


class Undecided(TrackerError):
    """A file that cannot be imported before these questions are answered; nothing was recorded."""

    status = 422
    exit_code = 65
    code = "undecided"

    def __init__(self, questions: Iterable[OpenQuestion]) -> None:
        self.questions = tuple(questions)
        many = "1 question is" if len(self.questions) == 1 else f"{len(self.questions)} questions are"
        super().__init__("\n".join([f"{many} open; nothing was recorded.", *map(str, self.questions)]))
