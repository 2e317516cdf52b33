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
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_KEPT = "id, itinerary_id, mail_id, code, segment, text, value, at"


def upgrade() -> None:
    """Let statements stand without a mail, and about no segment; note who was signed in."""
    if op.get_context().dialect.name == "sqlite":
        _made_anew(is_newer=True)
        return
    op.alter_column("statements", "mail_id", nullable=True)
    op.alter_column("statements", "segment", nullable=True)
    op.add_column("statements", sa.Column("author", sa.Text(), nullable=False, server_default=""))
    op.alter_column("statements", "author", server_default=None)


def downgrade() -> None:
    """Forget what was stated on pages: the tables of before have no place for it."""
    op.execute("DELETE FROM statements WHERE mail_id IS NULL OR segment IS NULL")
    if op.get_context().dialect.name == "sqlite":
        _made_anew(is_newer=False)
        return
    op.drop_column("statements", "author")
    op.alter_column("statements", "segment", nullable=False)
    op.alter_column("statements", "mail_id", nullable=False)


def _made_anew(*, is_newer: bool) -> None:
    """Make the table anew under its own name: SQLite loosens no column, and notes each renaming."""
    op.execute("CREATE TABLE statements_kept AS SELECT * FROM statements")
    op.drop_table("statements")
    op.create_table(
        "statements",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("itinerary_id", _WHOLE, nullable=False),
        sa.Column("mail_id", _WHOLE, nullable=is_newer),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("segment", _WHOLE, nullable=is_newer),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        *((sa.Column("author", sa.Text(), nullable=False),) if is_newer else ()),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_statements_itinerary_id"),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name="fk_statements_mail_id"),
        sa.PrimaryKeyConstraint("id", name="pk_statements"),
        sqlite_strict=True,
    )
    op.create_index("ix_statements_itinerary_id", "statements", ["itinerary_id"])
    op.create_index("ix_statements_mail_id", "statements", ["mail_id"])
    author = ("author", "''") if is_newer else ()
    columns, values = ", ".join((_KEPT, *author[:1])), ", ".join((_KEPT, *author[1:]))
    op.execute(f"INSERT INTO statements ({columns}) SELECT {values} FROM statements_kept")  # noqa: S608 - words of this file
    op.drop_table("statements_kept")
