"""The search: sent as a form, so that no name and no locator stands in an address, a log or a history."""

from datetime import date

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.services.units import searching as services
from travelrisk.services.units.searching import Asked
from travelrisk.web import who
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, page
from travelrisk.web.parts import application
from travelrisk.web.units.pages import blueprint, open_to_unit
from travelrisk.web.units.told import told

_LONGEST = 100
_FIELDS = ("who", "flight", "airport", "day")


@blueprint.route("/desk/search", methods=["GET", "POST"])
@open_to_unit
def search() -> ResponseReturnValue:
    """Ask for what is looked for, and list the trips that fit."""
    if request.method == "GET":
        return _shown(dict.fromkeys(_FIELDS, ""))
    entry = {name: request.form.get(name, "")[:_LONGEST].strip() for name in _FIELDS}
    day = _day(entry["day"])
    if entry["day"] and day is None:
        return _shown(entry, Fault("day", "error_search_day"))
    asked = Asked(entry["who"], entry["flight"], entry["airport"], day)
    if asked.is_empty:
        return _shown(entry, Fault("who", "error_search_empty"))
    lines = services.search(application(), who.viewer(), asked)
    return page("units/search.html", entry=entry, lines=[told(each) for each in lines], most=services.MOST)


def _shown(entry: dict[str, str], *faults: Fault) -> ResponseReturnValue:
    status = UNUSABLE if faults else 200
    return page("units/search.html", status, faults, entry=entry, lines=None, most=services.MOST)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
