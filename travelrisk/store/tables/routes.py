"""Which airspaces the direct tracks between pairs of airports pass."""

from sqlalchemy import Column, ForeignKey, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE

# Pairs of airports whose direct tracks were compared with the airspaces, and which of these they pass or come
# near, by the ids of their records. ``drawn`` says with which all pairs were compared, and with which margin.
routes = Table(
    "routes",
    METADATA,
    Column("pair", Text, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

drawn = Table(
    "drawn",
    METADATA,
    Column("airspace", Text, primary_key=True),
    Column("margin_km", WHOLE, nullable=False),
    sqlite_strict=True,
)

route_airspaces = Table(
    "route_airspaces",
    METADATA,
    Column("airspace", Text, primary_key=True),
    Column("pair", Text, ForeignKey("routes.pair"), primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
