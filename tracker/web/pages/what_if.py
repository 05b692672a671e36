"""Claims, and what pending instruments still need."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.law.claims import check_claim
from tracker.law.gaps import pending_instruments
from tracker.law.ledger import Ledger
from tracker.schemas.formats import columns_of
from tracker.schemas.scenarios_and_claims import Claim, Needed, claim_answer, needed_answer
from tracker.schemas.values import Span
from tracker.web.context import RequestContext, get_context
from tracker.web.errors import wants_json
from tracker.web.forms import NO_FAULTS, BadForm, Count, Form, read_form, read_sound_fields
from tracker.web.responses import FORMAT_RULE, PageAnswer, as_page, respond

blueprint = Blueprint("what_if", __name__)

Query = MultiDict[str, str]


class ClaimForm(Form):
    """A published figure of an instrument."""

    instrument: str
    signatories: Count
    parties: Count


@blueprint.get("/needed")
@blueprint.get(f"/needed.{FORMAT_RULE}")
def still_needed(form: str | None = None) -> ResponseReturnValue:
    """Pending instruments by fewest deposits remaining, and who could tip them."""
    return respond(needed_page(get_context()), "pending.html", form)


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


def _instruments(ledger: Ledger) -> list[tuple[str, str]]:
    return [(terms.id, terms.name) for terms in ledger.instruments.values()]
