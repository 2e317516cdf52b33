"""One's own account: who one is here, where one is signed in, and one's password."""

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import PasswordField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.texts import LANGUAGES
from travelrisk.services.people import accounts, passwords, sign_in
from travelrisk.services.people.sign_in import NotSignedIn
from travelrisk.services.watch import digests
from travelrisk.web import who
from travelrisk.web.access import open_to_people
from travelrisk.web.desk.pages import blueprint, done, invalid, refused, role_label, shown
from travelrisk.web.desk.signing import too_soon, waiting
from travelrisk.web.forms import Form
from travelrisk.web.languages import NAMES, here, language
from travelrisk.web.parts import application

_PASSWORD = "desk/password.html"  # noqa: S105 - a template
_WHY = "everybody sees the own account, and only that"


class PasswordForm(Form):
    """The password that holds, and the one that shall hold."""

    current = PasswordField(render_kw={"autocomplete": "current-password"})
    wanted = PasswordField(render_kw={"autocomplete": "new-password"})


@blueprint.get("/account")
@open_to_people(_WHY)
def account() -> ResponseReturnValue:
    """Show who is signed in, with which roles, and where else."""
    visit = who.visiting()
    return render_template(
        "desk/account.html",
        person=visit.person,
        roles=[role_label(role, language()) for role in sorted(visit.person.roles)],
        sessions=sign_in.sessions_of(application(), visit.person.id),
        mine=visit.session,
        has_password=accounts.has_password(application(), visit.person),
        letters=visit.person.language or application().facts.language,
        tongues=NAMES,
        may_have_digests=bool(visit.person.roles & digests.READERS),
        wants_digests=digests.is_wanted(application(), visit.person.id),
        wants_reports=digests.is_wanted(application(), visit.person.id, "reports"),
    )


@blueprint.post("/account/language")
@open_to_people("it sets the language of one's own letters and nobody else's")
def choose_language() -> ResponseReturnValue:
    """Say in which language one's letters are to be; anything else than one of ours changes nothing."""
    wanted = next((each for each in LANGUAGES if each == request.form.get("letters")), None)
    if wanted is None:
        return redirect(here("desk.account"), 303)
    accounts.set_language(application(), who.person().id, wanted, by=who.person().id)
    return done("desk.account", "done_language")


@blueprint.post("/account/digests")
@open_to_people("it is about the digests to oneself and nobody else")
def choose_digests() -> ResponseReturnValue:
    """Refuse the daily digest, or have it again; anything else than yes or no changes nothing."""
    wanted = {"yes": True, "no": False}.get(request.form.get("digests", ""))
    if wanted is None:
        return redirect(here("desk.account"), 303)
    digests.choose(application(), who.person().id, wanted=wanted)
    return done("desk.account", "done_digests" if wanted else "done_no_digests")


@blueprint.post("/account/reports")
@open_to_people("it is about the reports to oneself and nobody else")
def choose_reports() -> ResponseReturnValue:
    """Refuse the report of the month, or have it again; anything else than yes or no changes nothing."""
    wanted = {"yes": True, "no": False}.get(request.form.get("reports", ""))
    if wanted is None:
        return redirect(here("desk.account"), 303)
    digests.choose(application(), who.person().id, wanted=wanted, kind="reports")
    return done("desk.account", "done_reports" if wanted else "done_no_reports")


@blueprint.post("/account/sessions")
@open_to_people("it ends the own sessions and nobody else's")
def end_sessions() -> ResponseReturnValue:
    """End every session of one's own but this one."""
    sign_in.end_other_sessions(application(), who.visiting().session)
    return done("desk.account", "done_sessions")


@blueprint.route("/account/password", methods=["GET", "POST"])
@open_to_people(_WHY, before_choosing=True)
def password() -> ResponseReturnValue:
    """Change one's own password; every session ends, and a new one begins."""
    form = PasswordForm()
    if not form.is_submitted():
        return shown(_PASSWORD, form, wait="", shortest=passwords.SHORTEST, must=who.visiting().must_choose)
    current, wanted = form.current.data or "", form.wanted.data or ""
    wrong = passwords.fault(wanted, who.person().email)
    if wrong is not None:
        return _refused(form, form.wanted, "error_password_" + wrong)
    if wanted == current:
        return _refused(form, form.wanted, "error_same_password")
    attempt = sign_in.change_password(application(), who.person(), current, wanted, who.place())
    if not isinstance(attempt, NotSignedIn):
        return who.welcome(done("desk.account", "done_password"), attempt.token)
    if attempt.wait:
        again = invalid(_PASSWORD, form, wait=waiting(attempt.wait), shortest=passwords.SHORTEST, must=False)
        return too_soon(again, attempt.wait)
    return _refused(form, form.current, "error_current_password")


def _refused(form: PasswordForm, field: PasswordField, error: str) -> Response:
    must = who.visiting().must_choose
    return refused(_PASSWORD, form, field, error, wait="", shortest=passwords.SHORTEST, must=must)
