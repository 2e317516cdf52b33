"""Signing in with a password, and signing out."""

from flask import Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from wtforms import EmailField, PasswordField  # type: ignore[import-untyped] # ships no types

from travelrisk.services.people import sign_in as services
from travelrisk.services.people.sign_in import NotSignedIn
from travelrisk.web import who
from travelrisk.web.access import open_to_all, open_to_people
from travelrisk.web.desk.pages import blueprint, home, invalid, local, refused, shown
from travelrisk.web.forms import Form
from travelrisk.web.languages import here
from travelrisk.web.parts import application

TEMPLATE = "desk/sign_in.html"
_TOO_MANY = 429
_A_MINUTE = 60


class SignInForm(Form):
    """Address and password; what was typed as a password is never shown again."""

    email = EmailField(render_kw={"autocomplete": "username", "autocapitalize": "off", "spellcheck": "false"})
    password = PasswordField(render_kw={"autocomplete": "current-password"})


@blueprint.route("/sign-in", methods=["GET", "POST"])
@open_to_all("whoever is not signed in must find the way in")
def sign_in() -> ResponseReturnValue:
    """Show the form, or let somebody in who knows the password."""
    if request.method == "GET":
        is_asked = who.visit() is None or _is_asked_again()
        return page(SignInForm(formdata=None)) if is_asked else redirect(_onward(), 303)
    form = SignInForm()
    email, password = form.email.data or "", form.password.data or ""
    if not email.strip():
        return refused(TEMPLATE, form, form.email, "error_no_email", **_around())
    if not password:
        return refused(TEMPLATE, form, form.password, "error_no_password", **_around())
    attempt = services.sign_in(application(), email, password, who.place(), who.token_sent())
    if isinstance(attempt, NotSignedIn):
        return _not_in(form, attempt)
    who.arrive(attempt.token)
    return who.welcome(make_response(redirect(_onward(), 303)), attempt.token)


@blueprint.post("/sign-out")
@open_to_people("it ends the own session and nobody else's", before_choosing=True)
def sign_out() -> ResponseReturnValue:
    """End the session, so that no copy of its cookie is worth anything."""
    services.sign_out(application(), who.token_sent())
    return who.dismiss(make_response(redirect(here("desk.sign_in"), 303)))


def page(form: SignInForm, error: str = "") -> str:
    """Return the sign-in page; *error* is the key of a text above the form."""
    return shown(TEMPLATE, form, **_around() | {"trouble": error})


def waiting(seconds: int) -> str:
    """Write how long to wait, in units that are written alike in all three languages."""
    return f"{seconds} s" if seconds <= _A_MINUTE else f"{-(-seconds // _A_MINUTE)} min"


def too_soon(response: Response, wait: int) -> Response:
    """Say by status and header, too, that the answer comes later."""
    response.status_code = _TOO_MANY
    response.headers["Retry-After"] = str(wait)
    return response


def _not_in(form: SignInForm, attempt: NotSignedIn) -> Response:
    if attempt.wait:
        return too_soon(invalid(TEMPLATE, form, **_around() | {"wait": waiting(attempt.wait)}), attempt.wait)
    return refused(TEMPLATE, form, form.password, "error_sign_in", **_around())


def _around() -> dict[str, object]:
    """Return what stands around the form: where it leads, and what else there is."""
    onward = request.args.get("next", "")
    wanted = {"next": onward} if local(onward, "") else {}
    if _is_asked_again():
        wanted["again"] = "1"
    return {"wanted": wanted, "trouble": "", "wait": "", "again": _is_asked_again()}


def _onward() -> str:
    return local(request.args.get("next", ""), "") or home()


def _is_asked_again() -> bool:
    return "again" in request.args
