"""The desk of an office at one glance: every trip that waits for somebody, the most urgent first.

A fixed number of statements, however many trips there are.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.people import Person, Role, Viewer
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.effect import GRACE
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips.crowded import Crowded, crowded
from travelrisk.services.units.lines import Line, line
from travelrisk.store import people, undelivered, units
from travelrisk.store.database import reading
from travelrisk.store.units import Ahead

MOST: Final = 500
"""Trips of a list: more than anybody reads; those that leave first are among them."""

_LATE: Final = "lead_time."


@dataclass(frozen=True, slots=True)
class Desk:
    """What there is to do.

    Attributes:
        affected: trips with which a ticket may have been bought, and that are not cleared any more.
        holds: trips that must not be ticketed, those of *affected* left out.
        reviews: those of both whose verdict is a review.
        late: trips that were sent in later than the policy asks for.
        mine: those of all that are assigned to whoever looks.
        flights: those over a ceiling of the policy with a booking of the office on them.
    """

    affected: tuple[Line, ...] = ()
    holds: tuple[Line, ...] = ()
    reviews: tuple[Line, ...] = ()
    late: tuple[Line, ...] = ()
    mine: tuple[Line, ...] = ()
    flights: tuple[Crowded, ...] = ()


def desk(app: Application, viewer: Viewer) -> Desk:
    """Return what there is to do for an office, and note who looked.

    Raises:
        StoreError: the database cannot be read, or the look cannot be noted.
    """
    if not viewer.office:
        return Desk()
    since = app.clock().date() - GRACE
    with reading(app.engine) as c:
        opened = units.open_ahead(c, viewer.office, since, MOST)
        late = units.late_ahead(c, viewer.office, since, _LATE, MOST)
        known = _lines(app, c, viewer.office, {each.trip.id: each for each in (*late, *opened)})
    flights = crowded(app, viewer.office)
    lines = sorted(known.values(), key=_urgency)
    found = Desk(
        affected=tuple(each for each in lines if each.is_affected),
        holds=tuple(each for each in lines if each.is_open and not each.is_affected),
        reviews=tuple(each for each in lines if each.verdict is Verdict.REVIEW),
        late=tuple(known[each.trip.id] for each in late),
        mine=tuple(each for each in lines if each.assignee and each.assignee.id == viewer.actor),
        flights=flights,
    )
    shown = known.keys() | {seat.trip_id for each in flights for seat in each.seats}
    if shown:
        looked(app, viewer, Purpose.DESK, shown)
    return found


def colleagues(c: Connection, office: str) -> dict[str, Person]:
    """Return the people of the travel unit of an office who can work on a trip, by id."""
    return {
        each.id: each
        for each in people.everybody(c)
        if each.unit == office and each.is_active and not each.is_machine and Role.TRAVEL_UNIT in each.roles
    }


def _lines(app: Application, c: Connection, office: str, trips: dict[int, Ahead]) -> dict[int, Line]:
    steps = units.steps(c, list(trips))
    staff = colleagues(c, office)
    good = units.goods(c, [each.cleared_by for each in trips.values() if each.cleared_by is not None])
    untold = undelivered.untold_trips(c, app.clock(), office)
    return {
        number: line(
            app,
            each,
            steps.get(number, ()),
            staff,
            good.get(each.cleared_by or 0),
            is_untold=number in untold,
        )
        for number, each in trips.items()
    }


def _urgency(each: Line) -> tuple[date, date, int, str]:
    """What is due first comes first, of a day the graver verdict; what has no day yet comes last."""
    gravity = Verdict.NOT_CLEARED if each.verdict is None else each.verdict
    return (each.due or date.max, each.departs or date.max, -gravity, each.ahead.trip.reference)
