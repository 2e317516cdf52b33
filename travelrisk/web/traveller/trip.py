"""The page of one trip: what is booked, the newest answer, and all that happened, the newest first."""

from flask import render_template
from flask.typing import ResponseReturnValue

from travelrisk.services import trips
from travelrisk.services.exceptions.offering import offers_of
from travelrisk.web.access import open_to_all
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.telling import tell
from travelrisk.web.traveller.pages import blueprint


@blueprint.get("/trips/<token>")
@open_to_all("its 128-bit token stands only in the letters of the trip; any other gets a 404")
def trip(token: str) -> ResponseReturnValue:
    """Show the trip that the token opens."""
    view = trips.view(application(), token)
    told, may_help = None, False
    if view.newest is not None:
        policy = application().policy.policy
        reference = view.trip.reference
        told = tell(view.itinerary, view.newest.advisory, policy, language(), reference=reference)
        may_help = bool(offers_of(application(), view.itinerary, view.newest.advisory))
    return render_template("traveller/trip.html", view=view, told=told, exception_may_help=may_help)
