"""Writing to exactly those who were found: the words, what each reader gets, and one confirmation."""

from typing import Final, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.mail.broadcasts import LONGEST_SUBJECT, LONGEST_TEXT, words
from travelrisk.services.whereabouts import broadcasting
from travelrisk.services.whereabouts.broadcasting import Draft, MovedError
from travelrisk.services.whereabouts.finding import Answer, find
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, UNUSABLE, page
from travelrisk.web.languages import NAMES, language
from travelrisk.web.parts import application
from travelrisk.web.whereabouts.pages import (
    Asked,
    Unasked,
    asked,
    blueprint,
    fixed,
    open_to_unit,
    understood,
    viewer,
    without_office,
)
from travelrisk.web.whereabouts.showing import answered, form

_LONGEST_KEY: Final = 64
_FIELDS: Final = tuple(f"{name}_{code}" for name in ("subject", "text") for code in LANGUAGES)


class _Wanted(NamedTuple):
    """The question as it was typed, and who answers it now."""

    asked: Asked
    answer: Answer


@blueprint.get("/whereabouts/message")
@open_to_unit
def compose() -> ResponseReturnValue:
    """Ask for the words."""
    wanted = _wanted(asked(request.args))
    return _composed(wanted) if isinstance(wanted, _Wanted) else wanted


@blueprint.post("/whereabouts/message/preview")
@open_to_unit
def preview() -> ResponseReturnValue:
    """Show what each reader gets, and how many they are; nothing is sent."""
    wanted = _wanted(asked(request.form))
    if not isinstance(wanted, _Wanted):
        return wanted
    draft = _draft()
    return _composed(wanted, UNUSABLE, draft) if isinstance(draft, Fault) else _previewed(wanted, draft)


@blueprint.post("/whereabouts/message/send")
@open_to_unit
def send() -> ResponseReturnValue:
    """Send what was shown, once, to exactly those who were shown."""
    wanted = _wanted(asked(request.form))
    if not isinstance(wanted, _Wanted):
        return wanted
    draft, key = _draft(), request.form.get("key", "")[:_LONGEST_KEY]
    if isinstance(draft, Fault):
        return _composed(wanted, UNUSABLE, draft)
    if not key:
        return _previewed(wanted, draft, MOVED, Fault("readers", "error_broadcast_moved"))
    seen = request.form.get("seen", "")
    try:
        number = broadcasting.send(application(), who.person(), wanted.answer, draft, seen=seen, key=key)
    except MovedError:
        return _previewed(wanted, draft, MOVED, Fault("readers", "error_broadcast_moved"))
    except BadInputError:
        return answered(wanted.asked)
    return done("whereabouts.standing", "done_broadcast", number=number)


def _wanted(typed: Asked) -> _Wanted | ResponseReturnValue:
    """Return who is written to; the page of the question where that is none."""
    app, found = application(), understood(application(), typed)
    if without_office() or isinstance(found, Unasked):
        return form(typed) if without_office() else answered(typed)
    answer = find(app, viewer(), found)
    if answer.left_out:
        return answered(typed, UNUSABLE, Fault("what", "error_whereabouts_many"))
    return _Wanted(fixed(typed, found), answer) if answer.found else answered(typed)


def _draft() -> Draft | Fault:
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    subject, text = (Texts(*(typed[f"{name}_{code}"] for code in LANGUAGES)) for name in ("subject", "text"))
    try:
        return Draft(words(subject, text), asks=request.form.get("asks") == "1")
    except BadInputError as error:
        return Fault(error.field, "error_broadcast_" + error.field.partition("_")[0])


def _composed(wanted: _Wanted, status: int = 200, *faults: Fault) -> ResponseReturnValue:
    is_new = request.method == "GET"
    return page(
        "whereabouts/compose.html",
        status,
        faults,
        wanted=wanted.asked,
        name=wanted.answer.question.name.in_language(language()),
        readers=broadcasting.readers(wanted.answer),
        typed={name: request.form.get(name, "") for name in _FIELDS},
        asks=is_new or request.form.get("asks") == "1",
        tongues=NAMES,
        longest=(LONGEST_SUBJECT, LONGEST_TEXT),
    )


def _previewed(wanted: _Wanted, draft: Draft, status: int = 200, *faults: Fault) -> ResponseReturnValue:
    return page(
        "whereabouts/preview.html",
        status,
        faults,
        wanted=wanted.asked,
        readers=broadcasting.readers(wanted.answer, draft.words),
        letters=broadcasting.preview(application(), who.person(), wanted.answer, draft),
        typed={name: request.form.get(name, "") for name in _FIELDS},
        asks=draft.asks,
        tongues=NAMES,
        key=broadcasting.new_key(),
    )
