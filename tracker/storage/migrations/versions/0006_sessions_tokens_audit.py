"""Roles, sessions with an idle timeout, API tokens, the audit log."""

import sqlalchemy as sa
from alembic import op

from tracker.storage.tables import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SQLITE = (
    """CREATE TRIGGER audit_is_not_altered BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is only added to'); END""",
    """CREATE TRIGGER audit_keeps_the_young BEFORE DELETE ON audit WHEN OLD.at > datetime('now', '-30 days') BEGIN
    SELECT RAISE(ABORT, 'the audit log keeps what is younger than 30 days'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' AND OLD.at <= now() - interval '30 days' THEN RETURN OLD; END IF;
    RAISE EXCEPTION 'the audit log is only added to, and keeps what is younger than 30 days'; END $$""",
    "CREATE TRIGGER audit_stands BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stands()",
)


def upgrade() -> None:
    """Make what is new."""
    op.add_column("editors", sa.Column("role", sa.String(), nullable=False, server_default="editor"))
    op.execute("DELETE FROM sessions")
    op.add_column("sessions", sa.Column("seen_at", Moment(), nullable=False, server_default="1970-01-01 00:00:00+00"))
    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False, unique=True),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", Moment(), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("who", "role", "place", "action", "subject", "outcome", "request")
        ),
    )
    op.create_index("audit_by_moment", "audit", ["at"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Take it away again; whoever is signed in signs in again."""
    op.execute("DELETE FROM sessions")
    for table in ("audit", "tokens"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_stands()")
    for table, column in (("sessions", "seen_at"), ("editors", "role")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
