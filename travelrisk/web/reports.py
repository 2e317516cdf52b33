"""The report of a period: each figure as a chart with its table, and as a file. Nobody's name is in it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Act
from travelrisk.services.reports import charting, exporting, reporting, wording
from travelrisk.services.reports.figures import Figure
from travelrisk.services.reports.periods import Named, Period, named
from travelrisk.services.reports.reporting import Report, Sight
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.exchange.pages import download
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import OK, UNUSABLE, page
from travelrisk.web.languages import language
from travelrisk.web.parts import application

blueprint = Blueprint("reports", __name__)

_OWN: Final = "own"
_ALL: Final = "all"
_LONG: Final = 12  # rows: a longer table is folded
_open = open_to(Act.SEE_REPORTS, "travel units see figures of their office, focal points and auditors of all")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form asks for; *name* is that of the period, or ``own``."""

    name: str
    period: Period
    office: str
    faults: tuple[Fault, ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """The same again, for the addresses of the files."""
        days = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        chosen = {"period": self.name, **(days if self.name == _OWN else {})}
        return chosen | ({"office": self.office} if self.office else {})


class Shown(NamedTuple):
    """A figure as the page shows it; *note* says what is left out of it."""

    key: str
    chart: str
    headings: list[str]
    rows: list[list[str]]
    has_total: bool
    is_long: bool
    note: str
    drawn: int


@blueprint.get("/reports")
@_open
def everything() -> ResponseReturnValue:
    """Show every figure of a period."""
    asked, sight = _asked(), _sight()
    choices: dict[str, Any] = {"asked": asked, "names": [*(each.value for each in Named), _OWN]}
    if sight is None:
        return page("reports/list.html", report=None, offices=(), **choices)
    app = application()
    offices = () if sight.is_own else reporting.offices(app)
    report = None if asked.faults else reporting.report(app, sight, asked.period)
    shown = [_shown(each) for each in report.figures] if report else []
    status = UNUSABLE if asked.faults else OK
    more = {"report": report, "shown": shown, "offices": offices, "told": wording.report_words(language())}
    return page("reports/list.html", status, asked.faults, sight=sight, **choices, **more)


@blueprint.get("/reports/<key>.<any(csv, xlsx):form>")
@_open
def file(key: str, form: str) -> ResponseReturnValue:
    """Give one figure, or all of them, as a file."""
    asked, sight = _asked(), _sight()
    if sight is None or asked.faults:
        abort(404)
    report = reporting.report(application(), sight, asked.period)
    figures = _figures(report, key)
    made = exporting.csv_of if form == "csv" else exporting.workbook_of
    first, last = asked.period.first, asked.period.last
    return download(made(figures, language()), f"report-{key}-{first}-{last}.{form}")


def _figures(report: Report, key: str) -> tuple[Figure, ...]:
    try:
        return report.figures if key == _ALL else (report.figure(key),)
    except NotFoundError:
        abort(404)


def _sight() -> Sight | None:
    """Return what whoever asks may see; None for who has no office yet, and is told so."""
    visit = who.visiting()
    office = request.args.get("office", "")
    now = application().clock()
    try:
        return reporting.sight_of(visit.person, now.date(), visit.delegations, office)
    except NotFoundError:
        if not visit.person.unit and not office:
            return None
        abort(404)  # what somebody may not see is not there


def _asked() -> Asked:
    today = application().clock().date()
    name, office = request.args.get("period", Named.LAST_MONTH.value), request.args.get("office", "")
    if name in set(Named):
        return Asked(name, named(Named(name), today), office)
    usual = named(Named.LAST_MONTH, today)
    days = [_day(request.args.get(each, "")) for each in ("from", "to")]
    faults = [
        Fault(each, "reports_error_day") for each, day in zip(("from", "to"), days, strict=True) if not day
    ]
    first, last = (day or usual.first for day in days)
    try:
        return Asked(_OWN, usual if faults else Period(first, last), office, tuple(faults))
    except BadInputError:
        return Asked(_OWN, usual, office, (Fault("to", "reports_error_order"),))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _shown(figure: Figure) -> Shown:
    tongue = language()
    rows = [
        [wording.told(cell, tongue, column) for cell, column in zip(row, figure.columns, strict=True)]
        for row in figure.rows
    ]
    is_cut = figure.drawn == "bars" and len(figure.parts) > charting.MOST_BARS
    return Shown(
        figure.key,
        Markup(charting.chart(figure, tongue)),  # noqa: S704 - made here; every text in it is escaped there
        wording.headings(figure, tongue),
        rows,
        figure.total,
        len(rows) > _LONG,
        wording.report_words(tongue)(figure.note) if figure.note else "",
        charting.MOST_BARS if is_cut else 0,
    )
