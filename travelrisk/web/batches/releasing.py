"""The letters of a batch, looked at in three languages before they leave, and sent when a person says so."""

from typing import Final

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.errors import BadInputError
from travelrisk.services.batches import releasing, results
from travelrisk.services.batches.releasing import Which
from travelrisk.services.letters import correspondence
from travelrisk.store.batch_rows import Standing
from travelrisk.telling.foreign import visible
from travelrisk.web.batches.pages import blueprint, open_to_units, viewer
from travelrisk.web.batches.showing import shown
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import MOVED, UNUSABLE, page
from travelrisk.web.languages import NAMES, here
from travelrisk.web.parts import application

_WORDS: Final = {each.value for each in Which}


@blueprint.get("/batches/<reference>/letters")
@open_to_units
def letters(reference: str) -> ResponseReturnValue:
    """Show one letter of each kind that waits as it would be sent, in every language; nothing is sent."""
    app, me = application(), viewer()
    progress = results.progress(app, me, reference)
    samples = []
    for standing in Standing:
        for row in results.rows(app, me, reference, standing=standing, limit=1, with_letter=True):
            if row.trip is not None and row.advisory is not None:
                written = correspondence.preview(app, row.trip.reference)
                samples.append((standing, row.trip, [(NAMES[each], each, written[each]) for each in NAMES]))
    return page(
        "batches/letters.html", batch=progress.batch, name=visible(progress.batch.name), samples=samples
    )


@blueprint.post("/batches/<reference>/send")
@open_to_units
def send(reference: str) -> ResponseReturnValue:
    """Let the letters leave that were looked at."""
    app, me, which = application(), viewer(), request.form.get("which", "")
    if which not in _WORDS:
        return shown(reference, UNUSABLE, Fault("letters", "batch_which"))
    if request.form.get("seen") != seen(results.progress(app, me, reference)):
        return shown(reference, MOVED, Fault("letters", "batch_more_letters"))
    try:
        releasing.release(app, me, reference, Which(which))
    except BadInputError:
        return shown(reference, MOVED, Fault("batch", "batch_more_letters"))
    flash("batch_released")
    return redirect(here("batches.one", reference=reference), 303)


@blueprint.app_template_filter("seen")
def seen(progress: results.Progress) -> str:
    """Return what somebody has seen who presses the button: how many clearances and warnings."""
    return f"{progress.letters.clearances}-{progress.letters.warnings}"
