"""Where each participant stands towards each instrument: the status word, since when, and why.

The act (how it got there) and the status (what it is now) are kept apart. Dates of entry into
force come from `force`; what a participant still misses is `gaps`' question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.law.binding import Binding, bindings
from tracker.law.dates import PartialDate, in_words
from tracker.law.deposits import ceased, signatures
from tracker.law.force import entry_into_force
from tracker.law.ledger import Ledger, remembered
from tracker.law.model import Action, ActionKind


class Status(StrEnum):
    """What a participant is towards an instrument on a day, from least to most."""

    NONE = "none"
    SIGNATORY = "signatory"
    CONTRACTING_PARTY = "contracting party"
    PARTY = "party"
    WITHDRAWN = "withdrawn"


class Where(NamedTuple):
    """The status word and the day it began: a standing without its reason and its acts."""

    status: Status
    since: date | PartialDate | None


NOWHERE = Where(Status.NONE, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """One participant towards one instrument on the ledger's day.

    `since` is the day the status began (partial where the act's day is); `bound_from` and
    `bound_until` are the days of the latest consent's force, the second being the first day it no
    longer binds. `undated` acts are shown and change no status.
    """

    instrument: str
    participant: str
    status: Status
    since: date | PartialDate | None
    why: str
    signature: Action | None = None
    consent: Action | None = None
    withdrawal: Action | None = None
    bound_from: date | None = None
    bound_until: date | None = None
    bound_why: str = ""
    provisional: Action | None = None
    territories: tuple[Action, ...] = ()
    undated: tuple[Action, ...] = ()

    @property
    def acts(self) -> tuple[Action, ...]:
        """The acts that made the standing what it is."""
        return tuple(act for act in (self.signature, self.consent, self.withdrawal) if act)

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is doubtful about those acts and the undated ones."""
        return tuple(dict.fromkeys(act.doubt for act in (*self.acts, *self.undated) if act.doubt))


@remembered
def standing(ledger: Ledger, instrument: str, participant: str) -> Standing:
    """The participant's standing on the ledger's day; NotFound for names the record does not hold."""
    terms, who = ledger.instrument(instrument), ledger.participant(participant)
    binding = bindings(ledger, terms.id).get(who.code)
    signature = signatures(ledger, terms.id).get(who.code)
    where = _where(ledger, who.code, binding, signature)
    acts = ledger.acts_of(terms.id, who.code)
    spell = binding.consent if binding else None
    return Standing(
        terms.id, who.code, *where, _why(ledger, terms.id, who.code, where, binding, signature),
        signature=signature,
        consent=spell.action if spell else None,
        withdrawal=spell.ended_by if spell else None,
        bound_from=binding.since if binding else None,
        bound_until=binding.until if binding else None,
        bound_why=binding.why if binding else "",
        provisional=next((act for act in acts if act.kind is ActionKind.PROVISIONAL_APPLICATION), None),
        territories=tuple(act for act in acts if act.kind is ActionKind.TERRITORIAL_EXTENSION),
        undated=ledger.undated(terms.id, who.code),
    )  # fmt: skip


@remembered
def standings(ledger: Ledger, instrument: str) -> tuple[Standing, ...]:
    """The standing of everyone that has acted on the instrument, by name."""
    known = (code for code in ledger.actors(instrument) if code in ledger.participants)
    return tuple(
        standing(ledger, instrument, code) for code in sorted(known, key=lambda c: ledger.participants[c].name)
    )


def where(ledger: Ledger, instrument: str, participant: str) -> Where:
    """The status word of `standing` and its day, at the cost of two look-ups; both names as the record writes them."""
    binding, signature = bindings(ledger, instrument).get(participant), signatures(ledger, instrument).get(participant)
    return _where(ledger, participant, binding, signature) if binding or signature else NOWHERE


@remembered
def places(ledger: Ledger, instrument: str) -> Mapping[str, Where]:
    """`where` of everyone with a dated consent or signature, by code; all others are nowhere."""
    bound, signed = bindings(ledger, instrument), signatures(ledger, instrument)
    return {code: _where(ledger, code, bound.get(code), signed.get(code)) for code in bound.keys() | signed.keys()}


def acts_behind(ledger: Ledger, instrument: str, participant: str) -> tuple[Action, ...]:
    """The acts of `standing`, without the rest of it."""
    binding = bindings(ledger, instrument).get(participant)
    spell = (binding.consent.action, binding.consent.ended_by) if binding else ()
    return tuple(act for act in (signatures(ledger, instrument).get(participant), *spell) if act)


def _where(ledger: Ledger, code: str, binding: Binding | None, signature: Action | None) -> Where:
    day, spell = ledger.horizon, binding.consent if binding else None
    if ceased(ledger, code, day):
        return NOWHERE
    if binding and spell and spell.holds_on(day):
        holds = binding.holds_on(day)
        return Where(Status.PARTY, binding.since) if holds else Where(Status.CONTRACTING_PARTY, spell.action.date)
    if spell and spell.ended_by and spell.ended_by.kind is not ActionKind.REVOCATION:
        return Where(Status.WITHDRAWN, spell.ends_on)
    return Where(Status.SIGNATORY, signature.date) if signature else NOWHERE


def _why(
    ledger: Ledger, instrument: str, code: str, where: Where, binding: Binding | None, signature: Action | None
) -> str:
    if binding and where.status in (Status.PARTY, Status.CONTRACTING_PARTY):
        return _why_consenting(ledger, instrument, where.status, binding)
    if binding and binding.consent.ended_by and where.status is Status.WITHDRAWN:
        notified = f"Withdrawal notified on {in_words(binding.consent.ended_by.date)}"
        return f"{notified}, with effect from {in_words(where.since)}."
    if signature and where.status is Status.SIGNATORY:
        revoked = " Its consent was revoked; its signature stands." if binding else ""
        return f"Signed on {in_words(signature.date)}.{revoked}"
    if ceased(ledger, code, ledger.horizon):
        return _gone(ledger, code)
    if ledger.undated(instrument, code):
        return "The record has acts of it but not their day, so they count on no day."
    return "The record has no act of it."


def _why_consenting(ledger: Ledger, instrument: str, status: Status, binding: Binding) -> str:
    act, day = binding.consent.action, ledger.horizon
    done = f"{act.kind.words[0].upper()}{act.kind.words[1:]} on {in_words(act.date)}."
    if status is Status.PARTY:
        leaving = ""
        if binding.until and binding.consent.ended_by:
            leaving = f" Withdrawal notified; it takes effect on {in_words(binding.until)}."
        return f"{done} {binding.why}{leaving}"
    ended = entry_into_force(ledger, instrument).ended_on
    why = f"The instrument ended on {in_words(ended)}." if ended and ended <= day else binding.why
    return f"{done} {why}"


def _gone(ledger: Ledger, code: str) -> str:
    who = ledger.participant(code)
    heirs = [ledger.participants[each].name for each in who.successors if each in ledger.participants]
    succeeded = f" (succeeded by {', '.join(heirs)})" if heirs else ""
    return f"{who.name} ceased to exist on {in_words(who.exists_to)}{succeeded}; its acts stay in the record."
