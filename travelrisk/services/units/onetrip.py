"""One trip of an office as its desk sees it: the whole story, and what the desk did with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from travelrisk.domain.people import Person, Viewer
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips.story import TripView, view_of
from travelrisk.services.units.desk import colleagues
from travelrisk.services.units.lines import Line, line
from travelrisk.services.units.working import of_office
from travelrisk.store import given_addresses, people, undelivered, units
from travelrisk.store.database import reading
from travelrisk.store.units import Step


@dataclass(frozen=True, slots=True)
class OneTrip:
    """A trip with all that is known of it.

    Attributes:
        line: as the lists of the desk have it.
        steps: what the desk did, the newest first: also that it told the traveller (``told``), or gave the
            trip an address (``addressed``). names: of whoever did, by id.
        colleagues: who of the office can work on it.
    """

    view: TripView
    line: Line
    steps: tuple[Step, ...]
    names: dict[str, str]
    colleagues: tuple[Person, ...]


def one_trip(app: Application, viewer: Viewer, reference: str) -> OneTrip:
    """Return a trip of the office of whoever looks, and note the look.

    Raises:
        NotFoundError: the office has no such trip.
        StoreError: the database cannot be read, or the look cannot be noted.
    """
    with reading(app.engine) as c:
        trip = of_office(c, viewer, reference)
        view = view_of(c, trip)
        done = units.steps(c, [trip.id]).get(trip.id, ())
        others = (*_told(c, trip.id), *_addressed(c, trip.id))
        staff = colleagues(c, viewer.office)
        names = {each.id: each.name for each in people.everybody(c)}
        ahead = next(units.newest_of(c, viewer.office, units.is_trip(trip.id)))
        good = units.goods(c, [ahead.cleared_by]) if ahead.cleared_by else {}
        is_untold = trip.id in undelivered.untold_trips(c, app.clock(), viewer.office)
    looked(app, viewer, Purpose.DESK, [trip.id])
    return OneTrip(
        view,
        line(app, ahead, done, staff, good.get(ahead.cleared_by or 0), is_untold=is_untold),
        tuple(sorted((*done, *others), key=lambda each: each.at))[::-1],
        names,
        tuple(sorted(staff.values(), key=lambda each: each.name)),
    )


def _told(c: Connection, trip_id: int) -> Iterator[Step]:
    """Give what was noted by whoever told the traveller: for the office alone."""
    for each in undelivered.of_trip(c, trip_id):
        if each.told_at is not None:
            yield Step(0, trip_id, each.told_at, each.told_by or "", "told", None, each.note or "")


def _addressed(c: Connection, trip_id: int) -> Iterator[Step]:
    for each in given_addresses.of_trip(c, trip_id):
        yield Step(0, trip_id, each.at, each.actor, "addressed", None, each.traveller)
