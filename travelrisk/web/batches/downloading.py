"""The results of a batch as a file."""

from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.services.batches.exporting import FORMS, exported, exported_json
from travelrisk.web.batches.pages import blueprint, open_to_units, viewer
from travelrisk.web.exchange.pages import download
from travelrisk.web.parts import application

_JSON: Final = "application/json"


@blueprint.get("/batches/<reference>/results")
@open_to_units
def results(reference: str) -> ResponseReturnValue:
    """Give what came of a batch: the rows that were brought, with the verdicts beside them."""
    form = request.args.get("form", FORMS[0])
    if form not in FORMS:
        raise NotFoundError("there is no such file: choose csv, xlsx or json")
    name = f"results-{reference.upper()}.{form}"
    if form != "json":
        return download(exported(application(), viewer(), reference, form), name)
    answer = Response(exported_json(application(), viewer(), reference), content_type=_JSON)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
