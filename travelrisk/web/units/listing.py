"""The desk at one glance, and each of its lists in full."""

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.services.units import desk as services
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.focal.pages import page
from travelrisk.web.parts import application
from travelrisk.web.units.pages import blueprint, open_to_unit
from travelrisk.web.units.told import flight_told, told

LISTS: Final = ("affected", "holds", "reviews", "late", "mine")
_AT_A_GLANCE: Final = ("affected", "holds", "late")  # the others are parts of these
_FIRST: Final = 10


@blueprint.get("/desk")
@open_to_unit
def overview() -> ResponseReturnValue:
    """Show what waits, the most urgent first; with ``?list=`` one list in full."""
    viewer = who.viewer()
    found = services.desk(application(), viewer)
    wanted = request.args.get("list", "")
    chosen = wanted if wanted in LISTS else ""
    lists = {name: getattr(found, name) for name in LISTS}
    most = None if chosen else _FIRST
    shown = {
        name: [told(each) for each in lists[name][:most]]
        for name in ((chosen,) if chosen else _AT_A_GLANCE)
        if lists[name] or chosen
    }
    return page(
        "units/desk.html",
        office=visible(viewer.office),
        counts={name: len(lines) for name, lines in lists.items()},
        chosen=chosen,
        shown=shown,
        flights=[flight_told(each) for each in found.flights],
        most=services.MOST,
    )
