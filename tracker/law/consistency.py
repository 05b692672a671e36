"""Consistency: the record held against treaty law and against itself, by named checks.

A finding is a question put to the record, not a verdict on a State: it may show an error of a
source, a gap, or a real departure from the rules. `CHECKS` lists every check with what it asks and
how much it weighs; the checks themselves are in `checks`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from tracker.law import checks, leaving
from tracker.law.checks import Finding, Severity
from tracker.law.ledger import Ledger

_WORD = re.compile(r"[a-z][a-z0-9-]*")  # any of them may be an instrument's id


@dataclass(frozen=True, slots=True)
class Check:
    """A named question to the record."""

    words: str
    severity: Severity
    find: Callable[[Ledger, date], Iterable[Finding]]


def findings(ledger: Ledger, today: date, instrument: str = "") -> tuple[Finding, ...]:
    """Everything the checks find in the ledger, asked on the day `today`; for one instrument if given.

    NotFound for an unknown instrument. Order: by check as listed, then by instrument and names.
    """
    wanted = ledger.instrument(instrument).id if instrument else ""
    if wanted:
        ledger = ledger.only(_leading_to(ledger, wanted))
    unread = tuple(checks.bad_clause(ledger, today))
    readable = _without_clauses(ledger, (finding.instrument for finding in unread))
    return tuple(
        replace(finding, severity=check.severity, words=check.words)
        for name, check in CHECKS.items()
        for finding in (unread if name == "bad-clause" else check.find(readable, today))
        if not wanted or finding.instrument == wanted
    )


def _leading_to(ledger: Ledger, instrument: str) -> set[str]:
    """The instrument and all whose state its own can depend on: parents, what conditions name, and theirs in turn."""
    found, ahead = set[str](), [instrument]
    while ahead:
        if (each := ahead.pop()) not in found and each in ledger.instruments:
            found.add(each)
            terms = ledger.instruments[each]
            ahead += [terms.parent, *_WORD.findall(terms.conditions)]
    return found


def _without_clauses(ledger: Ledger, instruments: Iterable[str]) -> Ledger:
    """The ledger as if it did not have the clauses of these instruments, which cannot be read."""
    for each in instruments:
        bare = replace(ledger.instrument(each), delay="", party_delay="", conditions="", withdrawal_delay="")
        ledger = ledger.with_instrument(replace(bare, threshold=None))
    return ledger


_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
CHECKS: dict[str, Check] = {
    "bad-clause": Check("A final clause that cannot be read", _E, checks.bad_clause),
    "protocol-without-convention": Check(
        "Party to a protocol and not to its convention", _E, checks.protocol_without_convention
    ),
    "protocol-before-convention": Check(
        "Party to a protocol before its convention", _W, checks.protocol_before_convention
    ),
    "ratification-without-signature": Check(
        "Ratification, acceptance or approval without a signature", _W, checks.ratification_without_signature
    ),
    "signatures-incomplete": Check("Signatures that the record lacks", _N, checks.signatures_incomplete),
    "accession-by-signatory": Check("Accession by a signatory", _W, checks.accession_by_signatory),
    "consent-twice": Check("Consent twice without a withdrawal", _W, checks.consent_twice),
    "withdrawal-out-of-time": Check("Withdrawal at a time that allows none", _W, leaving.withdrawal_out_of_time),
    "signature-outside-period": Check(
        "Signature outside the period for signature", _W, checks.signature_outside_period
    ),
    "act-before-adoption": Check("Act before the instrument was adopted", _E, checks.act_before_adoption),
    "act-in-future": Check("Act dated in the future", _E, checks.act_in_future),
    "act-before-existence": Check("Act by a participant that did not exist then", _E, checks.act_before_existence),
    "entry-into-force-differs": Check(
        "Computed entry into force differs from the depositary's", _E, checks.entry_differs
    ),
    "own-date-differs": Check("A participant's own date differs from its clause", _W, checks.own_date_differs),
    "published-count-differs": Check("Published count differs from the record", _W, checks.count_differs),
    "undated-act": Check("Act without a day", _N, checks.undated_act),
    "unverified-source": Check("Unverified source", _N, checks.unverified_source),
}
