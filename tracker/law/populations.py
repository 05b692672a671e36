"""Whose deposits a final clause speaks of: everyone, States, the members of a body, a named list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tracker.law.wording import Alternatives, format_fraction
from tracker.messages import TranslatableText, message

Anchor = Literal["adoption", "opening", "closing"]
When = date | Anchor | None
Names = Callable[[str], str]

ANCHORS: dict[Anchor, TranslatableText] = {
    "adoption": message("the adoption"),
    "opening": message("the opening for signature"),
    "closing": message("the closing for signature"),
}


class Phrase:
    """Something that stands in a sentence."""

    __slots__ = ()

    def in_words(self, name: Names) -> TranslatableText:
        """The words for it, calling what it names by id as `name` does."""
        raise NotImplementedError

    @property
    def words(self) -> TranslatableText:
        """The words for it, with ids as they are."""
        return self.in_words(str)


@dataclass(frozen=True, slots=True)
class Everyone(Phrase):
    """All whose deposits count at all."""

    def __str__(self) -> str:
        return "deposits"

    def in_words(self, name: Names) -> TranslatableText:
        return message("depositors")


@dataclass(frozen=True, slots=True)
class States(Phrase):
    """States only, whatever the clause says of organizations."""

    def __str__(self) -> str:
        return "states"

    def in_words(self, name: Names) -> TranslatableText:
        return message("States")


@dataclass(frozen=True, slots=True)
class Signatories(Phrase):
    """Those that have signed the instrument itself, on the day asked about or by a fixed day."""

    on: When = None

    def __str__(self) -> str:
        return f"signatories(on={self.on})" if self.on else "signatories"

    def in_words(self, name: Names) -> TranslatableText:
        return _then(message("signatories"), self.on)


@dataclass(frozen=True, slots=True)
class NamedParticipants(Phrase):
    """A list written out in the clause, by participants' codes."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return "|".join(self.codes)

    def in_words(self, name: Names) -> TranslatableText:
        return message("States named in the clause ({names})", names=self.names(name))

    def names(self, name: Names) -> list[str]:
        """The names in the list."""
        return [name(code) for code in self.codes]


@dataclass(frozen=True, slots=True)
class MembersOf(Phrase):
    """The members of a body, on the day asked about or on a fixed day."""

    body: str
    on: When = None

    def __str__(self) -> str:
        return f"members({self.body}{_on(self.on)})"

    def in_words(self, name: Names) -> TranslatableText:
        return _then(message("members of {body}", body=name(self.body)), self.on)


@dataclass(frozen=True, slots=True)
class PartiesTo(Phrase):
    """The contracting parties to an instrument, on the day asked about or on a fixed day."""

    instrument: str
    on: When = None

    def __str__(self) -> str:
        return f"parties({self.instrument}{_on(self.on)})"

    def in_words(self, name: Names) -> TranslatableText:
        return _then(message("parties to {instrument}", instrument=name(self.instrument)), self.on)


@dataclass(frozen=True, slots=True)
class Weighing(Phrase):
    """Those with at least a given figure in a table."""

    table: str
    least: Fraction

    def __str__(self) -> str:
        return f"weighing({self.table},{format_fraction(self.least)})"

    def in_words(self, name: Names) -> TranslatableText:
        return message(
            "participants with at least {least} in the table {table}", least=self.least, table=name(self.table)
        )


@dataclass(frozen=True, slots=True)
class Both(Phrase):
    """Those in two populations at once."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} and {self.other})"

    def in_words(self, name: Names) -> TranslatableText:
        return message("{one} that are also {other}", one=self.one.in_words(name), other=self.other.in_words(name))


@dataclass(frozen=True, slots=True)
class Either(Phrase):
    """Those in one population or another, or in both."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} or {self.other})"

    def in_words(self, name: Names) -> TranslatableText:
        return message("{groups}", groups=Alternatives((self.one.in_words(name), self.other.in_words(name))))


@dataclass(frozen=True, slots=True)
class Except(Phrase):
    """Those in one population and not in another."""

    one: Population
    other: Population

    def __str__(self) -> str:
        return f"({self.one} except {self.other})"

    def in_words(self, name: Names) -> TranslatableText:
        return message("{one} other than {other}", one=self.one.in_words(name), other=self.other.in_words(name))


Population = (
    Everyone | States | Signatories | NamedParticipants | MembersOf | PartiesTo | Weighing | Both | Either | Except
)


def _on(on: When) -> str:
    return f", on={on}" if on else ""


def _then(group: TranslatableText, on: When) -> TranslatableText:
    """A group as it was on a date."""
    if on is None:
        return group
    if isinstance(on, date):
        return message("{group} on {date}", group=group, date=on)
    return message("{group} on the date of {event}", group=group, event=ANCHORS[on])
