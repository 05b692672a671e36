"""Which text of a treaty governs between two of its parties: the treaty alone, or as amended.

Vienna Convention on the Law of Treaties, art. 40: an amendment binds those that are parties to it; between one that
is and one that is not, the treaty governs as it was (art. 40(4) and 30(4)(b)). One that becomes a party to the treaty
after the amendment is in force is a party to the treaty as amended, unless it says otherwise (art. 40(5)(a)), and
to the unamended treaty towards parties that the amendment does not bind (art. 40(5)(b)).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.law.bindings import bindings, bound_participants
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Instrument, InstrumentKind
from tracker.law.wording import paragraph
from tracker.messages import message


@dataclass(frozen=True, slots=True)
class AmendmentBetween:
    """One amendment in force and two parties to the treaty: whether it governs between them, and why."""

    amendment: str
    governs: bool
    why: str


@dataclass(frozen=True, slots=True)
class GoverningText:
    """What governs between two participants on a day: the treaty, where both are bound, with the amendments that do.

    `in_force` is False where the treaty does not bind both; then no amendment of it does.
    """

    instrument: str
    participants: tuple[str, str]
    on: date
    in_force: bool
    amendments: tuple[AmendmentBetween, ...]
    why: str

    @property
    def text(self) -> tuple[str, ...]:
        """The ids of the instruments that make up the text between the two, the treaty first; empty where none is."""
        return (self.instrument, *(each.amendment for each in self.amendments if each.governs)) if self.in_force else ()


def amendments_of(ledger: Ledger, instrument: str) -> tuple[Instrument, ...]:
    """The amendments to an instrument, in the order of the record."""
    return tuple(each for each in ledger.protocols(instrument) if each.kind is InstrumentKind.AMENDMENT)


def bound_by_amendment(ledger: Ledger, amendment: str, participant: str, day: date) -> str | None:
    """Why an amendment binds a party to the treaty on a day, in words; None where it does not."""
    terms, name = ledger.instrument(amendment), name_of(ledger, participant)
    entered = entry_into_force(ledger, terms.id).date
    if entered is None or entered > day:
        return None
    if participant in bound_participants(ledger, terms.id, day):
        theirs = [each for each in bindings(ledger, terms.id)[participant] if each.holds_on(day)]
        return message("{state}: {reason}", state=name, reason=theirs[-1].why)
    joined = [each for each in bindings(ledger, terms.parent).get(participant, ()) if each.holds_on(day)]
    given = joined[-1].consent.action.counts_from if joined else None
    if given and given > entered:
        return message(
            "{state}: consent to the treaty on {date}, after the amendment entered into force; party to the treaty as "
            "amended (Vienna Convention on the Law of Treaties, art. 40(5)(a)).",
            state=name, date=given,
        )  # fmt: skip
    return None


def governing_text(ledger: Ledger, instrument: str, one: str, other: str, on: date | None = None) -> GoverningText:
    """Which text of a treaty is in force between two participants on a day (the ledger's by default).

    NotFound for names the record does not hold.
    """
    terms, day = ledger.instrument(instrument), on or ledger.horizon
    pair = (ledger.participant(one).code, ledger.participant(other).code)
    bound = bound_participants(ledger, terms.id, day)
    unbound = [name_of(ledger, code) for code in pair if code not in bound]
    if unbound:
        why = message(
            "{instrument}: not in force on {date} for {states}.", instrument=terms.name, date=day, states=unbound
        )
        return GoverningText(terms.id, pair, day, False, (), why)
    found = tuple(
        _between(ledger, each, pair, day)
        for each in amendments_of(ledger, terms.id)
        if (entered := entry_into_force(ledger, each.id).date) and entered <= day
    )
    both = message("{instrument}: in force for both on {date}.", instrument=terms.name, date=day)
    return GoverningText(terms.id, pair, day, True, found, paragraph([both, *(each.why for each in found)]))


def _between(ledger: Ledger, amendment: Instrument, pair: tuple[str, str], day: date) -> AmendmentBetween:
    reasons = {code: bound_by_amendment(ledger, amendment.id, code, day) for code in pair}
    free = [name_of(ledger, code) for code, why in reasons.items() if why is None]
    if not free:
        applies = message("{instrument}: applies between the two.", instrument=amendment.name)
        return AmendmentBetween(amendment.id, True, paragraph([applies, *filter(None, reasons.values())]))
    if len(free) == len(pair):
        return AmendmentBetween(
            amendment.id, False, message("{instrument}: in force for neither.", instrument=amendment.name)
        )
    why = message(
        "{instrument}: not in force for {state}; the unamended treaty applies (Vienna Convention on the Law of "
        "Treaties, art. 40(4) and 30(4)(b)).",
        instrument=amendment.name, state=free[0],
    )  # fmt: skip
    return AmendmentBetween(amendment.id, False, why)
