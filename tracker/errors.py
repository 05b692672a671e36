"""The program's exceptions, each with its HTTP status and exit code.

So pages, API and command line answer alike. The message says what is wrong and what to do about it. What does not
belong here: deciding when to fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache


class TrackerError(Exception):
    """The root of the family; raised itself only when nothing more exact fits."""

    status = 500
    exit_code = 70
    code = "internal-error"


@cache
def kinds_of_error() -> dict[str, type[TrackerError]]:
    """The kinds of errors that programs can tell apart by their code, those within the server left out."""
    found: dict[str, type[TrackerError]] = {}
    waiting = list(TrackerError.__subclasses__())
    while waiting:
        each = waiting.pop(0)
        waiting += each.__subclasses__()
        if each.status != TrackerError.status:
            found.setdefault(each.code, each)
    return dict(sorted(found.items()))


class BadQuestion(TrackerError):
    """The question cannot be answered as it was put: a malformed day, an unknown option in the `field` named.

    `advice` is what people are told beside the field, where the message itself is for programs.
    """

    status = 400
    exit_code = 2
    code = "bad-question"

    def __init__(self, text: str = "", field: str = "", advice: str = "") -> None:
        super().__init__(text)
        self.field, self.advice = field, advice


class NotFound(TrackerError):
    """Nothing of that name is in the data."""

    status = 404
    exit_code = 2
    code = "not-found"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"No {kind} named '{name}' was found.")
        self.kind, self.name = kind, name


class BadClause(TrackerError):
    """A clause's text form makes no sense; the message points at the place."""

    status = 422
    exit_code = 65
    code = "bad-clause"


class BadSettings(TrackerError):
    """A setting has a value that the program refuses to run with."""

    exit_code = 78
    code = "bad-settings"


class PutBack(TrackerError):
    """Whoever keeps a copy of the record has a revision that it does not hold: an older copy of it was put back."""

    status = 409
    exit_code = 65
    code = "put-back"


class Unavailable(TrackerError):
    """The record cannot be reached or is not ready; trying again later may succeed."""

    status = 503
    exit_code = 75
    code = "unavailable"


class NotReady(TrackerError):
    """What was asked for is being made; in some seconds (`after`) it can be had."""

    status = 503
    exit_code = 75
    code = "not-ready"
    after = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one place in a file, and what to do about it."""

    file: str
    line: int
    column: str
    value: str
    problem: str
    advice: str

    def __str__(self) -> str:
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.column}={shown!r}" if self.column else ""
        return f"{place}:{field} {self.problem} {self.advice}".rstrip()


class BadData(TrackerError):
    """Files that must not enter the record; carries every fault found, in file and line order."""

    status = 422
    exit_code = 65
    code = "bad-data"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        many = "1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults"
        super().__init__("\n".join([f"{many} found; nothing was recorded.", *map(str, self.faults)]))


class Refused(TrackerError):
    """What another server sent is not to be trusted and was set aside whole; nothing in the record changed."""

    status = 502
    exit_code = 65
    code = "refused"


class Damaged(TrackerError):
    """What was kept is not what is found: a file or a copy that must not be used. Nothing was changed by it."""

    exit_code = 65
    code = "damaged"


class TryLater(Unavailable):
    """Another server cannot answer now; `after` is the number of seconds it asked for, where it did."""

    code = "try-later"

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Unreachable(TryLater):
    """Another server did not answer at all, or not in time."""


class NoSuchLink(NotFound):
    """A secret link is invalid: it was never given, has expired, or what it opened is deleted."""

    def __init__(self) -> None:
        TrackerError.__init__(self, "This link is invalid or has expired.")
        self.kind, self.name = "link", ""


class Undeliverable(TrackerError):
    """Another server will not take a message; `final` says that trying again is of no use."""

    status = 502
    exit_code = 69
    code = "undeliverable"

    def __init__(self, message: str, *, final: bool = True) -> None:
        super().__init__(message)
        self.final = final


class TooMany(TrackerError):
    """Too many requests in too short a time."""

    status = 429
    exit_code = 75
    code = "too-many"

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after  # seconds, where it is known when it may be asked again


class NotSignedIn(TrackerError):
    """Only who has shown who they are may do this: there is no session, or no token that is good."""

    status = 401
    exit_code = 77
    code = "not-signed-in"


class NotAllowed(TrackerError):
    """It is known who asks, and they may not do this."""

    status = 403
    exit_code = 77
    code = "not-allowed"
