"""Advisories of a trip, and one of them made again from what was known then: equal, or something is wrong.

Who travels is for those who answer for it, and is not told here; how a journey was judged, and why, is.
"""

from datetime import date
from typing import Final, NamedTuple

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import BadInputError, ErasedError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.desk import why as services
from travelrisk.services.desk.why import Why
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, open_to_desk, page
from travelrisk.web.history.pages import Told, editions_told, history
from travelrisk.web.languages import here, language, verdict_label
from travelrisk.web.parts import application
from travelrisk.web.telling import Telling, tell

_LONGEST: Final = 40
_DIGITS: Final = 18  # of the number of an advisory


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
    """Ask for a trip and a day, and lead there."""
    reference, day = _typed("reference"), _typed("on")
    if "reference" not in request.args:
        return _asked()
    try:
        services.judged(application(), reference)
    except ErasedError:
        raise
    except NotFoundError:
        return _asked(Fault("reference", "error_no_trip"))
    return redirect(here("history.trip", reference=reference.upper(), **({"on": day} if day else {})), 303)


@history.get("/history/trips/<reference>")
@open_to_desk
def trip(reference: str) -> ResponseReturnValue:
    """Show the advisories of a trip, and make one again: that of a day, or that with a number."""
    app, number, day = application(), _typed("advisory"), _typed("on")
    if number:
        return _page(app, reference, services.why_judged(app, reference, _number(number)))
    if not day:
        return _page(app, reference, None)
    try:
        return _page(app, reference, services.why(app, reference, date.fromisoformat(day)))
    except (BadInputError, ValueError):
        return _page(app, reference, None, Fault("on", "error_day_past"))
    except ErasedError:
        raise
    except NotFoundError:
        return _page(app, reference, None, Fault("on", "error_not_judged"))


def _typed(name: str) -> str:
    return request.args.get(name, "").strip()[:_LONGEST]


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        abort(404)
    return int(text)


def _page(app: Application, reference: str, found: Why | None, *faults: Fault) -> Response:
    lines = [
        Line(each.id, each.advisory, verdict_label(each.advisory.verdict))
        for each in services.judged(app, reference)
    ]
    again = _again(app, found) if found else None
    return page(
        "history/trip.html",
        UNUSABLE if faults else 200,
        faults,
        reference=reference.upper(),
        on=_typed("on"),
        lines=lines,
        again=again,
    )


def _again(app: Application, found: Why) -> Again:
    def telling(one: Advisory) -> Telling:
        return tell(found.itinerary, one, app.policy.policy, language())

    replayed = found.replayed
    return Again(
        why=found,
        told=telling(replayed.stored),
        again=None if replayed.is_equal else telling(replayed.again),
        edition=next(iter(editions_told(filter(None, [found.edition]))), None),
        later=tuple(editions_told(found.later)),
        unread=len(found.itinerary.unread),
    )


def _asked(*faults: Fault) -> Response:
    return page(
        "history/trips.html",
        UNUSABLE if faults else 200,
        faults,
        reference=_typed("reference"),
        on=_typed("on"),
    )
