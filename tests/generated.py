"""Questions to the API made by schemathesis from its OpenAPI document, and what every answer is held to.

Good questions hold values of the record as often as not: made-up names alone would only ever be not found.
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
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})
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
    "sort": ["-consented", "name", "untoc", "-untoc"], "goal": ["SDG 16"],
    "id": [*INSTRUMENTS, "greco", "coe", "fatf-ncct", "tip-tier", "fatf-grey"],
}  # fmt: skip


class Fault(AssertionError):
    """An answer that is not what the document promises."""


def opened(app):
    """The app's own document, for schemathesis; the questions come from this machine, so they are not counted."""

    def here(environ, start_response):
        return app({**environ, "REMOTE_ADDR": "127.0.0.1"}, start_response)

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", here, config=CONFIG)


@st.composite
def questions(draw, operation, mode):
    """Questions to one operation: as its document allows, or as it does not."""
    case = draw(operation.as_strategy(generation_mode=mode))
    if mode is GOOD:
        for place in (case.path_parameters, case.query):
            for name in sorted(set(place or ()) & set(REAL)):
                if draw(st.booleans()):
                    value = draw(st.sampled_from(REAL[name]))
                    place[name] = [value] if isinstance(place[name], list) else value
        if draw(st.booleans()):
            case.headers = {"Accept": draw(st.sampled_from(["text/csv", "*/*", "text/csv;q=0.5, */*", "image/png"]))}
    case.headers = {**(case.headers or {}), "Accept-Encoding": "identity"}  # nothing between us takes it apart again
    return case


def held(case):
    """Ask, and hold the answer to the document; Fault says in one line what is not as described."""
    try:
        return case.call_and_validate(checks=CHECKS)
    except FailureGroup as group:
        said = "; ".join(" ".join(str(each).split()) for each in group.exceptions)
        raise Fault(f"{case.method} {case.operation.path}: {said[:400]} [{str(case.query)[:300]}]") from None
