"""Fetches, the review queue, the change log, daily turns, job locks and runs."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("fetches", "held", "changes", "turns", "leases", "runs")


def upgrade() -> None:
    """Make what is new."""
    _watching()
    _changes()
    _working()


def _watching() -> None:
    op.create_table(
        "fetches",
        sa.Column("instrument", sa.String(), primary_key=True),
        *_texts("url etag last_modified error remarks"),
        sa.Column("revision", sa.Integer(), nullable=False),
        *_moments("tried_at", optional="done_at"),
    )
    op.create_table(
        "held",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        *_texts("proposal instrument name participant kind date raw url reason state decided_by note"),
        *_moments("seen_at last_seen_at", optional="decided_at"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("revision", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        *_moments("recorded_at"),
        *_texts("kind instrument participant body scheme day words before after source about"),
    )
    for name in ("instrument", "participant"):
        op.create_index(f"ix_changes_{name}", "changes", [name])
    op.create_table("turns", sa.Column("day", sa.String(), primary_key=True), *_moments("made_at"))


def _working() -> None:
    op.create_table(
        "leases",
        sa.Column("job", sa.String(), primary_key=True),
        sa.Column("holder", sa.String(), nullable=False),
        *_moments("expires_at"),
        sa.Column("every", sa.Integer(), nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), primary_key=True),
        *_texts("job holder outcome said"),
        *_moments("slot started_at", optional="finished_at again_at"),
        sa.UniqueConstraint("job", "slot", name="one_run_a_slot"),
    )


def _texts(names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names.split()]


def _moments(names: str, *, optional: str = "") -> list[sa.Column[Any]]:
    given = [(name, False) for name in names.split()] + [(name, True) for name in optional.split()]
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=may_lack) for name, may_lack in given]


def downgrade() -> None:
    """Take it away again, with all it holds."""
    for name in reversed(TABLES):
        op.drop_table(name)
