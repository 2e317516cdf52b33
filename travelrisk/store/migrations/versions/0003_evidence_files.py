"""Files that are evidence for a rating.

Revision: 0003. Triggers are made afterwards, from the one list in travelrisk.store.triggers.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "evidence_files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("kept_by", sa.Text(), nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["kept_by"], ["people.id"], name="fk_evidence_files_kept_by"),
        sa.PrimaryKeyConstraint("sha256", name="pk_evidence_files"),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Drop the table; its triggers go with it."""
    op.drop_table("evidence_files")
