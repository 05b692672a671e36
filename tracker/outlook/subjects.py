"""A treaty of the ledger, with its convention and sibling protocols, as histories that can be simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from tracker.law.entry_into_force import consents
from tracker.law.gaps import eligible_participants
from tracker.law.ledger import Ledger
from tracker.outlook.context import YearContext
from tracker.outlook.histories import NEVER, Flags, Participants, TreatyHistory, day_number, first_days
from tracker.outlook.simulation import Subject


def with_newcomers(
    participants: Participants, context: YearContext, ledger: Ledger, instruments: Sequence[str]
) -> tuple[Participants, YearContext]:
    """The model's participants with those of the ledger it has never met, of whom nothing but their region is known."""
    concerned = {
        code for each in instruments for code in eligible_participants(ledger, each) | set(ledger.actors(each))
    }
    new = sorted((concerned & ledger.participants.keys()) - set(participants.codes))
    if not new:
        return participants, context
    people = [ledger.participants[code] for code in new]
    size, number = len(participants.codes), len(new)
    zeros = np.zeros(number, np.float32)
    grown = Participants(
        (*participants.codes, *new),
        (*participants.regions, *(each.region or "" for each in people)),
        (*participants.subregions, *(each.subregion or "" for each in people)),
        np.concatenate([participants.states, [each.is_state for each in people]]),
        np.concatenate([participants.exists_from, np.zeros(number, np.int32)]),
        np.concatenate([participants.exists_to, np.full(number, NEVER, np.int32)]),
    )
    everybody = np.arange(context.nearest.shape[1], dtype=np.int32)[None].repeat(number, axis=0) % size
    return grown, replace(
        context,
        propensity=np.concatenate([context.propensity, zeros]),
        by_chapter={name: np.concatenate([each, zeros]) for name, each in context.by_chapter.items()},
        recent=np.concatenate([context.recent, zeros]),
        nearest=np.concatenate([context.nearest, everybody]),
    )


def family(ledger: Ledger, instrument: str) -> tuple[str, ...]:
    """The instrument and what moves it: a protocol's convention, first, and the convention's other protocols."""
    parent = ledger.instrument(instrument).parent
    if parent not in ledger.instruments or not opening(ledger, parent):
        return (instrument,)
    others = [each.id for each in ledger.instruments.values() if each.parent == parent and opening(ledger, each.id)]
    return tuple(dict.fromkeys([parent, *others, instrument]))


def opening(ledger: Ledger, instrument: str) -> date | None:
    """The day from which the treaty could be signed or joined: of its opening, else adoption, else first action."""
    terms = ledger.instrument(instrument)
    day = terms.opened_on or terms.adopted_on
    first = min((act.counts_from for act in ledger.acts(instrument) if act.counts_from), default=None)
    found = day.first if day else first
    return found if found and found <= ledger.horizon else None


def subjects(ledger: Ledger, participants: Participants, instruments: Sequence[str]) -> tuple[Subject, ...]:
    """The instruments as subjects of one simulation; the first is the convention that the others supplement."""
    histories = [_history(ledger, participants, each) for each in instruments]
    made = []
    for place, each in enumerate(histories):
        siblings = tuple(other for other in range(1, len(histories)) if place and other != place)
        eligible = _eligible(ledger, participants, instruments[place])
        made.append(Subject(each, eligible, 0 if place else None, siblings))
    return tuple(made)


def _history(ledger: Ledger, participants: Participants, instrument: str) -> TreatyHistory:
    places, terms = participants.places(), ledger.instrument(instrument)
    size = len(participants.codes)
    signed = [
        (places[act.participant], day_number(act.counts_from))
        for act in ledger.acts(instrument)
        if act.kind.signs and act.counts_from and act.participant in places
    ]
    joined = [
        (places[code], day_number(spell.action.counts_from))
        for code, spells in consents(ledger, instrument).items()
        for spell in spells
        if code in places and spell.holds_on(ledger.horizon) and spell.action.counts_from
    ]
    opened = opening(ledger, instrument)
    assert opened is not None
    reference = terms.reference or instrument
    return TreatyHistory(
        reference, reference.partition("-")[0], day_number(opened), first_days(size, signed), first_days(size, joined),
        terms.parent,
    )  # fmt: skip


def _eligible(ledger: Ledger, participants: Participants, instrument: str) -> Flags:
    """Who may still join: those that the treaty is open to, and whoever has taken an action on it."""
    able = eligible_participants(ledger, instrument) | set(ledger.actors(instrument))
    return np.array([code in able for code in participants.codes])
