"""The page of one trip of the office: the whole story, and what the desk may do with it."""

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.authorisations import Whose
from travelrisk.services.exceptions.offering import offers_of
from travelrisk.services.units.onetrip import one_trip
from travelrisk.services.units.working import LONGEST
from travelrisk.web import who
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import page
from travelrisk.web.languages import language
from travelrisk.web.maps import map_of
from travelrisk.web.parts import application
from travelrisk.web.telling import tell
from travelrisk.web.traveller.story import told as told_of
from travelrisk.web.undelivered.addressing import lacking
from travelrisk.web.units.pages import blueprint, open_to_unit
from travelrisk.web.units.told import told
from travelrisk.web.ways import ways_of


@blueprint.get("/desk/trips/<reference>")
@open_to_unit
def trip(reference: str) -> ResponseReturnValue:
    """Show a trip of the office."""
    return shown(reference)


def shown(reference: str, status: int = 200, *faults: Fault) -> ResponseReturnValue:
    """Show a trip, with what was in the way of something."""
    app = application()
    found = one_trip(app, who.viewer(), reference)
    view = found.view
    answer, drawn, ways, may_help = None, None, None, False
    if view.newest is not None and not view.is_cancelled:
        advisory, name = view.newest.advisory, view.trip.reference
        answer = tell(view.itinerary, advisory, app.policy.policy, language(), reference=name)
        drawn = map_of(view.itinerary, advisory)
        ways = ways_of(view.itinerary, advisory, Whose(name, view.trip.office))
        may_help = bool(offers_of(app, view.itinerary, advisory))
    return page(
        "units/trip.html",
        status,
        faults,
        one=found,
        view=view,
        head=told(found.line),
        lacking=lacking(view.trip.reference),
        told=answer,
        drawn=drawn,
        ways=ways,
        story=tuple(map(told_of, view.entries)),
        exception_may_help=may_help,
        typed={name: request.form.get("text", "")[: 2 * LONGEST] for name in (request.form.get("for", ""),)},
        longest=LONGEST,
    )
