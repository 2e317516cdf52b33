"""The flights with more of our people than a ceiling allows, for whoever decides on them or books them."""

from typing import NamedTuple

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.people import Act
from travelrisk.services.privacy.looking import Purpose
from travelrisk.services.trips.crowded import Crowded, Seat, crowded
from travelrisk.telling import words as letter_words
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.segments import title
from travelrisk.web import who
from travelrisk.web.access import open_to_people
from travelrisk.web.focal.pages import page
from travelrisk.web.languages import language
from travelrisk.web.parts import application

blueprint = Blueprint("crowded", __name__)

_READERS = (Act.SEE_DESK, Act.TELL_TRAVELLERS)


class Line(NamedTuple):
    """A flight as the page shows it."""

    flight: Crowded
    name: str
    seats: tuple[Seat, ...]


@blueprint.get("/flights")
@open_to_people("who decides on bookings, or books, sees which are on one flight; no names are told")
def everything() -> ResponseReturnValue:
    """List the flights over a ceiling with their bookings."""
    if not any(map(who.able, _READERS)):
        abort(404)
    app = application()
    found = crowded(app, who.office())
    who.shown(Purpose.DESK, {seat.trip_id for each in found for seat in each.seats})
    lines = [_line(each) for each in found]
    return page("crowded/list.html", lines=lines, are_on=app.policy.policy.concentration.are_on)


def _line(flight: Crowded) -> Line:
    say = letter_words.speaker(language())
    name = title(Itinerary((flight.segment,)), "", say, language())
    seats = (each._replace(office=visible(each.office), flight=foreign(each.flight)) for each in flight.seats)
    return Line(flight, name, tuple(seats))
