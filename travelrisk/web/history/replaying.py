"""Advisories of a trip, and one of them made again from what was known then: equal, or something is wrong.

Who travels is for those who answer for it, and is not told here; how a journey was judged, and why, is.
"""

from datetime import date
from typing import Final, NamedTuple

from flask import abort, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services import why as services
from travelrisk.services.application import Application
from travelrisk.services.why import Why
from travelrisk.web.focal.checking import Fault
from travelrisk.web.focal.pages import UNUSABLE, open_to_desk, page
from travelrisk.web.history.pages import Told, history, told
from travelrisk.web.languages import language, verdict_label
from travelrisk.web.parts import application
from travelrisk.web.telling import Telling, tell

_LONGEST: Final = 40


class Line(NamedTuple):
    """One advisory of a trip."""

    id: int
    advisory: Advisory
    label: str


class Again(NamedTuple):
    """An advisory as it was stored, and as it is made again where that differs."""

    why: Why
    told: Telling
    again: Telling | None
    edition: Told | None
    later: tuple[Told, ...]
    unread: int


@history.get("/history/trips")
@open_to_desk
def trips() -> ResponseReturnValue:
    """Ask for a trip and a day."""
    reference, day = request.args.get("reference", "").strip()[:_LONGEST], request.args.get("on", "").strip()
    if not reference and "reference" not in request.args:
        return _asked()
    if not reference:
        return _asked(Fault("reference", "error_no_trip"))
    return _shown(reference, day[:_LONGEST])


@history.get("/history/trips/<reference>/<int:number>")
@open_to_desk
def advisory(reference: str, number: int) -> ResponseReturnValue:
    """Show one advisory of a trip, and make it again."""
    app = application()
    if number > 2**62:  # more than any database counts
        abort(404)
    return _page(app, reference, services.why_judged(app, reference, number))


def _shown(reference: str, day: str) -> Response:
    app = application()
    try:
        services.judged(app, reference)
    except NotFoundError:
        return _asked(Fault("reference", "error_no_trip"))
    if not day:
        return _page(app, reference, None)
    try:
        return _page(app, reference, services.why(app, reference, date.fromisoformat(day)))
    except NotFoundError:
        return _asked(Fault("on", "error_not_judged"))
    except (BadInputError, ValueError):
        return _asked(Fault("on", "error_day_past"))


def _page(app: Application, reference: str, found: Why | None) -> Response:
    lines = [
        Line(each.id, each.advisory, verdict_label(each.advisory.verdict))
        for each in services.judged(app, reference)
    ]
    again = _again(app, found) if found else None
    return page("history/trip.html", reference=reference.upper(), lines=lines, again=again)


def _again(app: Application, found: Why) -> Again:
    def telling(one: Advisory) -> Telling:
        return tell(found.itinerary, one, app.policy.policy, language())

    replayed = found.replayed
    return Again(
        why=found,
        told=telling(replayed.stored),
        again=None if replayed.is_equal else telling(replayed.again),
        edition=told(found.edition) if found.edition else None,
        later=tuple(map(told, found.later)),
        unread=len(found.itinerary.unread),
    )


def _asked(*faults: Fault) -> Response:
    return page(
        "history/trips.html",
        UNUSABLE if faults else 200,
        faults,
        reference=request.args.get("reference", "").strip()[:_LONGEST],
        on=request.args.get("on", "").strip()[:_LONGEST],
    )
