"""Warnings that reached nobody: whom to call, and that somebody did."""

from typing import NamedTuple

from flask import flash, make_response, redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.mail.desk import desk_speaker
from travelrisk.mail.undelivered import departure, names
from travelrisk.services.letters import undelivered as services
from travelrisk.services.letters.undelivered import Untold
from travelrisk.services.privacy.looking import Purpose
from travelrisk.store.undelivered import Task
from travelrisk.telling.foreign import visible
from travelrisk.telling.segments import title
from travelrisk.web import who
from travelrisk.web.focal.pages import page
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application
from travelrisk.web.undelivered.pages import blueprint, open_to_tellers

_LONGEST_NOTE = 500


class Line(NamedTuple):
    """A warning as the page shows it."""

    task: Task
    journey: str
    departs: str
    traveller: str
    address: str


@blueprint.get("/undelivered")
@open_to_tellers
def everything() -> ResponseReturnValue:
    """List the warnings whose travellers nobody has told; whoever leaves first comes first."""
    found = services.waiting(application(), who.office())
    who.shown(Purpose.DESK, {each.task.trip_id for each in found})
    return page("undelivered/list.html", lines=[_line(each) for each in found], most=services.MOST)


@blueprint.post("/undelivered/<int:number>/told")
@open_to_tellers
def tell(number: int) -> ResponseReturnValue:
    """Note that the traveller was told; where somebody else was faster, it is not there any more."""
    note = request.form.get("note", "")[:_LONGEST_NOTE]
    services.told(application(), number, by=who.person().id, note=note, office=who.office())
    flash("done_told")
    return make_response(redirect(here("undelivered.everything"), 303))


def _line(untold: Untold) -> Line:
    say, itinerary = desk_speaker(language()), untold.itinerary
    return Line(
        untold.task,
        title(itinerary, untold.task.reference, say, language()),
        departure(itinerary, say, language()),
        names(itinerary),
        visible(untold.task.recipient),
    )
