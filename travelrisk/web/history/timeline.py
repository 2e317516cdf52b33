"""The timeline of one subject: what each edition changed, by whom, when and why, field by field."""

from flask import abort, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.desk import history as past
from travelrisk.services.desk.history import AsOf, Published
from travelrisk.services.naming import carrier_of, name_of
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, open_to_desk, page
from travelrisk.web.focal.subjects import exists
from travelrisk.web.history.pages import all_told, history, moment_asked
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.ratings.records import subject_from


@history.get("/history/<kind>/<key>")
@open_to_desk
def timeline(kind: str, key: str) -> ResponseReturnValue:
    """Show what was changed about a subject, the newest first."""
    app = application()
    try:
        subject = subject_from(kind, key)
    except BadInputError:
        abort(404)
    text = request.args.get("as_of", "").strip()[:20]
    known = moment_asked(app, text)
    faults = [] if known else [Fault("as_of", "error_as_of")]
    every = _timeline(app, subject)
    if not every and not exists(app, subject):
        abort(404)
    carrier = carrier_of(app, key) if subject.kind is SubjectKind.CARRIER else None
    return page(
        "history/timeline.html",
        UNUSABLE if faults else 200,
        faults,
        subject=subject,
        name=name_of(app, subject, language()),
        editions=all_told(_timeline(app, subject, known) if text and known else every),
        is_on_record=bool(every),
        as_of=text,
        state=carrier.state if carrier else None,
    )


def _timeline(app: Application, subject: Subject, until: AsOf | None = None) -> tuple[Published, ...]:
    try:
        return past.timeline(app, subject, until)
    except NotFoundError:
        return ()
