"""A trip as programs of its office see it: the booking as it is now, and the answer on exactly that."""

from dataclasses import dataclass

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem
from travelrisk.store import advisories, cancellations, external_trips, outbox, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import reading
from travelrisk.store.external_trips import Name
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Trip


@dataclass(frozen=True, slots=True)
class Current:
    """Where a trip stands.

    Attributes:
        name: what programs call it; None = they know it by its reference alone.
        answer: on this very booking; None while it waits to be judged. An older one is not shown beside a
            booking that it never looked at.
        is_cancelled: whether it was called off, so that nobody looks at it any more.
    """

    trip: Trip
    name: Name | None
    itinerary_id: int
    itinerary: Itinerary
    answer: StoredAdvisory | None
    is_cancelled: bool

    @property
    def tag(self) -> str:
        """Return what changes whenever booking, answer, whom to write to, or being called off does."""
        known = f"{self.itinerary_id}-{self.answer.id if self.answer else 0}-{int(self.is_cancelled)}"
        return f"{known}-nobody" if self.nobody else known

    @property
    def nobody(self) -> str:
        """Return why nobody can be written to; empty where somebody can."""
        return address_problem(self.trip.contact)


def current(c: Connection, trip: Trip) -> Current:
    """Return where a trip stands.

    Raises:
        NotFoundError: it holds no booking.
    """
    number = trips.newest_ids(c, [trip.id]).get(trip.id)
    if number is None:
        raise NotFoundError(f"there is no trip {trip.reference}")
    answer = advisories.newest(c, trip.id)
    return Current(
        trip,
        external_trips.name_of(c, trip.id),
        number,
        trips.itinerary(c, number),
        answer if answer is not None and answer.itinerary_id == number else None,
        cancellations.stands(c, trip.id),
    )


def of_office(app: Application, reference: str, office: str) -> Current:
    """Return where a trip of an office stands.

    Raises:
        NotFoundError: there is none, or it is another office's: the same answer for both.
    """
    with reading(app.engine) as c:
        return current(c, found(c, reference, office))


def letters(app: Application, reference: str, office: str) -> tuple[Trip, tuple[Sending, ...]]:
    """Return a trip of an office with its letters, the oldest first.

    Raises:
        NotFoundError: as for ``of_office``.
    """
    with reading(app.engine) as c:
        trip = found(c, reference, office)
        return trip, tuple(outbox.of_trip(c, trip.id))


def answers(
    app: Application, reference: str, office: str
) -> tuple[Trip, tuple[tuple[StoredAdvisory, Itinerary], ...]]:
    """Return a trip of an office with every answer and the booking that it was on, the oldest first.

    Raises:
        NotFoundError: as for ``of_office``.
    """
    with reading(app.engine) as c:
        trip = found(c, reference, office)
        made = advisories.of_trip(c, trip.id)
        booked = {each: trips.itinerary(c, each) for each in {one.itinerary_id for one in made}}
    return trip, tuple((each, booked[each.itinerary_id]) for each in made)


def found(c: Connection, reference: str, office: str) -> Trip:
    """Return a trip of an office.

    Raises:
        NotFoundError: as for ``of_office``.
    """
    trip = external_trips.of_office(c, reference, office)
    if trip is None:
        raise NotFoundError(f"there is no trip {reference}")
    return trip
