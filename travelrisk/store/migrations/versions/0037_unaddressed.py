"""Warnings for which there is no address are somebody's task as well.

Revision: 0037. Those that stand on the way up become tasks, for their journeys are ahead and nobody was told.
On the way down they are left out, with the letters about them: an older version knows tasks of letters alone.
"""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
_OLD = "'dead', 'hold', 'bounced', 'unsent'"
_WRITTEN = "(outbox_id IS NULL) = (reason = 'unaddressed')"
_COLUMNS = "advisory_id, outbox_id, reason, found_at, second_id, told_by, told_at, note, over_at"
# What was erased or called off stands in the index as long past.
_STANDING = sa.text("""
    INSERT INTO undelivered (advisory_id, reason, found_at)
    SELECT a.id, 'unaddressed', :now
    FROM advisories a JOIN trips t ON t.id = a.trip_id
    JOIN touches i ON i.itinerary_id = a.itinerary_id AND i.kind = '' AND i.code = ''
    WHERE t.contact = '' AND a.verdict <> 'cleared' AND i.last_day >= :yesterday
    AND NOT EXISTS (SELECT 1 FROM advisories n WHERE n.trip_id = a.trip_id AND n.id > a.id)
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.trip_id = a.trip_id)
""")


def upgrade() -> None:
    """Let a task have no letter, and make one of each such warning that stands."""
    _alter(f"{_OLD}, 'unaddressed'", may_be_unwritten=True)
    now = datetime.now(UTC)
    at = now.isoformat(timespec="microseconds") if op.get_bind().dialect.name == "sqlite" else now
    yesterday = (now.date() - timedelta(days=1)).isoformat()
    op.get_bind().execute(_STANDING, {"now": at, "yesterday": yesterday})


def downgrade() -> None:
    """Let each have one, and forget the others."""
    op.execute(
        "DELETE FROM unit_letters WHERE advisory_id IN"
        " (SELECT advisory_id FROM undelivered WHERE outbox_id IS NULL)"
    )
    op.execute("DELETE FROM undelivered WHERE outbox_id IS NULL")
    _alter(_OLD, may_be_unwritten=False)


def _alter(reasons: str, *, may_be_unwritten: bool) -> None:
    name, written = op.f("ck_undelivered_reason"), op.f("ck_undelivered_written")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(name, "undelivered", type_="check")
        op.create_check_constraint(name, "undelivered", f"reason IN ({reasons})")
        op.alter_column("undelivered", "outbox_id", nullable=may_be_unwritten)
        if may_be_unwritten:
            op.create_check_constraint(written, "undelivered", _WRITTEN)
        else:
            op.drop_constraint(written, "undelivered", type_="check")
        return
    # SQLite changes no constraint of a table that stands.
    op.create_table(
        "undelivered_anew",
        sa.Column("advisory_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("outbox_id", _WHOLE, nullable=may_be_unwritten),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("second_id", _WHOLE, nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.Column("told_at", _INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("over_at", _INSTANT, nullable=True),
        sa.CheckConstraint(f"reason IN ({reasons})", name=name),
        *([sa.CheckConstraint(_WRITTEN, name=written)] if may_be_unwritten else []),
        sa.ForeignKeyConstraint(["advisory_id"], ["advisories.id"], name="fk_undelivered_advisory_id"),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_undelivered_outbox_id"),
        sa.ForeignKeyConstraint(["second_id"], ["outbox.id"], name="fk_undelivered_second_id"),
        sa.PrimaryKeyConstraint("advisory_id", name="pk_undelivered"),
        sqlite_strict=True,
    )
    op.execute(f"INSERT INTO undelivered_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM undelivered")  # noqa: S608 - written above
    op.drop_table("undelivered")
    op.rename_table("undelivered_anew", "undelivered")
