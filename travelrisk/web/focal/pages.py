"""The two blueprints of this desk, for whom they are, and what their pages have in common."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request

from travelrisk.domain.airspaces import Movement
from travelrisk.domain.errors import StoreError
from travelrisk.domain.people import Act
from travelrisk.domain.ratings import Level
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.scopes import movement_words
from travelrisk.telling.segments import sentence_case
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.focal.faults import Fault
from travelrisk.web.languages import language, verdict_label
from travelrisk.web.parts import application
from travelrisk.web.ratings.pages import are_open
from travelrisk.web.ratings.records import level_label

queue = Blueprint("queue", __name__)
changes = Blueprint("changes", __name__)

open_to_desk = open_to(Act.SEE_DESK, "whoever works at the desk or looks it over sees what is on its way")
open_to_authors = open_to(Act.PROPOSE, "focal points and their alternates prepare changes of the ratings")
open_to_publishers = open_to(Act.PUBLISH, "focal points publish what others have signed", fresh=True)
open_to_signers = open_to(Act.SEE_DESK, "who may sign what is for the weight of a change to say", fresh=True)

OK: Final = 200
UNUSABLE: Final = 422
REFUSED: Final = 403
MOVED: Final = 409
_OF_THE_DESK: Final = frozenset(
    {
        "queue",
        "changes",
        "exceptions",
        "exchange",
        "history",
        "desk",
        "ratings",
        "undelivered",
        "correspondence",
        "crowded",
        "explained",
        "batches",
        "world",
        "feeds",
        "whereabouts",
        "privacy",
        "units",
        "reports",
        "programs",
        "webhooks",
        "doctor",
    }
)


def page(template: str, status: int = OK, faults: Sequence[Fault] = (), **more: object) -> Response:
    """Render a page of this desk; *faults* stand in its error summary."""
    return make_response(render_template(template, faults=faults, **more), status)


def level_words() -> dict[str, str]:
    """Return the words for the levels in the language of the page."""
    return {level.value: level_label(level, language()) for level in Level}


def effect_words() -> dict[str, str]:
    """Return the words for the verdicts in the language of the page."""
    return {verdict.word: verdict_label(verdict) for verdict in Verdict}


def movement_choices() -> dict[str, str]:
    """Return which flights a record about an airspace may concern, in the language of the page."""
    return {each.value: sentence_case(movement_words(each).in_language(language())) for each in Movement}


def own_name(names: dict[str, str], person: str) -> str:
    """Return the name of somebody, and the id of whoever has no account any more."""
    return names.get(person, person)


def other_language(texts_language: Language) -> str:
    """Return the language of a text where it is not that of the page."""
    return "" if texts_language == language() else texts_language


def _is_signed_in() -> bool:
    if (request.blueprint or "").partition("_")[0] not in _OF_THE_DESK:
        return False  # a page for travellers looks up no session
    try:
        return who.visit() is not None
    except StoreError:  # a page that says so must still be shown
        return False


def _sees(act: Act) -> bool:
    return _is_signed_in() and who.able(act)


@changes.app_context_processor
def _desk() -> dict[str, object]:
    return {
        "sees_desk": lambda: _sees(Act.SEE_DESK),
        "may_ask_exception": lambda: _sees(Act.REQUEST_EXCEPTION),
        "may_propose": lambda: _sees(Act.PROPOSE),
        "is_signed_in": _is_signed_in,
        "note_at": who.note_at,
        "may_tell_travellers": lambda: _sees(Act.TELL_TRAVELLERS),
        "sees_whereabouts": lambda: _sees(Act.SEE_WHEREABOUTS),
        "may_screen": lambda: _sees(Act.SCREEN),
        "may_see_trips": lambda: _sees(Act.SEE_TRIPS),
        "may_explain_tables": lambda: _sees(Act.EXPLAIN_TABLES),
        "has_no_office": lambda: _sees(Act.SEE_TRIPS) and who.office() == "",
        "may_see_reports": lambda: _sees(Act.SEE_REPORTS),
        "ratings_open": lambda: are_open(application().facts),
    }
