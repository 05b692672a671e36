"""The days between which a treaty action was done, where its own day is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new; of what is on record no such day is known."""
    for name in ("not_before", "known_by"):
        op.add_column("actions", sa.Column(name, sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away again."""
    for name in ("known_by", "not_before"):
        op.drop_column("actions", name)
