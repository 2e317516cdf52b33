"""The calls about files that are screened, as rows of the table."""

from typing import Final

from travelrisk.domain.programs import Scope
from travelrisk.web.api import batches, examples
from travelrisk.web.api.contract.calls import Call
from travelrisk.web.api.models import batches as models

_OWN_BATCHES: Final = "a program sees and brings files of its own office alone; any other is not there"

BATCH_CALLS: Final = (
    Call(
        name="bring_batch",
        method="POST",
        path="/batches",
        tag="batches",
        view=batches.bring,
        answer=models.Batch,
        reason=_OWN_BATCHES,
        scope=Scope.WRITE,
        query=models.BringQuestion,
        takes_file=True,
        is_keyed=True,
        problems=("columns",),
        status=202,
        location="/batches/{batch}",
    ),
    Call(
        name="batches",
        method="GET",
        path="/batches",
        tag="batches",
        view=batches.listing,
        answer=models.Batches,
        reason=_OWN_BATCHES,
        query=models.BatchesQuestion,
        problems=("cursor",),
    ),
    Call(
        name="batch",
        method="GET",
        path="/batches/{id}",
        tag="batches",
        view=batches.one,
        answer=models.Batch,
        reason=_OWN_BATCHES,
        values=models.BatchReference,
    ),
    Call(
        name="batch_results",
        method="GET",
        path="/batches/{id}/results",
        tag="batches",
        view=batches.rows,
        answer=models.BatchResults,
        reason=_OWN_BATCHES,
        query=models.ResultsQuestion,
        values=models.BatchReference,
        problems=("cursor", "unfinished"),
    ),
    Call(
        name="batch_file",
        method="GET",
        path="/batches/{id}/results.{form}",
        tag="batches",
        view=batches.file,
        answer=None,
        reason=_OWN_BATCHES,
        values=models.BatchFile,
        problems=("unfinished",),
        media_types=tuple(batches.TYPES.values()),
    ),
    Call(
        name="release_letters",
        method="POST",
        path="/batches/{id}/release",
        tag="batches",
        view=batches.release,
        answer=models.Released,
        reason=_OWN_BATCHES,
        scope=Scope.WRITE,
        values=models.BatchReference,
        body=models.Release,
        is_keyed=True,
        problems=("unfinished", "letters_changed"),
        examples={"release": examples.RELEASE},
    ),
)
