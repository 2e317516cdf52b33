"""The blueprint that the pages of the desk hang on, and what all of them have in common."""

import re
from typing import Final

from flask import Blueprint, Response, flash, make_response, redirect, render_template
from wtforms import Field  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.people import Act, Role
from travelrisk.domain.texts import Language
from travelrisk.web import who
from travelrisk.web.forms import Form
from travelrisk.web.languages import here
from travelrisk.web.words import speaker

blueprint = Blueprint("desk", __name__)

_HOMES: Final = (
    (Act.PROPOSE, "queue.waiting"),
    (Act.APPROVE_EXCEPTION, "queue.waiting"),
    (Act.MANAGE_PEOPLE, "desk.everybody"),
    (Act.SEE_AUDIT, "history.listing"),
    (Act.SEE_DESK, "queue.waiting"),  # an alternate for whom nobody is away
    (Act.SEE_TRIPS, "units.overview"),
    (Act.REQUEST_EXCEPTION, "exceptions.everything"),
)
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}", re.ASCII)  # no backslash: browsers read it as /


def home() -> str:
    """Return the address where the work of whoever is signed in waits."""
    return here(next((endpoint for act, endpoint in _HOMES if who.able(act)), "desk.account"))


def local(address: str, otherwise: str) -> str:
    """Return an address of this site as it is, and *otherwise* for what could lead anywhere else."""
    return address if _LOCAL.fullmatch(address) else otherwise


def refused(template: str, form: Form, field: Field, error: str, **more: object) -> Response:
    """Show a form again with one error; *error* is the key of a text."""
    field.errors = [error]
    return invalid(template, form, **more)


def invalid(template: str, form: Form, **more: object) -> Response:
    """Show a form again with its errors."""
    return make_response(shown(template, form, **more), 422)


def shown(template: str, form: Form, **more: object) -> str:
    """Render a page with a form."""
    form.describe()
    return render_template(template, form=form, **more)


def done(endpoint: str, confirmation: str, **values: object) -> Response:
    """Lead to a page that confirms what was done; *confirmation* is the key of a text."""
    flash(confirmation)
    return make_response(redirect(here(endpoint, **values), 303))


def role_label(role: Role, language: Language) -> str:
    """Return the word for a role."""
    return speaker(language)("role_" + role.value)


@blueprint.app_context_processor
def _desk() -> dict[str, object]:
    return {
        "visit": who.visit,
        "may_manage_people": lambda: who.able(Act.MANAGE_PEOPLE),
        "may_manage_programs": lambda: who.able(Act.MANAGE_PROGRAMS),
        "may_operate": lambda: who.able(Act.OPERATE),
        "may_report": lambda: who.able(Act.REPORT),
    }
