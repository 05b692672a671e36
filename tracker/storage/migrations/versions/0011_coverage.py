"""How complete the data on each instrument are."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LIVE = sa.text("retracted_at IS NULL")


def upgrade() -> None:
    """Make what is new; the record says nothing of its completeness yet."""
    op.create_table(
        "coverage",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_in", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_in", sa.Integer(), sa.ForeignKey("revisions.number")),
        *(sa.Column(name, sa.String(), nullable=False)
          for name in ("source", "doubt", "instrument", "aspect", "state", "as_of", "note")),
        sa.Column("expected", sa.Integer()),
    )  # fmt: skip
    op.create_index(
        "live_coverage", "coverage", ["instrument", "aspect"], unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.create_index("came_coverage", "coverage", ["recorded_in", "id"])
    op.create_index("went_coverage", "coverage", ["retracted_in", "id"])


def downgrade() -> None:
    """Take it away again, with all it holds."""
    op.drop_table("coverage")
