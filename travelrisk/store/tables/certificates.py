"""Certificates of clearance, and the public keys that their signatures were made with."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from travelrisk.store.tables.columns import METADATA, WHOLE, Encrypted, Findable, Instant

# Whether a certificate still holds is not kept: it is asked of the trip each time somebody looks.
certificates = Table(
    "certificates",
    METADATA,
    Column("code", Findable("certificates.code"), primary_key=True),
    Column("trip_id", WHOLE, ForeignKey("trips.id"), nullable=False),
    Column("advisory_id", WHOLE, ForeignKey("advisories.id"), nullable=False, unique=True),
    Column("issued_at", Instant, nullable=False),
    Column("jws", Encrypted("certificates.jws")),  # NULL = the service had no key to sign with
    Index(None, "trip_id"),
    sqlite_strict=True,
)

signing_keys = Table(
    "signing_keys",
    METADATA,
    Column("kid", Text, primary_key=True),
    Column("public", Text, nullable=False),
    Column("first_used_at", Instant, nullable=False),
    sqlite_strict=True,
)
