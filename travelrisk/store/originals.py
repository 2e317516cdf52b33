"""Documents as they arrived, kept once each under the SHA-256 of their content."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from travelrisk.domain.errors import NotFoundError
from travelrisk.store.database import insert_unless, serialise
from travelrisk.store.shapes import sha256 as sha256_of
from travelrisk.store.tables import originals


def keep(c: Connection, content: bytes, name: str, media_type: str, at: datetime) -> str:
    """Keep a document and return its SHA-256; one that is known stays as it is.

    Whoever receives the same document at the same time waits here until this transaction ends, and then finds
    its arrivals: so call this before ``arrivals.of_document``.
    """
    sha256 = sha256_of(content)
    serialise(c, int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True))
    row = {"sha256": sha256, "content": content, "name": name, "media_type": media_type, "kept_at": at}
    c.execute(
        insert_unless(c.dialect.name, originals).values(row).on_conflict_do_nothing(index_elements=["sha256"])
    )
    return sha256


class Original(NamedTuple):
    """A document as it arrived."""

    content: bytes
    name: str
    media_type: str


def load(c: Connection, sha256: str) -> Original:
    """Return the document with this SHA-256, and what was said of it.

    Raises:
        NotFoundError: no such document was kept.
    """
    columns = (originals.c.content, originals.c.name, originals.c.media_type)
    found = c.execute(select(*columns).where(originals.c.sha256 == sha256)).first()
    if found is None:
        raise NotFoundError(f"no document with SHA-256 {sha256} was kept")
    return Original(bytes(found.content), found.name, found.media_type)


def known(c: Connection, sha256: str) -> bool:
    """Say whether a document with this SHA-256 was kept."""
    return c.scalar(select(originals.c.sha256).where(originals.c.sha256 == sha256)) is not None


def content(c: Connection, sha256: str) -> bytes:
    """Return the document with this SHA-256.

    Raises:
        NotFoundError: no such document was kept.
    """
    found = c.scalar(select(originals.c.content).where(originals.c.sha256 == sha256))
    if found is None:
        raise NotFoundError(f"no document with SHA-256 {sha256} was kept")
    return bytes(found)
