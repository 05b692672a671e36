"""The day whose status a file gives, so that an older page is known as one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new; nobody has said yet as at which day the files taken in were."""
    op.add_column("fetches", sa.Column("as_at", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take it away again, with all it holds."""
    with op.batch_alter_table("fetches") as table:
        table.drop_column("as_at")
