"""Statements as facts: reservations, declarations, notifications, objections, and the articles that they name.

What follows from them between two States is in `reservations`; which of them hold on a date in `statements`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from tracker.law.dates import Day, PartialDate
from tracker.law.model import Fact
from tracker.messages import TranslatableText, message


class StatementKind(StrEnum):
    """What sort of statement it is (Vienna Convention on the Law of Treaties, arts 2(1)(d) and 19 to 23).

    `UNSPECIFIED` is a statement of which the source does not say whether it is a reservation, a declaration or a
    notification. `WITHDRAWAL` and `MODIFICATION` concern an earlier statement of their author.
    """

    RESERVATION = "reservation"
    INTERPRETATIVE_DECLARATION = "interpretative-declaration"
    DECLARATION = "declaration"
    NOTIFICATION = "notification"
    OBJECTION = "objection"
    COMMUNICATION = "communication"
    WITHDRAWAL = "withdrawal"
    MODIFICATION = "modification"
    UNSPECIFIED = "unspecified"

    @property
    def words(self) -> TranslatableText:
        """The kind as it is written in a sentence."""
        return _WORDS[self]

    @property
    def concerns_another(self) -> bool:
        """Is it about an earlier statement of its own author?"""
        return self in (StatementKind.WITHDRAWAL, StatementKind.MODIFICATION)


_WORDS = {
    StatementKind.RESERVATION: message("reservation"),
    StatementKind.INTERPRETATIVE_DECLARATION: message("interpretative declaration"),
    StatementKind.DECLARATION: message("declaration"),
    StatementKind.NOTIFICATION: message("notification"),
    StatementKind.OBJECTION: message("objection"),
    StatementKind.COMMUNICATION: message("communication"),
    StatementKind.WITHDRAWAL: message("withdrawal of a statement"),
    StatementKind.MODIFICATION: message("modification of a statement"),
    StatementKind.UNSPECIFIED: message("reservation, declaration or notification: kind not known"),
}


class StatementTopic(StrEnum):
    """What a declaration or notification is about, where that matters to those who work with the treaty."""

    OPTIONAL_CLAUSE = "optional-clause"
    COMPETENCE = "competence"
    TERRITORIAL = "territorial"
    CENTRAL_AUTHORITY = "central-authority"
    EXTRADITION_BASIS = "extradition-basis"
    LANGUAGE = "language"
    DESIGNATED_AGENCY = "designated-agency"
    NON_RECOGNITION = "non-recognition"


class ObjectionEffect(StrEnum):
    """Whether an objecting State opposes entry into force between itself and the reserving State (art. 20(4)(b))."""

    EXCLUDES_TREATY = "excludes-treaty"
    TREATY_IN_FORCE = "treaty-in-force"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Fact):
    """What a State or organization said about a treaty beside its treaty actions.

    `made_on` is the date of the statement, `received_on` that of its receipt by the depositary, `effective_on` that of
    its effect, each where a source states it. `not_before` and `known_by` are the limits of a date that is not known.
    `confirmed_on` is when a reservation made upon signature was confirmed (art. 23(2)). `towards` are those to whom it
    is addressed: the authors of what is objected to. `concerns` is the kind of statement that a withdrawal or a
    modification is about. `participant` is empty only for an objection of which the source names the target alone.
    """

    instrument: str
    participant: str = ""
    kind: StatementKind
    topic: StatementTopic | None = None
    article: str = ""
    made_on: PartialDate | None = None
    received_on: PartialDate | None = None
    effective_on: PartialDate | None = None
    not_before: PartialDate | None = None
    known_by: PartialDate | None = None
    confirmed_on: PartialDate | None = None
    withdrawn_on: PartialDate | None = None
    towards: tuple[str, ...] = ()
    effect: ObjectionEffect | None = None
    concerns: StatementKind | None = None
    territory: str = ""
    summary: str = ""
    text: str = ""
    language: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        if not self.participant and self.kind is not StatementKind.OBJECTION:
            raise ValueError("a statement names its author; only an objection may leave it out, where it is not known")
        if not self.participant and not self.towards:
            raise ValueError("an objection whose author is not known names those to whom it is addressed")
        if self.effect and self.kind is not StatementKind.OBJECTION:
            raise ValueError("only an objection says whether the treaty is in force between its author and another")
        if bool(self.concerns) != self.kind.concerns_another:
            raise ValueError("a withdrawal or a modification names the kind of statement that it concerns")
        if self.withdrawn_on and self.date and self.withdrawn_on.last < self.date.first:
            raise ValueError("a statement cannot be withdrawn before it was made")

    @property
    def subject(self) -> tuple[str, ...]:
        about = (self.topic or "", self.article, self.concerns or "", "|".join(self.towards), self.territory)
        return (self.instrument, self.participant, self.kind, *about)

    @property
    def date(self) -> PartialDate | None:
        """The date of the statement, or of its receipt where its own is not known."""
        return self.made_on or self.received_on

    @property
    def counts_from(self) -> Day | None:
        """The first date by which it had certainly been made; None where the data cannot tell."""
        found = self.date or self.known_by or self.effective_on
        return found.last if found else None

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that it names, in its order: `32(2)`, `32(3)`."""
        return provisions_in(self.article)

    def is_withdrawn_by(self, day: Day) -> bool:
        """Had it been withdrawn by that date, as far as its own row says?"""
        return self.withdrawn_on is not None and self.withdrawn_on.first <= day

    def names(self, provision: str) -> bool:
        """Does it name that provision, a part of it, or what it is a part of?"""
        return any(overlap(each, provision) for each in self.provisions)


def provisions_in(article: str) -> tuple[str, ...]:
    """The provisions in a list with semicolons: `("32(2)", "32(3)")` for `32(2); 32(3)`."""
    return tuple(each for part in article.split(";") if (each := " ".join(part.split())))


_PROVISION = re.compile(r"[A-Za-z. ]{0,16}(?:[0-9]|\b[IVXLC]+\b)[\w ().-]*", re.ASCII)


def is_provision(text: str) -> bool:
    """Is it written as a provision is: `35(2)`, `Art. 35`, `XI(1)(c)`, `16 bis`?"""
    return _PROVISION.fullmatch(text) is not None


_PART = re.compile(r"[0-9]+|[a-z]+|[A-Z]+", re.ASCII)


@lru_cache(maxsize=4096)
def _parts(provision: str) -> tuple[str, ...]:
    plain = re.sub(r"^(?:articles?|arts?\.?)\s*", "", provision.strip(), flags=re.IGNORECASE)
    return tuple(_PART.findall(plain))


def lies_within(inner: str, outer: str) -> bool:
    """Is the first provision the second, or a part of it? `35(2)` lies within `35`, `Art. 35` is `35`."""
    whole = _parts(outer)
    return bool(whole) and _parts(inner)[: len(whole)] == whole


def overlap(one: str, other: str) -> bool:
    """Is one of the two provisions a part of the other?"""
    return lies_within(one, other) or lies_within(other, one)
