"""The facts of the record, frozen and validated: what each one is, and nothing about what follows from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tracker.law.dates import Day, PartialDate
from tracker.law.kinds import ActionKind, InstrumentKind, ParticipantKind
from tracker.law.wording import StateName, TreatyName

__all__ = [
    "UNVERIFIED",
    "Action",
    "ActionKind",
    "Assessment",
    "Body",
    "Coverage",
    "CoverageAspect",
    "CoverageState",
    "Fact",
    "Instrument",
    "InstrumentEvent",
    "InstrumentKind",
    "Mandate",
    "Membership",
    "Participant",
    "ParticipantCode",
    "ParticipantKind",
    "PublishedCount",
    "Weight",
]

UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something the record holds, with where it comes from and what is doubtful about it.

    `recorded_at` and `retracted_at` are aware UTC moments; both None for a fact not yet recorded.
    """

    source: str = ""
    doubt: str = ""
    recorded_at: datetime | None = field(default=None, compare=False, repr=False)
    retracted_at: datetime | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for moment in (self.recorded_at, self.retracted_at):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a moment of record time must be aware (UTC)")

    @property
    def subject(self) -> tuple[str, ...]:
        """What the fact is about. Of two live facts on one subject from two imports, the later corrects."""
        raise NotImplementedError

    @property
    def unverified(self) -> bool:
        """Is the fact recalled or reported without a source that was checked?"""
        return self.doubt.startswith(UNVERIFIED)

    def known_at(self, moment: datetime | None) -> bool:
        """Did the record hold this fact at that moment (None: does it hold it now)?"""
        if moment is None:
            return self.retracted_at is None
        if self.recorded_at is not None and self.recorded_at > moment:
            return False
        return self.retracted_at is None or self.retracted_at > moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Fact):
    """A State, former State, regional economic integration organization or other entity that can act.

    `successors` are the States that came after it; `continues` are earlier codes of which this is the same State under
    another name, so that their treaty actions are its own.
    """

    code: str
    name: str
    kind: ParticipantKind
    iso2: str = ""
    region: str = ""
    subregion: str = ""
    un_group: str = ""
    un_member_since: PartialDate | None = None
    exists_from: PartialDate | None = None
    exists_to: PartialDate | None = None
    successors: tuple[str, ...] = ()
    continues: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        iso2 = "" if self.exists_to else self.iso2  # codes of States that are gone are given anew
        object.__setattr__(self, "name", StateName(self.name, iso2))

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.code,)

    @property
    def is_organization(self) -> bool:
        """Is it an organization of States, whose deposit is commonly not additional to its members'?"""
        return self.kind in (ParticipantKind.REIO, ParticipantKind.ORGANIZATION)

    @property
    def is_state(self) -> bool:
        """Is it a State (past or present)? Eligible to most conventions open to 'all States'."""
        return self.kind in (ParticipantKind.STATE, ParticipantKind.OBSERVER_STATE, ParticipantKind.FORMER_STATE)

    def ceased_by(self, day: date) -> bool:
        """Had it ceased to exist before that day?"""
        return self.exists_to is not None and self.exists_to.last < day

    def existed_on(self, day: date) -> bool:
        """Could it have existed on that day, as far as the record knows?"""
        return (self.exists_from is None or self.exists_from.first <= day) and not self.ceased_by(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantCode(Fact):
    """The code of a participant in another scheme (m49, cow, cow-number, gw, gw-number, wikidata), in certain years."""

    participant: str
    scheme: str
    code: str
    start: PartialDate | None = None
    end: PartialDate | None = None

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.participant, self.scheme, self.code)

    def holds_in(self, year: int) -> bool:
        """Did the scheme use it for the participant in that year? Without years it always does."""
        return (self.start is None or self.start.first.year <= year) and (
            self.end is None or year <= self.end.last.year
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument(Fact):
    """A convention, protocol, agreement or amendment, with its final clauses in their text form.

    `in_force_on` is the depositary's own statement; what follows from the deposits is computed in `force`.
    `aliases` are other names that people use, such as the Palermo Convention. `reservations`, `disputes` and
    `accessions` are its terms on what binds two parties to each other, read in `clauses`.
    """

    id: str
    title: str
    kind: InstrumentKind
    reference: str = ""
    short_name: str = ""
    aliases: tuple[str, ...] = ()
    parent: str = ""
    subject_matter: str = ""
    adopted_on: PartialDate | None = None
    adopted_at: str = ""
    opened_on: PartialDate | None = None
    closed_on: PartialDate | None = None
    depositary: str = ""
    threshold: int | None = None
    delay: str = ""
    party_delay: str = ""
    conditions: str = ""
    withdrawal_delay: str = ""
    article: str = ""
    in_force_on: PartialDate | None = None
    registration: str = ""
    url: str = ""
    reservations: str = ""
    disputes: str = ""
    accessions: str = ""

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        if self.threshold is not None and self.threshold < 1:
            raise ValueError("a threshold is a number of deposits, 1 or more")
        object.__setattr__(self, "title", TreatyName(self.title))
        object.__setattr__(self, "short_name", TreatyName(self.short_name))

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def name(self) -> str:
        """The name people use."""
        return self.short_name or self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Fact):
    """A treaty action: who did what on which instrument, and when.

    `date` is the day of the act (signature) or deposit; `effective_on` the day it takes effect where the source states
    that. `known_by` is the day of the source that shows an act whose own day is not known: by then it had been done;
    `not_before` is that of one that shows that it had not been done yet. An act without any day is shown, and may have
    been done on any. An act with a `territory` concerns that territory alone; `towards` is the State whose accession it
    accepts or objects to. `not_counted` is why the depositary did not count the deposit, where it did not.
    """

    instrument: str
    participant: str
    kind: ActionKind
    date: PartialDate | None = None
    effective_on: PartialDate | None = None
    not_before: PartialDate | None = None
    known_by: PartialDate | None = None
    territory: str = ""
    towards: str = ""
    not_counted: str = ""
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (
            self.instrument,
            self.participant,
            self.kind,
            self.territory,
            *((self.towards,) if self.towards else ()),
        )

    @property
    def day(self) -> Day | None:
        """The exact day of the act, or None where the record does not have it to the day."""
        return self.date.exact if self.date else None

    @property
    def counts_from(self) -> Day | None:
        """The day from which the act is relied on; None if the record cannot tell.

        That is the first day by which it had certainly been done: its own, the last day of its month or year,
        `known_by`, or the day of its effect (a succession may reach back before its own notification, so its effect
        proves nothing about its day). An act that ends something is relied on from the first day it may have been done:
        from then on nobody can be sure of what it ended.
        """
        if self.date:
            return self.date.first if self.kind.ends else self.date.last
        if self.known_by:
            return self.known_by.last
        if self.effective_on and self.kind is not ActionKind.SUCCESSION:
            return self.effective_on.last
        return None

    @property
    def is_exact(self) -> bool:
        """Does the record have its day, and that of its effect where it states one?"""
        effect = self.effective_on is None or self.effective_on.exact is not None
        return self.day is not None and effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Fact):
    """An organization, office, commission or mechanism that lives around the instruments."""

    id: str
    name: str
    acronym: str = ""
    kind: str = ""
    parent: str = ""
    established_on: PartialDate | None = None
    dissolved_on: PartialDate | None = None
    url: str = ""
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.id,)

    @property
    def short_name(self) -> str:
        """The acronym if it has one, else the name."""
        return self.acronym or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Fact):
    """A participant's place in a body, from a day up to the day it ended."""

    body: str
    participant: str
    role: str = "member"
    start: PartialDate | None = None
    end: PartialDate | None = None
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.body, self.participant, self.role)

    def holds_on(self, day: date) -> bool:
        """Did it certainly hold on that day? Unknown starts are taken as before, unknown ends as open."""
        return (self.start is None or self.start.last <= day) and (self.end is None or day < self.end.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate(Fact):
    """What a body has to do with an instrument, and on what basis."""

    body: str
    instrument: str
    relation: str
    basis: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.body, self.instrument, self.relation)


TERMINATION = "termination"  # the event that ends an instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentEvent(Fact):
    """Something that happened to an instrument and is no participant's act: a certificate, a decision, its end.

    `event` is the word by which a clause asks for it (`event(certificate)`); `termination` ends the instrument, for
    the reason in `note` (Vienna Convention on the Law of Treaties, arts 54 and 59).
    """

    instrument: str
    event: str
    on: PartialDate
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.instrument, self.event)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCount(Fact):
    """A status count as some publisher printed it for some day."""

    instrument: str
    on: PartialDate
    signatories: int | None = None
    parties: int | None = None

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.instrument, str(self.on), self.source)


class CoverageAspect(StrEnum):
    """The kind of acts whose completeness is stated."""

    SIGNATURES = "signatures"
    CONSENTS = "consents"


class CoverageState(StrEnum):
    """Are all acts up to a day in our data, all but a known number, or are an unknown number of them missing?"""

    COMPLETE = "complete"
    EXCEPT = "complete-except"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Fact):
    """How complete the record is of an instrument's signatures or consents, up to a day, and what is known to lack.

    `expected` is the number that a complete record would have on that day; `missing` how many acts are known to lack
    where all others are there, and `missing_from` the day before which none of those was done, where it is known.
    `missing_of` are the participants whose acts those are, as far as they are known.
    """

    instrument: str
    aspect: CoverageAspect
    state: CoverageState
    as_of: PartialDate
    expected: int | None = None
    missing: int | None = None
    missing_from: PartialDate | None = None
    missing_of: tuple[str, ...] = ()
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.instrument, self.aspect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Fact):
    """A body's judgement of a participant under one of its schemes, from a day up to the day it ended."""

    body: str
    scheme: str
    participant: str = ""
    value: str
    start: PartialDate | None = None
    end: PartialDate | None = None
    edition: str = ""
    note: str = ""

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.body, self.scheme, self.participant, self.edition, str(self.start or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight(Fact):
    """A participant's figure in a table that a clause weighs deposits by (emissions, tonnage, exports)."""

    table: str
    participant: str
    value: float
    on: PartialDate | None = None

    @property
    def subject(self) -> tuple[str, ...]:
        return (self.table, self.participant, str(self.on or ""))

    def __post_init__(self) -> None:
        Fact.__post_init__(self)
        if not 0 <= self.value < float("inf"):
            raise ValueError("a weight is a number, 0 or more")
