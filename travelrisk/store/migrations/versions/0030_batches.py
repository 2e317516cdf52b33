"""Files that are screened for an office, and letters that wait until somebody releases them.

Revision: 0030. On the way down the letters that wait are released: without the table nobody could.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _make_batches()
    _make_rows()
    op.create_table(
        "unreleased",
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id"), primary_key=True, autoincrement=False),
        sa.Column("batch_id", _WHOLE, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("unreleased", "batch_rows", "batches"):
        op.drop_table(table)


def _make_batches() -> None:
    op.create_table(
        "batches",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("original", sa.Text(), sa.ForeignKey("originals.sha256"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("keeps_back", _WHOLE, nullable=False),
        sa.Column("rows", _WHOLE),
        sa.Column("at_row", _WHOLE, nullable=False),
        sa.Column("done", _WHOLE, nullable=False),
        sa.Column("attempts", _WHOLE, nullable=False),
        sa.Column("turn_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.UniqueConstraint("reference", name="uq_batches_reference"),
        sa.CheckConstraint("office <> ''", name="office_named"),
        sqlite_strict=True,
    )
    op.create_index("ix_batches_office_id", "batches", ["office", "id"])
    op.create_index("ix_batches_original", "batches", ["original"])
    waiting = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_batches_waiting", "batches", ["turn_at"], sqlite_where=waiting, postgresql_where=waiting
    )


def _make_rows() -> None:
    op.create_table(
        "batch_rows",
        sa.Column("batch_id", _WHOLE, sa.ForeignKey("batches.id"), primary_key=True, autoincrement=False),
        sa.Column("position", _WHOLE, primary_key=True, autoincrement=False),
        sa.Column("trip_id", _WHOLE, sa.ForeignKey("trips.id")),
        sa.Column("itinerary_id", _WHOLE, sa.ForeignKey("itineraries.id")),
        sa.Column("change", sa.Text()),
        sa.Column("fingerprint", sa.Text()),
        sa.Column("locator", sa.Text()),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("unread", sa.Text(), nullable=False),
        sa.CheckConstraint("change IN ('new', 'changed', 'unchanged')", name="change"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for column in ("trip_id", "fingerprint", "locator"):
        op.create_index(f"ix_batch_rows_{column}", "batch_rows", [column])
