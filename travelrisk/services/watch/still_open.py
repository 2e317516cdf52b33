"""Travellers are reminded of a trip that nobody has cleared: once at each step before departure.

A step counts as told where any letter of the trip went out since it came; one whose reminder was withdrawn
before it left, for the trip was judged anew without a letter, is told again; a trip that was written about
within a day, or that a letter still waits for, is not written about again. The reminder belongs to the newest
advisory, so that a newer verdict outdates it like any other letter of the trip.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.deadlines import steps_come
from travelrisk.mail.still_open import still_open
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import Envelope, address_problem, addressed, facts_of
from travelrisk.services.trips.departures import Leaving, uncleared
from travelrisk.store import advisories, outbox, reminders, trips
from travelrisk.store.database import reading, transact
from travelrisk.store.outbox import Sending, plain_name

JOB: Final = "still_open"
_ONE_DAY: Final = timedelta(days=1)
_WAITING: Final = ("queued", "leased")


def remind_travellers(app: Application) -> int:
    """Write the reminders that are due, and return how many.

    Raises:
        StoreError: the database cannot be written; reminders already written stay.
    """
    steps = app.policy.policy.notices.before_departure_days
    with reading(app.engine) as c:
        leaving = tuple(uncleared(app, c, max(steps))) if steps else ()
    return sum(_reminded(app, each, steps) for each in leaving)


def _reminded(app: Application, leaving: Leaving, steps: Sequence[int]) -> bool:
    now, trip = app.clock(), leaving.upcoming.trip
    come = steps_come((leaving.day - now.date()).days, steps)
    if not come or address_problem(trip.contact):
        return False
    with reading(app.engine) as c:
        before = outbox.of_trip(c, trip.id)
        if reminders.is_step_taken(c, JOB, _about(leaving), come[0]) and not _is_withdrawn(before, come[0]):
            return False
    if _is_told(before, leaving, come[0], now):
        return False
    letter = still_open(
        facts_of(app, trip, leaving.upcoming.itinerary, leaving.upcoming.advisory),
        leaving.departs,
        trip.language,
    )
    written = addressed(app, trip, letter, before, now)
    return transact(app.engine, partial(_write, app, leaving, come, written))


def _is_told(before: Sequence[Sending], leaving: Leaving, step: int, now: datetime) -> bool:
    """Say whether the letters of the trip make a reminder needless, for now or for this step."""
    out = [each for each in before if each.state == "sent"]
    return (
        any(each.state in _WAITING for each in before)
        or any(now - (each.settled_at or each.queued_at) < _ONE_DAY for each in out)
        or any(each.queued_at.date() >= leaving.day - timedelta(days=step) for each in out)
    )


def _write(app: Application, leaving: Leaving, come: Sequence[int], written: Envelope, c: Connection) -> bool:
    upcoming = leaving.upcoming
    newest = advisories.newest(c, upcoming.trip.id)
    if newest is None or newest.id != upcoming.advisory_id:
        return False  # judged anew while the letter was written
    trips.hold(c, upcoming.trip.id)  # of two that find a reminder withdrawn, one writes it again
    is_owed = reminders.take_steps(c, JOB, _about(leaving), come, app.clock())
    if not is_owed and not _is_withdrawn(outbox.of_trip(c, upcoming.trip.id), come[0]):
        return False
    # One letter of a name goes to a recipient for each advisory, and each step is a letter of its own.
    named = written._replace(letter=_called(come[0]))
    at = app.clock()
    outbox.queue(c, trip_id=upcoming.trip.id, advisory_id=upcoming.advisory_id, at=at, **named._asdict())
    return True


def _is_withdrawn(before: Sequence[Sending], step: int) -> bool:
    """Say whether the last reminder of a step was withdrawn, and cannot have left."""
    mine = [each for each in before if plain_name(each.letter) == _called(step)]
    return bool(mine) and mine[-1].state == "superseded" and not mine[-1].ambiguous


def _called(step: int) -> str:
    return f"{JOB}_{step}"


def _about(leaving: Leaving) -> str:
    return str(leaving.upcoming.itinerary_id)
