"""Files on their way into the record: the program's own files as they are, any other file as it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tracker.errors import BadQuestion, Refused
from tracker.intake.profile import FileProfile, Undecided
from tracker.intake.sheets import MAX_BYTES
from tracker.intake.understanding import Understood, understand
from tracker.law.ledger import Ledger
from tracker.law.model import Action, Fact
from tracker.storage.facts import SCHEMA_BY_FILE, SCHEMA_BY_TYPE
from tracker.storage.import_export import Parsed, parse_files, parse_rows


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What was parsed of some files, and what was made of those that are not of the program's own form."""

    parsed: Parsed
    understood: tuple[Understood, ...]


def is_own_form(path: Path) -> bool:
    """Is it a folder of data files, or a data file by its name? Then it must be of the program's own form."""
    return path.is_dir() or path.name in SCHEMA_BY_FILE


def read_files(paths: Sequence[Path], held: Iterable[Fact], profile: FileProfile, today: date) -> ReadFiles:
    """Every row of these files and folders; what other files mean is decided beside the facts `held` and the own files.

    Refused for what is no table. Nobody is asked: whoever wants to record must look at the questions first.
    """
    parsed = parse_files([path for path in paths if is_own_form(path)])
    others = [path for path in paths if not is_own_form(path)]
    if not others:
        return ReadFiles(parsed, ())
    ledger = Ledger([*held, *(entry.fact for entry in parsed.entries)])
    understood = tuple(understand(_bytes(path), str(path), ledger, profile, today) for path in others)
    for path, each in zip(others, understood, strict=True):
        take_in(each, str(path), parsed)
    return ReadFiles(parsed, understood)


def take_in(understood: Understood, file: str, parsed: Parsed) -> None:
    """Take the rows and the faults of a file that was understood into what was parsed."""
    for fault in understood.faults.found:
        parsed.faults.add(fault.file, fault.line, fault.problem, fault.advice, column=fault.column, value=fault.value)
    parse_rows(understood.rows, SCHEMA_BY_TYPE[Action], file, parsed)


def must_be_decided(understood: Iterable[Understood]) -> None:
    """Undecided with all questions that files leave open."""
    if questions := [question for each in understood for question in each.questions]:
        raise Undecided(questions)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except IsADirectoryError:
        raise BadQuestion(f"{path} is a folder.") from None
    except OSError as trouble:
        raise Refused(f"{path} cannot be read: {trouble.strerror}. Name a file that can be read.") from None
