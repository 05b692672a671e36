"""Deleting what is no longer needed: old attempts, answered requests, expired links and old reports of errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Table, delete, func, select

from tracker.alerts import subscribers
from tracker.alerts.deliveries import DeliveryState, MessageType
from tracker.alerts.subscribers import LinkPurpose
from tracker.storage.database import write_transaction
from tracker.storage.error_reports import delete_old_reports
from tracker.storage.operational_tables import AttemptRow, DeliveryRow, LinkRow

SENT = timedelta(days=90)  # how long it can be seen how a settled delivery went
CONFIRMING, OPENING = timedelta(days=8), timedelta(days=400)  # how long links are kept; the newest ones stay
UNCONFIRMED = timedelta(days=8)

_DELIVERIES: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_ATTEMPTS: Table = AttemptRow.__table__  # type: ignore[attr-defined]
_LINKS: Table = LinkRow.__table__  # type: ignore[attr-defined]
_ON_REQUEST = (
    MessageType.CONFIRM.value,
    MessageType.LINK.value,
    MessageType.TEST.value,
)  # their keys are moments, and tell of no change


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedCounts:
    """How many rows of each sort went."""

    attempts: int
    deliveries: int
    links: int
    unconfirmed: int
    reports: int

    @property
    def words(self) -> str:
        """The same in a sentence."""
        return (
            f"Forgotten: {self.attempts} attempts, {self.deliveries} messages asked for, {self.links} links, "
            f"{self.reports} reports of errors, "
            f"{self.unconfirmed} requests that were not confirmed."
        )


def delete_expired(engine: Engine, moment: datetime) -> DeletedCounts:
    """Forget what is old at that moment, in one transaction."""
    with write_transaction(engine) as connection:
        old = (_DELIVERIES.c.state != DeliveryState.WAITING.value) & (_DELIVERIES.c.settled_at < moment - SENT)
        settled = select(_DELIVERIES.c.id).where(old)
        answers = old & _DELIVERIES.c.sort.in_(_ON_REQUEST)
        newest = _LINKS.alias()
        last = select(func.max(newest.c.made_at)).where(
            newest.c.subscription == _LINKS.c.subscription, newest.c.purpose == _LINKS.c.purpose
        )
        confirming = _LINKS.c.purpose == LinkPurpose.CONFIRM.value
        outdated = (confirming & (_LINKS.c.made_at < moment - CONFIRMING)) | (
            ~confirming & (_LINKS.c.made_at < moment - OPENING) & (_LINKS.c.made_at < last.scalar_subquery())
        )
        return DeletedCounts(
            reports=delete_old_reports(connection, moment),
            unconfirmed=subscribers.delete_unconfirmed(connection, moment - UNCONFIRMED),
            attempts=connection.execute(delete(_ATTEMPTS).where(_ATTEMPTS.c.delivery.in_(settled))).rowcount,
            deliveries=connection.execute(delete(_DELIVERIES).where(answers)).rowcount,
            links=connection.execute(delete(_LINKS).where(outdated)).rowcount,
        )
