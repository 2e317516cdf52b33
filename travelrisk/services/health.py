"""How the service is: database, ratings, letters, worker; numbers only, and nothing about people."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.store import advisories, audit, heartbeats, outbox, ratings
from travelrisk.store.database import reading
from travelrisk.store.schema import is_current

_SILENT_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the service at one moment.

    Attributes:
        edition: number of the newest edition; 0 = no ratings yet. published_at: when.
        letters: how many letters are in each state. oldest_unsent: since when the oldest one waits.
        verdicts: how many advisories were recorded for each verdict.
        worker_seen: when a worker last dispatched; None = never.
    """

    at: datetime
    database: str
    edition: int
    published_at: datetime | None
    letters: dict[str, int]
    oldest_unsent: datetime | None
    verdicts: dict[Verdict, int]
    worker_seen: datetime | None

    @property
    def is_worker_silent(self) -> bool:
        """Say whether letters wait and nobody has worked for five minutes."""
        if self.oldest_unsent is None or self.at - self.oldest_unsent < _SILENT_AFTER:
            return False
        return self.worker_seen is None or self.at - self.worker_seen > _SILENT_AFTER


def health(app: Application) -> Health:
    """Look at the service; a fixed number of queries.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        edition = ratings.current_edition(c)
        return Health(
            at=app.clock(),
            database=c.dialect.name,
            edition=edition,
            published_at=ratings.edition_facts(c, edition).published_at if edition else None,
            letters=outbox.counts(c),
            oldest_unsent=outbox.oldest_unsent(c),
            verdicts=advisories.tallies(c),
            worker_seen=heartbeats.last(c, "dispatch"),
        )


def is_ready(app: Application) -> bool:
    """Say whether the database answers with the tables of this version.

    Raises:
        StoreError: the database cannot be read.
    """
    return is_current(app.engine)


def verify_audit(app: Application) -> audit.Chain:
    """Read the whole audit trail and say whether its chain holds.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        return audit.verify(c)
