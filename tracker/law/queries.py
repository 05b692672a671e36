"""Queries in their text form: conditions that must all hold, short enough for an address.

`member=greco;not-party=coe-173` is one. Reading the text and writing it gives the same query again.
Names are only read here; whether the record holds them, and who meets the conditions, is `crossing`'s
question.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.errors import BadQuestion


class Asking(StrEnum):
    """What one condition asks about."""

    MEMBER = "member"
    NOT_MEMBER = "not-member"
    REGION = "region"
    GROUP = "group"
    PARTY = "party"
    NOT_PARTY = "not-party"
    SIGNATORY = "signatory"
    NONE = "none"
    WITHDRAWN = "withdrawn"
    ASSESSED = "assessed"
    NOT_ASSESSED = "not-assessed"


JUDGED = frozenset({Asking.ASSESSED, Asking.NOT_ASSESSED})  # they may ask for a value
PLACES = frozenset({Asking.REGION, Asking.GROUP})  # they name a place in words


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: `what` is asked of `of` (a body, region, instrument or scheme).

    `value` narrows a judgement to one value. `at` is the day asked about, or a scheme's edition; empty
    for the ledger's own day.
    """

    what: Asking
    of: str
    value: str = ""
    at: str = ""

    def __str__(self) -> str:
        return f"{self.what}={self.of}" + (f":{self.value}" if self.value else "") + (f"@{self.at}" if self.at else "")


def parse(text: str) -> tuple[Condition, ...]:
    """The query written as `member=greco;not-party=coe-173` or `assessed=tip-tier:3@2010`.

    BadQuestion, with the place, for anything that is not such a query. Names are not looked up yet.
    """
    parts = [part.strip() for part in text.split(";")]
    if not any(parts):
        raise BadQuestion(f"The query is empty. {_EXAMPLE}")
    if "" in parts:
        raise BadQuestion(f"The query '{text}' has an empty condition between its semicolons. {_EXAMPLE}")
    conditions = tuple(map(_condition, parts))
    for place, each in enumerate(conditions):
        if each in conditions[:place]:
            raise BadQuestion(f"The condition '{each}' stands in the query twice.")
    return conditions


def written(conditions: tuple[Condition, ...]) -> str:
    """The query in its text form; `parse` gives the same conditions back."""
    return ";".join(map(str, conditions))


_EXAMPLE = "Write conditions such as member=greco;not-party=coe-173."


def _condition(text: str) -> Condition:
    what, equals, rest = text.partition("=")
    if not equals:
        raise BadQuestion(f"The condition '{text}' has no '='. {_EXAMPLE}")
    if what not in set(Asking):
        raise BadQuestion(f"'{what}' is nothing that can be asked. Ask one of {', '.join(Asking)}.")
    asking = Asking(what)
    rest, at_sign, at = rest.rpartition("@") if "@" in rest else (rest, "", "")
    of, colon, value = rest.partition(":")
    if not of or (at_sign and not at) or (colon and not value):
        raise BadQuestion(f"The condition '{text}' is not finished: write {asking}=NAME{_tail(asking)}.")
    if colon and asking not in JUDGED:
        raise BadQuestion(f"The condition '{text}' takes no ':{value}': only a judgement has a value.")
    return Condition(asking, of if asking in PLACES else of.lower(), value, at)


def _tail(asking: Asking) -> str:
    return ", NAME:VALUE or NAME:VALUE@EDITION" if asking in JUDGED else " or NAME@DAY"
