"""The page of one trip: what is booked, the newest answer, and all that happened, the newest first.

Whoever has the link to a trip may look at it and act for it. Everything that acts is a POST, for programs
that guard mailboxes open each link they see.
"""

from dataclasses import replace
from typing import Final

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.authorisations import Whose
from travelrisk.domain.errors import BadInputError
from travelrisk.services.exceptions.offering import offers_of
from travelrisk.services.letters import resending
from travelrisk.services.letters.writing import address_problem
from travelrisk.services.trips import calendars, cancelling, story
from travelrisk.web.access import open_to_all
from travelrisk.web.desk.pages import done
from travelrisk.web.languages import language
from travelrisk.web.maps import map_of
from travelrisk.web.parts import application
from travelrisk.web.telling import tell
from travelrisk.web.traveller.pages import blueprint
from travelrisk.web.traveller.story import letter_name, told
from travelrisk.web.ways import ways_of
from travelrisk.web.words import speaker

_BY_TOKEN: Final = open_to_all(
    "its 128-bit token stands only in the letters of the trip; any other gets a 404"
)
_BY_CALENDAR: Final = open_to_all("its 192-bit token was sent to the contact alone; any other gets a 404")


@blueprint.get("/trips/<token>")
@_BY_TOKEN
def trip(token: str) -> ResponseReturnValue:
    """Show the trip that the token opens."""
    app = application()
    view = story.view(app, token)
    answer, drawn, ways, may_help = None, None, None, False
    if view.newest is not None:
        policy, reference = app.policy.policy, view.trip.reference
        answer = tell(view.itinerary, view.newest.advisory, policy, language(), reference=reference)
        drawn = map_of(view.itinerary, view.newest.advisory)
        if not view.is_cancelled:
            ways = ways_of(view.itinerary, view.newest.advisory, Whose(reference, view.trip.office))
        may_help = not view.is_cancelled and bool(offers_of(app, view.itinerary, view.newest.advisory))
    return render_template(
        "traveller/trip.html",
        view=view,
        told=answer,
        drawn=drawn,
        ways=ways,
        story=tuple(map(told, view.entries)),
        exception_may_help=may_help,
        may_write=not address_problem(view.trip.contact),
    )


@blueprint.get("/trips/<token>/answers/<int:number>")
@_BY_TOKEN
def answer(token: str, number: int) -> ResponseReturnValue:
    """Show an earlier answer, made again from what was known then."""
    app = application()
    found = story.made_again(app, token, number)
    reference, policy = found.trip.reference, app.policy.policy
    stored = tell(found.itinerary, found.replayed.stored, policy, language(), reference=reference)
    past = replace(stored, until=None)  # nobody is to wait for the end of an old answer
    drawn = map_of(found.itinerary, found.replayed.stored)
    return render_template("traveller/made_again.html", found=found, told=past, drawn=drawn)


@blueprint.get("/trips/<token>/letters/<int:number>")
@_BY_TOKEN
def letter(token: str, number: int) -> ResponseReturnValue:
    """Show a letter to the last word, as it was written."""
    written = resending.letter(application(), token, number)
    return render_template("traveller/letter.html", written=written, name=letter_name(written.letter))


@blueprint.post("/trips/<token>/letters/<int:number>/again")
@_BY_TOKEN
def send_again(token: str, number: int) -> ResponseReturnValue:
    """Send the newest letter once more."""
    try:
        resending.send_again(application(), token, number)
    except BadInputError:
        return done("traveller.trip", "not_sent_again", token=token)
    return done("traveller.trip", "done_sent_again", token=token)


@blueprint.route("/trips/<token>/cancel", methods=["GET", "POST"])
@_BY_TOKEN
def cancel(token: str) -> ResponseReturnValue:
    """Ask whether the trip is really off, and call it off."""
    if request.method == "GET":
        return render_template("traveller/cancel.html", view=story.view(application(), token))
    cancelling.cancel(application(), token)
    return done("traveller.trip", "done_cancelled", token=token)


@blueprint.post("/trips/<token>/take-back")
@_BY_TOKEN
def take_back(token: str) -> ResponseReturnValue:
    """Look at a cancelled trip again."""
    cancelling.take_back(application(), token)
    return done("traveller.trip", "done_taken_back", token=token)


@blueprint.get("/trips/<token>/calendar.ics")
@_BY_TOKEN
def trip_calendar(token: str) -> ResponseReturnValue:
    """Give the flights of the trip to a calendar program."""
    return _ics(calendars.of_trip(application(), token, language()))


@blueprint.post("/trips/<token>/calendar")
@_BY_TOKEN
def renew_calendar(token: str) -> ResponseReturnValue:
    """Make a calendar of all trips of the contact, and write them its address."""
    try:
        calendars.renew(application(), token)
    except BadInputError:
        return done("traveller.trip", "calendar_not_made", token=token)
    return done("traveller.trip", "done_calendar", token=token)


@blueprint.post("/trips/<token>/calendar/revoke")
@_BY_TOKEN
def revoke_calendar(token: str) -> ResponseReturnValue:
    """Close that calendar."""
    calendars.revoke(application(), token)
    return done("traveller.trip", "done_calendar_closed", token=token)


@blueprint.get("/calendar/<token>.ics")
@_BY_CALENDAR
def all_trips(token: str) -> ResponseReturnValue:
    """Give the flights of all upcoming trips of a contact to a calendar program."""
    name = speaker(language())("calendar_name")
    return _ics(calendars.of_contact(application(), token, name, language()))


def _ics(calendar: str) -> Response:
    response = make_response(calendar)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = 'inline; filename="trip.ics"'
    return response
