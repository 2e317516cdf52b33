"""The messages of an office, and how each stands: tasks first, and once more to who has not answered."""

from typing import Final, NamedTuple

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.mail.broadcasts import words_of
from travelrisk.services.whereabouts import standing as services
from travelrisk.services.whereabouts.broadcasting import MOST_TURNS
from travelrisk.services.whereabouts.standing import TASKS, Listed, Member, State
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.pages import page
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.whereabouts import told
from travelrisk.web.whereabouts.pages import blueprint, open_to_unit, viewer, without_office

_LONGEST_NOTE: Final = 500


class Line(NamedTuple):
    """A trip that a message went to, as the page shows it."""

    member: Member
    names: tuple[str, ...]
    contact: str
    note: str
    is_task: bool


@blueprint.get("/whereabouts/messages")
@open_to_unit
def listed() -> ResponseReturnValue:
    """List the messages, the newest first."""
    found = services.listed(application(), viewer())
    return page(
        "whereabouts/messages.html",
        messages=[(each, _subject(each)) for each in found],
        states=tuple(State),
        has_no_office=without_office(),
    )


@blueprint.get("/whereabouts/messages/<int:number>")
@open_to_unit
def standing(number: int) -> ResponseReturnValue:
    """Show how one stands."""
    app = application()
    try:
        if request.headers.get("X-Fragment") == "counts":  # read again and again: it names nobody
            return _counted(number, services.counts(app, viewer(), number))
        found = services.standing(app, viewer(), number)
    except NotFoundError:
        abort(404)
    may_again = [each for each in found.silent if each.reached.turns < MOST_TURNS]
    return page(
        "whereabouts/standing.html",
        found=found,
        words=words_of(found.broadcast.body),
        lines=[_line(each) for each in found.members],
        states=tuple(State),
        number=number,
        counts=found.counts,
        is_open=found.broadcast.expires_at > app.clock(),
        again=len(may_again) if found.broadcast.expires_at > app.clock() else 0,
    )


@blueprint.post("/whereabouts/messages/<int:number>/again")
@open_to_unit
def again(number: int) -> ResponseReturnValue:
    """Write once more to those who have not answered."""
    try:
        services.ask_again(application(), who.person(), viewer(), number)
    except NotFoundError:
        abort(404)
    return done("whereabouts.standing", "done_broadcast_again", number=number)


@blueprint.post("/whereabouts/messages/<int:number>/reached/<reference>")
@open_to_unit
def reached(number: int, reference: str) -> ResponseReturnValue:
    """Note that the travellers of a trip were reached in another way."""
    note = request.form.get("note", "")[:_LONGEST_NOTE]
    try:
        services.handle(application(), viewer(), number, reference, note)
    except NotFoundError:
        abort(404)
    return done("whereabouts.standing", "done_reached", number=number)


def _counted(number: int, counts: dict[State, int]) -> ResponseReturnValue:
    return render_template(
        "whereabouts/counts.html", number=number, counts=counts, states=tuple(State), is_open=True
    )


def _subject(found: Listed) -> str:
    return visible(words_of(found.broadcast.body).in_short(language()))


def _line(member: Member) -> Line:
    return Line(
        member,
        told.names(member.itinerary) if member.itinerary else (),
        visible(member.trip.contact),
        visible(member.given.note) if member.given else "",
        member.state in TASKS,
    )
