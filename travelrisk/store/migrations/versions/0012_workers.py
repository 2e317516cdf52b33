"""Which workers there are, whose each job is, and how it went last.

Revision: 0012. New tables only.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "leases",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("until", _INSTANT, nullable=False),
        sa.Column("token", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
        sqlite_strict=True,
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("started_at", _INSTANT, nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_workers"),
        sqlite_strict=True,
    )
    op.create_table(
        "runs",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("began_at", _INSTANT, nullable=False),
        sa.Column("took_ms", _WHOLE, nullable=False),
        sa.Column("next_at", _INSTANT, nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("failing_since", _INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("job", name="pk_runs"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("runs", "workers", "leases"):
        op.drop_table(table)
