"""Refusing digests or monthly reports with one click (RFC 8058): a program's POST is enough, a GET only asks.

Programs that guard mailboxes open every link they see, so that nothing may happen then.
"""

from typing import Final

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import NotFoundError
from travelrisk.services.watch import digests
from travelrisk.store.digests import Kind
from travelrisk.web.access import open_to_all
from travelrisk.web.desk.pages import blueprint
from travelrisk.web.parts import application
from travelrisk.web.security import csrf

_BY_SIGNATURE: Final = open_to_all("its signed token stands only in one person's digests; others get a 404")
_TEMPLATE: Final = "desk/unsubscribe.html"


@blueprint.route("/unsubscribe/<token>", methods=["GET", "POST"])
@blueprint.route("/unsubscribe/<token>/<any(reports):kind>", methods=["GET", "POST"])
@csrf.exempt  # type: ignore[untyped-decorator] # Flask-WTF ships no types; a mail program has no form of ours
@_BY_SIGNATURE
def unsubscribe(token: str, kind: Kind = "digests") -> ResponseReturnValue:
    """Ask whether somebody really wants none of them; a POST sends the person of the token none any more."""
    if request.method != "POST":
        return render_template(_TEMPLATE, token=_known(token), kind=kind, is_done=False)
    try:
        digests.unsubscribe(application(), _known(token), kind)
    except NotFoundError:
        abort(404)
    return render_template(_TEMPLATE, token=token, kind=kind, is_done=True)


def _known(token: str) -> str:
    if not digests.owner(application(), token):
        abort(404)
    return token
