"""Refusing digests with one click (RFC 8058): a program's POST is enough, and a GET only asks.

Programs that guard mailboxes open every link they see, so that nothing may happen then.
"""

from typing import Final

from flask import abort, make_response, render_template
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.services.watch import digests
from travelrisk.web.access import open_to_all
from travelrisk.web.desk.pages import blueprint
from travelrisk.web.parts import application
from travelrisk.web.security import csrf

_BY_SIGNATURE: Final = open_to_all("its signed token stands only in one person's digests; others get a 404")
_TEMPLATE: Final = "desk/unsubscribe.html"


@blueprint.get("/unsubscribe/<token>")
@_BY_SIGNATURE
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask whether somebody really wants no digests."""
    return render_template(_TEMPLATE, token=_known(token), is_done=False)


@blueprint.post("/unsubscribe/<token>")
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF ships no types
@_BY_SIGNATURE
def do_unsubscribe(token: str) -> ResponseReturnValue:
    """Send the person of the token no digests any more; the mail program that asks has no form of ours."""
    try:
        digests.unsubscribe(application(), _known(token))
    except NotFoundError:
        abort(404)
    return make_response(render_template(_TEMPLATE, token=token, is_done=True))


def _known(token: str) -> str:
    if not digests.owner(application(), token):
        abort(404)
    return token
