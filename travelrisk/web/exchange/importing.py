"""A table in: brought in, looked at as a whole before anything is written, and drafted as a proposal.

Between the two steps the service keeps the file. How it is to be taken stands in the address, so that what
is drafted is what the page of that address shows.
"""

from dataclasses import dataclass
from typing import Any, Final

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, ForbiddenError, NotFoundError
from travelrisk.screening.effect import Effect
from travelrisk.services.exchange import keeping
from travelrisk.services.exchange.importing import TOO_BAD, Looked, draft, look, weighed, with_problems
from travelrisk.services.exchange.keeping import Upload
from travelrisk.services.exchange.reading import MOST_ROWS
from travelrisk.services.proposals.effect import preview
from travelrisk.services.proposals.weighing import Weighed
from travelrisk.web import who
from travelrisk.web.desk.pages import done
from travelrisk.web.exchange.pages import download, exchange
from travelrisk.web.exchange.told import (
    MOST_TOLD,
    ON_A_PAGE,
    clashes,
    counts_of,
    fault_told,
    problems_in,
    problems_told,
)
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, REFUSED, UNUSABLE, open_to_authors, page
from travelrisk.web.focal.told import pair_told
from travelrisk.web.languages import here
from travelrisk.web.parts import application
from travelrisk.web.ratings.listing import page_of

_DAYS: Final = {"day-first": True, "month-first": False}
_LONGEST_REASON: Final = 2000


@dataclass(frozen=True, slots=True)
class How:
    """How a file is to be taken, as the address says it."""

    dates: str
    is_complete: bool
    over: frozenset[str]

    @property
    def fields(self) -> dict[str, Any]:
        """What the address must say."""
        found: dict[str, Any] = {"dates": self.dates} if self.dates else {}
        found |= {"complete": "1"} if self.is_complete else {}
        return found | ({"over": sorted(self.over)} if self.over else {})


@exchange.route("/import", methods=["GET", "POST"])
@open_to_authors
def imports() -> ResponseReturnValue:
    """Take a file and lead to what it would do."""
    if request.method == "GET":
        return _asked()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _asked(UNUSABLE, Fault("file", "error_no_file"))
    try:
        sha256 = keeping.keep(application(), who.person().id, file.filename, file.stream.read())
    except BadInputError as error:
        return _asked(UNUSABLE, fault_told(error, "file"))
    return redirect(here("exchange.dry_run", sha256=sha256, **_how(request.form).fields), 303)


@exchange.route("/import/<sha256>", methods=["GET", "POST"])
@open_to_authors
def dry_run(sha256: str) -> ResponseReturnValue:
    """Show what a file would do before anything is written, or draft that."""
    app, me, how = application(), who.person(), _how(request.args)
    try:
        upload = keeping.kept(app, me, sha256)
    except NotFoundError:
        return _asked(MOVED, Fault("file", "error_upload_gone"))
    try:
        looked = _looked(upload, how)
    except BadInputError as error:  # readable as a table, and not as what it was said to be
        return _asked(UNUSABLE, fault_told(error, "file"))
    if request.method == "GET":
        return _shown(upload, looked, how)
    fault = _in_the_way(looked)
    if fault is not None:
        return _shown(upload, looked, how, MOVED if fault.key == "error_moved" else UNUSABLE, fault)
    return _drafted(upload, looked, how)


@exchange.get("/import/<sha256>/problems")
@open_to_authors
def problems(sha256: str) -> ResponseReturnValue:
    """Give the file back as it came, with what is wrong in a column of its own."""
    upload = keeping.kept(application(), who.person(), sha256)
    try:
        content = with_problems(_looked(upload, _how(request.args)))
    except BadInputError as error:
        return _asked(UNUSABLE, fault_told(error, "file"))
    ending = upload.name.rpartition(".")[2].lower()
    return download(content, f"problems.{ending}")


def _how(fields: Any) -> How:  # noqa: ANN401 - of an address or of a form
    dates = fields.get("dates", "")
    return How(
        dates if dates in _DAYS else "", fields.get("complete") == "1", frozenset(fields.getlist("over"))
    )


def _looked(upload: Upload, how: How) -> Looked:
    return look(
        application(),
        who.person(),
        upload.name,
        upload.content,
        is_day_first=_DAYS.get(how.dates),
        is_complete=how.is_complete,
        over=how.over,
    )


def _in_the_way(looked: Looked) -> Fault | None:
    """Return why what was looked at is not drafted; the service asks again."""
    reason = request.form.get("reason", "").strip()
    if request.form.get("edition") != str(looked.edition):
        return Fault("reason", "error_moved")
    if not reason:
        return Fault("reason", "error_no_why")
    if len(reason) > _LONGEST_REASON:
        return Fault("reason", "error_too_long", {"longest": _LONGEST_REASON})
    if looked.unusable and not _may_skip(looked):
        return Fault("problems", "error_as_a_whole")
    if looked.unusable and request.form.get("skip") != "1":
        return Fault("skip", "error_skip")
    return None


def _may_skip(looked: Looked) -> bool:
    return not looked.is_too_bad and not looked.compared.ended


def _drafted(upload: Upload, looked: Looked, how: How) -> ResponseReturnValue:
    app, me = application(), who.person()
    try:
        proposal = draft(app, me, looked, request.form["reason"], skip_bad=request.form.get("skip") == "1")
    except ChangedMeanwhileError:
        return _shown(upload, looked, how, MOVED, Fault("reason", "error_moved"))
    except ForbiddenError:
        return _shown(upload, looked, how, REFUSED, Fault("reason", "error_role"))
    except BadInputError as error:
        return _shown(upload, looked, how, UNUSABLE, fault_told(error, "reason"))
    keeping.forget(app, me)
    return done("changes.change", "done_imported", reference=proposal.reference)


def _asked(status: int = 200, *faults: Fault) -> Response:
    return page(
        "exchange/import.html",
        status,
        faults,
        last=keeping.last(application(), who.person()),
        most_rows=MOST_ROWS,
        megabytes=min(application().facts.upload_limit // 1_000_000, 10),
    )


def _shown(upload: Upload, looked: Looked, how: How, status: int = 200, *faults: Fault) -> Response:
    pairs = () if looked.is_too_bad else looked.pairs
    part = page_of(pairs, request.args.get("page", 1, type=int), ON_A_PAGE)
    change, trouble = _weighed(looked)
    return page(
        "exchange/dry_run.html",
        status,
        faults,
        upload=upload,
        looked=looked,
        how=how,
        problems=problems_told(problems_in(looked)),
        more=max(0, len(problems_in(looked)) - MOST_TOLD),
        clashes=clashes(looked),
        part=part,
        pairs=[pair_told(each) for each in part.rows],
        counts=counts_of(pairs),
        weight=change.weight if change else None,
        effect=_effect(change),
        trouble=trouble,
        may_skip=_may_skip(looked),
        too_bad=TOO_BAD,
        reason=request.form.get("reason", ""),
    )


def _weighed(looked: Looked) -> tuple[Weighed | None, Fault | None]:
    """Return what would be proposed, or why those rows do not go together."""
    if looked.is_too_bad or not looked.pairs:
        return None, None
    try:
        return weighed(application(), looked), None
    except BadInputError as error:
        return None, fault_told(error, "reason")


def _effect(change: Weighed | None) -> Effect | None:
    if change is None:
        return None
    try:
        return preview(application(), change.change, viewer=who.person().id)
    except ChangedMeanwhileError:  # published since the lines above; the form says so when it is sent
        return None
