"""The accounts of others, for administrators: made, changed, closed, and given a password."""

from collections.abc import Iterable

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue
from wtforms import EmailField, SelectMultipleField, StringField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.errors import BadInputError, ForbiddenError
from travelrisk.domain.people import Act, Person, Role
from travelrisk.mail.addresses import address
from travelrisk.services.people import accounts, passwords, roles
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import blueprint, done, refused, role_label, shown
from travelrisk.web.forms import Form
from travelrisk.web.languages import language
from travelrisk.web.parts import application

_FORM = "desk/person.html"
_ALONE = "error_left_alone"
_WHY = "administrators look after the accounts of the desk"
_open_to_administrators = open_to(Act.MANAGE_PEOPLE, _WHY)
_open_to_deciders = open_to(Act.MANAGE_PEOPLE, "a second administrator confirms what gives power", fresh=True)


class PersonForm(Form):
    """Name, address, office and roles; the address is asked for once and then stays."""

    name = StringField(render_kw={"autocomplete": "off", "maxlength": accounts.LONGEST_NAME})
    email = EmailField(render_kw={"autocomplete": "off", "maxlength": 254})
    unit = StringField(render_kw={"autocomplete": "off", "maxlength": accounts.LONGEST_NAME})
    roles = SelectMultipleField(choices=[role.value for role in Role])

    @property
    def chosen(self) -> frozenset[Role]:
        """The roles that are ticked."""
        known = {role.value: role for role in Role}
        return frozenset(known[word] for word in self.roles.data or () if word in known)


@blueprint.get("/people")
@_open_to_administrators
def everybody() -> ResponseReturnValue:
    """List the accounts."""
    app = application()
    known = accounts.everybody(app)
    return render_template(
        "desk/people.html",
        people=known,
        names={each.id: each.name for each in known},
        waiting=[(each, _in_words(each.roles)) for each in roles.waiting(app)],
        me=who.person().id,
        roles=_labels(),
    )


@blueprint.post("/people/roles/<int:number>/confirm")
@_open_to_deciders
def confirm_roles(number: int) -> ResponseReturnValue:
    """Give the roles that another administrator asked for."""
    try:
        given = roles.confirm(application(), number, by=who.person().id)
    except ForbiddenError:
        return _told("error_not_confirmed")
    return done("desk.person", "done_roles_confirmed", person_id=given.id)


@blueprint.post("/people/roles/<int:number>/decline")
@_open_to_administrators
def decline_roles(number: int) -> ResponseReturnValue:
    """Refuse the roles that an administrator asked for, or take them back."""
    roles.decline(application(), number, by=who.person().id)
    return _told("done_roles_declined")


def _told(confirmation: str) -> Response:
    return done("desk.everybody", confirmation)


@blueprint.route("/people/new", methods=["GET", "POST"])
@_open_to_administrators
def new_person() -> ResponseReturnValue:
    """Make an account; its password comes afterwards, or never."""
    form = PersonForm()
    if not form.is_submitted():
        return shown(_FORM, form, **_around(None))
    wrong = _wrong_in(form) or _wrong_address(form)
    if wrong:
        return refused(_FORM, form, wrong[0], wrong[1], **_around(None))
    made = accounts.add(
        application(),
        name=form.name.data,
        email=form.email.data,
        roles=form.chosen,
        unit=form.unit.data or "",
        by=who.person().id,
    )
    return done("desk.person", "done_person_added", person_id=made.id)


@blueprint.route("/people/<person_id>", methods=["GET", "POST"])
@_open_to_administrators
def person(person_id: str) -> ResponseReturnValue:
    """Show an account, or change it; nobody changes their own roles."""
    known = accounts.by_id(application(), person_id)
    form = PersonForm()
    if not form.is_submitted():
        form.name.data, form.unit.data = known.name, known.unit
        form.roles.data = [role.value for role in known.roles]
        return shown(_FORM, form, **_around(known))
    is_mine = known.id == who.person().id
    wrong = _wrong_in(form, with_roles=not is_mine and not _held(known.id))
    if wrong:
        return refused(_FORM, form, wrong[0], wrong[1], **_around(known))
    try:
        accounts.change(
            application(),
            known.id,
            name=form.name.data,
            unit=form.unit.data or "",
            roles=None if is_mine else form.chosen,
            by=who.person().id,
        )
    except BadInputError:
        return refused(_FORM, form, form.roles, _ALONE, **_around(known))
    return done("desk.person", "done_person_changed", person_id=known.id)


@blueprint.post("/people/<person_id>/password")
@_open_to_administrators
def invent_password(person_id: str) -> ResponseReturnValue:
    """Make a password that nobody could guess, and show it once; it stands in no address and no cookie."""
    known = accounts.by_id(application(), person_id)
    if known.is_machine or not known.is_active or known.id == who.person().id:
        return _not_done(known)
    invented = passwords.invented()
    try:
        accounts.set_password(application(), known.id, invented, by=who.person().id)
    except BadInputError:
        return _left_alone(known)
    held = _in_words(_held(known.id))
    return render_template("desk/new_password.html", person=known, password=invented, held=held)


@blueprint.post("/people/<person_id>/close")
@_open_to_administrators
def close_account(person_id: str) -> ResponseReturnValue:
    """Close the account of somebody who left."""
    known = accounts.by_id(application(), person_id)
    if known.id == who.person().id:
        return _not_done(known)
    try:
        accounts.close(application(), known.id, by=who.person().id)
    except BadInputError:
        return _left_alone(known)
    return done("desk.person", "done_account_closed", person_id=known.id)


@blueprint.post("/people/<person_id>/reopen")
@_open_to_administrators
def reopen_account(person_id: str) -> ResponseReturnValue:
    """Open a closed account again."""
    known = accounts.by_id(application(), person_id)
    if known.id == who.person().id:
        return _not_done(known)
    accounts.reopen(application(), known.id, by=who.person().id)
    return done("desk.person", "done_account_reopened", person_id=known.id)


def _wrong_in(form: PersonForm, *, with_roles: bool = True) -> tuple[StringField, str] | None:
    for field in (form.name, form.unit):
        if not accounts.is_line(field.data or "") and (field is form.name or (field.data or "").strip()):
            return field, "error_name"
    return (form.roles, "error_no_role") if with_roles and not form.chosen else None


def _wrong_address(form: PersonForm) -> tuple[StringField, str] | None:
    try:
        written = address(form.email.data or "").addr_spec.casefold()
    except BadInputError:
        return form.email, "error_email"
    taken = any(each.email == written for each in accounts.everybody(application()))
    return (form.email, "error_email_taken") if taken else None


def _not_done(known: Person) -> Response:
    """Show the account again: this cannot be done with it, as its page would have said."""
    return make_response(shown(_FORM, _form_of(known), **_around(known)), 409)


def _left_alone(known: Person) -> ResponseReturnValue:
    """Say that whoever asks would be the only administrator, who could then give power alone."""
    form = _form_of(known)
    return refused(_FORM, form, form.roles, _ALONE, **_around(known))


def _form_of(known: Person) -> PersonForm:
    form = PersonForm(formdata=None, data={"name": known.name, "unit": known.unit})
    form.roles.data = [role.value for role in known.roles]
    return form


def _around(known: Person | None) -> dict[str, object]:
    mine = known is not None and known.id == who.person().id
    held = _in_words(_held(known.id)) if known else []
    return {"person": known, "is_mine": mine, "roles": _labels(), "held": held}


def _in_words(held: Iterable[Role]) -> list[str]:
    return [role_label(each, language()) for each in sorted(held)]


def _held(person_id: str) -> frozenset[Role]:
    """Return the roles that wait for a second administrator."""
    waiting = (each.roles for each in roles.waiting(application()) if each.person_id == person_id)
    return frozenset().union(*waiting)


def _labels() -> dict[Role, str]:
    return {role: role_label(role, language()) for role in Role}
