"""Which key what is personal stands encrypted with; nothing is encrypted here, which needs the key itself.

Revision: 0034.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "data_keys",
        sa.Column("id", _WHOLE, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        sa.Column("begun_at", _INSTANT, nullable=False),
        sa.Column("finished_at", _INSTANT),
        sqlite_strict=True,
    )


def downgrade() -> None:
    """Forget the table, while nothing is encrypted; an older version could read nothing of the rest.

    Raises:
        RuntimeError: something is.
    """
    if op.get_bind().scalar(sa.text("SELECT name FROM data_keys LIMIT 1")) is not None:
        raise RuntimeError("the database is encrypted: restore a backup from before that instead")
    op.drop_table("data_keys")
