"""The keys of programs, for administrators: made, renewed, revoked; a key is shown once and in no address."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, Field, SelectField, StringField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act
from travelrisk.domain.programs import Kind, Sight
from travelrisk.services.people import accounts
from travelrisk.services.programs import keys
from travelrisk.services.programs.keys import Given, UnknownOfficeError
from travelrisk.services.webhooks import managing
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import done, refused, shown
from travelrisk.web.forms import Form
from travelrisk.web.languages import here, language
from travelrisk.web.parts import application
from travelrisk.web.words import speaker

blueprint = Blueprint("programs", __name__)

_FORM: Final = "programs/new.html"
_OVERLAP: Final = timedelta(hours=24)
_open_to_administrators = open_to(Act.MANAGE_PROGRAMS, "administrators look after the keys of programs")
_open_to_makers = open_to(
    Act.MANAGE_PROGRAMS, "a key opens the trips of an office for as long as it lives", fresh=True
)


class ProgramForm(Form):
    """A key that is wanted."""

    name = StringField(render_kw={"autocomplete": "off", "maxlength": accounts.LONGEST_NAME})
    office = StringField(render_kw={"autocomplete": "off", "maxlength": accounts.LONGEST_NAME})
    new_office = BooleanField()
    kind = SelectField(default=Kind.TEST.value)
    sight = SelectField(default=Sight.UNIT.value)
    calls = StringField(default="10000", render_kw={"inputmode": "numeric", "maxlength": 9})
    expires = DateField(render_kw={"autocomplete": "off"})

    def in_words(self) -> "ProgramForm":
        """Name the choices in the language of the page."""
        say = speaker(language())
        self.kind.choices = [(each.value, say("program_kind_" + each.value)) for each in Kind]
        self.sight.choices = [(each.value, say("program_sight_" + each.value)) for each in Sight]
        return self

    @property
    def calls_a_day(self) -> int | None:
        """Return how many calls are wanted; None for what is no number that can be had."""
        text = "".join((self.calls.data or "").split())
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= len("10000000") else 0
        return number if 1 <= number <= keys.MOST_CALLS else None

    @property
    def expires_at(self) -> datetime | None:
        """Return when the last day is over in UTC; None where there is none."""
        last: date | None = self.expires.data
        return datetime.combine(last, time(), UTC) + timedelta(days=1) if last else None


@blueprint.get("/programs")
@_open_to_administrators
def everything() -> ResponseReturnValue:
    """List the keys with what became of them."""
    app = application()
    return render_template(
        "programs/list.html",
        programs=keys.everything(app),
        calls=keys.calls_today(app),
        now=app.clock(),
        can_make=app.facts.sealing is not None,
        webhooks=managing.everything(app),
        can_tell=bool(app.facts.secret),
    )


@blueprint.route("/programs/new", methods=["GET", "POST"])
@_open_to_makers
def new_program() -> ResponseReturnValue:
    """Make a key, and show it this once."""
    if application().facts.sealing is None:
        return redirect(here("programs.everything"), 303)  # which says what is missing
    form = ProgramForm().in_words()
    if not form.is_submitted():
        return shown(_FORM, form)
    wrong = _wrong_in(form)
    if wrong is not None:
        return refused(_FORM, form, *wrong)
    try:
        given = keys.create(
            application(),
            name=form.name.data,
            office=form.office.data,
            kind=Kind(form.kind.data),
            sight=Sight(form.sight.data),
            calls_a_day=form.calls_a_day or 1,
            expires_at=form.expires_at,
            is_new_office=form.new_office.data,
            by=who.person().id,
        )
    except UnknownOfficeError as error:
        return refused(_FORM, form, form.office, "error_program_office_unknown", near=error.near)
    return _key_page(given)


@blueprint.post("/programs/<program_id>/rotate")
@_open_to_makers
def rotate(program_id: str) -> ResponseReturnValue:
    """Give a program another key, and show it this once."""
    try:
        given = keys.rotate(application(), program_id, overlap=_OVERLAP, by=who.person().id)
    except BadInputError:  # it was revoked meanwhile, as its line in the list says
        return make_response(everything(), 409)
    return _key_page(given)


@blueprint.post("/programs/<program_id>/revoke")
@_open_to_administrators
def revoke(program_id: str) -> ResponseReturnValue:
    """End a key at once; nobody has to sign in again to stop one that leaked."""
    keys.revoke(application(), program_id, by=who.person().id)
    return done("programs.everything", "done_program_revoked")


def _key_page(given: Given) -> str:
    return render_template("programs/key.html", program=given.program, key=given.key)


def _wrong_in(form: ProgramForm) -> tuple[Field, str] | None:
    """Return the first field that cannot be used, with the key of what to say."""
    now = application().clock()
    is_past = form.expires_at is not None and form.expires_at <= now
    is_no_day = any(form.expires.raw_data or ()) and form.expires.data is None
    faults = (
        (not accounts.is_line(form.name.data or ""), form.name, "error_program_name"),
        (not accounts.is_line(form.office.data or ""), form.office, "error_program_office"),
        (form.calls_a_day is None, form.calls, "error_program_calls"),
        (is_past or is_no_day, form.expires, "error_program_expires"),
        (form.kind.data not in list(Kind), form.kind, "error_program_choice"),
        (form.sight.data not in list(Sight), form.sight, "error_program_choice"),
    )
    return next(((field, error) for is_wrong, field, error in faults if is_wrong), None)
