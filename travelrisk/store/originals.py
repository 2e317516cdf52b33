"""Documents as they arrived, kept once each under the SHA-256 of their content.

Some time after a document was read its content goes; its hash stays, so that the same bytes are the same
arrival for ever.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, exists, func, select, true, update

from travelrisk.domain.errors import NotFoundError
from travelrisk.store.database import insert_unless, serialise
from travelrisk.store.shapes import sha256 as sha256_of
from travelrisk.store.tables import batches, itineraries, originals


def keep(c: Connection, content: bytes, name: str, media_type: str, at: datetime) -> str:
    """Keep a document and return its SHA-256; one that is known stays as it is.

    Whoever receives the same document at the same time waits here until this transaction ends, and then finds
    its arrivals: so call this before ``arrivals.of_document``.
    """
    sha256 = sha256_of(content)
    serialise(c, int.from_bytes(bytes.fromhex(sha256[:16]), "big", signed=True))
    told = {"content": content, "name": name, "media_type": media_type, "kept_at": at}
    unless = insert_unless(c.dialect.name, originals).on_conflict_do_nothing(index_elements=["sha256"])
    if c.execute(unless.values(sha256=sha256, **told).returning(originals.c.sha256)).first() is None:
        emptied = (originals.c.sha256 == sha256) & (func.length(originals.c.content) == 0)
        c.execute(update(originals).where(emptied).values(**told))
    return sha256


class Original(NamedTuple):
    """A document as it arrived."""

    content: bytes
    name: str
    media_type: str


def load(c: Connection, sha256: str) -> Original:
    """Return the document with this SHA-256, and what was said of it.

    Raises:
        NotFoundError: no such document was kept, or it is not kept any more.
    """
    columns = (originals.c.content, originals.c.name, originals.c.media_type)
    found = c.execute(select(*columns).where(originals.c.sha256 == sha256)).first()
    if found is None or not (found.content or _is_of_nothing(sha256)):
        raise NotFoundError(f"no document with SHA-256 {sha256} is kept")
    return Original(bytes(found.content), found.name, found.media_type)


def known(c: Connection, sha256: str) -> bool:
    """Say whether a document with this SHA-256 was kept."""
    return c.scalar(select(originals.c.sha256).where(originals.c.sha256 == sha256)) is not None


def is_kept(c: Connection, sha256: str) -> bool:
    """Say whether the content of a document is still there."""
    return bool(c.scalar(select(func.length(originals.c.content)).where(originals.c.sha256 == sha256)))


def read(c: Connection, before: datetime) -> list[str]:
    """Return the documents kept since *before* that still have content and out of which an itinerary came."""
    return _held(c, before, exists().where(itineraries.c.original == originals.c.sha256))


def held(c: Connection, before: datetime) -> list[str]:
    """Return the documents kept since *before* that still have content, whatever came of them."""
    return _held(c, before, true())


def content(c: Connection, sha256: str) -> bytes:
    """Return the document with this SHA-256.

    Raises:
        NotFoundError: no such document was kept, or it is not kept any more.
    """
    return load(c, sha256).content


def _held(c: Connection, before: datetime, wanted: ColumnElement[bool]) -> list[str]:
    awaited = exists().where(batches.c.original == originals.c.sha256, batches.c.finished_at.is_(None))
    old = (originals.c.kept_at <= before) & (func.length(originals.c.content) > 0) & ~awaited
    return list(c.scalars(select(originals.c.sha256).where(old, wanted).order_by(originals.c.kept_at)))


def _is_of_nothing(sha256: str) -> bool:
    return sha256 == sha256_of(b"")
