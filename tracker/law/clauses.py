"""Final clauses as values, and in words: what must be deposited, what then follows, for whom, and until when.

What may be required of the depositors is in `conditions`, the text form in `clause_parser`.

What a treaty's terms say of reservations, of its disputes clause and of accessions: data, read here.

`reservations` is empty where the treaty is silent, `prohibited`, `permitted`, or lists of provisions: `only: 31(2)` (no
others), `not: 2; 4` (on all but these); `expressly: 35(2)` beside other rules names what may be reserved without
acceptance. Parts are joined by a bar: `expressly: 35(2) | not: 5`. `accessions` is empty where an accession binds
towards all parties; `accepted` where it does only towards those that accept it, with the period from that until the
treaty is in force between the two (`accepted month+3`); `not-objected 6m` where not towards those that object in time,
`not-objected 6m 60d` with the period from the end of that time until the accession takes effect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from tracker.errors import BadClause
from tracker.law.conditions import Requirement, part_in_words
from tracker.law.dates import AnyDelay, Delay, how_long, parse_delay
from tracker.law.model import ActionKind, Instrument
from tracker.law.populations import ANCHORS, Anchor, MembersOf, Names, Population
from tracker.law.reference_facts import lies_within, overlap, provisions_in
from tracker.law.wording import Alternatives, Ordinal, SentenceStart, list_in_words, paragraph
from tracker.messages import TranslatableText, message, plural

RESERVATION_FORMS = (
    "prohibited, permitted, only: 31(2); 5, not: 2; 4, or expressly: 35(2), several separated by vertical bars"
)
ACCESSION_FORMS = "accepted, accepted month+3, not-objected, not-objected 6m or not-objected 6m 60d"

Permission = Literal["prohibited", "expressly-permitted", "permitted", "not-known"]


@dataclass(frozen=True, slots=True)
class ReservationTerms:
    """What a treaty says of reservations; `silent` where it says nothing (art. 19(c) then alone limits them)."""

    silent: bool = True
    prohibited: bool = False
    only: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    expressly: tuple[str, ...] = ()

    def permission(self, provisions: tuple[str, ...]) -> Permission:
        """Whether a reservation to these provisions is prohibited or expressly permitted; else it may be made.

        Not known where the treaty distinguishes by provision and the data name none. A reservation to a whole article
        of which only a paragraph may be reserved is read as one to that paragraph.
        """
        if self.prohibited:
            return "prohibited"
        if not provisions and (self.only or self.excluded):
            return "not-known"
        if self.only:
            allowed = all(any(overlap(each, permitted) for permitted in self.only) for each in provisions)
            return "expressly-permitted" if allowed else "prohibited"
        if any(lies_within(each, barred) for each in provisions for barred in self.excluded):
            return "prohibited"
        if provisions and all(any(lies_within(each, one) for one in self.expressly) for each in provisions):
            return "expressly-permitted"
        return "permitted"


@dataclass(frozen=True, slots=True)
class AccessionTerms:
    """Towards whom an accession binds: all parties, those that `accept` it, or those that do not `object` in time.

    `delay` runs from an acceptance until the treaty is in force between the two, or is the time for objections, which
    runs from the depositary's notification; `effect` runs from the end of that time until the accession takes effect.
    """

    rule: Literal["all", "accepted", "not-objected"] = "all"
    delay: AnyDelay | None = None
    effect: AnyDelay | None = None


def reservation_terms(text: str) -> ReservationTerms:
    """The terms on reservations that a text states; BadClause for one that cannot be read."""
    return _reservation_terms(text)


@lru_cache(maxsize=512)
def _reservation_terms(text: str) -> ReservationTerms:
    if not text.strip():
        return ReservationTerms()
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split("|"):
        word, _, rest = (each.strip() for each in part.partition(":"))
        listed = provisions_in(rest)
        if word not in ("prohibited", "permitted", "only", "not", "expressly") or word in found:
            raise BadClause(f"'{part.strip()}' is no term on reservations: write {RESERVATION_FORMS}")
        if bool(listed) is (word in ("prohibited", "permitted")):
            raise BadClause(
                f"'{part.strip()}' must {'not ' if listed else ''}list provisions: write {RESERVATION_FORMS}"
            )
        found[word] = listed
    return ReservationTerms(
        silent=not found.keys() & {"prohibited", "permitted", "only", "not"},
        prohibited="prohibited" in found,
        only=found.get("only", ()),
        excluded=found.get("not", ()),
        expressly=found.get("expressly", ()),
    )


@lru_cache(maxsize=512)
def accession_terms(text: str) -> AccessionTerms:
    """The terms on accessions that a text states; BadClause for one that cannot be read."""
    word, *periods = text.split() or [""]
    if not word:
        return AccessionTerms()
    if word == "accepted" and len(periods) < 2:
        return AccessionTerms("accepted", *map(parse_delay, periods))
    if word == "not-objected" and len(periods) < 3:
        return AccessionTerms("not-objected", *map(parse_delay, periods))
    raise BadClause(f"'{text}' is no term on accessions: write {ACCESSION_FORMS}")


def disputes_provisions(terms: Instrument) -> tuple[str, ...]:
    """The provisions on the settlement of disputes that a party may exclude; empty where the data name none."""
    return provisions_in(terms.disputes)


@dataclass(frozen=True, slots=True)
class EarliestEntry:
    """A day before which the instrument does not enter into force: a date, or a time after an anchor."""

    anchor: date | Anchor
    delay: AnyDelay | None = None

    def __str__(self) -> str:
        return f"not-before={self.anchor}" + (f"+{self.delay}" if self.delay else "")

    @property
    def words(self) -> TranslatableText:
        """How it stands in a sentence: `not before 1 January 2020`."""
        if isinstance(self.anchor, date):
            return message("not before {date}", date=self.anchor)
        event = ANCHORS[self.anchor]
        if self.delay is None:
            return message("not before {event}", event=event)
        if isinstance(self.delay, Delay) and self.delay.lands == "there":
            return message("no earlier than {period} after {event}", period=self.delay.period, event=event)
        delay = self.delay.after_event(spelled=True)
        return message("at the earliest {delay} the date of {event}", delay=delay, event=event)


@dataclass(frozen=True, slots=True)
class EndsBelow:
    """The instrument ends when its parties fall below a number (for so long, where the clause says so)."""

    parties: int
    lasting: AnyDelay | None = None

    def __str__(self) -> str:
        return f"ends-below={self.parties}" + (f" for {self.lasting}" if self.lasting else "")

    @property
    def words(self) -> TranslatableText:
        """The sentence that it is in the clause."""
        if self.lasting is None:
            return message("Ceases to be in force if the number of parties falls below {number}.", number=self.parties)
        return message(
            "Ceases to be in force if the number of parties stays below {number} for {period}.",
            number=self.parties, period=how_long(self.lasting),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class WithdrawalWindow:
    """A time in which alone a withdrawal may be notified, and how often it comes round."""

    lasting: AnyDelay
    every: AnyDelay

    def __str__(self) -> str:
        return f"withdrawal-window={self.lasting} every {self.every}"


@dataclass(frozen=True, slots=True)
class TacitAcceptance:
    """An amendment counts as accepted unless so large a part of the parties objects by a day (IMO conventions)."""

    part: Fraction
    by: date

    def __str__(self) -> str:
        return f"objections<{self.part} by {self.by}"

    @property
    def words(self) -> TranslatableText:
        """The sentence that it is in the clause."""
        return message(
            "Deemed accepted on {date} unless {part} of the parties to the treaty have objected by then.",
            date=self.by, part=part_in_words(self.part),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CeasesWith:
    """Consent ends when its author is no longer a member of a body, or so long after that."""

    members: MembersOf
    delay: AnyDelay | None = None

    def __str__(self) -> str:
        return f"ceases-with={self.members}" + (f"+{self.delay}" if self.delay else "")


@dataclass(frozen=True, slots=True)
class Clause:
    """The final clauses of one instrument, as far as they decide who is bound and when.

    `threshold` is the plain number of deposits; `requirements` and `events` come on top of it. Where there are
    `branches`, each is a way into force of its own, and the first to get there decides. Periods are None where the
    record does not give them. `late_after_entry`: a participant's own period applies only to deposits made after the
    entry into force.
    """

    threshold: int | None = None
    delay: AnyDelay | None = None
    party_delay: AnyDelay | None = None
    withdrawal_delay: AnyDelay | None = None
    requirements: tuple[Requirement, ...] = ()
    events: tuple[str, ...] = ()
    tacit: TacitAcceptance | None = None
    branches: tuple[Clause, ...] = ()
    organizations_count: bool = False
    organizations_as: Population | None = None
    acts: tuple[ActionKind, ...] = ()
    by: Population | None = None
    requires: tuple[str, ...] = ()
    not_before: EarliestEntry | None = None
    on: date | None = None
    party_delays: tuple[tuple[ActionKind | Literal["reio"], AnyDelay], ...] = ()
    late_after_entry: bool = False
    party_requires: str = ""
    binds_all: bool = False
    falls_with: str = ""
    denounced_by: tuple[str, ...] = ()
    ceases_with: CeasesWith | None = None
    consent_lasts: AnyDelay | None = None
    obligations_last: AnyDelay | None = None
    ends_below: EndsBelow | None = None
    ends_after: AnyDelay | None = None
    no_withdrawal_before: AnyDelay | None = None
    withdrawal_window: WithdrawalWindow | None = None

    @property
    def asks_for_deposits(self) -> bool:
        """Does the entry into force depend on deposits?"""
        return self.threshold is not None or bool(self.requirements)

    @property
    def is_stated(self) -> bool:
        """Does the clause say anything from which an entry into force can follow?"""
        return bool(self.asks_for_deposits or self.events or self.tacit or self.branches or self.on)

    @property
    def is_fixed(self) -> bool:
        """Does it enter into force on a day that the clause fixes, whatever has been deposited?"""
        return self.on is not None and not (self.asks_for_deposits or self.events or self.tacit or self.branches)

    @property
    def held_against(self) -> tuple[Requirement | Population, ...]:
        """Everything that the deposits are held against."""
        whom = (each for each in (self.by, self.organizations_as) if each)
        return (*self.requirements, *whom)

    @property
    def ends_by_others(self) -> tuple[str, ...]:
        """The instruments with which, or by which, a consent to this one may end."""
        return tuple(filter(None, (self.falls_with, self.party_requires, *self.denounced_by)))

    def __str__(self) -> str:
        """The `conditions` text: everything but the columns of their own (threshold, delays)."""
        return "; ".join(filter(None, (*self._written_entry(), *self._written_effects(), *self._written_ends())))

    def _written_entry(self) -> Iterator[str]:
        yield "reio=yes" if self.organizations_count else ""
        yield f"reio={self.organizations_as}" if self.organizations_as else ""
        yield f"acts={'|'.join(self.acts)}" if self.acts else ""
        yield f"by={self.by}" if self.by else ""
        yield from (f"requires={each}" for each in self.requires)
        yield from map(str, self.requirements)
        yield from (f"event={each}" for each in self.events)
        yield f"tacit={self.tacit}" if self.tacit else ""
        yield f"any({', '.join(each._as_branch() for each in self.branches)})" if self.branches else ""
        yield str(self.not_before or "")
        yield f"on={self.on}" if self.on else ""

    def _as_branch(self) -> str:
        parts = [*map(str, self.requirements), *(f"event={each}" for each in self.events), str(self.not_before or "")]
        parts += [f"on={self.on}" if self.on else "", f"delay={self.delay}" if self.delay else ""]
        return f"clause({'; '.join(filter(None, parts))})"

    def _written_effects(self) -> Iterator[str]:
        yield from (f"party-delay({who})={delay}" for who, delay in self.party_delays)
        yield "late=after-entry" if self.late_after_entry else ""
        yield f"party-requires={self.party_requires}" if self.party_requires else ""
        yield "binds=all" if self.binds_all else ""

    def _written_ends(self) -> Iterator[str]:
        yield f"falls-with={self.falls_with}" if self.falls_with else ""
        yield from (f"denounced-by={each}" for each in self.denounced_by)
        yield str(self.ceases_with or "")
        yield f"consent-lasts={self.consent_lasts}" if self.consent_lasts else ""
        yield f"obligations-last={self.obligations_last}" if self.obligations_last else ""
        yield str(self.ends_below or "")
        yield f"ends-after={self.ends_after}" if self.ends_after else ""
        yield f"no-withdrawal-before={self.no_withdrawal_before}" if self.no_withdrawal_before else ""
        yield str(self.withdrawal_window or "")

    @property
    def words(self) -> str:
        """The clause in whole sentences, with ids as they are."""
        return self.sentence(str)

    def sentence(self, name: Names) -> str:
        """The clause in whole sentences, calling what it names by id as `name` does."""
        return paragraph([self._entry(name), *self._provisos(name), *self._effects(name), *self._endings(name)])

    # -- entry into force --------------------------------------------------------------------------

    def _entry(self, name: Names) -> TranslatableText:
        if not self.is_stated:
            return message("No clause on entry into force in our data.")
        if self.branches:
            ways = Alternatives(tuple(each._way(name) for each in self.branches))
            return message("Enters into force in one of these ways, whichever comes first: {ways}.", ways=ways)
        return message("Enters into force {way}.", way=replace(self, not_before=None)._way(name))

    def _way(self, name: Names) -> TranslatableText:
        """When it enters into force, as it follows the verb."""
        if self.is_fixed and self.on:
            return message("on {date}", date=self.on)
        when = message("{delay} {event}", delay=self._delay, event=self._event(name))
        if self.on:
            when = message("on {date} if the conditions are met by then; otherwise {when}", date=self.on, when=when)
        if self.not_before:
            return message("{when}, but {floor}", when=when, floor=self.not_before.words)
        return when

    @property
    def _delay(self) -> TranslatableText:
        return self.delay.after_event(spelled=True) if self.delay else message("at a time not in our data after")

    def _event(self, name: Names) -> TranslatableText:
        found = [self._deposits(name)] if self.asks_for_deposits else []
        found += [message("the date of the event “{event}”", event=each) for each in self.events]
        if self.tacit:
            found.append(message("the date of tacit acceptance ({date})", date=self.tacit.by))
        return found[0] if len(found) == 1 else list_in_words(found)

    def _deposits(self, name: Names) -> TranslatableText:
        """The date on which all that is required has been deposited."""
        asked = [part.in_words(name) for part in self.requirements]
        if not asked and self.threshold:
            nth = Ordinal(self.threshold, spelled=True)
            if not self.acts:
                return message(
                    "the date of deposit of the {nth} instrument of ratification, acceptance, approval or accession",
                    nth=nth,
                )
            acts = Alternatives(tuple(kind.words for kind in self.acts))
            return message("the date of deposit of the {nth} instrument of {acts}", nth=nth, acts=acts)
        conditions = list_in_words(asked)
        if self.threshold is None:
            return message(
                "the date on which States, {conditions}, have expressed their consent to be bound",
                conditions=conditions,
            )
        return plural(
            "the date on which one State, {conditions}, has expressed its consent to be bound",
            "the date on which {n} States, {conditions}, have expressed their consent to be bound",
            self.threshold, conditions=conditions,
        )  # fmt: skip

    def _provisos(self, name: Names) -> Iterator[str]:
        for each in self.requires:
            yield message("Not before the entry into force of {instrument}.", instrument=name(each))
        if self.not_before:
            yield message("{floor}.", floor=SentenceStart(self.not_before.words))
        if self.tacit:
            yield self.tacit.words
        if self.acts and self.requirements:
            acts = Alternatives(tuple(kind.words for kind in self.acts))
            yield message("Only instruments of {acts} are counted.", acts=acts)
        if self.by:
            yield message("Only instruments deposited by {group} are counted.", group=self.by.in_words(name))
        if self.organizations_as:
            group = self.organizations_as.in_words(name)
            yield message("An instrument deposited by an organization counts for each of the {group}.", group=group)
        elif (self.asks_for_deposits or self.branches) and not self.organizations_count:
            yield message(
                "Instruments deposited by a regional economic integration organization are not counted as additional "
                "to those deposited by its member States."
            )

    # -- for each party ----------------------------------------------------------------------------

    def _effects(self, name: Names) -> Iterator[str]:
        own = message("the date of deposit of its own instrument")
        if self.party_delay:
            delay = self.party_delay.after_event(spelled=True)
            yield message("For each State or organization that joins later: {delay} {event}.", delay=delay, event=own)
        for who, each in self.party_delays:
            delay = each.after_event(spelled=True)
            if who == "reio":
                yield message("For each organization that joins later: {delay} {event}.", delay=delay, event=own)
            else:
                act = ActionKind(who).words
                yield message("For each that joins later by {act}: {delay} {event}.", act=act, delay=delay, event=own)
        if self.late_after_entry:
            yield message("A State or organization that deposits before the entry into force is bound from that date.")
        if self.party_requires:
            yield message("In force only for parties to {instrument}.", instrument=name(self.party_requires))
        if self.binds_all:
            yield message("Once in force, it binds all parties to the treaty that it amends.")

    # -- withdrawal and end ------------------------------------------------------------------------

    def _endings(self, name: Names) -> Iterator[str]:
        if self.withdrawal_delay:
            notice = message("the date of receipt of the notification by the depositary")
            delay = self.withdrawal_delay.after_event(spelled=True)
            yield message("Withdrawal takes effect {delay} {event}.", delay=delay, event=notice)
        if self.no_withdrawal_before:
            period = how_long(self.no_withdrawal_before)
            yield message("No withdrawal within {period} of entry into force for the State concerned.", period=period)
        if self.withdrawal_window:
            lasting, every = (how_long(each) for each in (self.withdrawal_window.lasting, self.withdrawal_window.every))
            yield message(
                "Withdrawal may be notified only within {lasting} after each period of {every} in force.",
                lasting=lasting, every=every,
            )  # fmt: skip
        yield from self._endings_by_others(name)
        if self.consent_lasts:
            period = how_long(self.consent_lasts)
            yield message("Each consent to be bound lasts {period} and may be renewed.", period=period)
        if self.obligations_last:
            period = how_long(self.obligations_last)
            yield message("Obligations already incurred continue for {period} after withdrawal.", period=period)
        if self.ends_below:
            yield self.ends_below.words
        if self.ends_after:
            yield message("In force for {period} from entry into force.", period=how_long(self.ends_after))

    def _endings_by_others(self, name: Names) -> Iterator[str]:
        if self.falls_with:
            yield message(
                "Withdrawal from {instrument} entails withdrawal from this treaty.", instrument=name(self.falls_with)
            )
        if self.denounced_by:
            later = Alternatives(tuple(name(each) for each in self.denounced_by))
            yield message("Ceases to bind a party that becomes bound by {instruments}.", instruments=later)
        if self.ceases_with:
            group, delay = self.ceases_with.members.in_words(name), self.ceases_with.delay
            if delay:
                yield message(
                    "Ceases to bind a party {period} after it is no longer one of the {group}.",
                    period=how_long(delay), group=group,
                )  # fmt: skip
            else:
                yield message("Ceases to bind a party that is no longer one of the {group}.", group=group)
