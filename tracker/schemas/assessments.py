"""Answers about assessments: the schemes, who is on a list on a date, editions, and changes through time."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.law import assessments
from tracker.law.assessments import ListChange, Scheme, SchemeEdition, editions, schemes
from tracker.law.ledger import Ledger, name_of
from tracker.law.model import Assessment
from tracker.schemas.values import Plain, distinct_texts, iso_date, named_participants


def schemes_answer(ledger: Ledger) -> list[Plain]:
    """One row for each scheme: whose it is, its values, how many it holds on the ledger's day."""
    return [_scheme(ledger, each) for each in assessments.schemes(ledger)]


def scheme_answer(ledger: Ledger, scheme: str) -> Plain:
    """Everything about a scheme on the ledger's day; NotFound for an unknown one.

    `absent` are the values that the record lacks in the edition of the day: `size` then counts only the rest.
    """
    held = assessments.assessments_in_force(ledger, scheme)
    found = next(each for each in assessments.schemes(ledger) if each.id == scheme)
    edition = assessments.edition_on(ledger, scheme, ledger.horizon)
    return {
        **_scheme(ledger, found),
        "as_of": iso_date(ledger.day),
        "edition": edition.name if edition else None,
        "absent": list(edition.absent) if edition else [],
        "held": sorted((judgement_answer(ledger, each) for each in held.values()), key=lambda row: str(row["name"])),
        "editions": [_edition(each) for each in assessments.editions(ledger, scheme)],
        "history": [_turn(ledger, each) for each in assessments.list_changes(ledger, scheme)],
        "rounds": [judgement_answer(ledger, each) for each in assessments.evaluation_rounds(ledger, scheme)],
    }


def judgements_answer(ledger: Ledger, participant: str) -> list[Plain]:
    """One row for each judgement of a participant up to the ledger's day; NotFound for a stranger."""
    return [judgement_answer(ledger, each) for each in assessments.assessments_of(ledger, participant)]


def courses_answer(ledger: Ledger, participant: str) -> list[Plain]:
    """How a participant fared under each scheme that ever judged it, up to the ledger's day; NotFound for a stranger.

    A scheme's `spells` are runs of one value, oldest first. In a spell without a value the record
    cannot tell: it lacks a part (`absent`) of the editions named.
    """
    judged = judgements_answer(ledger, participant)
    by_scheme = {found.id: [each for each in judged if each["scheme"] == found.id] for found in schemes(ledger)}
    return [
        {**_scheme(ledger, found), "spells": _spells(ledger, found.id, by_scheme[found.id])}
        for found in schemes(ledger)
        if by_scheme[found.id]
    ]


def _spells(ledger: Ledger, scheme: str, judged: list[Plain]) -> list[Plain]:
    by_edition = {each["edition"]: each for each in judged if each["edition"]}
    placed = [_spell(each) for each in judged if not each["edition"]]
    for edition in editions(ledger, scheme) if by_edition else ():
        if found := by_edition.get(edition.name):
            placed.append(_spell(found))
        elif edition.absent:
            placed.append(_unknown(edition))
    return [_joined(list(run)) for run in _runs(placed)]


def _spell(judged: Plain) -> Plain:
    kept = {key: judged[key] for key in ("value", "from", "to", "current")}
    texts = {f"{key}s": distinct_texts([judged[key]]) for key in ("note", "source", "doubt")}
    return {**kept, "editions": distinct_texts([judged["edition"] or ""]), "absent": [], **texts}


def _unknown(edition: SchemeEdition) -> Plain:
    days = {"from": iso_date(edition.start), "to": iso_date(edition.end), "current": edition.end is None}
    texts: Plain = {"notes": [], "sources": [], "doubts": []}
    return {"value": None, **days, "editions": [edition.name], "absent": list(edition.absent), **texts}


def _runs(spells: list[Plain]) -> Iterator[list[Plain]]:
    """Spells one after the other that say the same of editions that follow each other."""
    run: list[Plain] = []
    for each in spells:
        if run and not (each["editions"] and each["value"] == run[-1]["value"] and each["from"] == run[-1]["to"]):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _joined(run: list[Plain]) -> Plain:
    lists = ("editions", "absent", "notes", "sources", "doubts")
    together = {key: distinct_texts(text for each in run for text in each[key]) for key in lists}
    return {**run[0], "to": run[-1]["to"], "current": any(each["current"] for each in run), **together}


def judgement_answer(ledger: Ledger, judged: Assessment) -> Plain:
    """One judgement, and whether it holds on the ledger's day."""
    return {
        "body": judged.body,
        "scheme": judged.scheme,
        "participant": judged.participant or None,
        "name": name_of(ledger, judged.participant) if judged.participant else None,
        "value": judged.value,
        "from": iso_date(judged.start),
        "to": iso_date(judged.end),
        "edition": judged.edition or None,
        "current": assessments.is_in_force(judged, ledger.horizon),
        "unverified": judged.unverified,
        "note": judged.note,
        "source": judged.source,
        "doubt": judged.doubt,
    }


def _scheme(ledger: Ledger, found: Scheme) -> Plain:
    body = ledger.bodies.get(found.body)
    return {
        "scheme": found.id,
        "body": found.body,
        "body_name": body.short_name if body else found.body,
        "values": list(found.values),
        "size": found.size,
        "judgements": found.judgements,
        "unverified": found.unverified,
    }


def _edition(edition: SchemeEdition) -> Plain:
    return {
        "edition": edition.name,
        "from": iso_date(edition.start),
        "to": iso_date(edition.end),
        "size": edition.size,
        "counts": dict(edition.counts),
        "absent": list(edition.absent),
        "complete": edition.complete,
        "unverified": edition.unverified,
    }


def _turn(ledger: Ledger, turn: ListChange) -> Plain:
    return {
        "date": iso_date(turn.day),
        "size": turn.size,
        "came": named_participants(ledger, turn.came),
        "went": named_participants(ledger, turn.went),
        "changed": named_participants(ledger, turn.changed),
        "absent": list(turn.absent),
    }
