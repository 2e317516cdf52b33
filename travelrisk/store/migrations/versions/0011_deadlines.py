"""Who wants no digests.

Revision: 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "digest_refusals",
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_digest_refusals_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_digest_refusals"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("digest_refusals")
