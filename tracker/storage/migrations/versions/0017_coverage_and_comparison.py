"""How many actions are known to be missing, and when data were last compared with the depositary."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make what is new; a file that was last read well was compared on that day."""
    op.add_column("coverage", sa.Column("missing", sa.Integer()))
    op.add_column("coverage", sa.Column("missing_from", sa.String(), nullable=False, server_default=""))
    op.add_column("fetches", sa.Column("compared_on", sa.String(), nullable=False, server_default=""))
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(
        "UPDATE fetches SET compared_on = to_char(done_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') WHERE done_at IS NOT NULL"
        if postgresql
        else "UPDATE fetches SET compared_on = substr(done_at, 1, 10) WHERE done_at IS NOT NULL"
    )


def downgrade() -> None:
    """Take it away again, with all it holds."""
    with op.batch_alter_table("fetches") as table:
        table.drop_column("compared_on")
    with op.batch_alter_table("coverage") as table:
        table.drop_column("missing")
        table.drop_column("missing_from")
