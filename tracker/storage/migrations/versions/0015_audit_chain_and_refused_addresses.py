"""A chain over the lines of the audit log, none of which can be put in another's place; addresses to leave alone."""

import sqlalchemy as sa
from alembic import op

from tracker.storage.tables import Moment

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQLITE = (
    # INSERT OR REPLACE would take the older line out without asking the rule on deletion.
    """CREATE TRIGGER audit_goes_on BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
)
_POSTGRESQL = (
    "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stands()",
)


def upgrade() -> None:
    """Make what is new; the lines that are there have no chain."""
    op.create_table(
        "refused",
        sa.Column("digest", sa.String(), primary_key=True),
        sa.Column("made_at", Moment(), nullable=False),
    )
    op.add_column("audit", sa.Column("chain", sa.String(), nullable=False, server_default=""))
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("refused")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_is_not_emptied ON audit")
    else:
        op.execute("DROP TRIGGER audit_goes_on")
    op.drop_column("audit", "chain")
