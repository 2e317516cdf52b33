"""The story of the demonstration: a button withdraws a rating, and the watch finds whom it concerns.

Without the demonstration there are no such pages.
"""

from typing import Final

from flask import Blueprint, Flask, flash, make_response, redirect, render_template
from flask.typing import ResponseReturnValue

from travelrisk.domain.ratings import Subject
from travelrisk.services import demonstration
from travelrisk.services.naming import name_of
from travelrisk.web import who
from travelrisk.web.access import open_where
from travelrisk.web.languages import here, language, register
from travelrisk.web.parts import application
from travelrisk.web.ratings.records import level_label

_open = open_where(
    lambda facts: facts.demo,
    "the demonstration's ratings are for show, and it listens on this machine only",
)
_KEY: Final = "<string(length=3):icao>"


def open_for(pages: Flask, *, is_told: bool) -> None:
    """Add the pages of the story, where it is told."""
    pages.jinja_env.globals["has_story"] = is_told
    if is_told:
        register(pages, _blueprint())


def _blueprint() -> Blueprint:
    blueprint = Blueprint("story", __name__)

    @blueprint.get("/story")
    @_open
    def page() -> ResponseReturnValue:
        app = application()
        return render_template(
            "story/page.html",
            flown=demonstration.flown(app),
            chapters=demonstration.story(app),
            name=_name,
            level=lambda level: level_label(level, language()),
            units=demonstration.UNITS,
        )

    @blueprint.post("/story/desk/<person_id>")
    @_open
    def sit_down(person_id: str) -> ResponseReturnValue:
        token = demonstration.seat(application(), person_id, who.token_sent())
        who.arrive(token)
        return who.welcome(make_response(redirect(here("units.overview"), 303)), token)

    @blueprint.post(f"/story/{_KEY}/downgrade")
    @_open
    def downgrade(icao: str) -> ResponseReturnValue:
        demonstration.downgrade(application(), icao)
        return _done("story_downgraded")

    @blueprint.post(f"/story/{_KEY}/restore")
    @_open
    def restore(icao: str) -> ResponseReturnValue:
        demonstration.restore(application(), icao)
        return _done("story_restored")

    return blueprint


def _name(subject: Subject) -> str:
    return name_of(application(), subject, language())


def _done(confirmation: str) -> ResponseReturnValue:
    flash(confirmation)
    return make_response(redirect(here("story.page") + "#happened", 303))
