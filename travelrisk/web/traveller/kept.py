"""What is kept about a trip, until when, and who looked at it: for its traveller."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.services.privacy import exporting
from travelrisk.services.privacy.looking import Purpose, looks_at
from travelrisk.services.trips import story
from travelrisk.telling.foreign import visible
from travelrisk.web.access import open_to_all
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.privacy import packed
from travelrisk.web.traveller.pages import blueprint
from travelrisk.web.words import speaker

_BY_TOKEN: Final = open_to_all(
    "its 128-bit token stands only in the letters of the trip; any other gets a 404"
)
_KNOWN: Final = frozenset(each.value for each in Purpose)


@blueprint.route("/trips/<token>/kept", methods=["GET", "POST"])
@_BY_TOKEN
def kept(token: str) -> ResponseReturnValue:
    """Show who looked at the trip, by office and purpose, and until when it is kept; or give all of it.

    Of other trips nothing is given, for a link gets forwarded.
    """
    app = application()
    view, limits = story.view(app, token), app.policy.policy.privacy
    if request.method == "POST":
        return packed(exporting.of_trip(app, view.trip.reference, by="traveller"))
    looks = [(each.at, visible(each.office), _why(each.purpose)) for each in looks_at(app, view.trip.id)]
    return render_template("privacy/kept.html", view=view, looks=looks, limits=limits)


def _why(purpose: str) -> str:
    return speaker(language())("purpose_" + (purpose if purpose in _KNOWN else "other"))
