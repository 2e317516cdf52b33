"""What travel units said of the headings of tables."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, text

from travelrisk.store.tables.columns import METADATA, WHOLE, Instant

# Never edited: a document is read again with what was in force when it arrived.
mappings = Table(
    "mappings",
    METADATA,
    Column("id", WHOLE, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("made_by", Text, ForeignKey("people.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("ended_at", Instant),
    CheckConstraint("unit <> ''", name="unit_named"),
    Index(None, "unit", "made_at"),
    Index(
        "uq_mappings_open_unit_fingerprint",
        "unit",
        "fingerprint",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    sqlite_strict=True,
)
