"""Files that are evidence for a rating, kept once each under the SHA-256 of their content.

They stand apart from the itineraries' originals: whoever may open evidence must not reach a booking by its
hash, and a booking is erased one day while evidence stays as long as the rating it speaks for.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from travelrisk.domain.errors import NotFoundError
from travelrisk.store.database import insert_unless
from travelrisk.store.shapes import sha256 as sha256_of
from travelrisk.store.tables import evidence_files


class EvidenceFile(NamedTuple):
    """A kept file; *name* and *media_type* are those under which it came first."""

    sha256: str
    name: str
    media_type: str
    content: bytes


def file_from(content: bytes, name: str, media_type: str) -> EvidenceFile:
    """Return a file that came in."""
    return EvidenceFile(sha256_of(content), name, media_type, content)


def keep(c: Connection, file: EvidenceFile, by: str, at: datetime) -> None:
    """Keep a file; one that is known stays as it is."""
    row = {**file._asdict(), "kept_by": by, "kept_at": at}
    unless = insert_unless(c.dialect.name, evidence_files).on_conflict_do_nothing(index_elements=["sha256"])
    c.execute(unless.values(row))


def names(c: Connection, *hashes: str) -> dict[str, str]:
    """Return the names of those of these files that are kept, by their SHA-256."""
    columns = evidence_files.c
    found = c.execute(select(columns.sha256, columns.name).where(columns.sha256.in_(hashes)))
    return {row.sha256: row.name for row in found}


def by_hash(c: Connection, sha256: str) -> EvidenceFile:
    """Return a file.

    Raises:
        NotFoundError: no such file was kept as evidence.
    """
    columns = [evidence_files.c[name] for name in EvidenceFile._fields]
    found = c.execute(select(*columns).where(evidence_files.c.sha256 == sha256)).first()
    if found is None:
        raise NotFoundError(f"no file with SHA-256 {sha256} was kept as evidence")
    return EvidenceFile(found.sha256, found.name, found.media_type, bytes(found.content))
