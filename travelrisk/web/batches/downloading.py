"""The results of a batch as a file."""

from typing import Final

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.services.batches.exporting import FORMS, exported
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
    content = exported(application(), viewer(), reference, form)
    name = f"results-{reference.upper()}.{form}"
    return _json(content, name) if form == "json" else download(content, name)


def _json(content: bytes, name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = _JSON
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
