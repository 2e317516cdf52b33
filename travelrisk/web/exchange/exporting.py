"""Tables out: the records as known on a day or in an edition, the booking list for agencies, the template."""

from collections.abc import Callable
from datetime import UTC

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.desk.history import AsOf, as_of
from travelrisk.services.exchange import exporting
from travelrisk.services.exchange.booking import booking_list
from travelrisk.web import who
from travelrisk.web.exchange.pages import FORMS, download, exchange
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, open_to_authors, open_to_desk, page
from travelrisk.web.parts import application

Make = Callable[[Application, str, AsOf], bytes]


@exchange.get("/export")
@open_to_desk
def exports() -> ResponseReturnValue:
    """Ask for what is wanted, and of which day."""
    return _asked()


@exchange.get("/export/records")
@open_to_desk
def records() -> ResponseReturnValue:
    """Give every record of an edition as a table that an import takes back."""
    by = who.person().id
    return _given("ratings", lambda app, form, known: exporting.export(app, form, known.edition, by))


@exchange.get("/export/booking-list")
@open_to_desk
def booking() -> ResponseReturnValue:
    """Give the rated carriers for the profile that an agency keeps."""
    by = who.person().id
    return _given(
        "booking-list",
        lambda app, form, known: booking_list(app, form, known.edition, known.day, by),
        day=True,
    )


@exchange.get("/import/template")
@open_to_authors
def template() -> ResponseReturnValue:
    """Give an empty workbook with words to choose from."""
    return download(exporting.template(), "template.xlsx")


def _given(what: str, make: Make, *, day: bool = False) -> ResponseReturnValue:
    app, form = application(), request.args.get("form", FORMS[0])
    if form not in FORMS:
        return _asked(UNUSABLE, Fault(what, "error_form"))
    wanted = request.args.get("as_of", "").strip() or app.clock().astimezone(UTC).date().isoformat()
    try:
        known = as_of(app, wanted)
    except (BadInputError, NotFoundError):
        return _asked(UNUSABLE, Fault(f"as-of-{what}", "error_as_of"))
    try:
        content = make(app, form, known)
    except BadInputError as error:
        return _asked(UNUSABLE, Fault(what, english=str(error)))
    stands = f"-{known.day.isoformat()}" if day else ""
    return download(content, f"{what}-edition-{known.edition}{stands}.{form}")


def _asked(status: int = 200, *faults: Fault) -> ResponseReturnValue:
    app = application()
    today = app.clock().astimezone(UTC).date()
    return page(
        "exchange/export.html",
        status,
        faults,
        newest=as_of(app, today.isoformat()).edition,
        wanted=request.args.get("as_of", "")[:20],
        form=request.args.get("form", FORMS[0]),
    )
