"""The worker screens the files of offices: one piece of some hundred bookings after another, under a lease.

A worker that is killed leaves a lease that runs out; whoever takes the file up reads it from the beginning,
and what had arrived is passed by. Files take turns: where another one waits, a long one steps back after a
while, and since it has to be read again up to there, each of its turns is longer than the way to it.
"""

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import StoreError
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.document import Document
from travelrisk.logs import logger
from travelrisk.services.application import Application
from travelrisk.services.batches.accepting import note
from travelrisk.services.trips.placing import place_of
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import batch_rows, batches, leases, originals, unaddressed, unreleased
from travelrisk.store.batch_rows import Line, Place
from travelrisk.store.batches import Batch
from travelrisk.store.database import reading, transact
from travelrisk.store.leases import Lease, LeaseLostError

LEASE: Final = timedelta(seconds=60)
"""Far longer than a piece takes; each piece renews it."""

TURN_S: Final = 5.0
"""Seconds after which a file makes room for another that waits."""

ROUND_S: Final = 120.0
"""Seconds after which a worker ends its round, and so shows that it does not hang."""

MOST_ATTEMPTS: Final = 4
"""Times that a file may end its worker without one piece done, before it is given up."""

ENDED_ITS_WORKER: Final = "ended_its_worker"
BROKE_OFF: Final = "broke_off"
TROUBLES: Final = {
    ENDED_ITS_WORKER: "the worker ended each time that it read this file: send it in parts",
    BROKE_OFF: "the screening broke off: send the file in parts",
}
"""Why a file is given up, in English; what was screened before stays screened."""

_PIECE: Final = 200
_MOST_LOOKED_AT: Final = 50
_NAMED: Final = 20
_LONGEST: Final = 2000


class Worked(NamedTuple):
    """What a round did: files finished, and bookings screened."""

    finished: int = 0
    bookings: int = 0


def work(app: Application, owner: str, is_to_stop: Callable[[], bool] = lambda: False) -> Worked:
    """Screen what waits, file by file, until nothing does or the round has been long.

    Args:
        app: the parts of the service.
        owner: name of this worker, unlike that of any other.
        is_to_stop: asked after each piece; what is left is done by whoever comes next.

    Raises:
        StoreError: the database cannot be written; what was done so far stays done.
    """
    worked, begun = Worked(), time.monotonic()
    while not is_to_stop() and time.monotonic() - begun < ROUND_S:
        taken = _take(app, owner)
        if taken is None:
            break
        batch, lease = taken
        try:
            mine = replace(app, engine=leases.fenced(app.engine, lease))
            done = _take_turn(mine, batch, owner, is_to_stop)
            worked = Worked(worked.finished + done.finished, worked.bookings + done.bookings)
        except LeaseLostError:
            logger().warning("batch.lease_lost", batch=batch.reference)
        finally:
            with suppress(StoreError):  # then it runs out
                transact(app.engine, partial(_let_go, batch, lease))
    return worked


def _let_go(batch: Batch, lease: Lease, c: Connection) -> None:
    """Leave a file to whoever comes next, or to nobody where it is done; it did not end its worker."""
    leave = leases.end if batches.is_finished(c, batch.id) else leases.release
    leave(c, lease)
    batches.end_turn(c, batch.id)


def _take(app: Application, owner: str) -> tuple[Batch, Lease] | None:
    """Take the file that has waited longest and that nobody is at; None where there is none."""
    with reading(app.engine) as c:
        found = batches.unfinished(c, _MOST_LOOKED_AT)

    def take(batch: Batch, c: Connection) -> Lease | None:
        lease = leases.take(c, _job(batch), owner, app.clock(), LEASE)
        if lease is None or batches.is_finished(c, batch.id):
            return None
        batches.begin_turn(c, batch.id, app.clock())
        return lease

    for batch in found:
        lease = transact(app.engine, partial(take, batch))
        if lease is not None:
            return batch, lease
    return None


def _take_turn(app: Application, batch: Batch, owner: str, is_to_stop: Callable[[], bool]) -> Worked:
    """Screen a file until it is done, or another one has waited long enough."""
    if batch.attempts >= MOST_ATTEMPTS:
        _give_up(app, batch, ENDED_ITS_WORKER)
        return Worked(1, 0)
    turn = Turn(app, batch, owner)
    try:
        with closing(turn.pieces()) as pieces:
            for _ in pieces:
                if is_to_stop() or turn.is_over():
                    return Worked(0, turn.fresh)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - one file that breaks in an unknown way holds up no other
        logger().error("batch.broken", batch=batch.reference, reason=type(error).__name__)
        _give_up(app, batch, BROKE_OFF)
        return Worked(1, turn.fresh)
    turn.finish()
    return Worked(1, turn.fresh)


class Turn:
    """One file while it is read: how far it has come, and what stands in it beside its bookings."""

    def __init__(self, app: Application, batch: Batch, owner: str) -> None:
        self._app = app
        self._batch = batch
        self._owner = owner
        self._begun = time.monotonic()
        self._caught_up = None if batch.done else self._begun  # when it had passed by what was done before
        self._done = 0
        self._row = 0
        self._unread: tuple[str, ...] = ()
        self._claimed: set[str] = set()
        self._told: set[tuple[str, str]] = set()

    @property
    def fresh(self) -> int:
        """How many bookings were screened in this turn."""
        return max(self._done - self._batch.done, 0)

    def pieces(self) -> Generator[None]:
        """Receive the file; yield after each piece but the last, when it is accounted for."""
        batch = self._batch
        with reading(self._app.engine) as c:
            kept = originals.load(c, batch.original)
        document = Document(kept.content, batch.name, kept.media_type, batch.made_at.date())
        lines: list[Line] = []
        arriving = receive(
            self._app,
            document,
            office=batch.office,
            actor=batch.made_by,
            batch=batch,
            start=batch.done,
        )
        with closing(arriving) as found:
            for number, received in enumerate(found, 1):
                lines += self._take(received)
                if number % _PIECE == 0:
                    self.account(lines)
                    lines = []
                    yield
        self.account([*lines, *self._beside()])

    def is_over(self) -> bool:
        """Say whether another file should have its turn: not before this one has gone on for a while."""
        now = time.monotonic()
        if self._caught_up is None:
            return False
        way, spent = self._caught_up - self._begun, now - self._caught_up
        if spent >= max(ROUND_S, 2 * way):
            return True
        if spent < max(TURN_S, 2 * way):
            return False
        with reading(self._app.engine) as c:
            waiting = {_job(each) for each in batches.unfinished(c, _MOST_LOOKED_AT)} - {_job(self._batch)}
            return bool(waiting - leases.held(c, waiting, self._app.clock()))

    def finish(self) -> None:
        """Note that everything was done."""

        def end(c: Connection) -> None:
            at = self._app.clock()
            batches.finish(c, self._batch.id, at)
            if not unreleased.count_of(c, [self._batch.id]):  # nobody has anything to release
                unaddressed.begin_those_of_batch(c, self._batch.id, at)
                unreleased.release_without_letters(c, self._batch.id)
            note(self._app, c, "batch.screened", "worker", self._batch, bookings=self._done)

        transact(self._app.engine, end)

    def _take(self, received: Received) -> Iterator[Line]:
        """Count a booking, and yield a row for what a part of the file holds beside its bookings."""
        if received.unread is not self._unread:  # the bookings of one part have the very same lines
            yield from self._beside()
            self._unread, self._claimed = received.unread, set()
        if received.itinerary is None:
            yield from self._line(received.outcome, received.reason, received.unread)
            self._claimed.update(received.unread)
            return
        self._done += 1
        self._row = max([self._row, *map(int, place_of(received.itinerary).rows.split())])
        self._claimed.update(received.itinerary.unread)

    def _beside(self) -> Iterator[Line]:
        """Yield a row for the lines that no booking of the part claims."""
        loose = tuple(line for line in self._unread if line not in self._claimed)
        return self._line(Outcome.PARTIAL, "", loose) if loose else iter(())

    def _line(self, outcome: Outcome, reason: str, lines: Sequence[str]) -> Iterator[Line]:
        shown = "\n".join(lines[:_NAMED])[:_LONGEST]
        if (reason, shown) not in self._told:  # the pieces of a long table repeat what stands outside of all
            self._told.add((reason, shown))
            yield Line(-len(self._told), Place(), outcome, reason[:_LONGEST], shown)

    def account(self, lines: list[Line]) -> None:
        """Note how far it has come, with the rows of what stands beside the bookings."""

        def write(c: Connection) -> None:
            batch_rows.keep(c, self._batch.id, lines)
            batches.advance(c, self._batch.id, at_row=self._row, done=self._done)
            leases.renew(c, self._owner, self._app.clock(), LEASE)

        transact(self._app.engine, write)
        if self._caught_up is None and self._done >= self._batch.done:
            self._caught_up = time.monotonic()


def _job(batch: Batch) -> str:
    """Return what the lease of a file is called."""
    return f"batch:{batch.reference}"


def _give_up(app: Application, batch: Batch, trouble: str) -> None:
    def end(c: Connection) -> None:
        batches.finish(c, batch.id, app.clock(), trouble)
        note(app, c, "batch.given_up", "worker", batch)

    transact(app.engine, end)
