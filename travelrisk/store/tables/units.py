"""What the desk does with trips: notes, assignments, tickets, and addresses where a booking has none."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Instant, one_of

STEPS: Final = ("note", "assigned", "on_hold", "no_ticket", "ticketed", "asked", "cancelled")

# One row a step, and never another word in it: the newest of a kind holds.
desk_steps = Table(
    "desk_steps",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("assignee", Text, ForeignKey("people.id")),  # NULL = nobody any more
    Column("text", Encrypted("desk_steps.text"), nullable=False),
    one_of("kind", STEPS),
    CheckConstraint("assignee IS NULL OR kind = 'assigned'", name="only_who_is_assigned"),
    CheckConstraint("text <> '' OR kind = 'assigned'", name="says_why"),
    Index(None, "trip_id", "id"),
    sqlite_strict=True,
)

# That the desk gave a trip an address, for whom and in which language; the address itself stands in the trip.
given_addresses = Table(
    "given_addresses",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("traveller", Encrypted("given_addresses.traveller"), nullable=False),
    sqlite_strict=True,
)
