"""Who looked at whose trips, and why.

Revision: 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the access log, and let the trips of an office be found."""
    op.create_table(
        "lookups",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.CheckConstraint("purpose <> ''", name="purpose_named"),
        sqlite_strict=True,
    )
    op.create_index("ix_lookups_actor_at", "lookups", ["actor", "at"])
    op.create_index("ix_lookups_at", "lookups", ["at"])
    op.create_table(
        "lookup_trips",
        sa.Column("lookup_id", _WHOLE, sa.ForeignKey("lookups.id"), primary_key=True, autoincrement=False),
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id"), primary_key=True, autoincrement=False),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_lookup_trips_trip_id_lookup_id", "lookup_trips", ["trip_id", "lookup_id"])
    op.create_index("ix_trips_office", "trips", ["office"])


def downgrade() -> None:
    """Forget who looked."""
    op.drop_index("ix_trips_office", "trips")
    op.drop_table("lookup_trips")
    op.drop_table("lookups")
