"""The record: one table per kind of fact, and the revisions."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "participants", "instruments", "bodies", "actions", "memberships", "mandates", "assessments", "counts", "weights",
)  # fmt: skip


def upgrade() -> None:
    """Make what is new."""
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.Column("retracted", sa.Integer(), nullable=False),
    )
    _places()
    _claims()


def _places() -> None:
    """The fact types with one live fact for each subject."""
    participant = "code name kind iso2 region subregion un_group un_member_since exists_from exists_to successors"
    _table("participants", f"{participant} aliases note", live="live_participant", once="code")
    terms = "depositary delay party_delay conditions withdrawal_delay article in_force_on registration url"
    instrument = "code title kind reference short_name parent subject_matter adopted_on adopted_at opened_on closed_on"
    threshold = sa.Column("threshold", sa.Integer())
    _table("instruments", f"{instrument} {terms}", threshold, live="live_instrument", once="code")
    body = "code name acronym kind parent established_on dissolved_on url note"
    _table("bodies", body, live="live_body", once="code")
    value = sa.Column("value", sa.Float(), nullable=False)
    _table("weights", "table participant on", value, live="live_weight", once="table participant")


def _claims() -> None:
    """The fact types of which several sources may each have something live on one subject."""
    act = "instrument participant kind date effective_on territory note"
    figures = (sa.Column("signatories", sa.Integer()), sa.Column("parties", sa.Integer()))
    _claim("actions", act, live="live_action")
    _claim("memberships", "body participant role start end note", live="live_membership")
    _claim("mandates", "body instrument relation basis", live="live_mandate")
    _claim("assessments", "body scheme participant value start end edition note", live="live_assessment")
    _claim("counts", "instrument on", *figures, live="live_count")


def _claim(name: str, texts: str, *others: sa.Column[Any], live: str) -> None:
    _table(name, f"fingerprint {texts}", *others, live=live, once="fingerprint")


def _table(name: str, texts: str, *others: sa.Column[Any], live: str, once: str) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_in", sa.Integer(), sa.ForeignKey("revisions.number"), nullable=False),
        sa.Column("retracted_at", sa.DateTime(timezone=True)),
        sa.Column("retracted_in", sa.Integer(), sa.ForeignKey("revisions.number")),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("doubt", sa.String(), nullable=False),
        *(sa.Column(text, sa.String(), nullable=False) for text in texts.split()),
        *others,
    )
    where = sa.text("retracted_at IS NULL")
    op.create_index(live, name, once.split(), unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Take it away again, with all it holds."""
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_table("revisions")
