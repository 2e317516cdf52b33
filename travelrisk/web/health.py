"""Whether the service lives, whether it can work, and how it is; figures only, and nothing about people."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from travelrisk.services import health as services
from travelrisk.services.watch.workforce import workforce
from travelrisk.web.access import open_to_all
from travelrisk.web.parts import application
from travelrisk.web.words import page_texts

probes = Blueprint("probes", __name__)
blueprint = Blueprint("health", __name__)

_TEXT = {"Content-Type": "text/plain; charset=utf-8"}


@probes.get("/healthz")
@open_to_all("says only that the process is alive")
def alive() -> ResponseReturnValue:
    """Say that the process is alive, and nothing else."""
    return "ok\n", _TEXT


@probes.get("/readyz")
@open_to_all("says only whether the database has the tables of this version and any ratings")
def ready() -> ResponseReturnValue:
    """Say whether the service can answer: tables of this version, and ratings to judge by."""
    app = application()
    if not services.is_ready(app):
        return "the database is outdated: run travelrisk db upgrade\n", 503, _TEXT
    found = services.health(app)
    if not found.edition:
        return "there are no ratings: run travelrisk ratings import\n", 503, _TEXT
    if found.behind:
        return (
            "ready; nothing is judged, for the clock was set back or had been ahead: run travelrisk doctor\n",
            _TEXT,
        )
    if found.held:  # it answers all the same: a hold is about letters, and must not take the pages away
        return "ready; no letter leaves until somebody says travelrisk release\n", _TEXT
    return "ready\n", _TEXT


@blueprint.get("/health")
@open_to_all("figures without people, so that anybody can see whether letters leave")
def page() -> ResponseReturnValue:
    """Show how the service is."""
    app = application()
    force = workforce(app)
    return render_template(
        "health.html",
        health=services.health(app),
        force=force,
        jobs=[each for each in force.runs if f"job_{each.job}" in page_texts()],
    )
