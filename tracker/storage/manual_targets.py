"""Targets set by hand: recorded and taken back with the line in the log that says by whom, in one transaction.

What a target may say is decided by whoever asks; targets of other goals come by import and are not touched.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from tracker.errors import NotFound
from tracker.law.ledger import Ledger
from tracker.law.model import Target
from tracker.storage import audit_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.database import writing

OWN = "Targets set here"


def of(ledger: Ledger) -> list[Target]:
    """The targets of a ledger that were set by hand, by day."""
    return sorted((each for each in ledger.targets.values() if each.goal == OWN), key=lambda each: (each.day, each.id))


def set_one(engine: Engine, target: Target, *, actor: Actor, moment: datetime) -> None:
    """Record a target; one of the same id says now what this one says."""
    with writing(engine) as connection:
        outcome = repository.amend(connection, [target], what=f"target set by {actor.name}", moment=moment)
        if outcome.changed:
            audit_log.note(connection, actor, "set target", target.id, moment=moment)


def take_back(engine: Engine, id: str, *, actor: Actor, moment: datetime) -> None:
    """Take a target out of the record; NotFound if none of that id was set by hand."""
    with writing(engine) as connection:
        found = [each for each in repository.live(connection) if isinstance(each, Target) and each.id == id]
        if not found or found[0].goal != OWN:
            raise NotFound("target set here", id[:100])
        repository.exchange(connection, found, (), what=f"target taken back by {actor.name}", moment=moment)
        audit_log.note(connection, actor, "take back target", id, moment=moment)
