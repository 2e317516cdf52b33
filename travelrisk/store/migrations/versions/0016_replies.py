"""Which letter a traveller answered, and since when a warning that reached nobody has no point any more.

Revision: 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Add both columns, and the index that lists replies by their time."""
    op.add_column("notes", sa.Column("letter_id", _WHOLE, nullable=True))
    op.create_index("ix_notes_at", "notes", ["at"])
    op.add_column("undelivered", sa.Column("over_at", _INSTANT, nullable=True))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("undelivered", "over_at")
    op.drop_index("ix_notes_at", "notes")
    op.drop_column("notes", "letter_id")
