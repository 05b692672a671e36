"""Targets: goals and reported figures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXTS = "code goal kind on indicator measure unit metric instrument scheme among bodies since aim text"


def upgrade() -> None:
    """Make what is new."""
    op.create_table(
        "targets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_in", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_in", sa.Integer(), sa.ForeignKey("revisions.number")),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=False),
        *(sa.Column(text, sa.String(), nullable=False) for text in TEXTS.split()),
        sa.Column("value", sa.Integer()),
        sa.Column("fiscal_year", sa.Integer()),
    )
    live = sa.text("retracted_at IS NULL")
    op.create_index("live_target", "targets", ["code"], unique=True, sqlite_where=live, postgresql_where=live)


def downgrade() -> None:
    """Take it away again, with all it holds."""
    op.drop_table("targets")
