"""The workers and their jobs: who is there, who has which job, and how each job went last."""

from sqlalchemy import Column, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant

# Whose a job is. The token grows each time that it changes hands: whoever was paused finds theirs outdated.
leases = Table(
    "leases",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", Instant, nullable=False),
    Column("token", WHOLE, nullable=False),
    sqlite_strict=True,
)

workers = Table(
    "workers",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_strict=True,
)

# How a job went last, whoever did it.
runs = Table(
    "runs",
    METADATA,
    Column("job", Text, primary_key=True),
    Column("worker", Text, nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("took_ms", WHOLE, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("did", Text, nullable=False),
    Column("failing_since", Instant),  # NULL = it went well
    Column("reason", Text, nullable=False),
    sqlite_strict=True,
)
