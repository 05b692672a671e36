"""What a treaty's terms say of reservations, of its disputes clause and of accessions: data, read here.

`reservations` is empty where the treaty is silent, `prohibited`, `permitted`, or lists of provisions: `only: 31(2)` (no
others), `not: 2; 4` (on all but these); `expressly: 35(2)` beside other rules names what may be reserved without
acceptance. Parts are joined by a bar: `expressly: 35(2) | not: 5`. `accessions` is empty where an accession binds
towards all parties; `accepted` where it does only towards those that accept it, with the period from that until the
treaty is in force between the two (`accepted month+3`); `not-objected 6m` where not towards those that object in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tracker.errors import BadClause
from tracker.law.dates import AnyDelay, parse_delay
from tracker.law.model import Instrument
from tracker.law.statement_facts import lies_within, overlap, provisions_in

RESERVATION_FORMS = "prohibited, permitted, only: 31(2); 5, not: 2; 4, or expressly: 35(2), with bars between several"
ACCESSION_FORMS = "accepted, accepted month+3, not-objected or not-objected 6m"

Permission = Literal["prohibited", "expressly-permitted", "permitted", "not-known"]


@dataclass(frozen=True, slots=True)
class ReservationTerms:
    """What a treaty says of reservations; `silent` where it says nothing (art. 19(c) then alone limits them)."""

    silent: bool = True
    prohibited: bool = False
    only: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    expressly: tuple[str, ...] = ()

    def permission(self, provisions: tuple[str, ...]) -> Permission:
        """Whether a reservation to these provisions is prohibited or expressly permitted; else it may be made.

        Not known where the treaty distinguishes by provision and the data name none. A reservation to a whole article
        of which only a paragraph may be reserved is read as one to that paragraph.
        """
        if self.prohibited:
            return "prohibited"
        if not provisions and (self.only or self.excluded):
            return "not-known"
        if self.only:
            allowed = all(any(overlap(each, permitted) for permitted in self.only) for each in provisions)
            return "expressly-permitted" if allowed else "prohibited"
        if any(lies_within(each, barred) for each in provisions for barred in self.excluded):
            return "prohibited"
        if provisions and all(any(lies_within(each, one) for one in self.expressly) for each in provisions):
            return "expressly-permitted"
        return "permitted"


@dataclass(frozen=True, slots=True)
class AccessionTerms:
    """Towards whom an accession binds: all parties, those that `accept` it, or those that do not `object` in time."""

    rule: Literal["all", "accepted", "not-objected"] = "all"
    delay: AnyDelay | None = None


def reservation_terms(text: str) -> ReservationTerms:
    """The terms on reservations that a text states; BadClause for one that cannot be read."""
    return _reservation_terms(text)


@lru_cache(maxsize=512)
def _reservation_terms(text: str) -> ReservationTerms:
    if not text.strip():
        return ReservationTerms()
    found: dict[str, tuple[str, ...]] = {}
    for part in text.split("|"):
        word, _, rest = (each.strip() for each in part.partition(":"))
        listed = provisions_in(rest)
        if word not in ("prohibited", "permitted", "only", "not", "expressly") or word in found:
            raise BadClause(f"'{part.strip()}' is no term on reservations: write {RESERVATION_FORMS}")
        if bool(listed) is (word in ("prohibited", "permitted")):
            raise BadClause(
                f"'{part.strip()}' must {'not ' if listed else ''}list provisions: write {RESERVATION_FORMS}"
            )
        found[word] = listed
    return ReservationTerms(
        silent=not found.keys() & {"prohibited", "permitted", "only", "not"},
        prohibited="prohibited" in found,
        only=found.get("only", ()),
        excluded=found.get("not", ()),
        expressly=found.get("expressly", ()),
    )


@lru_cache(maxsize=512)
def accession_terms(text: str) -> AccessionTerms:
    """The terms on accessions that a text states; BadClause for one that cannot be read."""
    word, _, period = text.strip().partition(" ")
    if word == "accepted":
        return AccessionTerms("accepted", parse_delay(period) if period else None)
    if word == "not-objected":
        return AccessionTerms("not-objected", parse_delay(period) if period else None)
    if word:
        raise BadClause(f"'{text}' is no term on accessions: write {ACCESSION_FORMS}")
    return AccessionTerms()


def disputes_provisions(terms: Instrument) -> tuple[str, ...]:
    """The provisions on the settlement of disputes that a party may exclude; empty where the data name none."""
    return provisions_in(terms.disputes)
