"""The list of tables that a unit explained, and the pages of one: its columns, what is read of it, saved."""

from typing import Final, NamedTuple

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Act
from travelrisk.intake.document import Document, Sample
from travelrisk.services.batches.accepting import batch_of
from travelrisk.services.trips import mapping as services
from travelrisk.telling.foreign import visible
from travelrisk.telling.refusals import refusal
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import done
from travelrisk.web.explained.told import CHOICES, DAYS, Preview, columns_of, preview_of, said_in
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, UNUSABLE, page
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application

blueprint: Final = Blueprint("explained", __name__)

_open_to_units: Final = open_to(
    Act.EXPLAIN_TABLES,
    "a travel unit knows what the tables of its agencies hold, and says it for itself alone",
)


class _Table(NamedTuple):
    """A table that somebody brought, under the address of its page."""

    document: Document
    sample: Sample
    sha256: str


@blueprint.route("/tables", methods=["GET", "POST"])
@_open_to_units
def everything() -> ResponseReturnValue:
    """List what the unit says of tables, and take a table to be explained."""
    if request.method == "GET":
        return _listed()
    file = request.files.get("file")
    content = file.stream.read() if file is not None else b""
    if file is None or not content:
        return _listed(UNUSABLE, Fault("file", "error_no_file"))
    if not who.person().unit:
        return _listed(UNUSABLE, Fault("file", "error_no_unit"))
    sha256 = services.bring(application(), who.person(), file.filename or "", content)
    return redirect(here("explained.one", sha256=sha256), 303)


@blueprint.get("/tables/<sha256>")
@_open_to_units
def one(sha256: str) -> ResponseReturnValue:
    """Show a table, and ask what its columns hold."""
    table = _brought(sha256)
    return _shown(table) if isinstance(table, _Table) else table


@blueprint.post("/tables/<sha256>/preview")
@_open_to_units
def preview(sha256: str) -> ResponseReturnValue:
    """Show what is read of a table with what the form says; nothing is saved."""
    table = _brought(sha256)
    if not isinstance(table, _Table):
        return table
    said = said_in(table.sample, request.form)
    if isinstance(said, Fault):
        return _shown(table, UNUSABLE, said)
    return _shown(table, preview=preview_of(table.document, said))


@blueprint.post("/tables/<sha256>/save")
@_open_to_units
def save(sha256: str) -> ResponseReturnValue:
    """Save what the form says, if the table can be read with it."""
    table = _brought(sha256)
    if not isinstance(table, _Table):
        return table
    said = said_in(table.sample, request.form)
    if isinstance(said, Fault):
        return _shown(table, UNUSABLE, said)
    found = preview_of(table.document, said)
    if not found.is_usable:
        return _shown(table, UNUSABLE, Fault("c0", "error_still_unread"), preview=found)
    try:
        services.save(application(), who.person(), said)
    except BadInputError:
        return _shown(table, UNUSABLE, Fault("c0", "error_too_many_tables"), preview=found)
    batch = batch_of(application(), who.person().unit, sha256)
    if batch is not None:
        return done("batches.one", "batch_explained", reference=batch.reference)
    return done("explained.everything", "done_explained")


@blueprint.post("/tables/<int:number>/remove")
@_open_to_units
def remove(number: int) -> ResponseReturnValue:
    """Take back what the unit said of one table; that of another unit is not there."""
    services.remove(application(), who.person(), number)
    return done("explained.everything", "done_table_removed")


def _brought(sha256: str) -> _Table | ResponseReturnValue:
    """Return a table that this person brought, or the page that says why there is none."""
    try:
        document = services.brought(application(), who.person(), sha256)
    except NotFoundError:
        return _listed(MOVED, Fault("file", "error_table_gone"))
    sample, reason = services.sample(document)
    if sample is None:
        why = refusal(reason, language()).text
        return _listed(UNUSABLE, Fault("file", "error_no_table", {"reason": why}))
    return _Table(document, sample, sha256)


def _listed(status: int = 200, *faults: Fault) -> ResponseReturnValue:
    unit = who.person().unit
    saved = [
        (each, [(visible(heading), field) for heading, field in each.saved.mapping.fields])
        for each in services.of_unit(application(), unit)
    ]
    return page("explained/list.html", status, faults, saved=saved, unit=visible(unit))


def _shown(
    table: _Table, status: int = 200, *faults: Fault, preview: Preview | None = None
) -> ResponseReturnValue:
    document, sample, sha256 = table
    known = next((each.first_is_day for each in document.mappings if each.meanings(sample.headings)), None)
    order = next((word for word, is_day in DAYS.items() if is_day is known), "")
    return page(
        "explained/one.html",
        status,
        faults,
        name=visible(document.name),
        sha256=sha256,
        row=sample.row,
        columns=columns_of(sample, request.form),
        choices=CHOICES,
        dates=request.form.get("dates", order),
        preview=preview,
    )
