"""Who flies between which airports, by tables that the operator loaded.

Revision: 0021. On the way down they are forgotten; the table can be loaded again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "known_routes",
        sa.Column("one", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.CheckConstraint("one < other", name=op.f("ck_known_routes_in_order")),
        sa.PrimaryKeyConstraint("one", "other", "carrier", name="pk_known_routes"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index("ix_known_routes_other", "known_routes", ["other"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("known_routes")
