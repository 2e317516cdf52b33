"""The page behind the link in a message: "I am safe", "I need help". A GET only shows it.

The form has no token of its own, so that it works without cookies: the address is the secret.
"""

from typing import Final

from flask import abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.whereabouts import answering as services
from travelrisk.store.broadcasts import AnswerWord
from travelrisk.telling.foreign import visible
from travelrisk.web.access import open_to_all
from travelrisk.web.languages import here, person
from travelrisk.web.parts import application
from travelrisk.web.security import csrf
from travelrisk.web.whereabouts.pages import blueprint

_ANSWERS: Final[dict[str, AnswerWord]] = {"safe": "safe", "help": "help"}
_BY_TOKEN: Final = open_to_all("its random token stands only in one traveller's letter; others get a 404")


@blueprint.route("/safe/<token>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF ships no types; the address is the secret
@_BY_TOKEN
def safe(token: str) -> ResponseReturnValue:
    """Ask, and show what was answered last; a POST takes an answer, and leads to its confirmation."""
    return _taken(token) if request.method == "POST" else _shown(token)


def _taken(token: str) -> ResponseReturnValue:
    word = _ANSWERS.get(request.form.get("answer", ""))
    if word is None:
        return _shown(token, 422)
    try:
        services.answer(application(), token, word, request.form.get("note", ""))
    except NotFoundError:
        abort(404)
    except BadInputError:
        return _shown(token, 429, is_refused=True)
    return make_response(redirect(here("whereabouts.safe", token=token), 303))


def _shown(token: str, status: int = 200, *, is_refused: bool = False) -> ResponseReturnValue:
    try:
        opened = services.opened(application(), token)
    except NotFoundError:
        abort(404)
    note = visible(opened.last.note) if opened.last else ""
    unit = application().policy.policy.travel_unit
    shown = render_template(
        "whereabouts/safe.html",
        token=token,
        opened=opened,
        note=note,
        is_refused=is_refused,
        unit=person(unit) if unit else None,
        longest=services.LONGEST_NOTE,
    )
    return make_response(shown, status)
