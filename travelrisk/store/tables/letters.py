"""Letters that belong to no trip, what they reminded of, and what the clock has done already."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant, delivery

# To a person of the desk. Not in the outbox, whose rows each tell of an advisory: a table that holds what was
# sent is never copied to make a column optional.
desk_letters = Table(
    "desk_letters",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("person_id", Text, ForeignKey("people.id"), nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("thread", Text, nullable=False),  # reference of a proposal, or what else binds letters together
    Column("standing", Text),  # status and content of the proposal it tells of; NULL = of none
    *delivery(),
    Index(None, "state", "next_at"),
    Index(None, "thread", "person_id", "state"),
    # As for the letters of a trip: one of a thread at a time, for each person.
    Index(
        "uq_desk_letters_leased_thread_person_id",
        "thread",
        "person_id",
        unique=True,
        sqlite_where=text("state = 'leased'"),
        postgresql_where=text("state = 'leased'"),
    ),
    sqlite_strict=True,
)

# Who was reminded of what: each date of a record, at each step before it, once.
reminders = Table(
    "reminders",
    METADATA,
    Column("record", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("title", Text, primary_key=True),
    Column("last", Text, primary_key=True),
    Column("step", WHOLE, primary_key=True, autoincrement=False),
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

# Who does not want the daily digest; all other letters are not optional.
digest_refusals = Table(
    "digest_refusals",
    METADATA,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

# A row for each time that a job was due and somebody did it: its primary key is what makes it once.
slots = Table(
    "slots",
    METADATA,
    Column("job", Text, primary_key=True),
    Column("slot", Text, primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)
