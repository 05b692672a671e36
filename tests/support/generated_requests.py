"""Questions to the API made by schemathesis from its OpenAPI document, and what every answer is held to.

Good questions hold values of the record as often as not: made-up names alone would only ever be not found. Each is
asked as a program with a token of some scope or as nobody, and whom the scope does not let in must not get in.
"""

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.support.token_record import needed, opens, too_small
from tracker.accounts.api_tokens import Scope

GOOD, BAD = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    response_headers_conformance, negative_data_rejection,
]  # fmt: skip
REFUSALS = [
    "400",
    "401",
    "403",
    "404",
    "405",
    "406",
    "409",
    "414",
    "415",
    "422",
    "429",
]  # 414: a value may be very long
CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
        "generation": {"with-security-parameters": False},  # the tokens are ours
    }
)
SHUT = (401, 403, 404, 405, 414)  # the latter for what is no address of the operation at all
INSTRUMENTS = ["untoc", "untoc-tip", "uncac", "un-cybercrime", "coe-173", "coe-185", "coe-141", "UNTOC", "none"]
PEOPLE = ["FRA", "EU", "YUG", "SUN", "SCG", "DDR", "VAT", "PSE", "fra", "Niger"]
DAYS = ["1880-01-01", "1990-11-11", "1991-12-26", "2003-07-01", "2006-06-03", "2026-11-24", "2400-02-29", "9999-12-31"]
REAL = {
    "as_of": DAYS, "on": DAYS, "leaving_on": DAYS,
    "known_at": ["2020-01-01T00:00:00Z", "2026-11-01T12:00:00Z", "2026-11-02T08:30Z"],
    "instrument": INSTRUMENTS, "towards": INSTRUMENTS, "participant": PEOPLE, "code": PEOPLE, "leaving": PEOPLE,
    "body": ["greco", "coe", "fatf", "un"], "member_of": ["greco", "coe", "fatf"],
    "who": ["signatories", "region:Africa", "group:African States", "body:coe", "JPN"],
    "region": ["Africa", "Asia", "Europe", "No region"], "group": ["African States", "Asia-Pacific States"],
    "focus": ["FRA", "greco", "untoc", "United"], "limit": [1, 7, 200], "offset": [0, 1, 15, 9_999_999],
    "q": ["france", "member=greco;not-party=coe-173", "assessed=tip-tier:3@2010;party=untoc-tip", "XVIII-12", "ü"],
    "thresholds": ["30,40", "1 2 3 4 5 6", "0", "7,"], "delay": ["90d", "3m+month", "month+6", "soon", "0d"],
    "threshold": [1, 40, 9999], "parties": [0, 40, 190], "signatories": [0, 147], "since": [0, 1, 2],
    "after": ["1.1.0.3", "1.1.9.1", "1.0.0.0"], "before": [0, 1, 2, 50],
    "sort": ["-consented", "name", "untoc", "-untoc"],
    "goal": ["US State Department performance plan FY 2004, goal 5", "SDG 16"],
    "id": [*INSTRUMENTS, "greco", "coe", "fatf-ncct", "tip-tier", "fatf-grey"],
}  # fmt: skip

DECISION = {
    "decision": ["accept", "accept", "reject"], "note": ["seen by hand", "the State's own notice"],
    "code": ["FRA", "JPN", *PEOPLE], "on": ["2011-05-01", "2024", "2019-01", "9999-12-31"],
    "effective": ["2012-05-01", "2025-01", "2026-11", "9999-12-31"],
}  # fmt: skip
WANTED = {
    "instrument": INSTRUMENTS, "metric": ["parties", "bound", "signatories"], "value": [1, 40, 60, 9999], "on": DAYS,
    "text": ["what was agreed", ""],
}  # fmt: skip
EDIT = {
    "kind": ["action"], "reason": ["seen by hand"], "dry_run": [True, False],
    "values": [
        {"treaty": "untoc", "participant": code, "action": "accession", "date": "2011-05-01", "source": "a letter"}
        for code in ("FRA", "JPN", "XXX")
    ],
}  # fmt: skip


class Fault(AssertionError):
    """An answer that is not what the document promises."""


def opened(app):
    """The app's own document, for schemathesis; how often anything may be asked is not the question here."""
    app.extensions["tracker.limits"].enabled = False

    def here(environ, start_response):
        return app({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", here, config=CONFIG)


def scopes(operation):
    """As whom to ask an operation: nobody, somebody whose token does not open it, somebody whose token does."""
    scope = needed(operation.definition.raw)
    return (None, too_small(scope), scope) if scope else (None, Scope.READ)


@st.composite
def questions(draw, operation, mode, keys, scope=None):
    """Questions to one operation by a program of a scope: as its document allows, or as it does not."""
    case = draw(operation.as_strategy(generation_mode=mode))
    headers = {"Accept-Encoding": "identity"}  # nothing between us takes it apart again
    if mode is GOOD:
        _made_real(draw, case, keys)
        if draw(st.booleans()):
            headers["Accept"] = draw(st.sampled_from(["text/csv", "*/*", "text/csv;q=0.5, */*", "image/png"]))
    case.headers = {**(case.headers or {}), **headers, **keys.header(scope)}
    return case


def _made_real(draw, case, keys):
    """Put values of the record in the place of some of those that were made up, or of all of them."""
    every = draw(st.booleans())
    here = {**REAL, "number": keys.numbers, "id": [*REAL["id"], *keys.targets]}
    for place in (case.path_parameters, case.query):
        for name in sorted(set(place or ()) & set(here)):
            if every or draw(st.booleans()):
                value = draw(st.sampled_from(here[name]))
                place[name] = [value] if isinstance(place[name], list) else value
    if isinstance(case.body, dict) and (every or draw(st.booleans())):
        whole = DECISION if "decision" in case.body else EDIT if "kind" in case.body else WANTED
        asked = [name for name in whole if every or name in case.body or draw(st.booleans())]
        case.body = {name: draw(st.sampled_from(whole[name])) for name in asked}


def held(case, keys, scope=None):
    """Ask, and hold the answer to the document; Fault says in one line what is not as described."""
    try:
        answer = case.call_and_validate(checks=CHECKS)
    except FailureGroup as group:
        raise Fault(_said(case, "; ".join(" ".join(str(each).split()) for each in group.exceptions))) from None
    if wrong := _let_in_wrongly(needed(case.operation.definition.raw), scope, answer.status_code):
        raise Fault(_said(case, f"{wrong}: {answer.status_code} for {scope or 'nobody'}"))
    keys.notice(answer)
    return answer


def _said(case, words):
    asked = f"{case.path_parameters} {case.query} {case.body}"
    return f"{case.method} {case.operation.path}: {words[:400]} [{asked[:500]}]"


def _let_in_wrongly(wanted, scope, status):
    """What is wrong with whom an answer let in, or kept out; "" if nothing is."""
    if opens(scope, wanted):
        return "a good token is refused" if status in (401, 403) else ""
    return "" if status in SHUT else "answered without a token that opens it"
