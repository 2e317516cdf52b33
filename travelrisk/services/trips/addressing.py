"""The desk gives a trip an address where its booking has none that can be used, and the owed letter follows.

The way is that of a booking which is sent again with its address: the trip has it from now on, and the very
same itinerary is judged once more, whose letter takes the place of the task to call. What was given here may
be put right here. A trip that is called off or over is not written about, and is given none.
"""

from enum import StrEnum
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.merging import replaces
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.addresses import address
from travelrisk.mail.undelivered import name_of
from travelrisk.services.application import Application
from travelrisk.services.letters.patience import is_over
from travelrisk.services.letters.writing import address_problem
from travelrisk.services.trips.judging import judge, once_more
from travelrisk.store import (
    advisories,
    audit,
    cancellations,
    given_addresses,
    outbox,
    trips,
    undelivered,
    unreleased,
)
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.given_addresses import Given
from travelrisk.store.trips import Stored, Trip
from travelrisk.store.unaddressed import UNADDRESSED

_MOST_TASKS: Final = 20  # of one trip


class Hindrance(StrEnum):
    """Why a trip is given no address."""

    HAS_ONE = "has_one"
    OFF = "off"
    OVER = "over"
    MOVED = "moved"


class Seen(NamedTuple):
    """A trip as it stands before it is given an address.

    Attributes:
        itinerary_id: the newest version, which the owed letter will be about.
        verdict: of its newest answer; None where nobody has judged it yet.
        hindrance: why it is given none; None = it may be.
        is_kept_back: its letters wait until somebody releases those of its batch.
        is_task: somebody is to call, because a warning had no address to go to.
        was_given: the address that it has was given in this way, and may be put right.
    """

    trip: Trip
    itinerary_id: int
    itinerary: Itinerary
    verdict: Verdict | None
    hindrance: Hindrance | None
    is_kept_back: bool
    is_task: bool
    was_given: bool

    @property
    def travellers(self) -> tuple[str, ...]:
        """Return the names among which one has to be chosen; none where only one travels."""
        names = dict.fromkeys(filter(None, map(name_of, self.itinerary.travellers)))
        return tuple(names) if len(names) > 1 else ()


class Wanted(NamedTuple):
    """An address to be given; *traveller* is one of those of the trip, empty where there is no choice."""

    contact: str
    language: Language
    traveller: str


def seen(app: Application, reference: str, office: str | None = None) -> Seen:
    """Return how a trip stands.

    *office* is that of whoever looks, as for ``store.offices.within``.

    Raises:
        NotFoundError: there is no such trip, or not for them.
    """
    with reading(app.engine) as c:
        trip = trips.of_office(c, reference, office)
        number = trips.newest_ids(c, [trip.id]).get(trip.id) if trip else None
        if trip is None or number is None:
            raise NotFoundError(f"there is no trip {reference.strip().upper()}")
        return _seen(app, c, trip, number)


def plain_address(text: str) -> str:
    """Return an address as it is kept: without a name beside it.

    Raises:
        BadInputError: it cannot be used; the text is not repeated.
    """
    return str(address(text.strip()).addr_spec)


def give(app: Application, before: Seen, wanted: Wanted, by: str) -> Hindrance | None:
    """Give a trip an address, and write the letter that is owed; None where that is done.

    Args:
        app: the parts of the service.
        before: the trip as it was looked at.
        wanted: whose letters go where.
        by: who gives it, for the trail.

    Raises:
        BadInputError: the address cannot be used.
        StoreError: the database cannot be written; where only the judgement is missing, the worker makes it.
    """
    plain = wanted._replace(contact=plain_address(wanted.contact))
    done = transact(app.engine, partial(_give, app, before, plain, by))
    if isinstance(done, Hindrance):
        return done
    judge(app, [done] if done else [], by)
    return None


def given_to_same(
    c: Connection, itinerary: Itinerary, contact: str, office: str, *, but_not_from: str
) -> Trip | None:
    """Return the trip that was given an address and of which a booking without one is a later state.

    Other bookings are found by their address; without this one, what the desk gave would be lost with a new
    version of the booking.
    """
    if not itinerary.locators or not address_problem(contact):
        return None
    found = given_addresses.latest_of_office(c, office, but_not_from=but_not_from)
    return next((trip for trip, known in found if replaces(itinerary, known)), None)


def _seen(app: Application, c: Connection, trip: Trip, number: int) -> Seen:
    itinerary, answer = trips.itinerary(c, number), advisories.newest(c, trip.id)
    tasks = undelivered.open_tasks(c, app.clock(), _MOST_TASKS, reference=trip.reference)
    was_given = bool(given_addresses.of_trip(c, trip.id)) and not address_problem(trip.contact)
    return Seen(
        trip,
        number,
        itinerary,
        answer.advisory.verdict if answer else None,
        _hindrance(app, c, trip, itinerary, was_given=was_given),
        bool(unreleased.are_kept_back(c, [trip.id])),
        any(each.reason == UNADDRESSED for each in tasks),
        was_given,
    )


def _hindrance(
    app: Application, c: Connection, trip: Trip, itinerary: Itinerary, *, was_given: bool
) -> Hindrance | None:
    if cancellations.stands(c, trip.id):
        return Hindrance.OFF
    if is_over(itinerary, app.clock()):
        return Hindrance.OVER
    has_one = not address_problem(trip.contact)
    return Hindrance.HAS_ONE if has_one and not was_given else None


def _give(
    app: Application, before: Seen, wanted: Wanted, by: str, c: Connection
) -> Stored | Hindrance | None:
    """Give it; None where the trip has this very address by now, so that its letter is not written twice."""
    trips.hold(c, before.trip.id)
    trip = trips.by_id(c, before.trip.id)
    now = _seen(app, c, trip, trips.newest_ids(c, [trip.id])[trip.id])
    if now.hindrance is not None:
        return now.hindrance
    if now.was_given and (trip.contact, trip.language) == (wanted.contact, wanted.language):
        return None
    if now.itinerary_id != before.itinerary_id:
        return Hindrance.MOVED  # another booking by now, or somebody gave another address
    at = app.clock()
    if now.was_given:
        outbox.withdraw(c, trip.id, at)  # what waits would go to an address that was wrong
    told = trips.readdress(c, trip, contact=wanted.contact, language=wanted.language)
    given_addresses.add(c, trip.id, Given(at, by, wanted.language, wanted.traveller))
    body: dict[str, Word] = {"language": wanted.language}
    audit.append(c, kind="trip.addressed", actor=by, at=at, subject=f"trip:{trip.id}", body=body)
    return once_more(c, told)
