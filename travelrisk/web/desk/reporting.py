"""A safety observation of a traveller: what, when, which carrier; no name is kept unless it is wished."""

from datetime import date

from flask import Response
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, StringField, TextAreaField  # type: ignore[import-untyped] # ships no types

from travelrisk.domain.codes import flight_number
from travelrisk.domain.people import Act
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.desk import notices
from travelrisk.services.naming import carrier_of
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import blueprint, done, refused, shown
from travelrisk.web.focal.subjects import LONGEST, carriers_meant
from travelrisk.web.forms import Form
from travelrisk.web.parts import application

_FORM = "desk/report.html"
_open_to_reporters = open_to(Act.REPORT, "whoever travels for the organisation may say what was not safe")


class ReportForm(Form):
    """Which carrier, which flight, when, and what happened."""

    carrier = StringField(render_kw={"maxlength": LONGEST, "autocomplete": "off"})
    flight = StringField(render_kw={"maxlength": 12, "autocomplete": "off", "spellcheck": "false"})
    day = StringField(render_kw={"type": "date", "autocomplete": "off"})
    text = TextAreaField(render_kw={"maxlength": notices.LONGEST, "rows": 6})
    named = BooleanField()


@blueprint.route("/report", methods=["GET", "POST"])
@_open_to_reporters
def report() -> ResponseReturnValue:
    """Take a safety observation down, for the queue of the focal points."""
    form = ReportForm()
    if not form.is_submitted():
        return shown(_FORM, form, choices=())
    found = carriers_meant(application(), (form.carrier.data or "").strip()[:LONGEST])
    if len(found) != 1:
        return _unclear(form, found)
    for field, is_wrong, error in _checks(form):
        if is_wrong:
            return refused(_FORM, form, field, error, choices=())
    flight = flight_number(form.flight.data or "")
    notices.report(
        application(),
        who.person().id,
        carrier=Subject(SubjectKind.CARRIER, found[0]),
        flight=f"{flight.carrier} {flight.number}{flight.suffix}" if flight else "",
        day=_day(form),
        text=form.text.data or "",
        named=bool(form.named.data),
    )
    return done("desk.report", "done_report")


def _checks(form: ReportForm) -> tuple[tuple[StringField, bool, str], ...]:
    written, day, text = (form.day.data or "").strip(), _day(form), (form.text.data or "").strip()
    unfit_day = bool(written) and (day is None or day > application().clock().date())
    is_flight = not (form.flight.data or "").strip() or flight_number(form.flight.data) is not None
    return (
        (form.flight, not is_flight, "error_flight"),
        (form.day, unfit_day, "error_report_day"),
        (form.text, not text or len(text) > notices.LONGEST, "error_report_text"),
    )


def _unclear(form: ReportForm, found: tuple[str, ...]) -> Response:
    """Ask which carrier is meant; a guess would put the report on somebody else's file."""
    carriers = [carrier for icao in found if (carrier := carrier_of(application(), icao)) is not None]
    choices = [f"{each.icao}: {each.name}, {each.state.code}" for each in carriers]
    error = "error_several_carriers" if choices else "error_no_carrier"
    return refused(_FORM, form, form.carrier, error, choices=choices)


def _day(form: ReportForm) -> date | None:
    try:
        return date.fromisoformat((form.day.data or "").strip())
    except ValueError:
        return None
