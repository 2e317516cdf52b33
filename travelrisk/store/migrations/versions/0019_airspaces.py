"""Airspaces among the records, and which pairs of airports their tracks pass.

Revision: 0019. On the way down the airspaces, and what is on record about them, are left out: an older
version does not know what they are.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD = "'rating', 'caution', 'service', 'authorisation'"
_COLUMNS = "id, record, subject, body, opened_in, closed_in"


def upgrade() -> None:
    """Let records be airspaces, and make the tables of what tracks pass."""
    _kinds(f"{_OLD}, 'airspace'")
    op.create_table(
        "routes",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pair", name="pk_routes"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drawn",
        sa.Column("airspace", sa.Text(), nullable=False),
        sa.Column("margin_km", _WHOLE, nullable=False),
        sa.PrimaryKeyConstraint("airspace", name="pk_drawn"),
        sqlite_strict=True,
    )
    op.create_table(
        "route_airspaces",
        sa.Column("airspace", sa.Text(), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["routes.pair"], name="fk_route_airspaces_pair"),
        sa.PrimaryKeyConstraint("airspace", "pair", name="pk_route_airspaces"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables, and every record that is an airspace or about one."""
    for table in ("route_airspaces", "drawn", "routes"):
        op.drop_table(table)
    _kinds(_OLD, "record <> 'airspace' AND subject NOT LIKE 'airspace:%'")


def _kinds(kinds: str, kept: str = "") -> None:
    if op.get_bind().dialect.name == "sqlite":
        _copied(kinds, kept)
        return
    if kept:
        op.execute("ALTER TABLE records DISABLE TRIGGER USER")
        op.execute(f"DELETE FROM records WHERE NOT ({kept})")  # noqa: S608 - written above
        op.execute("ALTER TABLE records ENABLE TRIGGER USER")
    op.drop_constraint(op.f("ck_records_record"), "records", type_="check")
    op.create_check_constraint(op.f("ck_records_record"), "records", f"record IN ({kinds})")


def _copied(kinds: str, kept: str) -> None:
    """Copy the table: SQLite changes no constraint of one that stands."""
    op.create_table(
        "records_anew",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("opened_in", _WHOLE, nullable=False),
        sa.Column("closed_in", _WHOLE),
        sa.CheckConstraint(f"record IN ({kinds})", name=op.f("ck_records_record")),
        sa.CheckConstraint("closed_in > opened_in", name=op.f("ck_records_closed_after_opened")),
        sa.ForeignKeyConstraint(["closed_in"], ["editions.number"], name="fk_records_closed_in"),
        sa.ForeignKeyConstraint(["opened_in"], ["editions.number"], name="fk_records_opened_in"),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sqlite_strict=True,
    )
    where = f" WHERE {kept}" if kept else ""
    op.execute(f"INSERT INTO records_anew ({_COLUMNS}) SELECT {_COLUMNS} FROM records{where}")  # noqa: S608 - as above
    op.drop_table("records")
    op.rename_table("records_anew", "records")
    op.create_index("ix_records_subject", "records", ["subject"])
