"""Files that are screened for an office, what came of each booking in them, and letters not released yet."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Findable, Instant, one_of

CHANGES = ("new", "changed", "unchanged")

batches = Table(
    "batches",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("reference", Text, nullable=False, unique=True),
    Column("office", Text, nullable=False),
    Column("made_by", Text, nullable=False),  # a person, a key, or the watched folder
    Column("made_at", Instant, nullable=False),
    Column("original", Text, ForeignKey("originals.sha256"), nullable=False),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),  # of a watched folder, while its file lies there
    Column("keeps_back", WHOLE, nullable=False),  # whether its letters wait until somebody releases them
    Column("rows", WHOLE),  # how many the file has; NULL = not known beforehand
    Column("at_row", WHOLE, nullable=False),
    Column("done", WHOLE, nullable=False),
    Column("attempts", WHOLE, nullable=False),
    Column("turn_at", Instant, nullable=False),  # whoever has waited longest comes next
    Column("finished_at", Instant),
    Column("trouble", Text, nullable=False),
    CheckConstraint("office <> ''", name="office_named"),
    Index(None, "office", "id"),
    Index(None, "original"),
    Index(
        "ix_batches_waiting",
        "turn_at",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
    sqlite_strict=True,
)

# What came of one booking of a file; below 0 what stands in no booking. Its verdict is that of its trip.
batch_rows = Table(
    "batch_rows",
    METADATA,
    Column("batch_id", WHOLE, ForeignKey("batches.id"), primary_key=True, autoincrement=False),
    Column("position", WHOLE, primary_key=True, autoincrement=False),
    Column("trip_id", WHOLE, ForeignKey("trips.id")),
    Column("itinerary_id", WHOLE, ForeignKey("itineraries.id")),
    Column("change", Text),
    # Of the booking without its place: a row that moved is the same booking.
    Column("fingerprint", Findable("batch_rows.fingerprint")),
    Column("locator", Findable("batch_rows.locator")),
    Column("part", Encrypted("batch_rows.part"), nullable=False),
    Column("sheet", Text, nullable=False),
    Column("rows", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("unread", Encrypted("batch_rows.unread"), nullable=False),
    one_of("change", CHANGES),
    Index(None, "trip_id"),
    Index(None, "fingerprint"),
    Index(None, "locator"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# No letter of these trips leaves before somebody says so.
unreleased = Table(
    "unreleased",
    METADATA,
    Column("trip_id", WHOLE, ForeignKey("trips.id"), primary_key=True, autoincrement=False),
    Column("batch_id", WHOLE, ForeignKey("batches.id"), nullable=False),
    Column("since", Instant, nullable=False),
    sqlite_strict=True,
)
