"""Journeys are judged again because somebody answered for a clock that had been ahead.

Revision: 0038. On the way down what was asked for so is left out: an older version does not know what it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_OLD = "'edition', 'day', 'rules', 'source'"
_COLUMNS = (
    "id, cause, key, queued_at, past, screened, changed, letters, token,"
    " lease_owner, lease_until, finished_at"
)


def upgrade() -> None:
    """Let the clock be a cause."""
    _causes(f"{_OLD}, 'clock'")


def downgrade() -> None:
    """Forget what clocks caused."""
    op.execute("DELETE FROM rescreenings WHERE cause = 'clock'")
    _causes(_OLD)


def _causes(causes: str) -> None:
    name = op.f("ck_rescreenings_cause")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "rescreenings", type_="check")
        op.create_check_constraint(name, "rescreenings", f"cause IN ({causes})")
        return
    # SQLite changes no constraint of a table that stands.
    op.create_table(
        "rescreenings_anew",
        sa.Column("id", _WHOLE, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("queued_at", _INSTANT, nullable=False),
        sa.Column("past", _WHOLE, nullable=False),
        sa.Column("screened", _WHOLE, nullable=False),
        sa.Column("changed", _WHOLE, nullable=False),
        sa.Column("letters", _WHOLE, nullable=False),
        sa.Column("token", _WHOLE, nullable=False),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("finished_at", _INSTANT, nullable=True),
        sa.CheckConstraint(f"cause IN ({causes})", name=name),
        sa.PrimaryKeyConstraint("id", name="pk_rescreenings"),
        sa.UniqueConstraint("cause", "key", name="uq_rescreenings_cause_key"),
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO rescreenings_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM rescreenings")  # noqa: S608 - written above
    op.drop_table("rescreenings")
    op.rename_table("rescreenings_anew", "rescreenings")
    op.create_index("ix_rescreenings_finished_at_id", "rescreenings", ["finished_at", "id"], unique=False)
