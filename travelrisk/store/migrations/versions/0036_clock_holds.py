"""Letters that are held because the clock was set back.

Revision: 0036. On the way down such a hold counts as one that somebody asked for: it still holds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_OLD = "'restored', 'older', 'asked'"
_COLUMNS = "id, reason, since, missing, letters, released_by, released_at"


def upgrade() -> None:
    """Let the clock be a reason."""
    _reasons(f"{_OLD}, 'clock'")


def downgrade() -> None:
    """Let it be none."""
    op.execute("UPDATE holds SET reason = 'asked' WHERE reason = 'clock'")
    _reasons(_OLD)


def _reasons(reasons: str) -> None:
    name = op.f("ck_holds_reason")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "holds", type_="check")
        op.create_check_constraint(name, "holds", f"reason IN ({reasons})")
        return
    # SQLite changes no constraint of a table that stands.
    op.create_table(
        "holds_anew",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("missing", _WHOLE, nullable=False),
        sa.Column("letters", _WHOLE, nullable=False),
        sa.Column("released_by", sa.Text(), nullable=True),
        sa.Column("released_at", _INSTANT, nullable=True),
        sa.CheckConstraint(f"reason IN ({reasons})", name=name),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO holds_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM holds")  # noqa: S608 - written above
    op.drop_table("holds")
    op.rename_table("holds_anew", "holds")
    op.create_index("ix_holds_released_at", "holds", ["released_at"])
