"""Reports of errors in the data, by readers."""

import sqlalchemy as sa
from alembic import op

from tracker.storage.tables import Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TEXTS = (
    "state", "kind", "treaty", "participant", "body", "scheme", "what", "article", "day", "fact", "source", "page",
    "text", "evidence", "contact", "language", "closed_by", "note",
)  # fmt: skip


def upgrade() -> None:
    """Make the table; there are no reports yet."""
    op.create_table(
        "error_reports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("made_at", Moment(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in _TEXTS),
        sa.Column("closed_at", Moment(), nullable=True),
    )
    op.create_index("error_reports_by_state", "error_reports", ["state", "made_at"])


def downgrade() -> None:
    """Take it away again, with all it holds."""
    op.drop_table("error_reports")
