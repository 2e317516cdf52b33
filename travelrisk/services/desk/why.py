"""Why a journey was judged as it was: an advisory of some day, made again from what was known then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.services.application import Application
from travelrisk.services.desk.history import end_of, past_day
from travelrisk.services.trips.replay import Replayed, replay
from travelrisk.store import advisories, ratings, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import reading
from travelrisk.store.ratings import Edition
from travelrisk.store.trips import Trip


@dataclass(frozen=True, slots=True)
class Why:
    """Why a journey was judged as it was on some day.

    Attributes:
        reference: of the trip.
        advisory_id: the advisory that was in force at the end of that day.
        edition: what it was judged with; None where no ratings had been published.
        replayed: the advisory, and as it is made again from what was known then.
        until: when another advisory took its place; None where none has.
        later: editions published after it was judged and before the day ended.
        has_newer_booking: whether another booking of the trip had arrived by then, and was not judged yet.
        itinerary: what was judged.
    """

    reference: str
    advisory_id: int
    itinerary: Itinerary
    edition: Edition | None
    replayed: Replayed
    until: datetime | None
    later: tuple[Edition, ...]
    has_newer_booking: bool

    @property
    def advisory(self) -> Advisory:
        """The advisory as it was stored."""
        return self.replayed.stored


def why(app: Application, reference: str, day: date) -> Why:
    """Return the advisory that was in force at the end of *day*, made again from what was known then.

    Raises:
        BadInputError: the day has not come yet.
        NotFoundError: there is no such trip, or it had not been judged by then.
    """
    end = end_of(past_day(app, day))
    with reading(app.engine) as c:
        trip = _trip(c, reference)
        every = advisories.of_trip(c, trip.id)
        number = max((place for place, each in enumerate(every, 1) if each.advisory.at < end), default=0)
        if not number:
            raise NotFoundError(f"{trip.reference} had not been judged by the end of {day}")
        stored = every[number - 1]
        told = _told(c, trip, every[number - 1 :], end)
    return told(replayed=replay(app, stored.id))


def why_judged(app: Application, reference: str, advisory_id: int) -> Why:
    """Return one advisory of a trip, made again; *later* is until another took its place, or until now.

    Raises:
        NotFoundError: there is no such trip, or it has no such advisory.
    """
    with reading(app.engine) as c:
        trip = _trip(c, reference)
        every = advisories.of_trip(c, trip.id)
        number = next((number for number, each in enumerate(every) if each.id == advisory_id), None)
        if number is None:
            raise NotFoundError(f"{trip.reference} has no advisory {advisory_id}")
        after = every[number + 1 :]
        told = _told(c, trip, every[number:], after[0].advisory.at if after else app.clock())
    return told(replayed=replay(app, advisory_id))


def judged(app: Application, reference: str) -> tuple[StoredAdvisory, ...]:
    """Return every advisory of a trip, the newest first.

    Raises:
        NotFoundError: there is no such trip.
    """
    with reading(app.engine) as c:
        return tuple(reversed(advisories.of_trip(c, _trip(c, reference).id)))


def _trip(c: Connection, reference: str) -> Trip:
    trip = trips.by_reference(c, reference)
    if trip is None:
        raise NotFoundError(f"there is no trip {reference}")
    return trip


def _told(c: Connection, trip: Trip, from_it_on: Sequence[StoredAdvisory], end: datetime) -> "partial[Why]":
    """Return all that is to be said of an advisory but its replay, which reads by itself."""
    stored, number = from_it_on[0], from_it_on[0].advisory.edition
    versions = trips.history(c, trip.id)
    return partial(
        Why,
        reference=trip.reference,
        advisory_id=stored.id,
        itinerary=trips.itinerary(c, stored.itinerary_id),
        edition=ratings.edition_facts(c, number) if number else None,
        until=from_it_on[1].advisory.at if len(from_it_on) > 1 else None,
        later=ratings.editions_between(c, number, ratings.edition_before(c, end)),
        has_newer_booking=any(
            each.itinerary_id > stored.itinerary_id and each.added_at < end for each in versions
        ),
    )
