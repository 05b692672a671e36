"""Other usual names of instruments."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new; an instrument that is there already has no other name."""
    op.add_column("instruments", sa.Column("aliases", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("instruments", "aliases")
