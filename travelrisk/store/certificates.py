"""Certificates of clearance: issued once for an advisory, found by their code."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select

from travelrisk.store.database import insert_unless
from travelrisk.store.tables import certificates, signing_keys


class Kept(NamedTuple):
    """A certificate as it was issued; *jws* is None where the service had no key to sign with."""

    code: str
    trip_id: int
    advisory_id: int
    issued_at: datetime
    jws: str | None


def issue(c: Connection, kept: Kept) -> None:
    """Keep a certificate."""
    c.execute(insert(certificates).values(**kept._asdict()))


def by_code(c: Connection, code: str) -> Kept | None:
    """Return a certificate, or None where no such code was ever given."""
    return _one(c, certificates.c.code == code)


def of_advisory(c: Connection, advisory_id: int) -> Kept | None:
    """Return the certificate of an advisory, or None where none was asked for."""
    return _one(c, certificates.c.advisory_id == advisory_id)


def publish_key(c: Connection, kid: str, public: str, at: datetime) -> None:
    """Keep a public key for ever: what it signed must be verifiable after the next one took its place."""
    row = insert_unless(c.dialect.name, signing_keys).values(kid=kid, public=public, first_used_at=at)
    c.execute(row.on_conflict_do_nothing(index_elements=["kid"]))


def public_keys(c: Connection) -> tuple[str, ...]:
    """Return every public key that ever signed, as JWKs, the newest first."""
    newest_first = signing_keys.c.first_used_at.desc(), signing_keys.c.kid
    return tuple(c.scalars(select(signing_keys.c.public).order_by(*newest_first)))


def _one(c: Connection, wanted: ColumnElement[bool]) -> Kept | None:
    row = c.execute(select(*(certificates.c[name] for name in Kept._fields)).where(wanted)).one_or_none()
    return Kept(*row) if row else None
