"""Answers and corrections that were stated on the page of a trip, and who was signed in then.

Revision: 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_STRICT = {"sqlite_strict": True}


def upgrade() -> None:
    """Let statements stand without a mail, and about no segment; note who was signed in."""
    with op.batch_alter_table("statements", table_kwargs=_STRICT) as table:
        table.alter_column("mail_id", existing_type=_WHOLE, nullable=True)
        table.alter_column("segment", existing_type=_WHOLE, nullable=True)
        table.add_column(sa.Column("author", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("statements", table_kwargs=_STRICT) as table:
        table.alter_column("author", existing_type=sa.Text(), existing_nullable=False, server_default=None)


def downgrade() -> None:
    """Forget what was stated on pages: the tables of before have no place for it."""
    op.execute("DELETE FROM statements WHERE mail_id IS NULL")
    with op.batch_alter_table("statements", table_kwargs=_STRICT) as table:
        table.drop_column("author")
        table.alter_column("segment", existing_type=_WHOLE, nullable=False)
        table.alter_column("mail_id", existing_type=_WHOLE, nullable=False)
