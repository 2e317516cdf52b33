"""The answer as a file for the operations centre; why it is wanted is asked first, and kept."""

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.whereabouts.exporting import COLUMNS, Reason, exported
from travelrisk.web.exchange.pages import FORMS, download
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE
from travelrisk.web.parts import application
from travelrisk.web.whereabouts.pages import (
    Unasked,
    asked,
    blueprint,
    open_to_unit,
    understood,
    viewer,
    without_office,
)
from travelrisk.web.whereabouts.showing import answered, form

_REASONS: Final = {each.value: each for each in Reason}


@blueprint.post("/whereabouts/export")
@open_to_unit
def export() -> ResponseReturnValue:
    """Give who answers a question as a table."""
    app, wanted = application(), asked(request.form)
    reason, kind = _REASONS.get(request.form.get("reason", "")), request.form.get("form", FORMS[0])
    if without_office():
        return form(wanted)
    if reason is None or kind not in FORMS:
        return answered(wanted, UNUSABLE, Fault("reason", "error_whereabouts_reason"))
    found = understood(app, wanted)
    if isinstance(found, Unasked):
        return answered(wanted)
    rows = exported(app, viewer(), found, reason)
    try:
        content = csv_bytes(COLUMNS, rows) if kind == "csv" else workbook_bytes(COLUMNS, rows)
    except BadInputError as error:
        return answered(wanted, UNUSABLE, Fault("reason", english=str(error)))
    return download(content, f"whereabouts-{found.window.since:%Y-%m-%d-%H%M}.{kind}")
