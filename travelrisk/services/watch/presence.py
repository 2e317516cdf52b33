"""A worker is there: it is seen, and what it has taken stays its own while it is."""

from datetime import datetime

from sqlalchemy import Connection

from travelrisk.services.application import Application
from travelrisk.services.watch.turns import LEASE
from travelrisk.store import leases, workers
from travelrisk.store.database import transact

EVERY = LEASE / 4
SILENT_AFTER = 4 * LEASE
"""A worker that was not seen for so long is taken to be gone."""


def beat(app: Application, owner: str, since: datetime) -> None:
    """Note that *owner*, which works *since*, is there, and renew its leases.

    Raises:
        StoreError: the database cannot be written; where that lasts, others take its jobs over.
    """

    def note(c: Connection) -> None:
        now = app.clock()
        workers.beat(c, owner, since, now)
        leases.renew(c, owner, now, LEASE)

    transact(app.engine, note)


def leave(app: Application, owner: str) -> None:
    """Note that a worker has ended in order.

    Raises:
        StoreError: the database cannot be written; the worker is then taken to be gone after a while.
    """
    transact(app.engine, lambda c: workers.leave(c, owner))
