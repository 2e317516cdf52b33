"""Signing in with the organisation's own account: OpenID Connect, with code and PKCE, state and nonce.

What comes back is believed only from the issuer that the settings name, only for this service, and only
under a signature of a kind that needs its private key. It names a person and never brings a role.
"""

import time
from typing import Any, Final

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, request, session
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException

from travelrisk.domain.texts import LANGUAGES
from travelrisk.logs import logger
from travelrisk.services.application import Facts, Organisation
from travelrisk.services.people import recognising, sign_in
from travelrisk.services.people.recognising import Stated
from travelrisk.services.people.sign_in import NotSignedIn
from travelrisk.web import who
from travelrisk.web.access import open_where
from travelrisk.web.desk.pages import home, local
from travelrisk.web.desk.signing import SignInForm, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application

blueprint = Blueprint("organisation", __name__)

_NAME: Final = "organisation"
_PATIENCE_S: Final = 10
_SIGNED_BY: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
_TROUBLES: Final = (
    AuthlibBaseError,
    JoseError,
    RequestException,
    ValueError,
    RuntimeError,
    KeyError,
    TypeError,
)
_ONWARD: Final = "onward"
_AGAIN: Final = "again"  # when a new sign-in was asked for, in seconds; 0 = any will do
_LEEWAY_S: Final = 60  # between two clocks
_LANGUAGE: Final = "language"


def open_for(pages: Flask, organisation: Organisation | None) -> None:
    """Add the two addresses of this way in; they are there only where the settings name an issuer."""
    pages.jinja_env.globals["has_organisation"] = organisation is not None
    if organisation is None:
        return
    oauth = OAuth(pages)
    oauth.register(
        _NAME,
        client_id=organisation.client_id,
        client_secret=organisation.client_secret,
        server_metadata_url=f"{organisation.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": _PATIENCE_S,
        },
    )
    pages.extensions["travelrisk_oauth"] = oauth
    pages.register_blueprint(blueprint)


def _is_set_up(facts: Facts) -> bool:
    return facts.organisation is not None


_open_where_set_up = open_where(_is_set_up, "whoever is not signed in must find the way in")


@blueprint.get("/sign-in/organisation")
@_open_where_set_up
def go() -> ResponseReturnValue:
    """Lead to the organisation's sign-in; a link and not a form, for our policy keeps forms on this site."""
    session.clear()  # of what an earlier attempt left behind
    session[_ONWARD], session[_LANGUAGE] = local(request.args.get("next", ""), ""), language()
    session[_AGAIN] = int(time.time()) if "again" in request.args else 0
    # Whoever has a session there since this morning is asked for more than that before they sign anything.
    asked: dict[str, int | str] = {"max_age": int(application().facts.fresh_sign_in.total_seconds())}
    asked |= {"max_age": 0, "prompt": "login"} if session[_AGAIN] else {}
    back = f"{application().facts.base_url}/sign-in/organisation/answer"
    try:
        answer: Response = _client().authorize_redirect(back, **asked)
    except _TROUBLES as trouble:
        return _failed("go", trouble, 503)
    return answer


@blueprint.get("/sign-in/organisation/answer")
@_open_where_set_up
def answer() -> ResponseReturnValue:
    """Take what the organisation's sign-in states, and begin a session for whoever that is."""
    g.language = next((each for each in LANGUAGES if each == session.get(_LANGUAGE)), "en")
    onward = local(session.get(_ONWARD, ""), "")
    try:
        stated = _stated()
    except _TROUBLES as trouble:
        return _failed("answer", trouble, 400)
    person = recognising.recognise(application(), stated)
    if person is None:
        return _refused("error_no_account", 403)
    attempt = sign_in.sign_in_as(application(), person, "organisation", who.token_sent())
    if isinstance(attempt, NotSignedIn):
        return _refused("error_no_account", 403)
    who.arrive(attempt.token)
    return who.welcome(make_response(redirect(onward or home(), 303)), attempt.token)


def _stated() -> Stated:
    organisation = _organisation()
    if request.args.get("iss", organisation.issuer) != organisation.issuer:
        raise ValueError("the answer comes from another issuer")
    claims = {
        "iss": {"essential": True, "value": organisation.issuer},
        "aud": {"essential": True, "value": organisation.client_id},
    }
    token = _client().authorize_access_token(claims_options=claims)
    known = token["userinfo"]  # of the checked id_token; without one there is none, and no sign-in
    subject, email = known["sub"], known.get("email", "")
    if not isinstance(subject, str) or not subject:
        raise ValueError("the answer names nobody")
    _check_when(known.get("auth_time"))
    is_theirs = known.get("email_verified") is True and isinstance(email, str)
    return Stated(organisation.issuer, subject, email if is_theirs else "")


def _check_when(signed_in_at: object) -> None:
    """Refuse an answer without a new sign-in where one was asked for, or from one too long ago."""
    again = session.get(_AGAIN, 0)
    if signed_in_at is None and not again:
        return  # some issuers state it only on demand
    allowed = 0 if again else application().facts.fresh_sign_in.total_seconds()
    oldest = (again or time.time()) - allowed - _LEEWAY_S
    if not isinstance(signed_in_at, int) or signed_in_at < oldest:
        raise ValueError("the issuer did not ask to sign in again")


def _client() -> Any:  # noqa: ANN401 - Authlib has no types
    """Return the client, once what the issuer publishes about itself agrees with the settings."""
    client = current_app.extensions["travelrisk_oauth"].create_client(_NAME)
    published = client.load_server_metadata()
    if published.get("issuer") != _organisation().issuer:
        published.pop("_loaded_at", None)  # asked for again at the next attempt
        raise ValueError("the issuer calls itself something else than the settings do")
    offered = published.get("id_token_signing_alg_values_supported") or ["RS256"]
    taken = [kind for kind in offered if kind in _SIGNED_BY]
    if not taken:
        raise ValueError("the issuer signs in no way that is taken here")
    published["id_token_signing_alg_values_supported"] = taken
    return client


def _organisation() -> Organisation:
    organisation = application().facts.organisation
    if organisation is None:
        raise LookupError("no issuer is set")
    return organisation


def _failed(where: str, trouble: Exception, status: int) -> Response:
    """Show the way in again; what went wrong is for the log, and nothing that was sent stands in it."""
    logger().warning("organisation.failed", where=where, error=type(trouble).__name__)
    return _refused("error_organisation", status)


def _refused(error: str, status: int) -> Response:
    return make_response(page(SignInForm(formdata=None), error), status)
