"""What travel units said of the headings of tables.

Revision: 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "mappings",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.CheckConstraint("unit <> ''", name="unit_named"),
        sqlite_strict=True,
    )
    op.create_index("ix_mappings_unit_made_at", "mappings", ["unit", "made_at"])
    op.create_index(
        "uq_mappings_open_unit_fingerprint",
        "mappings",
        ["unit", "fingerprint"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def downgrade() -> None:
    """Forget what was said; tables with such headings are refused again."""
    op.drop_table("mappings")
