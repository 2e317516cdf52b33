"""The index by what an itinerary touches: one row for each carrier, airport and pair, however often.

Revision: 0007. Both tables are made anew and empty; ``segments.fill`` writes them from the itineraries
themselves, so that a row that was ever missed is there afterwards. On the way down the old index gets the
same rows, each in the column of its kind, because an older version would not notice that any is missing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD = ("operating", "marketing", "origin", "destination", "pair")


def upgrade() -> None:
    """Drop the old index and make the tables of the new one."""
    op.drop_table("segments")
    _touches()
    _segments()


def downgrade() -> None:
    """Make the old index again, with rows; what is selected stands in the order of its columns."""
    op.execute("CREATE TABLE flown AS SELECT * FROM segments")
    op.drop_table("segments")
    _old_segments()
    op.execute("""INSERT INTO segments SELECT
        itinerary_id, row_number() OVER (PARTITION BY itinerary_id ORDER BY kind, code) - 1,
        first_day, last_day,
        CASE kind WHEN 'operating' THEN code ELSE '' END, CASE kind WHEN 'marketing' THEN code ELSE '' END,
        CASE kind WHEN 'airport' THEN code ELSE '' END, '', CASE kind WHEN 'pair' THEN code ELSE '' END
        FROM touches""")
    op.execute("""INSERT INTO segments SELECT
        itinerary_id, seq + (SELECT count(*) FROM touches WHERE touches.itinerary_id = flown.itinerary_id),
        first_day, (SELECT max(last_day) FROM touches WHERE touches.itinerary_id = flown.itinerary_id),
        operating, '', '', '', pair
        FROM flown""")
    op.drop_table("touches")
    op.drop_table("flown")


def _touches() -> None:
    op.create_table(
        "touches",
        sa.Column("itinerary_id", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_touches_itinerary_id"),
        sa.PrimaryKeyConstraint("itinerary_id", "kind", "code", name="pk_touches"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_touches_kind_code_last_day_first_day_itinerary_id",
        "touches",
        ["kind", "code", "last_day", "first_day", "itinerary_id"],
    )


def _segments() -> None:
    op.create_table(
        "segments",
        sa.Column("itinerary_id", _WHOLE, nullable=False),
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("operating", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_segments_itinerary_id"),
        sa.PrimaryKeyConstraint("itinerary_id", "seq", name="pk_segments"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_segments_pair_operating_first_day_itinerary_id",
        "segments",
        ["pair", "operating", "first_day", "itinerary_id"],
    )


def _old_segments() -> None:
    op.create_table(
        "segments",
        sa.Column("itinerary_id", _WHOLE, nullable=False),
        sa.Column("seq", _WHOLE, autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _OLD),
        sa.ForeignKeyConstraint(["itinerary_id"], ["itineraries.id"], name="fk_segments_itinerary_id"),
        sa.PrimaryKeyConstraint("itinerary_id", "seq", name="pk_segments"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    for name in _OLD:
        op.create_index(f"ix_segments_{name}_last_day_first_day", "segments", [name, "last_day", "first_day"])
    op.create_index("ix_segments_last_day", "segments", ["last_day"])
