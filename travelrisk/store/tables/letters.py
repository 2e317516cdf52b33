"""Letters that belong to no trip, what they reminded of, what came back, and what the clock has done."""

from typing import Final

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, UniqueConstraint, text

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Findable, Instant, delivery, one_of

REASONS: Final = ("dead", "hold", "bounced", "unsent", "unaddressed")

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
    *delivery("desk_letters"),
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

# What came back, once for each letter: of which table, and what was said. The letter was sent, and stays so.
bounces = Table(
    "bounces",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("letter_id", WHOLE, primary_key=True, autoincrement=False),
    Column("reply", Findable("reply"), nullable=False),
    Column("is_permanent", WHOLE, nullable=False),
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

# Who does not want the report of the month; the digest, which tells of warnings, is refused apart from it.
report_refusals = Table(
    "report_refusals",
    METADATA,
    Column("person_id", Text, ForeignKey("people.id"), primary_key=True),
    Column("at", Instant, nullable=False),
    sqlite_strict=True,
)

# Warnings that reached nobody, one for each advisory: somebody must tell the traveller in another way.
undelivered = Table(
    "undelivered",
    METADATA,
    Column("advisory_id", WHOLE, ForeignKey("advisories.id"), primary_key=True, autoincrement=False),
    Column("outbox_id", WHOLE, ForeignKey("outbox.id")),  # NULL: no address, so that none was written
    Column("reason", Text, nullable=False),
    # Since when it is a task; may lie ahead for what a batch brought whose letters nobody has released.
    Column("found_at", Instant, nullable=False),
    Column("second_id", WHOLE, ForeignKey("outbox.id")),  # the copy to the second address
    # Who told the traveller: of the desk, or the terminal.
    Column("told_by", Encrypted("undelivered.told_by")),
    Column("told_at", Instant),
    Column("note", Encrypted("undelivered.note")),
    Column("over_at", Instant),  # since when nothing is left to tell: the journey is over
    one_of("reason", REASONS),
    CheckConstraint("(outbox_id IS NULL) = (reason = 'unaddressed')", name="written"),
    sqlite_strict=True,
)

# About a warning that reached nobody, to those whom the policy names; they need no account.
unit_letters = Table(
    "unit_letters",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("advisory_id", WHOLE, ForeignKey("undelivered.advisory_id"), nullable=False),
    *delivery("unit_letters"),
    UniqueConstraint("advisory_id", "recipient"),
    Index(None, "state", "next_at"),
    sqlite_strict=True,
)

# To those whom the policy names: about a flight with more of our people than its ceiling, once for each
# flight and set of bookings; and about journeys that leave soon. The advisory is that of the booking which
# made it so.
flight_letters = Table(
    "flight_letters",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("advisory_id", WHOLE, ForeignKey("advisories.id"), nullable=False, index=True),
    *delivery("flight_letters"),
    Index(None, "state", "next_at"),
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
