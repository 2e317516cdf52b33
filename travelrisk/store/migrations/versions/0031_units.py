"""What the desk of a travel unit does with the trips of its office.

Revision: 0031.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_KINDS = "kind IN ('note', 'assigned', 'on_hold', 'no_ticket', 'ticketed', 'asked', 'cancelled')"


def upgrade() -> None:
    """Make the table of the steps."""
    op.create_table(
        "desk_steps",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id"), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("assignee", sa.Text(), sa.ForeignKey("people.id")),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint(_KINDS, name="kind"),
        sa.CheckConstraint("assignee IS NULL OR kind = 'assigned'", name="only_who_is_assigned"),
        sa.CheckConstraint("text <> '' OR kind = 'assigned'", name="says_why"),
        sqlite_strict=True,
    )
    op.create_index("ix_desk_steps_trip_id_id", "desk_steps", ["trip_id", "id"])


def downgrade() -> None:
    """Forget what was done, and what lets it be erased."""
    op.drop_table("desk_steps")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION IF EXISTS travelrisk_desk_steps_erased_only()")
