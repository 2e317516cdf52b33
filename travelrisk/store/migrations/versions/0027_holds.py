"""When no letter may leave.

Revision: 0027.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table of holds."""
    op.create_table(
        "holds",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("missing", _WHOLE, nullable=False),
        sa.Column("letters", _WHOLE, nullable=False),
        sa.Column("released_by", sa.Text()),
        sa.Column("released_at", _INSTANT),
        sa.CheckConstraint("reason IN ('restored', 'older', 'asked')", name="reason"),
        sqlite_strict=True,
    )
    op.create_index("ix_holds_released_at", "holds", ["released_at"])


def downgrade() -> None:
    """Forget that anything was held."""
    op.drop_table("holds")
