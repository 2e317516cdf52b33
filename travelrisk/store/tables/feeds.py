"""Public sources: each round of fetching, what came, and the facts of the last good one."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant, one_of

OUTCOMES: Final = ("good", "failed")

feed_fetches = Table(
    "feed_fetches",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("feed", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("fault", Text, nullable=False),  # empty where it was good
    Column("told", Text, nullable=False),
    Column("rows", WHOLE, nullable=False),
    Column("body", Text, nullable=False),  # problems and differences
    one_of("outcome", OUTCOMES),
    Index(None, "feed", "outcome", "id"),
    sqlite_strict=True,
)

# Each answer once, packed, however often it came.
feed_originals = Table(
    "feed_originals",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
    Column("kept_at", Instant, nullable=False),
    sqlite_strict=True,
)

# Of good rounds that brought anything new.
feed_answers = Table(
    "feed_answers",
    METADATA,
    Column("fetch_id", WHOLE, ForeignKey("feed_fetches.id"), primary_key=True),
    Column("part", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("last_modified", Text, nullable=False),
    Column("sha256", Text, ForeignKey("feed_originals.sha256"), nullable=False),
    sqlite_strict=True,
)

feed_facts = Table(
    "feed_facts",
    METADATA,
    Column("feed", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("place", WHOLE, nullable=False),  # in the order of the source
    Column("body", Text, nullable=False),
    Column("since", Instant, nullable=False),  # when it first said just this
    sqlite_strict=True,
)
