"""Every rating as it was known on a day or in an edition, and the way to the timeline of one subject."""

from typing import Final

from flask import redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.codes import folded
from travelrisk.domain.ratings import Level, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.desk import history as past
from travelrisk.services.desk.history import AsOf
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, open_to_desk, page
from travelrisk.web.focal.subjects import LONGEST, meant
from travelrisk.web.history.pages import history, moment_asked
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application
from travelrisk.web.ratings.listing import KINDS, SAYS, STATES, filter_of, page_of
from travelrisk.web.ratings.records import Row, level_label, row_of
from travelrisk.web.words import speaker

_LONGEST_MOMENT: Final = 20


@history.get("/history")
@open_to_desk
def listing() -> ResponseReturnValue:
    """Show the ratings as they were known then."""
    app, text = application(), request.args.get("as_of", "").strip()[:_LONGEST_MOMENT]
    known = moment_asked(app, text)
    faults = [] if known else [Fault("as_of", "error_as_of")]
    wanted = filter_of(request.args)
    rows = filter(wanted.takes, _rows(app, known)) if known else ()
    return page(
        "history/list.html",
        UNUSABLE if faults else 200,
        faults,
        known=known,
        as_of=text,
        wanted=wanted,
        page=page_of(rows, request.args.get("page", 1, type=int)),
        kinds=KINDS,
        says=SAYS,
        states=STATES,
        levels={level.value: level_label(level, language()) for level in Level},
    )


@history.get("/history/find")
@open_to_desk
def find() -> ResponseReturnValue:
    """Lead to the timeline of what somebody means by a few words, or ask which of several."""
    kind, text = request.args.get("kind", ""), request.args.get("text", "").strip()[:LONGEST]
    if kind not in KINDS:
        kind = KINDS[0]
    choices = meant(application(), SubjectKind(kind), text, language()) if text else ()
    if len(choices) == 1:
        kind, key = choices[0].subject
        return redirect(here("history.timeline", kind=str(kind), key=key), 303)
    faults = []
    if not choices and "text" in request.args:
        faults = [Fault("text", f"error_unknown_{kind}" if text else "error_no_subject")]
    return page(
        "history/find.html", UNUSABLE if faults else 200, faults, kind=kind, text=text, choices=choices
    )


def _rows(app: Application, known: AsOf) -> list[Row]:
    say = speaker(language())
    rows = [row_of(app, listed, language(), say) for listed in past.known(app, known)]
    return sorted(rows, key=lambda row: (KINDS.index(row.kind), folded(row.name), row.id))
