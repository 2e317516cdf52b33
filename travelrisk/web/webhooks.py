"""Addresses that are told of new answers, for administrators: a secret is shown once and in no address."""

import json
from typing import Final

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import Field, StringField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Act
from travelrisk.services.people import accounts
from travelrisk.services.webhooks import managing
from travelrisk.services.webhooks.managing import OfficeFullError, Shown
from travelrisk.store.webhooks import Webhook
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import done, refused, shown
from travelrisk.web.forms import Form
from travelrisk.web.languages import here
from travelrisk.web.parts import application

blueprint = Blueprint("webhooks", __name__)

_FORM: Final = "webhooks/new.html"
_LONGEST_URL: Final = 500
_ONE: Final = "/programs/webhooks/<int(max=2147483647):number>"
_open_to_administrators = open_to(
    Act.MANAGE_PROGRAMS, "administrators look after the addresses that are told of new answers"
)
_open_to_makers = open_to(
    Act.MANAGE_PROGRAMS, "an address is told of the answers of an office for as long as it stands", fresh=True
)


class WebhookForm(Form):
    """An address that is wanted."""

    url = StringField(render_kw={"autocomplete": "off", "inputmode": "url", "maxlength": _LONGEST_URL})
    office = StringField(render_kw={"autocomplete": "off", "maxlength": accounts.LONGEST_NAME})


@blueprint.route("/programs/webhooks/new", methods=["GET", "POST"])
@_open_to_makers
def new() -> ResponseReturnValue:
    """Add an address, and show its secret this once."""
    app, form = application(), WebhookForm()
    if not app.facts.secret:
        return redirect(here("programs.everything"), 303)  # which says what is missing
    if not form.is_submitted():
        return shown(_FORM, form)
    wrong = _wrong_in(form)
    if wrong is not None:
        return refused(_FORM, form, *wrong)
    try:
        added = managing.add(app, form.office.data.strip(), form.url.data, who.person().id)
    except OfficeFullError:
        return refused(_FORM, form, form.office, "error_webhook_full")
    except BadInputError:
        return refused(_FORM, form, form.url, "error_webhook_url")
    return _secret_page(added)


@blueprint.get(_ONE)
@_open_to_administrators
def one(number: int) -> ResponseReturnValue:
    """Show an address with the newest messages to it; of a message its kind, and no trip."""
    messages = managing.messages(application(), number)
    kinds = {each.id: json.loads(each.body)["type"] for each in messages}
    return render_template("webhooks/one.html", webhook=_known(number), messages=messages, kinds=kinds)


@blueprint.post(f"{_ONE}/rotate")
@_open_to_makers
def rotate(number: int) -> ResponseReturnValue:
    """Give an address another secret, and show it this once."""
    try:
        return _secret_page(managing.rotate(application(), number, who.person().id))
    except NotFoundError:  # it was removed meanwhile, as its page says
        return _gone(number)


@blueprint.post(f"{_ONE}/remove")
@_open_to_administrators
def remove(number: int) -> ResponseReturnValue:
    """Tell an address nothing more; nobody has to sign in again to stop one."""
    if _known(number).ended_at is None:
        managing.remove(application(), number, who.person().id)
    return done("programs.everything", "done_webhook_removed")


@blueprint.post(f"{_ONE}/test")
@_open_to_administrators
def test(number: int) -> ResponseReturnValue:
    """Send an address a message that means nothing."""
    try:
        managing.try_out(application(), number)
    except NotFoundError:
        return _gone(number)
    return done("webhooks.one", "done_webhook_queued", number=number)


@blueprint.post(f"{_ONE}/messages/<int(max=2147483647):message>/replay")
@_open_to_administrators
def replay(number: int, message: int) -> ResponseReturnValue:
    """Send a message again, under its own id."""
    try:
        managing.replay(application(), number, message)
    except NotFoundError:
        return _gone(number)
    return done("webhooks.one", "done_webhook_queued", number=number)


def _wrong_in(form: WebhookForm) -> tuple[Field, str] | None:
    """Return the first field that cannot be used, with the key of what to say."""
    if not managing.names_host(application(), form.url.data or ""):
        return form.url, "error_webhook_url"
    return None if accounts.is_line(form.office.data or "") else (form.office, "error_program_office")


def _known(number: int) -> Webhook:
    found = next((each for each in managing.everything(application()) if each.id == number), None)
    if found is None:
        raise NotFoundError(f"there is no webhook {number}")
    return found


def _gone(number: int) -> ResponseReturnValue:
    """Show an address that is told nothing any more; where there is none, that is not there."""
    return make_response(one(number), 409)


def _secret_page(shown_once: Shown) -> str:
    return render_template("webhooks/secret.html", webhook=shown_once.webhook, secret=shown_once.secret)
