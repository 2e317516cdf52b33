"""Every policy that advisories were made with, word for word, under the SHA-256 of its text."""

from datetime import datetime

from sqlalchemy import Connection, select

from travelrisk.domain.errors import NotFoundError, StoreError
from travelrisk.store.database import insert_unless
from travelrisk.store.shapes import sha256 as sha256_of
from travelrisk.store.tables import policies


def keep(c: Connection, sha256: str, version: str, text: str, at: datetime) -> None:
    """Keep a policy; one that is known stays as it is.

    Raises:
        StoreError: *sha256* is not the hash of *text*.
    """
    if sha256_of(text) != sha256:
        raise StoreError(f"policy {version}: the text does not have the SHA-256 given with it; load it again")
    row = {"sha256": sha256, "version": version, "text": text, "kept_at": at}
    c.execute(
        insert_unless(c.dialect.name, policies).values(row).on_conflict_do_nothing(index_elements=["sha256"])
    )


def text(c: Connection, sha256: str) -> str:
    """Return the text of the policy with this SHA-256.

    Raises:
        NotFoundError: no such policy was kept.
    """
    found: str | None = c.scalar(select(policies.c.text).where(policies.c.sha256 == sha256))
    if found is None:
        raise NotFoundError(f"no policy with SHA-256 {sha256} was kept")
    return found
