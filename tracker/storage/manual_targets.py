"""Targets entered by an editor: recorded and removed together with their audit entry, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from tracker.errors import NotFound
from tracker.law.ledger import Ledger
from tracker.law.target_facts import Target
from tracker.storage import audit_log, repository
from tracker.storage.audit_log import Actor
from tracker.storage.database import write_transaction

MANUAL_GOAL = "Targets set here"


def manual_targets(ledger: Ledger) -> list[Target]:
    """The targets of a ledger that were set by hand, by day."""
    return sorted(
        (each for each in ledger.targets.values() if each.goal == MANUAL_GOAL), key=lambda each: (each.day, each.id)
    )


def set_target(engine: Engine, target: Target, *, actor: Actor, moment: datetime) -> None:
    """Record a target; one of the same id says now what this one says."""
    with write_transaction(engine) as connection:
        outcome = repository.record_facts_in(connection, [target], what=f"target set by {actor.name}", moment=moment)
        if outcome.changed:
            audit_log.add_entry(connection, actor, "set target", target.id, moment=moment)


def remove_target(engine: Engine, id: str, *, actor: Actor, moment: datetime) -> None:
    """Take a target out of the record; NotFound if none of that id was set by hand."""
    with write_transaction(engine) as connection:
        found = [each for each in repository.live_facts_in(connection) if isinstance(each, Target) and each.id == id]
        if not found or found[0].goal != MANUAL_GOAL:
            raise NotFound("target set here", id[:100])
        repository.replace_facts(connection, found, (), what=f"target taken back by {actor.name}", moment=moment)
        audit_log.add_entry(connection, actor, "take back target", id, moment=moment)
