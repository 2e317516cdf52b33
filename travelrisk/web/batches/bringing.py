"""The list of an office's batches, and files brought in: kept and answered at once, screened by a worker."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError, BusyError
from travelrisk.intake.document import Document
from travelrisk.intake.limits import LIMITS
from travelrisk.services.batches import accepting, results
from travelrisk.services.trips import mapping
from travelrisk.telling.foreign import visible
from travelrisk.web import who
from travelrisk.web.batches.pages import blueprint, open_to_units, viewer
from travelrisk.web.desk.pages import done
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import UNUSABLE, page
from travelrisk.web.languages import here
from travelrisk.web.parts import application


@blueprint.route("/batches", methods=["GET", "POST"])
@open_to_units
def everything() -> ResponseReturnValue:
    """List what the office had screened, and take files: each becomes a batch of its own."""
    if request.method == "GET":
        return _listed()
    files = [each for each in request.files.getlist("file") if each.filename]
    documents = [Document(each.stream.read(), each.filename or "", each.mimetype or "") for each in files]
    fault = _in_the_way(documents)
    if fault is not None:
        return _listed(UNUSABLE, fault)
    kept = []
    for place, each in enumerate(documents):
        try:
            kept.append(accepting.accept(application(), viewer(), each))
        except BusyError:
            left = ", ".join(visible(one.name) for one in documents[place:])
            return _listed(503, Fault("file", "batch_busy", {"names": left}))
    if len(kept) == 1:
        return done("batches.one", "batch_done", reference=kept[0].reference)
    return done("batches.everything", "batches_done")


@blueprint.post("/batches/<reference>/again")
@open_to_units
def again(reference: str) -> ResponseReturnValue:
    """Have a file screened once more."""
    batch = accepting.again(application(), viewer(), reference)
    return done("batches.one", "batch_done", reference=batch.reference)


@blueprint.post("/batches/<reference>/explain")
@open_to_units
def explain(reference: str) -> ResponseReturnValue:
    """Lead to the page where the unit says what the columns of a table hold."""
    document = accepting.document_of(application(), viewer(), reference)
    sha256 = mapping.bring(application(), who.person(), document.name, document.content)
    return redirect(here("explained.one", sha256=sha256), 303)


def _in_the_way(documents: list[Document]) -> Fault | None:
    if not viewer().office:
        return Fault("file", "batch_no_unit")
    if not documents:
        return Fault("file", "batch_no_file")
    if len(documents) > accepting.MOST_FILES:
        return Fault("file", "batch_too_many", {"most": accepting.MOST_FILES})
    for each in documents:
        try:
            accepting.check(each.name, each.content)
        except BadInputError:
            key = "batch_too_large" if each.content else "batch_file_empty"
            return Fault("file", key, {"name": visible(each.name)})
    return None


def _listed(status: int = 200, *faults: Fault) -> ResponseReturnValue:
    return page(
        "batches/list.html",
        status,
        faults,
        batches=[
            (each, visible(each.name), waiting) for each, waiting in results.newest(application(), viewer())
        ],
        unit=visible(viewer().office),
        most=accepting.MOST_FILES,
        megabytes=min(application().facts.upload_limit, LIMITS.size) // 1_000_000,
    )
