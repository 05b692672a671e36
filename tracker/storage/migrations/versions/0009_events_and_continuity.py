"""Events of instruments, States that continue others, deposits that were not counted, weights from a day on."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LIVE = sa.text("retracted_at IS NULL")


def upgrade() -> None:
    """Make what is new; nothing on record continues another State or was left uncounted."""
    op.add_column("participants", sa.Column("continues", sa.String(), nullable=False, server_default=""))
    op.add_column("actions", sa.Column("not_counted", sa.String(), nullable=False, server_default=""))
    _only_one_live_weight("table", "participant", "on")
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_in", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_in", sa.Integer(), sa.ForeignKey("revisions.number")),
        *(sa.Column(name, sa.String(), nullable=False)
          for name in ("source", "doubt", "instrument", "event", "on", "note")),
    )  # fmt: skip
    op.create_index(
        "live_event", "events", ["instrument", "event"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index("came_event", "events", ["recorded_in", "id"])
    op.create_index("went_event", "events", ["retracted_in", "id"])


def _only_one_live_weight(*columns: str) -> None:
    op.drop_index("live_weight", "weights")
    op.create_index("live_weight", "weights", list(columns), unique=True, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    """Take it away again, with the events that it holds."""
    op.drop_table("events")
    _only_one_live_weight("table", "participant")
    op.drop_column("actions", "not_counted")
    op.drop_column("participants", "continues")
