"""What was erased, and the drafts that outlive their documents.

Revision: 0029.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_ROWS = ("itineraries", "advisories", "originals", "erasures")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "erasures",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("trip_id", _WHOLE),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("audit_seq", _WHOLE, sa.ForeignKey("audit.seq"), nullable=False),
        sa.Column("unfinished", _WHOLE, sa.ForeignKey("erasures.id", deferrable=True, initially="DEFERRED")),
        sa.UniqueConstraint("audit_seq"),
        sa.CheckConstraint("cause IN ('request', 'retention', 'end')", name="cause"),
        sa.CheckConstraint("id > 0", name="id_counts"),
        sa.CheckConstraint("unfinished = 0", name="unfinished"),
        sqlite_strict=True,
    )
    op.create_index("ix_erasures_trip_id", "erasures", ["trip_id"])
    op.create_table(
        "drafts",
        sa.Column(
            "itinerary_id", _WHOLE, sa.ForeignKey("itineraries.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Forget what was erased; it stays erased, and the triggers of an older version never give way."""
    op.drop_table("drafts")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _ROWS:
        if sqlite:
            for verb in ("update", "delete"):
                op.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            op.execute(f"DROP TRIGGER IF EXISTS {table}_erased_only ON {table}")
            op.execute(f"DROP FUNCTION IF EXISTS travelrisk_{table}_erased_only()")
    op.drop_table("erasures")
