"""Keys of programs that see the audit trail of their office.

Revision: 0036. On the way down such a key sees what one of the desk does: an older version knows no other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_OLD = "'unit', 'desk'"
_COLUMNS = (
    "id, name, office, kind, sight, calls_a_day, key_hmac, old_hmac, old_until, made_by, made_at, used_at,"
    " expires_at, revoked_at"
)


def upgrade() -> None:
    """Let a key see the trail."""
    _sights(f"{_OLD}, 'audit'")


def downgrade() -> None:
    """Let no key see it."""
    op.execute("UPDATE programs SET sight = 'desk' WHERE sight = 'audit'")
    _sights(_OLD)


def _sights(sights: str) -> None:
    name = op.f("ck_programs_sight")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "programs", type_="check")
        op.create_check_constraint(name, "programs", f"sight IN ({sights})")
        return
    # SQLite changes no constraint of a table that stands.
    kinds, ends = "'trk_live_r', 'trk_live_w', 'trk_test_w'", "(old_hmac IS NULL) = (old_until IS NULL)"
    op.create_table(
        "programs_anew",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sight", sa.Text(), nullable=False),
        sa.Column("calls_a_day", _WHOLE, nullable=False),
        sa.Column("key_hmac", sa.Text(), nullable=False),
        sa.Column("old_hmac", sa.Text(), nullable=True),
        sa.Column("old_until", _INSTANT, nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.Column("expires_at", _INSTANT, nullable=True),
        sa.Column("revoked_at", _INSTANT, nullable=True),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_programs_kind")),
        sa.CheckConstraint(f"sight IN ({sights})", name=name),
        sa.CheckConstraint("office <> ''", name=op.f("ck_programs_office_named")),
        sa.CheckConstraint(ends, name=op.f("ck_programs_old_ends")),
        sa.PrimaryKeyConstraint("id", name="pk_programs"),
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO programs_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM programs")  # noqa: S608 - written above
    op.drop_table("programs")
    op.rename_table("programs_anew", "programs")
