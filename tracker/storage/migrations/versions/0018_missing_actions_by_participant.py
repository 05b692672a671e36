"""Whose actions are missing, where a known number is."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column."""
    op.add_column("coverage", sa.Column("missing_of", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away again, with all it holds."""
    with op.batch_alter_table("coverage") as table:
        table.drop_column("missing_of")
