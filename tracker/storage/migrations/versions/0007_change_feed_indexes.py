"""Indexes of the facts by the revisions that added and retracted them, for the change feed."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = {
    "participants": "participant", "instruments": "instrument", "bodies": "body", "actions": "action",
    "memberships": "membership", "mandates": "mandate", "assessments": "assessment", "targets": "target",
    "counts": "count", "weights": "weight",
}  # fmt: skip


def upgrade() -> None:
    """Make what is new."""
    for table, name in TABLES.items():
        op.create_index(f"came_{name}", table, ["recorded_in", "id"])
        op.create_index(f"went_{name}", table, ["retracted_in", "id"])


def downgrade() -> None:
    """Take it away again."""
    for table, name in TABLES.items():
        op.drop_index(f"went_{name}", table)
        op.drop_index(f"came_{name}", table)
