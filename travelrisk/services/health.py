"""How the service is: database, ratings, letters, worker; numbers only, and nothing about people."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.store import (
    advisories,
    audit,
    batches,
    heartbeats,
    holds,
    mails,
    ratings,
    rescreenings,
    trips,
    undelivered,
)
from travelrisk.store import unsent as unsent_letters
from travelrisk.store.audit import Anchor
from travelrisk.store.database import reading, writing
from travelrisk.store.holds import Hold
from travelrisk.store.mails import UNAUTHENTICATED
from travelrisk.store.schema import is_current
from travelrisk.store.unsent import Lost, Waiting

_SILENT_AFTER = timedelta(minutes=5)
_MOST_NAMED = 20


class Found(NamedTuple):
    """What was found of one part: *text* says how it is, or what is wrong and what to do."""

    part: str
    ok: bool
    text: str


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the service at one moment.

    Attributes:
        edition: number of the newest edition; 0 = no ratings yet. published_at: when.
        letters: how many letters are in each state. oldest_unsent: since when the oldest one waits.
        undelivered: warnings whose travellers nobody has told yet.
        verdicts: how many advisories were recorded for each verdict.
        worker_seen: when a worker last dispatched; None = never.
        mails: how many mails were put aside, by kind; only kinds that there are.
        held: why no letter leaves; None = they leave. aside: letters that a hold has put aside.
        behind: the moment on record before which the clock stands, so that nothing is judged; None = well.
        neglected: what has waited for five minutes while nobody worked: letters, files, journeys.
    """

    at: datetime
    database: str
    edition: int
    published_at: datetime | None
    letters: dict[str, int]
    oldest_unsent: datetime | None
    undelivered: int
    verdicts: dict[Verdict, int]
    worker_seen: datetime | None
    mails: dict[str, int] = field(default_factory=dict)
    held: Hold | None = None
    aside: int = 0
    behind: datetime | None = None
    neglected: tuple[str, ...] = ()

    @property
    def forged(self) -> int:
        """How many mails came from senders that nobody vouches for."""
        return self.mails.get(UNAUTHENTICATED, 0)

    @property
    def is_worker_silent(self) -> bool:
        """Say whether anything waits and nobody has worked for five minutes."""
        return bool(self.neglected)


def health(app: Application) -> Health:
    """Look at the service; a fixed number of queries.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        edition, at = ratings.current_edition(c), app.clock()
        seen, unsent = heartbeats.last(c, "dispatch"), unsent_letters.oldest_unsent(c)
        is_silent = seen is None or at - seen > _SILENT_AFTER
        return Health(
            at=at,
            database=c.dialect.name,
            edition=edition,
            published_at=ratings.edition_facts(c, edition).published_at if edition else None,
            letters=unsent_letters.counts(c),
            oldest_unsent=unsent,
            undelivered=undelivered.count_open(c, at),
            verdicts=advisories.tallies(c),
            worker_seen=seen,
            mails=mails.counts(c),
            held=holds.current(c),
            aside=holds.aside(c),
            behind=audit.behind_what(c, at),
            neglected=_neglected(c, at, unsent) if is_silent else (),
        )


def _neglected(c: Connection, at: datetime, unsent: datetime | None) -> tuple[str, ...]:
    """Name what has waited for long; looked for only where nobody works, as the journeys take a while."""
    unjudged = [trips.stored(c, number).added_at for number in trips.unjudged(c, 1)]
    judge = filter(None, (rescreenings.oldest_unfinished(c), *unjudged))
    waits = {
        "letters": unsent,
        "files": batches.oldest_unfinished(c),
        "journeys": min(judge, default=None),
    }
    return tuple(what for what, since in waits.items() if since is not None and at - since >= _SILENT_AFTER)


@dataclass(frozen=True, slots=True)
class Unsent:
    """The letters that have not reached anybody.

    Attributes:
        waiting: those that are still to be sent.
        lost: those given up or on hold, the newest first, at most 20 of them. lost_count: of all.
    """

    waiting: Waiting
    lost: tuple[Lost, ...]
    lost_count: int

    def lost_since(self, moment: datetime) -> bool:
        """Say whether a letter was given up at *moment* or later."""
        return any(each.settled_at >= moment for each in self.lost)


def unsent(app: Application) -> Unsent:
    """Look for letters that have not reached anybody.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        return Unsent(
            unsent_letters.waiting(c), unsent_letters.lost(c, _MOST_NAMED), unsent_letters.count_lost(c)
        )


def is_ready(app: Application) -> bool:
    """Say whether the database answers with the tables of this version.

    Raises:
        StoreError: the database cannot be read.
    """
    return is_current(app.engine)


def try_writing(app: Application) -> None:
    """Write a row and take it back: reading alone says nothing about a database that is locked or full.

    Raises:
        StoreError: the database cannot be written.
    """
    with writing(app.engine) as c, c.begin_nested() as attempt:
        heartbeats.beat(c, "doctor", app.clock())
        attempt.rollback()


def verify_audit(app: Application, anchors: Sequence[Anchor] = ()) -> audit.Chain:
    """Read the whole audit trail and say whether its chain holds, and still has what was written down of it.

    Args:
        app: the parts of the service.
        anchors: entries as they stand in digests or elsewhere outside; the first one that does not fit is
            where the trail counts as broken.

    Raises:
        StoreError: the database cannot be read.
    """
    with reading(app.engine) as c:
        chain = audit.verify(c)
        lost = [each.seq for each in anchors if not audit.holds(c, each)]
    if chain.ok and lost:
        return chain._replace(ok=False, broken_at=min(lost))
    return chain
