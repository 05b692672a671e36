"""Answers about an instrument through time: counts, milestones, actions by year, dates with actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from tracker.law import assessments
from tracker.law.counts import counts_over_time
from tracker.law.entry_into_force import entry_into_force
from tracker.law.ledger import Ledger, title_of
from tracker.law.model import Action, ActionKind
from tracker.schemas.values import Plain, iso_date

GROUPS = ("signatures", "consents", "withdrawals", "others")


def history_answer(ledger: Ledger, instrument: str) -> Plain:
    """The counts of an instrument over time, with its milestones and its acts by year; NotFound for an unknown one.

    A step lasts from its first day to its last, both included; the last step's `to` is None.
    """
    terms = ledger.instrument(instrument)
    return {
        "instrument": terms.id,
        "name": terms.name,
        "as_of": iso_date(ledger.day),
        "threshold": entry_into_force(ledger, terms.id).threshold.required,
        "steps": [
            {
                "from": iso_date(held.span.first),
                "to": iso_date(held.span.last),
                "signatories": held.signatories,
                "parties": held.parties,
            }
            for held in counts_over_time(ledger, terms.id)
        ],
        "milestones": milestones(ledger, terms.id),
        "years": _years(ledger.acts(terms.id)),
    }


def milestones(ledger: Ledger, instrument: str) -> list[Plain]:
    """The days that matter for an instrument as a whole, as far as they are known to the day; in order."""
    terms, entry = ledger.instrument(instrument), entry_into_force(ledger, instrument)
    days: list[tuple[str, date | None]] = [
        ("opened for signature", terms.opened_on.exact if terms.opened_on else None),
        ("closed for signature", terms.closed_on.exact if terms.closed_on else None),
        ("threshold reached", entry.threshold.reached_on),
        ("entry into force", entry.date),
    ]
    rows = [
        {"day": iso_date(day), "what": what, "instrument": terms.id, "instrument_name": title_of(ledger, terms.id)}
        for what, day in days
        if day
    ]
    return sorted(rows, key=lambda row: str(row["day"]))


def days_answer(ledger: Ledger, instrument: str = "", participant: str = "") -> Plain:
    """The days with acts, and how many: of all instruments, of one, or of one participant.

    An act whose day is not known to the day stands at the first day by which it had certainly been
    done. `first` is where the record begins.
    """
    chosen = [ledger.instrument(instrument).id] if instrument else list(ledger.instruments)
    acts = ledger.acts_by(ledger.participant(participant).code) if participant else _acts(ledger, chosen)
    found = Counter(act.known_by for act in acts if act.instrument in chosen)
    days = [[iso_date(day), number] for day, number in sorted((day, n) for day, n in found.items() if day)]
    marked = [] if participant else [each for id in chosen for each in milestones(ledger, id)]
    firsts = [*(row["day"] for row in marked), *(day for day, _ in days[:1])]
    return {
        "instrument": instrument or None,
        "participant": participant or None,
        "first": min(firsts, default=None),
        "days": days,
        "milestones": sorted(marked, key=lambda row: str(row["day"])),
    }


def turns_answer(ledger: Ledger, scheme: str) -> Plain:
    """The days on which a scheme's judgements changed, and how many did, in the form of `days_answer`.

    NotFound for an unknown scheme.
    """
    turns = assessments.list_changes(ledger, scheme)
    days = [[iso_date(turn.day), len(turn.came) + len(turn.went) + len(turn.changed)] for turn in turns]
    first = min((str(day) for day, _ in days), default=None)
    return {"scheme": scheme, "noun": "change", "first": first, "days": days, "milestones": []}


def _acts(ledger: Ledger, instruments: Iterable[str]) -> list[Action]:
    return [act for id in instruments for act in ledger.acts(id)]


def _years(acts: Iterable[Action]) -> list[Plain]:
    found = Counter((act.known_by.year, _group(act.kind)) for act in acts if act.known_by)
    years = [year for year, _ in found]
    return [
        {"year": year, **{group: found[year, group] for group in GROUPS}}
        for year in range(min(years, default=0), max(years, default=-1) + 1)
    ]


def _group(kind: ActionKind) -> str:
    """Which of the four groups an act belongs to; one that both signs and consents is a consent."""
    if kind.consents:
        return "consents"
    if kind.signs:
        return "signatures"
    return "withdrawals" if kind in (ActionKind.WITHDRAWAL, ActionKind.REVOCATION) else "others"
