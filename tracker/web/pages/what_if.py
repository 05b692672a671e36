"""What-if scenarios, claims, and what pending instruments still need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from pydantic import PlainValidator
from werkzeug.datastructures import MultiDict

from tracker.errors import BadClause
from tracker.law.claims import check_claim
from tracker.law.entry_into_force import parties
from tracker.law.gaps import pending_instruments
from tracker.law.ledger import Ledger
from tracker.law.model import ParticipantKind
from tracker.law.scenarios import (
    HypotheticalAction,
    HypotheticalTerms,
    participants_chosen,
    run_scenario,
    under_other_terms,
)
from tracker.schemas.formats import columns_of
from tracker.schemas.scenarios_and_claims import (
    Claim,
    Needed,
    OwnDate,
    ThresholdDrafts,
    WhatIf,
    claim_answer,
    drafts_answer,
    needed_answer,
    what_if_answer,
)
from tracker.schemas.values import Span
from tracker.web.context import RequestContext, get_context
from tracker.web.errors import wants_json
from tracker.web.forms import NO_FAULTS, BadForm, Count, CountFromOne, Day, Form, read_form, read_sound_fields
from tracker.web.responses import FORMAT_RULE, PageAnswer, as_page, respond

blueprint = Blueprint("what_if", __name__)
MAX_THRESHOLDS = 6  # tried side by side

Query = MultiDict[str, str]


# -- what the addresses state ----------------------------------------------------------------------


def _yes_or_no(text: str) -> bool | None:
    if text not in ("", "yes", "no"):
        raise ValueError(f"'{text[:20]}' is neither yes nor no.")
    return text == "yes" if text else None


def _thresholds(text: str) -> tuple[int, ...]:
    try:
        numbers = sorted({int(each) for each in text.replace(",", " ").split()})
    except ValueError:
        numbers = [0]
    if text and (not numbers or numbers[0] < 1 or numbers[-1] > 1000 or len(numbers) > MAX_THRESHOLDS):
        raise ValueError(
            f"'{text[:40]}' is not a list of thresholds: write up to {MAX_THRESHOLDS}, such as 30, 40, 60."
        )
    return tuple(numbers)


class ScenarioForm(Form):
    """A scenario: who deposits and who withdraws, when, under which other terms; and thresholds for drafters."""

    instrument: str
    who: tuple[str, ...]
    on: Day
    leaving: tuple[str, ...]
    leaving_on: Day
    threshold: CountFromOne
    delay: str
    organizations: Annotated[bool | None, PlainValidator(_yes_or_no)]
    thresholds: Annotated[Sequence[int], PlainValidator(_thresholds)]


class ClaimForm(Form):
    """A published figure of an instrument."""

    instrument: str
    signatories: Count
    parties: Count


# -- the pages -------------------------------------------------------------------------------------


@blueprint.get("/needed")
@blueprint.get(f"/needed.{FORMAT_RULE}")
def still_needed(form: str | None = None) -> ResponseReturnValue:
    """Pending instruments by fewest deposits remaining, and who could tip them."""
    return respond(needed_page(get_context()), "pending.html", form)


@blueprint.get("/what-if")
@blueprint.get(f"/what-if.{FORMAT_RULE}")
def what_if(form: str | None = None) -> ResponseReturnValue:
    """A scenario beside the record as it is."""
    try:
        return respond(what_if_page(get_context(), request.args), "what_if.html", form)
    except (BadForm, BadClause) as trouble:
        if wants_json() or not (isinstance(trouble, BadForm) or request.args.get("delay")):
            raise
        # the delay is all that this form has of a clause
        faults = trouble.faults if isinstance(trouble, BadForm) else {"delay": str(trouble)}
        sound = read_sound_fields(ScenarioForm, request.args, faults)
        return as_page(_what_if_page(get_context(), sound, faults), "what_if.html"), trouble.status


@blueprint.get("/claims")
@blueprint.get(f"/claims.{FORMAT_RULE}")
def claims(form: str | None = None) -> ResponseReturnValue:
    """The days on which a published figure was true."""
    try:
        return respond(claims_page(get_context(), request.args), "claims.html", form)
    except BadForm as trouble:
        if wants_json():
            raise
        sound = read_sound_fields(ClaimForm, request.args, trouble.faults)
        return as_page(_claims_page(get_context(), sound, trouble.faults), "claims.html"), trouble.status


def needed_page(asked: RequestContext) -> PageAnswer:
    """What pending instruments still need."""
    rows = needed_answer(asked.ledger, pending_instruments(asked.ledger))
    return PageAnswer("needed", rows, rows, columns_of(Needed))


def claims_page(asked: RequestContext, query: Query) -> PageAnswer:
    """The answer to a claim, where the address makes one; BadForm for one that makes no sense."""
    return _claims_page(asked, read_form(ClaimForm, query))


def _claims_page(asked: RequestContext, claim: ClaimForm, faults: Mapping[str, str] = NO_FAULTS) -> PageAnswer:
    data: Claim | None = None
    if not faults and claim.instrument and (claim.signatories is not None or claim.parties is not None):
        found = check_claim(asked.ledger, claim.instrument, signatories=claim.signatories, parties=claim.parties)
        data = claim_answer(found)
    extra = {"instruments": _instruments(asked.ledger), "chosen": claim.instrument, "faults": faults}
    return PageAnswer("claim", data, data.spans if data else [], columns_of(Span), extra)


def what_if_page(asked: RequestContext, query: Query) -> PageAnswer:
    """A scenario's answer, where the address supposes anything; BadQuestion where it makes no sense."""
    return _what_if_page(asked, read_form(ScenarioForm, query))


def _what_if_page(asked: RequestContext, form: ScenarioForm, faults: Mapping[str, str] = NO_FAULTS) -> PageAnswer:
    ledger = asked.ledger
    question = _scenario(asked, form)
    data: WhatIf | None = None
    if not faults and question.supposes:
        data = what_if_answer(ledger, run_scenario(ledger, question.instrument, question.supposed, question.terms))
    extra = {
        "instruments": _instruments(ledger),
        "question": question,
        "choices": _choices(ledger),
        "absent": _people(ledger, question.instrument, held=False),
        "held": _people(ledger, question.instrument, held=True),
        "drafts": _drafts(ledger, form.thresholds),
        "faults": faults,
    }
    return PageAnswer("what-if", data, data.own_dates if data else [], columns_of(OwnDate), extra)


@dataclass(frozen=True, slots=True)
class Question:
    """A scenario as an address states it."""

    instrument: str
    who: tuple[str, ...]
    day: date
    leaving: tuple[str, ...]
    leaving_day: date
    terms: HypotheticalTerms
    supposed: tuple[HypotheticalAction, ...]

    @property
    def supposes(self) -> bool:
        """Does it suppose anything at all?"""
        return bool(self.supposed) or self.terms.changes


def _scenario(asked: RequestContext, form: ScenarioForm) -> Question:
    ledger = asked.ledger
    pending = next(
        (each.status.instrument.id for each in pending_instruments(ledger)), next(iter(ledger.instruments), "")
    )
    instrument = ledger.instrument(form.instrument).id if form.instrument else pending
    day, leaving_day = form.on or asked.day, form.leaving_on or asked.day
    codes = dict.fromkeys(code for choice in form.who for code in participants_chosen(ledger, instrument, choice))
    supposed = [
        *(HypotheticalAction(code, day) for code in codes),
        *(HypotheticalAction(ledger.participant(code).code, leaving_day, withdraws=True) for code in form.leaving),
    ]
    terms = HypotheticalTerms(
        threshold=form.threshold, delay=form.delay or None, organizations_count=form.organizations
    )
    return Question(instrument, form.who, day, form.leaving, leaving_day, terms, tuple(supposed))


def _drafts(ledger: Ledger, numbers: Sequence[int]) -> ThresholdDrafts | None:
    """For every instrument, the day it would have entered into force under several thresholds."""
    if not numbers:
        return None
    days = under_other_terms(ledger, [HypotheticalTerms(threshold=number) for number in numbers])
    return drafts_answer(ledger, numbers, days)


def _instruments(ledger: Ledger) -> list[tuple[str, str]]:
    return [(terms.id, terms.name) for terms in ledger.instruments.values()]


def _people(ledger: Ledger, instrument: str, *, held: bool) -> list[tuple[str, str]]:
    """Those that could deposit, or those that could withdraw, by name."""
    party = parties(ledger, instrument) if instrument else frozenset()
    codes = party if held else {code for code in ledger.participants if _could_deposit(ledger, code)} - party
    return sorted(((code, ledger.participants[code].name) for code in codes), key=lambda pair: pair[1])


def _could_deposit(ledger: Ledger, code: str) -> bool:
    who = ledger.participants[code]
    return (who.is_state or who.kind is ParticipantKind.REIO) and ledger.existed_on(who.code, ledger.horizon)


def _choices(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The groups of participants that can deposit together, as (choice, words)."""
    yield "signatories", "All signatories that have not followed through"
    states = [each for each in ledger.participants.values() if each.is_state]
    yield from ((f"region:{name}", f"Region: {name}") for name in sorted({s.region for s in states} - {""}))
    yield from ((f"group:{name}", f"UN group: {name}") for name in sorted({s.un_group for s in states} - {""}))
    bodies = sorted(ledger.bodies.values(), key=lambda body: body.name)
    yield from ((f"body:{each.id}", f"Members of {each.name}") for each in bodies if ledger.members(each.id))
