"""What makes stored journeys be judged again, and how far that has come."""

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant, one_of

CAUSES = ("edition", "day", "rules", "source", "clock")

# One row for each edition that was published, each day that began, each change of the rules themselves, each
# source that grew stale or fresh, each time that somebody answered for a clock that had been ahead.
rescreenings = Table(
    "rescreenings",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("cause", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("past", WHOLE, nullable=False),  # itineraries up to this one have been judged
    Column("screened", WHOLE, nullable=False),
    Column("changed", WHOLE, nullable=False),
    Column("letters", WHOLE, nullable=False),
    Column("token", WHOLE, nullable=False),  # goes up with each lease: who holds an old one writes nothing
    Column("lease_owner", Text),
    Column("lease_until", Instant),
    Column("finished_at", Instant),
    one_of("cause", CAUSES),
    UniqueConstraint("cause", "key"),
    Index(None, "finished_at", "id"),
    sqlite_strict=True,
)
