"""Participants' codes in other schemes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

LIVE = sa.text("retracted_at IS NULL")


def upgrade() -> None:
    """Make what is new; the record has no such codes yet."""
    op.create_table(
        "codes",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_in", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_in", sa.Integer(), sa.ForeignKey("revisions.number")),
        *(sa.Column(name, sa.String(), nullable=False)
          for name in ("source", "doubt", "participant", "scheme", "code", "start", "end")),
    )  # fmt: skip
    op.create_index(
        "live_code", "codes", ["participant", "scheme", "code"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index("came_code", "codes", ["recorded_in", "id"])
    op.create_index("went_code", "codes", ["retracted_in", "id"])


def downgrade() -> None:
    """Take it away again, with all it holds."""
    op.drop_table("codes")
