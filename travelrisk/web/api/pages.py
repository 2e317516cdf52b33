"""The document of the calls, and the pages that explain it; made of the table, with no script of anybody."""

import json
from typing import Any, Final

from flask import Blueprint, Flask, abort, current_app, render_template
from flask.typing import ResponseReturnValue

from travelrisk.domain.programs import PATTERN
from travelrisk.intake.limits import LIMITS, MIB
from travelrisk.services.application import Application
from travelrisk.services.batches.accepting import MOST_WAITING
from travelrisk.telling.numbers import grouped
from travelrisk.web import callers
from travelrisk.web.access import open_to_all
from travelrisk.web.api import again, bodies, examples
from travelrisk.web.api.contract.calls import Call
from travelrisk.web.api.contract.document import document, parameters_of, problems_of
from travelrisk.web.api.contract.routing import PREFIX, open_calls
from travelrisk.web.api.models.screening import MOST_QUERIES
from travelrisk.web.api.models.words import LONGEST_TEXT
from travelrisk.web.api.screening import MOST_BOOKINGS
from travelrisk.web.api.table import CALLS
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.refusals import STATUSES

blueprint = Blueprint("docs", __name__)
machine = Blueprint("document", __name__)

_WHY: Final = "whoever writes a program must be able to read how; it says nothing about anybody"


def open_for(pages: Flask, app: Application) -> None:
    """Add the calls and their document."""
    callers.keep_door(pages, app)
    again.remember(pages)
    bodies.remember(pages)
    open_calls(pages, CALLS)
    pages.register_blueprint(machine)


@machine.get("/openapi.json")
@open_to_all(_WHY)
def as_json() -> ResponseReturnValue:
    """Give the document."""
    kept = current_app.extensions
    if "travelrisk_document" not in kept:
        kept["travelrisk_document"] = json.dumps(document(CALLS, application().facts.base_url), indent=1)
    return kept["travelrisk_document"], {"Content-Type": "application/json"}


@blueprint.get("/docs")
@open_to_all(_WHY)
def docs() -> ResponseReturnValue:
    """Explain the calls, from a key to the first verdict."""
    first = json.dumps({"queries": {"pnr-1": examples.SCREEN["queries"]["pnr-1"]}}, indent=2)
    return render_template(
        "api/docs.html",
        calls=[_shown(call) for call in CALLS],
        problems=STATUSES,
        pattern=PATTERN,
        first=first,
        limits=_limits(),
    )


@blueprint.get("/problems/<code>")
@open_to_all(_WHY)
def problem(code: str) -> ResponseReturnValue:
    """Explain a problem that a program was told of."""
    if code not in STATUSES:
        abort(404)
    return render_template("api/problem.html", code=code, status=STATUSES[code])


def _limits() -> dict[str, dict[str, object]]:
    """Return what is held to which limits, by the key of its text."""
    body = application().facts.upload_limit
    return {
        "docs_limit_body": {"megabytes": body // 1_000_000, "document": body * 3 // 4_000_000},
        "docs_limit_screen": {
            "queries": MOST_QUERIES,
            "bookings": MOST_BOOKINGS,
            "segments": LIMITS.segments,
            "characters": grouped(LONGEST_TEXT, language()),
        },
        "docs_limit_batch": {
            "megabytes": min(body, LIMITS.size) // 1_000_000,
            "parts": LIMITS.parts,
            "unpacked": LIMITS.unpacked // MIB,
            "waiting": MOST_WAITING,
        },
    }


def _shown(call: Call) -> dict[str, Any]:
    return {
        "name": call.name,
        "method": call.method,
        "path": f"{PREFIX}{call.path}",
        "scope": call.scope.value,
        "parameters": parameters_of(call),
        "problems": problems_of(call),
        "examples": {name: json.dumps(each, indent=2) for name, each in call.examples.items()},
    }
