"""Statements (reservations, declarations, notifications, objections), treaties' terms on them, accepted accessions."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

LIVE = sa.text("retracted_at IS NULL")
TEXTS = (
    "instrument", "participant", "kind", "topic", "article", "made_on", "received_on", "effective_on", "not_before",
    "known_by", "confirmed_on", "withdrawn_on", "towards", "effect", "concerns", "territory", "summary", "text",
    "language", "url", "source", "doubt",
)  # fmt: skip
TERMS = ("reservations", "disputes", "accessions")


def upgrade() -> None:
    """Make what is new; no treaty action in the data is addressed to one State, and no treaty has such terms."""
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_in", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_in", sa.Integer(), sa.ForeignKey("revisions.number")),
        sa.Column("fingerprint", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in TEXTS),
    )
    op.create_index(
        "live_statement", "statements", ["fingerprint"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index("came_statement", "statements", ["recorded_in", "id"])
    op.create_index("went_statement", "statements", ["retracted_in", "id"])
    op.add_column("changes", sa.Column("article", sa.String(), nullable=False, server_default=""))
    op.add_column("subscriptions", sa.Column("article", sa.String(), nullable=False, server_default=""))
    op.add_column("actions", sa.Column("towards", sa.String(), nullable=False, server_default=""))
    for name in TERMS:
        op.add_column("instruments", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away again, with the statements that it holds."""
    for name in reversed(TERMS):
        op.drop_column("instruments", name)
    op.drop_column("subscriptions", "article")
    op.drop_column("changes", "article")
    op.drop_column("actions", "towards")
    op.drop_table("statements")
