"""The history of one subject: all that was ever on record, and what the State of the operator adds."""

from collections.abc import Iterator

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from travelrisk.domain.carriers import Carrier
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Level, Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.ratings import records
from travelrisk.telling.names import told
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.ratings.pages import blueprint, open_ratings
from travelrisk.web.ratings.records import AIRSPACE, Row, level_label, name_of, row_of, subject_from
from travelrisk.web.words import speaker


@blueprint.get("/ratings/<kind>/<key>")
@open_ratings
def history(kind: str, key: str) -> ResponseReturnValue:
    """Show the history of a subject; one that we know and never rated is shown as not rated."""
    app = application()
    try:
        subject = subject_from(kind, key)
    except BadInputError:
        abort(404)
    rows = tuple(_rows(app, subject))
    carrier = _carrier(app, subject)
    known = rows[0].name if rows else _known_name(app, subject, carrier)
    if not known:
        abort(404)
    of_state = tuple(_rows(app, Subject(SubjectKind.STATE, carrier.state.code))) if carrier else ()
    return render_template(
        "ratings/history.html",
        subject=subject,
        name=known,
        rows=rows,
        is_judged=any(row.says != AIRSPACE for row in rows),
        carrier=carrier,
        of_state=of_state,
        not_rated=level_label(Level.NOT_RATED, language()),
    )


def _rows(app: Application, subject: Subject) -> Iterator[Row]:
    say = speaker(language())
    try:
        found = records.history(app, subject)
    except NotFoundError:
        return
    for listed in found:
        yield row_of(app, listed, language(), say)


def _carrier(app: Application, subject: Subject) -> Carrier | None:
    if subject.kind is not SubjectKind.CARRIER:
        return None
    known = app.book.find(subject.key, app.clock().date()) or app.book.ever(subject.key)
    return next((carrier for carrier in known if carrier.icao == subject.key), None)


def _known_name(app: Application, subject: Subject, carrier: Carrier | None) -> str:
    if carrier is not None:
        return f"{carrier.name} ({carrier.code})"
    if subject.kind is SubjectKind.AIRPORT:
        airport = app.atlas.airport(subject.key)
        name = f"{airport.name} ({airport.code})" if airport and airport.code == subject.key else ""
        return told(name, language())
    return name_of(app, subject, "", language())
