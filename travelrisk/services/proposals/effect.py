"""The effect of a change before it is published: whom it concerns is found by index, and judged twice.

Nothing is written, and no more than some hundred itineraries are in memory at a time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.changes import Change
from travelrisk.domain.errors import ChangedMeanwhileError
from travelrisk.domain.people import Act, may
from travelrisk.domain.ratings import Snapshot
from travelrisk.screening.effect import (
    GRACE,
    LISTED,
    Effect,
    Journey,
    applied,
    effect,
    touched_subjects,
)
from travelrisk.services.application import Application
from travelrisk.services.proposals.weighing import weigh
from travelrisk.services.trips.aboard import count
from travelrisk.services.trips.routes import touched
from travelrisk.store import people, proposals, trips
from travelrisk.store.database import reading

_AT_ONCE = 200
# Who is where when is for those who answer for it: they sign changes, or decide on exceptions.
_NAMES_FOR = (Act.SIGN, Act.APPROVE_EXCEPTION)


def preview(app: Application, change: Change | str, *, viewer: str = "", limit: int = LISTED) -> Effect:
    """Return what a change would do to the journeys that are not over yet.

    Args:
        app: the parts of the service.
        change: the change itself, as a dry run of an import gives it, or the reference of a proposal.
        viewer: id of the person who looks; only those who sign changes or decide on exceptions see names.
        limit: how many journeys to list; all of them are counted.

    Raises:
        NotFoundError: there is no such proposal, or no such person.
        BadInputError: the proposal does not fit the newest edition, or is in force already.
        ChangedMeanwhileError: the change was made for an older edition.
    """
    at = app.clock()
    with reading(app.engine) as c:
        if isinstance(change, str):
            change = weigh(app, c, proposals.by_reference(c, change).content).change
        before = app.shelf.newest(c)
        _check_base(before, change)
        concerned = journeys(app, c, _touched(app, c, change, since(at)))
        found = effect(concerned, before, applied(before, change), app.policy.policy, at, limit=limit)
        return found if _sees_names(c, viewer, at.date()) else _without_names(found)


def since(at: datetime) -> date:
    """Return the day from which on a journey that ends then is not over yet."""
    return at.date() - GRACE


def journeys(app: Application, c: Connection, ids: Sequence[int]) -> Iterator[Journey]:
    """Give those of the itineraries that are the newest of their trip, with whose they are; read in steps."""
    for start in range(0, len(ids), _AT_ONCE):
        some = trips.newest_among(c, ids[start : start + _AT_ONCE])
        counted = count(app, c, some)
        for trip, number, itinerary, added_at in some:
            aboard = counted.aboard(number)
            yield Journey(itinerary, trip.reference, trip.office, trip.contact, added_at, aboard)


def _touched(app: Application, c: Connection, change: Change, day: date) -> list[int]:
    drawn = [each for each in (*change.opened, *change.closed) if isinstance(each, Airspace)]
    return touched(app, c, touched_subjects(change), day, drawn)


def _check_base(before: Snapshot, change: Change) -> None:
    filed = (before.ratings, before.cautions, before.services, before.authorisations)
    held = {record.id for rows in filed for records in rows.values() for record in records}
    held.update(each.id for each in before.sky.airspaces)
    if any(each.id not in held for each in change.closed) or any(each.id in held for each in change.opened):
        raise ChangedMeanwhileError(
            "the ratings changed meanwhile: make the change anew from the newest edition"
        )


def _sees_names(c: Connection, viewer: str, today: date) -> bool:
    if not viewer:
        return False
    person, delegated = people.by_id(c, viewer), people.delegated(c, today)
    return any(may(person, act, today, delegated) for act in _NAMES_FOR)


def _without_names(found: Effect) -> Effect:
    return replace(found, listed=tuple(each._replace(names=()) for each in found.listed))
