"""Subscriptions, deliveries, announced changes, attempts, secret links, sign-ups."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("signups", "links", "attempts", "told", "deliveries", "subscriptions")


def upgrade() -> None:
    """Make what is new."""
    texts = "state channel address secret pace instrument participant body kinds condition stopped_why"
    _table(
        "subscriptions", texts, _moment("made_at"), _number("number"), _number("level"), _moment("confirmed_at", True)
    )
    op.create_index("subscriptions_by_address", "subscriptions", ["address"])
    _table(
        "deliveries", "key sort note state problem", _of("subscription", "subscriptions.id"), _moment("made_at"),
        _moment("due_at"), _number("tries"), _number("attempt"), _moment("claimed_until", True),
        _moment("settled_at", True), sa.UniqueConstraint("subscription", "key", name="one_delivery_a_key"),
    )  # fmt: skip
    op.create_index("deliveries_due", "deliveries", ["state", "due_at"])
    _table(
        "told", "", _of("subscription", "subscriptions.id"), _of("delivery", "deliveries.id"),
        sa.Column("change", sa.String(), sa.ForeignKey("changes.key"), nullable=False),
        sa.UniqueConstraint("subscription", "change", name="told_once"),
    )  # fmt: skip
    op.create_index("told_in_delivery", "told", ["delivery"])
    _table(
        "attempts", "worker outcome detail", _of("delivery", "deliveries.id"), _number("number"),
        _moment("started_at"), _moment("ended_at", True),
        sa.UniqueConstraint("delivery", "number", name="one_attempt_a_number"),
    )  # fmt: skip
    op.create_table(
        "links",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("purpose", sa.String(), nullable=False),
        _of("subscription", "subscriptions.id"),
        _moment("made_at"),
    )
    op.create_index("links_of_subscription", "links", ["subscription"])
    _table("signups", "bucket", _moment("at"))
    op.create_index("signups_by_bucket", "signups", ["bucket", "at"])


def _table(name: str, texts: str, *others: Any) -> None:
    columns = (sa.Column(text, sa.String(), nullable=False) for text in texts.split())
    op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True), *columns, *others)


def _moment(name: str, may_lack: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=may_lack)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _of(name: str, other: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(other), nullable=False)


def downgrade() -> None:
    """Take it away again, with all it holds."""
    for name in TABLES:
        op.drop_table(name)
