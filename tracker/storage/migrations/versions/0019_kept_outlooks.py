"""The outlooks of pending treaties as last worked out, and what subscriptions to them were told."""

import sqlalchemy as sa
from alembic import op

from tracker.storage.tables import Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_CHANCES = ("chance_within_1_year", "chance_within_5_years", "chance_within_10_years")


def upgrade() -> None:
    """Make the tables; nothing is kept yet."""
    op.create_table(
        "kept_outlooks",
        sa.Column("instrument", sa.String(), primary_key=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("required", sa.Integer(), nullable=False),
        sa.Column("median", sa.String(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in _CHANCES),
    )
    op.create_table(
        "outlook_marks",
        sa.Column("subscription", sa.Integer(), sa.ForeignKey("subscriptions.id"), primary_key=True),
        sa.Column("condition", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("median", sa.String(), nullable=False),
        sa.Column("as_of", sa.String(), nullable=False),
        sa.Column("above", sa.Boolean(), nullable=False),
    )


def downgrade() -> None:
    """Take them away again, with all they hold."""
    op.drop_table("outlook_marks")
    op.drop_table("kept_outlooks")
