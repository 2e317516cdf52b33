"""When no letter may leave, why, and who let them leave again."""

from typing import Final

from sqlalchemy import Column, Index, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant, one_of

REASONS: Final = ("restored", "older", "asked", "clock")

holds = Table(
    "holds",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("missing", WHOLE, nullable=False),  # entries of the audit trail that were known and are not here
    Column("letters", WHOLE, nullable=False),  # put aside, because they may have been sent already
    Column("released_by", Text),
    Column("released_at", Instant),  # NULL = it stands
    one_of("reason", REASONS),
    Index(None, "released_at"),
    sqlite_strict=True,
)
