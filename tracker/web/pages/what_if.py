"""What-if scenarios, claims, and what pending instruments still need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.errors import BadQuestion
from tracker.law.claims import check_claim
from tracker.law.consents import parties
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
from tracker.schemas.scenarios_and_claims import claim_answer, needed_answer, what_if_answer
from tracker.schemas.values import Plain
from tracker.web.context import RequestContext, get_context, read_day
from tracker.web.responses import FORMAT_RULE, PageAnswer, respond

blueprint = Blueprint("what_if", __name__)
NEEDED_COLUMNS = (
    "instrument", "name", "remaining", "threshold.required", "threshold.counted", "signatories", "closed_on", "others",
)  # fmt: skip
PARTICIPANT_COLUMNS = ("participant", "name", "deposit", "bound_since", "why")
MAX_THRESHOLDS = 6  # tried side by side

Query = MultiDict[str, str]


@blueprint.get("/needed")
@blueprint.get(f"/needed.{FORMAT_RULE}")
def still_needed(form: str | None = None) -> ResponseReturnValue:
    """Pending instruments by fewest deposits remaining, and who could tip them."""
    return respond(needed_page(get_context()), "pending.html", form)


@blueprint.get("/what-if")
@blueprint.get(f"/what-if.{FORMAT_RULE}")
def what_if(form: str | None = None) -> ResponseReturnValue:
    """A scenario beside the record as it is."""
    return respond(what_if_page(get_context(), request.args), "what_if.html", form)


@blueprint.get("/claims")
@blueprint.get(f"/claims.{FORMAT_RULE}")
def claims(form: str | None = None) -> ResponseReturnValue:
    """The days on which a published figure was true."""
    return respond(claims_page(get_context(), request.args), "claims.html", form)


def needed_page(asked: RequestContext) -> PageAnswer:
    """What pending instruments still need."""
    rows = needed_answer(asked.ledger, pending_instruments(asked.ledger))
    return PageAnswer("needed", rows, rows, NEEDED_COLUMNS)


def claims_page(asked: RequestContext, query: Query) -> PageAnswer:
    """The answer to a claim, where the address makes one; BadQuestion for one that makes no sense."""
    instrument = query.get("instrument", "")
    data: Plain | None = None
    if instrument and (query.get("signatories") or query.get("parties")):
        numbers = {name: _number(query, name) for name in ("signatories", "parties")}
        data = claim_answer(check_claim(asked.ledger, instrument, **numbers))
    extra = {"instruments": _instruments(asked.ledger), "chosen": instrument}
    return PageAnswer("claim", data, data["spans"] if data else [], ("from", "to"), extra)


def what_if_page(asked: RequestContext, query: Query) -> PageAnswer:
    """A scenario's answer, where the address supposes anything; BadQuestion where it makes no sense."""
    ledger = asked.ledger
    question = _scenario(asked, query)
    data: Plain | None = None
    if question.supposes:
        found = run_scenario(ledger, question.instrument, question.supposed, question.terms)
        data = what_if_answer(ledger, found)
    extra = {
        "instruments": _instruments(ledger),
        "question": question,
        "choices": _choices(ledger),
        "absent": _people(ledger, question.instrument, held=False),
        "held": _people(ledger, question.instrument, held=True),
        "drafts": _drafts(ledger, query),
    }
    return PageAnswer("what-if", data, data["own_dates"] if data else [], PARTICIPANT_COLUMNS, extra)


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


def _scenario(asked: RequestContext, query: Query) -> Question:
    ledger = asked.ledger
    pending = next(
        (each.status.instrument.id for each in pending_instruments(ledger)), next(iter(ledger.instruments), "")
    )
    instrument = ledger.instrument(query["instrument"]).id if query.get("instrument") else pending
    who, leaving = tuple(filter(None, query.getlist("who"))), tuple(filter(None, query.getlist("leaving")))
    day, leaving_day = (
        read_day("on", query.get("on", "").strip()) or asked.day,
        read_day("leaving_on", query.get("leaving_on", "").strip()) or asked.day,
    )
    codes = dict.fromkeys(code for choice in who for code in participants_chosen(ledger, instrument, choice))
    supposed = [
        *(HypotheticalAction(code, day) for code in codes),
        *(HypotheticalAction(ledger.participant(code).code, leaving_day, withdraws=True) for code in leaving),
    ]
    return Question(instrument, who, day, leaving, leaving_day, _terms(query), tuple(supposed))


def _terms(query: Query) -> HypotheticalTerms:
    organizations = query.get("organizations", "")
    if organizations not in ("", "yes", "no"):
        raise BadQuestion(f"organizations='{organizations[:20]}' is neither yes nor no.")
    return HypotheticalTerms(
        threshold=_number(query, "threshold", least=1),
        delay=query.get("delay") or None,
        organizations_count=organizations == "yes" if organizations else None,
    )


def _drafts(ledger: Ledger, query: Query) -> Plain | None:
    """For every instrument, the day it would have entered into force under several thresholds."""
    text = query.get("thresholds", "")
    if not text:
        return None
    try:
        numbers = sorted({int(each) for each in text.replace(",", " ").split()})
    except ValueError:
        numbers = []
    if not numbers or numbers[0] < 1 or numbers[-1] > 1000 or len(numbers) > MAX_THRESHOLDS:
        raise BadQuestion(f"thresholds='{text[:40]}': write up to {MAX_THRESHOLDS} numbers, such as 30, 40, 60.")
    days = under_other_terms(ledger, [HypotheticalTerms(threshold=number) for number in numbers])
    return {
        "thresholds": numbers,
        "rows": [
            {"name": ledger.instruments[name].name, "instrument": name, "days": [str(d) if d else None for d in found]}
            for name, found in days.items()
        ],
    }


def _instruments(ledger: Ledger) -> list[tuple[str, str]]:
    return [(terms.id, terms.name) for terms in ledger.instruments.values()]


def _people(ledger: Ledger, instrument: str, *, held: bool) -> list[tuple[str, str]]:
    """Those that could deposit, or those that could withdraw, by name."""
    party = parties(ledger, instrument) if instrument else frozenset()
    codes = party if held else {code for code in ledger.participants if _could_deposit(ledger, code)} - party
    return sorted(((code, ledger.participants[code].name) for code in codes), key=lambda pair: pair[1])


def _could_deposit(ledger: Ledger, code: str) -> bool:
    who = ledger.participants[code]
    return (who.is_state or who.kind is ParticipantKind.REIO) and who.existed_on(ledger.horizon)


def _choices(ledger: Ledger) -> Iterator[tuple[str, str]]:
    """The groups of participants that can deposit together, as (choice, words)."""
    yield "signatories", "All signatories that have not followed through"
    states = [each for each in ledger.participants.values() if each.is_state]
    yield from ((f"region:{name}", f"Region: {name}") for name in sorted({s.region for s in states} - {""}))
    yield from ((f"group:{name}", f"UN group: {name}") for name in sorted({s.un_group for s in states} - {""}))
    bodies = sorted(ledger.bodies.values(), key=lambda body: body.name)
    yield from ((f"body:{each.id}", f"Members of {each.name}") for each in bodies if ledger.members(each.id))


def _number(query: Mapping[str, str], name: str, least: int = 0) -> int | None:
    text = query.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) >= least):
        raise BadQuestion(f"{name}='{text[:20]}' is not a whole number from {least} up.")
    return int(text)
