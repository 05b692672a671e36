"""Who excludes a treaty's clause on disputes, and who can be taken to the Court by whom.

A reservation to the clause works both ways: it frees its author, and everyone else towards its author (Vienna
Convention on the Law of Treaties, art. 21(1)). Only States may be parties in cases before the International Court of
Justice (Statute, art. 34(1)).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.law.clauses import disputes_provisions
from tracker.law.ledger import Ledger, memoized
from tracker.law.model import Instrument
from tracker.law.relations import RelationState, bound_bindings, relation_of
from tracker.law.reservations import ReservationStanding, reservations


@dataclass(frozen=True, slots=True)
class DisputesClause:
    """A treaty's clause on disputes on the ledger's day.

    `excluded` are the reservations to it in effect, by the code of their author; `other` those made by the day that are
    not in effect (withdrawn, rejected, awaiting consent) or of which that is not known.
    """

    instrument: str
    provisions: tuple[str, ...]
    excluded: Mapping[str, ReservationStanding]
    other: tuple[ReservationStanding, ...]


@memoized
def disputes_clause(ledger: Ledger, instrument: str) -> DisputesClause:
    """Who excludes a treaty's clause on disputes; NotFound for a treaty that the data do not hold."""
    terms = ledger.instrument(instrument)
    provisions = disputes_provisions(terms)
    touching = [
        each
        for theirs in reservations(ledger, terms.id).values()
        for each in theirs
        if any(each.statement.names(one) for one in provisions)
    ]
    excluded = {each.author: each for each in touching if each.in_effect}
    other = tuple(each for each in touching if not each.in_effect)
    return DisputesClause(terms.id, provisions, dict(sorted(excluded.items())), other)


def with_disputes_clause(ledger: Ledger) -> tuple[Instrument, ...]:
    """The treaties of which the data name a clause on disputes that a party may exclude."""
    return tuple(each for each in ledger.instruments.values() if each.disputes)


class CourtAccess(StrEnum):
    """May one party take the other to the Court by the treaty's clause on disputes?"""

    OPEN = "open"
    EXCLUDED = "excluded"
    NOT_A_STATE = "not-a-state"
    NOT_IN_FORCE = "not-in-force"


def court_access(ledger: Ledger, instrument: str, one: str, other: str) -> CourtAccess:
    """Whether either of two participants, by their codes, may take the other to the Court under the treaty."""
    clause, bound = disputes_clause(ledger, instrument), bound_bindings(ledger, instrument)
    if not clause.provisions or one == other or one not in bound or other not in bound:
        return CourtAccess.NOT_IN_FORCE
    if one in clause.excluded or other in clause.excluded:
        return CourtAccess.EXCLUDED
    if relation_of(ledger, instrument, one, other).state is not RelationState.IN_FORCE:
        return CourtAccess.NOT_IN_FORCE
    if not (_may_appear(ledger, one) and _may_appear(ledger, other)):
        return CourtAccess.NOT_A_STATE
    return CourtAccess.OPEN


def court_matrix(ledger: Ledger, instrument: str) -> Iterator[tuple[str, tuple[CourtAccess, ...]]]:
    """For each participant bound on the ledger's day, in the order of the codes, its access against each of them."""
    codes = sorted(bound_bindings(ledger, instrument))
    for one in codes:
        yield one, tuple(court_access(ledger, instrument, one, other) for other in codes)


def _may_appear(ledger: Ledger, code: str) -> bool:
    known = ledger.participants.get(code)
    return known is not None and known.is_state
