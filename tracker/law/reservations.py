"""What becomes of a reservation: whether it could be made, and in time, and its effect towards another party.

Vienna Convention on the Law of Treaties, arts 19 to 23. Where the treaty permits it expressly it needs no acceptance
(art. 20(1)); else one who does not object within twelve months has accepted it (art. 20(5)). Made after consent, it
takes effect only if no objection is made: the practice of depositaries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.law.clauses import Permission, reservation_terms
from tracker.law.consents import Consent, consent_in_effect
from tracker.law.dates import PartialDate, add_months
from tracker.law.entry_into_force import consents
from tracker.law.ledger import Ledger, memoized, name_of
from tracker.law.reference_facts import ObjectionEffect, Statement, StatementKind, overlap
from tracker.law.statements import StatementStanding, StatementState, statement_standings, statements_by_author
from tracker.messages import TranslatableText, message

SILENCE = 12  # months without an objection after which a reservation is accepted (art. 20(5))


class ReservationState(StrEnum):
    """How a reservation stands on a day, whatever any other party says of it."""

    IN_EFFECT = "in-effect"
    AWAITS_CONSENT = "awaits-consent"
    UNCONFIRMED = "unconfirmed"
    LATE = "late"
    LATE_REJECTED = "late-rejected"
    PROHIBITED = "prohibited"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    UNDATED = "undated"
    PROVISION_NOT_KNOWN = "provision-not-known"


@dataclass(frozen=True, slots=True)
class ReservationStanding:
    """A reservation on the ledger's day: whether the treaty permits it, how it stands, and why, with the article."""

    standing: StatementStanding
    permission: Permission
    state: ReservationState
    why: TranslatableText
    since: date | None = None

    @property
    def statement(self) -> Statement:
        """The reservation itself."""
        return self.standing.statement

    @property
    def author(self) -> str:
        """The code of the reserving State."""
        return self.standing.participant

    @property
    def in_effect(self) -> bool:
        """Does it have effect towards those that have not objected?"""
        return self.state is ReservationState.IN_EFFECT


@memoized
def reservations(ledger: Ledger, instrument: str) -> Mapping[str, tuple[ReservationStanding, ...]]:
    """The reservations to a treaty made by the ledger's day, by the code of their author."""
    authors = statements_by_author(ledger, instrument)
    return {code: found for code in authors if (found := reservations_by(ledger, instrument, code))}


@memoized
def reservations_by(ledger: Ledger, instrument: str, author: str) -> tuple[ReservationStanding, ...]:
    """Those of one author, by its code."""
    said = statements_by_author(ledger, instrument).get(author, ())
    return tuple(_reservation(ledger, each) for each in said if each.statement.kind is StatementKind.RESERVATION)


def permission_of(ledger: Ledger, reservation: Statement) -> Permission:
    """What the treaty's terms say of a reservation to those provisions."""
    return reservation_terms(ledger.instrument(reservation.instrument).reservations).permission(reservation.provisions)


@memoized
def objections(ledger: Ledger, instrument: str) -> Mapping[tuple[str, str], tuple[StatementStanding, ...]]:
    """The objections made by the ledger's day, by (objecting State, reserving State), withdrawn ones included."""
    found: dict[tuple[str, str], list[StatementStanding]] = {}
    for each in statement_standings(ledger, instrument):
        if each.statement.kind is StatementKind.OBJECTION:
            for target in each.statement.towards:
                found.setdefault((each.participant, ledger.continuing(target)), []).append(each)
    return {pair: tuple(each) for pair, each in found.items()}


def answers(objection: StatementStanding, reservation: Statement) -> bool:
    """Is the objection to that reservation, as far as their provisions tell?"""
    if not objection.provisions or not reservation.provisions:
        return True
    return any(overlap(one, other) for one in objection.provisions for other in reservation.provisions)


def objections_to(ledger: Ledger, reservation: StatementStanding) -> tuple[StatementStanding, ...]:
    """The objections to one reservation that were not withdrawn, those without a date included."""
    every = objections(ledger, reservation.statement.instrument).items()
    return tuple(
        each
        for (_, target), theirs in every
        if target == reservation.participant
        for each in theirs
        if each.state is not StatementState.WITHDRAWN and answers(each, reservation.statement)
    )


def _reservation(ledger: Ledger, each: StatementStanding) -> ReservationStanding:
    permission = permission_of(ledger, each.statement)
    state, why, since = _state(ledger, each, permission)
    return ReservationStanding(each, permission, state, why, since)


_State = tuple[ReservationState, TranslatableText, date | None]


def _state(ledger: Ledger, each: StatementStanding, permission: Permission) -> _State:
    statement = each.statement
    spells = consents(ledger, statement.instrument).get(each.participant, ())
    current = consent_in_effect(spells, ledger.horizon)
    if each.state is StatementState.WITHDRAWN:
        return ReservationState.WITHDRAWN, message("Withdrawn (art. 22)."), each.withdrawn_on
    if permission == "prohibited":
        return ReservationState.PROHIBITED, message("The treaty does not permit it (art. 19(a) and (b))."), None
    if permission == "not-known":
        return ReservationState.PROVISION_NOT_KNOWN, message(
            "To which provision it was made is not in our data, nor whether the treaty permits it (art. 19)."
        ), None  # fmt: skip
    if current is None:
        if spells:
            return ReservationState.ENDED, message("Its author is no longer a party."), spells[-1].ends_on
        return ReservationState.AWAITS_CONSENT, message(
            "Its author has not expressed consent to be bound. Made upon signature, it must be confirmed upon "
            "ratification (art. 23(2))."
        ), None  # fmt: skip
    if is_late(statement, current):
        return _late(ledger, each, current)
    if each.state is StatementState.UNDATED:
        return ReservationState.UNDATED, message("Its date is not in our data, nor whether it was made in time."), None
    if permission != "expressly-permitted" and _needs_confirmation(ledger, each, current):
        return ReservationState.UNCONFIRMED, message(
            "Made upon signature; a confirmation upon ratification is not in our data (art. 23(2))."
        ), None  # fmt: skip
    if permission == "expressly-permitted":
        why = message("The treaty permits it expressly, so it needs no acceptance (art. 20(1)).")
    else:
        why = message("The treaty does not prohibit it (art. 19).")
    return ReservationState.IN_EFFECT, why, current.action.counts_from


def is_late(statement: Statement, consent: Consent) -> bool:
    """Was it made after its author had consented to be bound (art. 19)?"""
    given = consent.action.counts_from
    if given is None:
        return False
    if statement.date:
        return statement.date.first > given
    return statement.not_before is not None and statement.not_before.first >= given


def _late(ledger: Ledger, each: StatementStanding, consent: Consent) -> _State:
    against = [one for one in objections_to(ledger, each) if one.statement.participant]
    if against:
        names = [name_of(ledger, one.participant) for one in against]
        return ReservationState.LATE_REJECTED, message(
            "Made after consent to be bound (art. 19) and objected to by {names}, so it has no effect.", names=names
        ), None  # fmt: skip
    made = each.statement.date
    if made is None:
        return ReservationState.LATE, message("Made after consent to be bound (art. 19); its date is not known."), None
    accepted = add_months(made.last, SILENCE)
    if accepted <= ledger.horizon:
        return ReservationState.IN_EFFECT, message(
            "Made after consent to be bound, but our data have no objection to it within twelve months, up to {day}.",
            day=accepted,
        ), accepted  # fmt: skip
    return ReservationState.LATE, message(
        "Made after consent to be bound (art. 19); it takes effect only if no objection is made by {day}.", day=accepted
    ), None  # fmt: skip


def _needs_confirmation(ledger: Ledger, each: StatementStanding, consent: Consent) -> bool:
    """Was it made upon a signature that came before the consent, and not confirmed since?"""
    made, given = each.statement.date, consent.action.counts_from
    if each.statement.confirmed_on or made is None or given is None or made.last >= given:
        return False
    signed = [act.date for act in ledger.acts_of(each.statement.instrument, each.participant) if act.kind.signs]
    return any(day and _same(day, made) for day in signed)


def _same(one: PartialDate, other: PartialDate) -> bool:
    return one.first <= other.last and other.first <= one.last


class ReservationOutcome(StrEnum):
    """The effect of one party's reservation towards another party (arts 20 and 21)."""

    MODIFIED = "modified"
    PENDING = "pending"
    NOT_APPLIED = "not-applied"
    TREATY_EXCLUDED = "treaty-excluded"
    NO_EFFECT = "no-effect"
    NOT_KNOWN = "not-known"


@dataclass(frozen=True, slots=True)
class ReservationEffect:
    """What one reservation does between its author and another party, on which ground, and what is not known of it.

    `unknown` are questions that the data leave open, in sentences.
    """

    reservation: ReservationStanding
    towards: str
    outcome: ReservationOutcome
    why: TranslatableText
    article: str
    objection: Statement | None = None
    unknown: tuple[TranslatableText, ...] = ()

    @property
    def provisions(self) -> tuple[str, ...]:
        """The provisions that it touches."""
        return self.reservation.standing.provisions


def reservation_effect(
    ledger: Ledger, reservation: ReservationStanding, other: str, consent: date | None
) -> ReservationEffect:
    """The effect of a reservation towards a party that consented on a date (None: not known)."""
    if not reservation.in_effect:
        outcome = ReservationOutcome.NO_EFFECT
        if reservation.state in _OPEN:
            outcome = ReservationOutcome.NOT_KNOWN
        return ReservationEffect(reservation, other, outcome, reservation.why, _ARTICLES.get(reservation.state, ""))
    pair = objections(ledger, reservation.statement.instrument).get((other, reservation.author), ())
    against = [each for each in pair if answers(each, reservation.statement)]
    live = [each for each in against if each.state is not StatementState.WITHDRAWN]
    if live:
        return _effect_of_objection(reservation, other, live[-1].statement, consent)
    return _effect_of_acceptance(
        ledger, reservation, other, consent, withdrawn=against[-1].statement if against else None
    )


_OPEN = (
    ReservationState.UNDATED, ReservationState.UNCONFIRMED, ReservationState.LATE, ReservationState.PROVISION_NOT_KNOWN,
)  # fmt: skip
_ARTICLES = {
    ReservationState.PROVISION_NOT_KNOWN: "19", ReservationState.UNDATED: "19", ReservationState.ENDED: "70(1)",
    ReservationState.AWAITS_CONSENT: "23(2)", ReservationState.UNCONFIRMED: "23(2)", ReservationState.LATE: "19",
    ReservationState.LATE_REJECTED: "19", ReservationState.PROHIBITED: "19", ReservationState.WITHDRAWN: "22(1)",
}  # fmt: skip


def silence_ends(reservation: Statement, consent: date | None) -> date | None:
    """The last date for an objection: twelve months from the reservation, or from consent if later (art. 20(5)).

    It runs from the notification of the reservation, of which the data have no date: the reservation's own is taken,
    and an objection that came within as long again is not called late.
    """
    made = reservation.received_on or reservation.made_on
    dates = [day for day in (made.last if made else None, consent) if day]
    return add_months(max(dates), SILENCE) if made else None


def _effect_of_objection(
    reservation: ReservationStanding, other: str, objection: Statement, consent: date | None
) -> ReservationEffect:
    made, last = objection.date, silence_ends(reservation.statement, consent)
    if reservation.permission == "expressly-permitted":
        why = message("The treaty permits the reservation expressly, so the objection does not change its effect.")
        return ReservationEffect(reservation, other, ReservationOutcome.MODIFIED, why, "20(1)", objection)
    unknown: tuple[TranslatableText, ...] = ()
    if made and last and made.first > last:
        if made.first > add_months(last, SILENCE):  # late, however long the reservation took to be notified
            why = message("The objection came after the twelve months for it, which ended on {day}.", day=last)
            return ReservationEffect(reservation, other, ReservationOutcome.MODIFIED, why, "20(5)", objection)
        unknown += (
            message(
                "The objection came after {day}. The twelve months for it run from the notification of the "
                "reservation, which is not in our data; if they ended by then, the reservation is accepted "
                "(art. 20(5)).",
                day=last,
            ),
        )
    if not made:
        unknown += (message("The date of the objection is not in our data."),)
    if objection.effect is ObjectionEffect.EXCLUDES_TREATY:
        why = message("The objecting State opposes entry into force between the two.")
        return ReservationEffect(
            reservation, other, ReservationOutcome.TREATY_EXCLUDED, why, "20(4)(b)", objection, unknown
        )
    if objection.effect is None:
        unknown += (
            message(
                "Whether the objecting State opposes entry into force between the two is not in our data; it does only "
                "where it says so definitely (art. 20(4)(b))."
            ),
        )
    why = message("The other party objected to it.")
    return ReservationEffect(reservation, other, ReservationOutcome.NOT_APPLIED, why, "21(3)", objection, unknown)


def _effect_of_acceptance(
    ledger: Ledger, reservation: ReservationStanding, other: str, consent: date | None, withdrawn: Statement | None
) -> ReservationEffect:
    if reservation.permission == "expressly-permitted":
        return ReservationEffect(reservation, other, ReservationOutcome.MODIFIED, reservation.why, "20(1)")
    if withdrawn:
        why = message("The objection to it was withdrawn, so it is accepted.")
        return ReservationEffect(reservation, other, ReservationOutcome.MODIFIED, why, "22(2)", withdrawn)
    last = silence_ends(reservation.statement, consent)
    if last is None or last <= ledger.horizon:
        why = message("Our data have no objection within twelve months, so it is accepted.")
        return ReservationEffect(reservation, other, ReservationOutcome.MODIFIED, why, "20(5)")
    why = message("No objection in our data so far; it is accepted if none is made by {day}.", day=last)
    return ReservationEffect(reservation, other, ReservationOutcome.PENDING, why, "20(5)")
