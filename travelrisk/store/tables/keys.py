"""Which key what is personal stands encrypted with (see ``store.keyring``); of the key only its name."""

from sqlalchemy import Column, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant

# The newest row is written with; an older one is left as long as anything may stand under it.
data_keys = Table(
    "data_keys",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("begun_at", Instant, nullable=False),
    Column("finished_at", Instant),  # NULL = something may still stand in clear, or under an older key
    sqlite_strict=True,
)
