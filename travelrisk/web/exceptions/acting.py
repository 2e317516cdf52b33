"""What is done with an exception: sent, taken back, decided on, ended; each a short form on its page."""

from collections.abc import Callable
from functools import partial

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import (
    BadInputError,
    ChangedMeanwhileError,
    ForbiddenError,
    NotFoundError,
)
from travelrisk.domain.proposals import Status
from travelrisk.services.application import Application
from travelrisk.services.exceptions import deciding, ledger
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.signing import Seen
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.exceptions.pages import blueprint, open_to_deciders, open_to_involved
from travelrisk.web.exceptions.showing import sheet_of, shown
from travelrisk.web.focal.faults import Fault, fault_of
from travelrisk.web.focal.pages import MOVED, REFUSED, UNUSABLE
from travelrisk.web.parts import application

Do = Callable[[Application, str, str], object]


@blueprint.post("/exceptions/<key>/propose")
@open_to_involved
def propose(key: str) -> ResponseReturnValue:
    """Send one's own request to those who decide."""
    return _turn(key, "done_exception_sent", drafting.propose)


@blueprint.post("/exceptions/<key>/withdraw")
@open_to_involved
def withdraw(key: str) -> ResponseReturnValue:
    """Take one's own request back for good."""
    return _turn(key, "done_withdrawn", partial(drafting.withdraw, note=_note()))


@blueprint.post("/exceptions/<key>/approve")
@open_to_deciders
def approve(key: str) -> ResponseReturnValue:
    """Approve what was looked at; the last approval puts it in force."""
    sheet = sheet_of(ledger.story(application(), who.person().id, key))
    if "approve" in sheet.acts and request.form.get("effect") != sheet.effect_digest:
        return shown(key, MOVED, Fault("effect", "error_effect"))
    edition = request.form.get("edition", "")
    seen = Seen(request.form.get("content", ""), int(edition) if edition.isdecimal() else -1)
    return _turn(key, "done_exception_approval", partial(deciding.approve, seen=seen, note=_note()))


@blueprint.post("/exceptions/<key>/refuse")
@open_to_deciders
def refuse(key: str) -> ResponseReturnValue:
    """Refuse a request, with the reason that whoever asked will read."""
    if not _note():
        return shown(key, UNUSABLE, Fault("note-refuse", "error_no_refusal"))
    return _turn(key, "done_exception_refused", partial(deciding.refuse, note=_note()))


@blueprint.post("/exceptions/<key>/end")
@open_to_involved
def end(key: str) -> ResponseReturnValue:
    """End an exception before its last day."""
    entries = ledger.story(application(), who.person().id, key).entries
    if not _note():
        return shown(key, UNUSABLE, Fault("note-end", "error_no_end"))
    name = request.form.get("record", "")
    if name not in {base_id(each.record.id) for each in entries}:
        return shown(key, MOVED, Fault("acts", "error_moved"))
    return _done(key, "done_exception_ended", lambda app, me: deciding.end(app, me, name, note=_note()))


def _turn(key: str, confirmation: str, do: Do) -> ResponseReturnValue:
    """Do something with a request, unless it is another one than was looked at."""
    made = ledger.story(application(), who.person().id, key).entry.request
    if made is None or request.form.get("version") != str(made.version):
        return shown(key, MOVED, Fault("acts", "error_moved"))
    return _done(key, confirmation, lambda app, me: do(app, me, made.reference))


def _done(key: str, confirmation: str, do: Callable[[Application, str], object]) -> ResponseReturnValue:
    try:
        do(application(), who.person().id)
    except (ChangedMeanwhileError, NotFoundError):
        return shown(key, MOVED, Fault("acts", "error_moved"))
    except ForbiddenError as error:
        return shown(key, REFUSED, fault_of(error, "acts", "error_role"))
    except BadInputError as error:
        return shown(key, UNUSABLE, fault_of(error, "acts"))
    now = ledger.story(application(), who.person().id, key).entry.request
    if confirmation == "done_exception_approval" and now and now.status is Status.PUBLISHED:
        confirmation = "done_exception_in_force"
    return done("exceptions.one", confirmation, key=key)


def _note() -> str:
    return request.form.get("note", "").strip()
