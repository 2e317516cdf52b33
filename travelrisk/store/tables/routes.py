"""Which airspaces the direct tracks between pairs of airports pass; and who is said to fly between them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

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

# Who flies between which airports, by tables that the operator loaded: hints where to look. ``one`` comes
# before ``other`` in the alphabet; ``as_of`` is empty where the table does not say.
known_routes = Table(
    "known_routes",
    METADATA,
    Column("one", Text, primary_key=True),
    Column("other", Text, primary_key=True),
    Column("carrier", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("as_of", Text, nullable=False),
    CheckConstraint("one < other", name="in_order"),
    Index(None, "other"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
