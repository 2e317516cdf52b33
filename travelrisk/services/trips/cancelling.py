"""A traveller calls a trip off, and takes that back.

While it is off nobody judges it or writes about it: it stands in no index, waiting letters are withdrawn, and
the outbox sends none. Whoever sends the booking again takes it back too, for a journey that nobody looks at
any more is worse than a letter too many.
"""

from sqlalchemy import Connection

from travelrisk.services.application import Application
from travelrisk.services.trips.judging import judge, once_more
from travelrisk.services.trips.story import opened
from travelrisk.store import audit, cancellations, outbox, segments, trips
from travelrisk.store.database import transact
from travelrisk.store.trips import Stored, Trip


def cancel(app: Application, token: str) -> bool:
    """Call off the trip that *token* opens; False where it is off already.

    Raises:
        NotFoundError: no trip has this token.
    """
    return transact(app.engine, lambda c: call_off(app, c, opened(c, token), "traveller"))


def cancel_for(app: Application, trip_id: int, actor: str) -> bool:
    """Call off a trip for its traveller; False where it is off already.

    Raises:
        NotFoundError: there is no such trip.
    """
    return transact(app.engine, lambda c: call_off(app, c, trips.by_id(c, trip_id), actor))


def take_back(app: Application, token: str) -> bool:
    """Look at the trip again that *token* opens, at once and with a letter; False where it was not off.

    Raises:
        NotFoundError: no trip has this token.
    """
    waiting = transact(app.engine, lambda c: _take_back(app, c, opened(c, token)))
    if waiting is None:
        return False
    judge(app, [waiting], "traveller")
    return True


def call_off(app: Application, c: Connection, trip: Trip, actor: str) -> bool:
    """Call a trip off, in the transaction of whoever may; False where it is off already."""
    at = app.clock()
    if not cancellations.begin(c, trip.id, at):
        return False
    newest = trips.history(c, trip.id)[-1]
    segments.withdraw(c, trip.id, newest.itinerary_id)
    withdrawn = outbox.withdraw(c, trip.id, at)
    body = {"withdrawn": withdrawn}
    audit.append(c, kind="trip.cancelled", actor=actor, at=at, subject=f"trip:{trip.id}", body=body)
    return True


def resume(app: Application, c: Connection, trip: Trip, actor: str) -> bool:
    """Take the cancellation of a trip back, if there is one; a new itinerary of it has to follow."""
    at = app.clock()
    if not cancellations.end(c, trip.id, at):
        return False
    audit.append(c, kind="trip.taken_back", actor=actor, at=at, subject=f"trip:{trip.id}", body={})
    return True


def _take_back(app: Application, c: Connection, trip: Trip) -> Stored | None:
    return once_more(c, trip) if resume(app, c, trip, "traveller") else None
