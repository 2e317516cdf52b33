"""One's own delegations: given by a focal point, received by an alternate."""

from datetime import timedelta

from flask import Response
from flask.typing import ResponseReturnValue
from wtforms import DateField, Field, SelectField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Delegation, Role
from travelrisk.services.people import accounts, delegations
from travelrisk.web import who
from travelrisk.web.access import open_to_people
from travelrisk.web.desk.pages import blueprint, done, refused, shown
from travelrisk.web.forms import Form
from travelrisk.web.parts import application

_TEMPLATE = "desk/delegations.html"
_WHY = "everybody sees the delegations that they gave or received, and only those"


class DelegationForm(Form):
    """Who acts, and from which day to which."""

    alternate = SelectField(validate_choice=False)
    first = DateField()
    last = DateField()


@blueprint.route("/account/delegations", methods=["GET", "POST"])
@open_to_people(_WHY)
def delegating() -> ResponseReturnValue:
    """Show one's delegations, or make one."""
    form = _form()
    if not form.is_submitted():
        return shown(_TEMPLATE, form, **_around())
    if not _may_delegate():
        return refused(_TEMPLATE, form, form.alternate, "error_only_focal_points", **_around())
    return _delegate(form)


@blueprint.post("/account/delegations/<int:number>/end")
@open_to_people("only who gave or received a delegation can end it; for others it is not there")
def end_delegation(number: int) -> ResponseReturnValue:
    """End a delegation that one gave or received."""
    delegations.end(application(), number, by=who.person().id)
    return done("desk.delegating", "done_delegation_ended")


def _delegate(form: DelegationForm) -> Response:
    wrong = _wrong_in(form)
    if wrong:
        return refused(_TEMPLATE, form, wrong[0], wrong[1], **_around())
    me = who.person().id
    wanted = Delegation(me, form.alternate.data, form.first.data, form.last.data)
    try:
        delegations.delegate(application(), wanted, by=me)
    except BadInputError:  # somebody's role was taken away meanwhile
        return refused(_TEMPLATE, form, form.alternate, "error_no_alternate", **_around())
    return done("desk.delegating", "done_delegation")


def _wrong_in(form: DelegationForm) -> tuple[Field, str] | None:
    first, last = form.first.data, form.last.data
    if form.alternate.data not in {value for value, _ in form.alternate.choices if value}:
        return form.alternate, "error_no_alternate"
    if first is None or last is None:
        return (form.first if first is None else form.last), "error_no_day"
    if last < max(first, application().clock().date()):
        return form.last, "error_ends_too_soon"
    return (form.last, "error_lasts_too_long") if last - first > delegations.LONGEST else None


def _form() -> DelegationForm:
    form = DelegationForm()
    everyone = delegations.alternates(accounts.everybody(application()), but=who.person().id)
    form.alternate.choices = [("", ""), *((each.id, each.name) for each in everyone)]
    if not form.is_submitted():
        form.first.data = application().clock().date()
        form.last.data = form.first.data + timedelta(days=6)
    return form


def _may_delegate() -> bool:
    return Role.FOCAL_POINT in who.person().roles


def _around() -> dict[str, object]:
    me = who.person()
    return {
        "person": me,
        "delegations": delegations.of_person(application(), me.id),
        "may_delegate": _may_delegate(),
    }
