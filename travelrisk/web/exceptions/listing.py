"""The list of exceptions that somebody may see, by how they stand."""

from typing import NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.services.desk import lookups
from travelrisk.services.exceptions import ledger
from travelrisk.services.exceptions.ledger import Entry, State
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.exceptions.pages import blueprint, carrier_name, open_to_involved, route_name
from travelrisk.web.focal.pages import own_name, page
from travelrisk.web.parts import application


class Line(NamedTuple):
    """An exception in the list."""

    entry: Entry
    name: str
    route: str
    scope: str
    asked_by: str


@blueprint.get("/exceptions")
@open_to_involved
def everything() -> ResponseReturnValue:
    """List the exceptions of whoever asks, or at the desk those of all."""
    app = application()
    entries = ledger.listing(app, who.person().id)
    counts = {state: sum(each.state is state for each in entries) for state in State}
    wanted = request.args.get("state", "")
    state = State(wanted) if wanted in set(State) else None
    names = lookups.names(app)
    lines = [_line(each, names) for each in entries if state in {None, each.state}]
    return page("exceptions/list.html", lines=lines, counts=counts, state=state, total=len(entries))


def _line(entry: Entry, names: dict[str, str]) -> Line:
    record = entry.record
    author = own_name(names, entry.request.author) if entry.request else record.set_by
    return Line(
        entry,
        carrier_name(record.carrier),
        route_name(record.route),
        visible(record.trip or record.office),
        visible(author),
    )
