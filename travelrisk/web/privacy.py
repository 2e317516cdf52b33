"""The audit trail for those who look after it, and forgetting travellers, for administrators."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import Blueprint, Response, request, stream_with_context
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, ConfigurationError, NotFoundError
from travelrisk.domain.people import Act
from travelrisk.services.application import Application
from travelrisk.services.health import verify_audit
from travelrisk.services.privacy import exporting, forgetting, trailing
from travelrisk.services.privacy.forgetting import Plan
from travelrisk.services.trips import cancelling
from travelrisk.services.watch import checkpoints
from travelrisk.store.audit import Chain
from travelrisk.web import who
from travelrisk.web.access import open_to
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import OK, UNUSABLE, page
from travelrisk.web.parts import application

blueprint = Blueprint("privacy", __name__)

_open_to_auditors = open_to(
    Act.SEE_AUDIT, "auditors and administrators prove the trail; no name stands in it"
)
_open_to_erasers = open_to(Act.ERASE, "administrators erase what is kept about a traveller", fresh=True)
_LONGEST: Final = 254
_LONGEST_ANCHORS: Final = 2000
_TYPES: Final = {"jsonl": "application/x-ndjson", "csv": "text/csv; charset=utf-8"}


@blueprint.route("/audit", methods=["GET", "POST"])
@_open_to_auditors
def audit() -> ResponseReturnValue:
    """Show the newest entry of the trail, and read the whole of it where that is asked for."""
    if request.method == "GET":
        return _audit()
    typed = request.form.get("anchors", "")[:_LONGEST_ANCHORS]
    try:
        anchors = [checkpoints.named(application(), line) for line in typed.splitlines() if line.strip()]
    except BadInputError:
        return _audit(UNUSABLE, None, Fault("anchors", "error_anchor"))
    return _audit(OK, verify_audit(application(), anchors))


@blueprint.get("/audit/export")
@_open_to_auditors
def export() -> ResponseReturnValue:
    """Give the trail as a file, or the days of it that are asked for."""
    app = application()
    if request.args.get("form") == checkpoints.FORM:
        return _checkpoint(app)
    form = next((each for each in trailing.FORMS if each == request.args.get("form")), None)
    try:
        since, until = _moment("since"), _moment("until")
    except ValueError:
        form = None
        since = until = None
    if form is None:
        return _audit(UNUSABLE, None, Fault("since", "error_days"))
    end = until + timedelta(days=1) if until else None
    lines: Iterator[str] = trailing.exported(app, form, since, end)
    answer = Response(stream_with_context(lines), content_type=_TYPES[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="audit.{form}"'
    return answer


def _checkpoint(app: Application) -> ResponseReturnValue:
    try:
        answer = Response(f"{checkpoints.made(app)}\n", content_type="application/jose")
    except ConfigurationError:
        return _audit(UNUSABLE, None, Fault("checkpoint", "error_checkpoint"))
    answer.headers["Content-Disposition"] = 'attachment; filename="audit-checkpoint.jws"'
    return answer


@blueprint.route("/forget", methods=["GET", "POST"])
@_open_to_erasers
def forget() -> ResponseReturnValue:
    """Ask whom to forget, show what would go, and erase it where that is confirmed."""
    whom = request.form.get("whom", "").strip()[:_LONGEST]
    if request.method == "GET":
        return _forget()
    try:
        plan = forgetting.plan(application(), whom)
    except (BadInputError, NotFoundError):
        return _forget(whom, None, Fault("whom", "error_whom"))
    if plan.is_empty:
        return _forget(whom, None, Fault("whom", "error_nothing_kept"))
    faults = tuple(_unconfirmed(plan)) if "erase" in request.form else ()
    if faults or "erase" not in request.form:
        return _forget(whom, plan, *faults)
    for each in plan.upcoming:
        cancelling.cancel_for(application(), each.trip_id, who.person().id)
    forgetting.forget(application(), whom, by=who.person().id)
    return done("privacy.forget", "done_forgotten")


@blueprint.post("/forget/export")
@_open_to_erasers
def hand_over() -> ResponseReturnValue:
    """Give all that is kept about a traveller as a file."""
    whom = request.form.get("whom", "").strip()[:_LONGEST]
    make = exporting.of_person if forgetting.is_address(whom) else exporting.of_trip
    try:
        content = make(application(), whom, by=who.person().id)
    except NotFoundError:
        return _forget(whom, None, Fault("whom", "error_nothing_kept"))
    return packed(content)


def packed(content: bytes) -> Response:
    """Return a ZIP as a file to keep."""
    answer = Response(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="travelrisk-kept.zip"'
    return answer


def _audit(status: int = OK, chain: Chain | None = None, *faults: Fault) -> ResponseReturnValue:
    return page(
        "privacy/audit.html",
        status,
        faults,
        chain=chain,
        newest=trailing.newest(application()),
        anchors=request.form.get("anchors", "")[:_LONGEST_ANCHORS],
        signs=bool(application().facts.secret),
        since=request.args.get("since", "")[:20],
        until=request.args.get("until", "")[:20],
    )


def _forget(whom: str = "", plan: Plan | None = None, *faults: Fault) -> ResponseReturnValue:
    status = UNUSABLE if faults else OK
    return page("privacy/forget.html", status, faults, whom=whom, plan=plan)


def _unconfirmed(plan: Plan) -> Iterator[Fault]:
    if plan.upcoming and not request.form.get("call_off"):
        yield Fault("call_off", "error_still_ahead")
    if not request.form.get("sure"):
        yield Fault("sure", "error_not_sure")


def _moment(name: str) -> datetime | None:
    typed = request.args.get(name, "").strip()
    return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=UTC) if typed else None


@blueprint.app_context_processor
def _links() -> dict[str, object]:
    return {
        "may_see_audit": lambda: who.able(Act.SEE_AUDIT),
        "may_erase": lambda: who.able(Act.ERASE),
    }
