"""Who asks: the session's cookie, and the person behind it with the roles of this moment.

The cookie holds a random token and nothing else; all that it opens stands in a row of the database. It is
another cookie than Flask's own signed one, which holds the token of forms: that token is bound to the session
here, so that a form made before signing in, or under somebody else, is worth nothing afterwards.
"""

from collections.abc import Collection
from typing import Final

from flask import Response, g, request, session

from travelrisk.domain.people import Act, Person, Viewer, may
from travelrisk.services.people import sign_in
from travelrisk.services.people.sign_in import Visit
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.web.parts import application

_OF: Final = "of"  # in Flask's session: which session of the desk its forms belong to
_CONFIRMATIONS: Final = "_flashes"  # Flask's own name: keys of texts, which may outlive a change of password
_LONGEST: Final = 128


def visit() -> Visit | None:
    """Return who asks, looked up once for each request; None = nobody who is signed in."""
    if "visit" not in g:
        token = token_sent()
        g.visit = sign_in.visit(application(), token) if token else None
    known: Visit | None = g.visit
    return known


def visiting() -> Visit:
    """Return who asks, in a view that is open to signed-in people only."""
    known = visit()
    if known is None:
        raise LookupError("nobody is signed in here: mark the view with open_to or open_to_people")
    return known


def person() -> Person:
    """Return the person who asks, in a view that is open to signed-in people only."""
    return visiting().person


def able(act: Act) -> bool:
    """Say whether whoever asks may do *act* today; nobody may do nothing."""
    known = visit()
    return known is not None and may(known.person, act, application().clock().date(), known.delegations)


def office() -> str | None:
    """Return the office whose trips whoever asks may see; empty = no office, None = those of every office.

    Whoever works at the desk, or looks it over, answers for all of them; a travel unit for those of its own.
    """
    if able(Act.SEE_DESK):
        return None
    return person().unit if able(Act.SEE_TRIPS) else ""


def viewer() -> Viewer:
    """Return who asks, as a look at trips is noted."""
    mine = person()
    return Viewer(mine.id, mine.unit)


def shown(purpose: Purpose, trip_ids: Collection[int]) -> None:
    """Note that whoever asks is shown these trips; a page that shows none leaves no note.

    Raises:
        StoreError: the note cannot be written; then nothing may be shown.
    """
    if trip_ids:
        looked(application(), viewer(), purpose, trip_ids)


def is_fresh() -> bool:
    """Say whether whoever asks signed in so short a time ago that a decision may be taken for theirs."""
    app = application()
    return app.clock() - visiting().session.begun_at <= app.facts.fresh_sign_in


def put_note_by() -> None:
    """Keep the note of a form that is not taken, because its sender must sign in again first."""
    note = request.form.get("note", "").strip()
    if note:
        sign_in.put_by(application(), visiting().session, note, request.path)


def take_note_up() -> None:
    """Forget the note that was kept for the form that is sent now: it came with it, as it is by now."""
    if visiting().session.note_for == request.path:
        sign_in.put_by(application(), visiting().session)


def note_at(address: str) -> str:
    """Return what to show in the note of the form of an address: what was refused just now, or kept."""
    if request.method == "POST" and request.path == address:
        return request.form.get("note", "")
    mine = visiting().session
    return mine.note or "" if mine.note_for == address else ""


def token_sent() -> str:
    """Return the token in the cookie; empty where there is none, or it is none of ours."""
    token = request.cookies.get(_cookie(), "")
    return token if len(token) <= _LONGEST else ""


def arrive(token: str) -> None:
    """Let the rest of this request be asked by whoever the session behind *token* was just begun for."""
    g.visit = sign_in.visit(application(), token)


def place() -> str:
    """Return the network address that the request comes from."""
    return request.remote_addr or ""


def bind_forms() -> None:
    """Drop the token of forms that belong to another session than this one."""
    mine = visiting().session.token_sha256[:16]
    if session.get(_OF) != mine:
        confirmations = session.get(_CONFIRMATIONS)
        session.clear()
        session[_OF] = mine
        if confirmations:
            session[_CONFIRMATIONS] = confirmations


def welcome(response: Response, token: str) -> Response:
    """Give the cookie of a new session, and forget whose forms there were before it."""
    session.pop(_OF, None)
    https = _is_https()
    response.set_cookie(_cookie(), token, path="/", secure=https, httponly=True, samesite="Lax")
    return response


def dismiss(response: Response) -> Response:
    """Take the cookie away; the row is ended by whoever calls this."""
    session.clear()
    response.delete_cookie(_cookie(), path="/", secure=_is_https(), httponly=True, samesite="Lax")
    return response


def _cookie() -> str:
    return "__Host-travelrisk-desk" if _is_https() else "travelrisk-desk"


def _is_https() -> bool:
    return application().facts.base_url.startswith("https:")
