"""Files that a program has screened for its office: brought, watched, read row by row, letters released.

Nobody is written to before that is asked for: by whoever says how many letters were seen to wait, or with the
file itself.
"""

from collections.abc import Sequence
from typing import Any, Final, NoReturn

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.programs import Program
from travelrisk.domain.shapes import itinerary_shape
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.batches import accepting, releasing, results
from travelrisk.services.batches.exporting import exported
from travelrisk.services.batches.headings import Unexplained, unexplained
from travelrisk.services.batches.releasing import Which
from travelrisk.services.batches.results import Progress, Row
from travelrisk.services.batches.screening import TROUBLES
from travelrisk.store.batch_rows import Standing
from travelrisk.store.batches import Batch
from travelrisk.telling.foreign import visible
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.cursors import cursor_of, next_link, parts_of
from travelrisk.web.api.findings import told
from travelrisk.web.api.live import live
from travelrisk.web.api.models.batches import BatchesQuestion, BringQuestion, Release, ResultsQuestion
from travelrisk.web.api.responses import STEPS, judgement, missing, stamp
from travelrisk.web.batches.showing import percent
from travelrisk.web.parts import application
from travelrisk.web.refusals import Fault, RefusedError

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_MOST_PROBLEMS: Final = 20
_MOST_COLUMNS: Final = 50
_LONGEST: Final = 60
_AGAIN_S: Final = 5


def bring(asked: Asked[BringQuestion, None]) -> Told:
    """Take a file; a worker screens it, and touches only what changed since it came before."""
    app, program, file = application(), live(asked.program), asked.brought
    document = Document(file.content, accepting.name_of(file.name), file.media_type)
    try:
        accepting.check(document.name, document.content)
    except BadInputError as error:
        raise RefusedError("too_large", str(error)) from None
    table = unexplained(app, document, program.office)
    if table is not None:
        _ask(table)
    batch = accepting.accept(app, program.viewer, document, keeps_back=asked.query.keep_back)
    return Told(_batch(results.progress(app, program.viewer, batch.reference), ()), 202)


def listing(asked: Asked[BatchesQuestion, None]) -> Told:
    """List the files of the office, page by page."""
    program, wanted = live(asked.program), asked.query
    (before,) = parts_of(wanted.cursor, (int,)) if wanted.cursor else (None,)
    found = results.newest(
        application(), program.viewer, wanted.limit + 1, None if before is None else int(before)
    )
    page = found[: wanted.limit]
    more = cursor_of(page[-1][0].id) if len(found) > len(page) else ""
    shape = {
        "batches": [_listed(batch) | {"letters": letters} for batch, letters in page],
        "cursor": more,
    }
    return Told(shape, headers=next_link(more, limit=wanted.limit))


def one(asked: Asked[Any, None]) -> Told:
    """Tell how far a batch has come."""
    app, viewer, reference = application(), live(asked.program).viewer, asked.values["id"]
    progress = results.progress(app, viewer, reference)
    worst = results.rows(app, viewer, reference, limit=_MOST_PROBLEMS)
    return Told(_batch(progress, [each for each in worst if each.result.standing is not Standing.CLEARED]))


def rows(asked: Asked[ResultsQuestion, None]) -> Told:
    """Tell what came of each booking, page by page."""
    program, wanted, reference = live(asked.program), asked.query, asked.values["id"]
    _screened(program, reference)
    (after,) = parts_of(wanted.cursor, (int,)) if wanted.cursor else (None,)
    found = results.page_of(
        application(),
        program.viewer,
        reference,
        standing=Standing(wanted.standing) if wanted.standing else None,
        after=None if after is None else int(after),
        limit=wanted.limit + 1,
    )
    page = found[: wanted.limit]
    more = cursor_of(page[-1].result.position) if len(found) > len(page) else ""
    shape = {"batch": reference.upper(), "results": [_row(each) for each in page], "cursor": more}
    return Told(shape, headers=next_link(more, limit=wanted.limit, standing=wanted.standing))


def file(asked: Asked[Any, None]) -> Told:
    """Give the rows that were brought with what came of each."""
    program, reference, form = live(asked.program), asked.values["id"], asked.values["form"]
    _screened(program, reference)
    content = exported(application(), program.viewer, reference, form)
    name = f"results-{reference.upper()}.{form}"
    return Told(
        content,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        media_type=TYPES[form],
    )


def release(asked: Asked[Any, Release]) -> Told:
    """Let letters leave that somebody has seen wait."""
    app, program, sent = application(), live(asked.program), asked.sent
    reference = asked.values["id"]
    letters = _screened(program, reference).letters
    if (letters.clearances, letters.warnings) != (sent.clearances, sent.warnings):
        raise RefusedError(
            "letters_changed",
            f"clearances that wait: {letters.clearances}; warnings: {letters.warnings}; none was sent",
        )
    done = releasing.release(app, program.viewer, reference, Which(sent.which))
    return Told({"letters": done.letters, "people": done.people})


def _ask(table: Unexplained) -> NoReturn:
    """Say which columns nobody knows; a person explains them, who sees what is then read of the table."""
    lacking = [
        Fault("body", "/file", "column_missing", f"no column is known to hold this: {each}")
        for each in table.missing
    ]
    unknown = [
        Fault(
            "body",
            f"/file/columns/{place}",
            "column_unknown",
            f"nobody has said what the column {visible(heading)[:_LONGEST]} holds",
        )
        for place, heading in table.unknown[:_MOST_COLUMNS]
    ]
    page = f"{application().facts.base_url}/tables"
    detail = (
        f"row {table.row} is taken for the headings. Somebody of the office says once on {page} what the"
        " columns hold, for all tables with these headings; then send the file again. Nothing of it was kept."
    )
    raise RefusedError("columns", detail, faults=[*lacking, *unknown])


def _screened(program: Program, reference: str) -> Progress:
    """Return a batch that was read to its end: half of it would be taken for the whole."""
    progress = results.progress(application(), program.viewer, reference)
    if progress.batch.finished_at is None:
        raise RefusedError("unfinished", headers={"Retry-After": str(_AGAIN_S)})
    return progress


def _batch(progress: Progress, worst: Sequence[Row]) -> dict[str, Any]:
    letters = progress.letters
    return {
        **_listed(progress.batch),
        "counts": {each.value: progress.counts[each] for each in Standing},
        "waiting": {
            "letters": letters.number,
            "people": letters.people,
            "clearances": letters.clearances,
            "warnings": letters.warnings,
            "people_warned": letters.people_warned,
        },
        "problems": [_row(each) for each in worst],
    }


def _listed(batch: Batch) -> dict[str, Any]:
    state = "given_up" if batch.trouble else "screened" if batch.finished_at else "screening"
    return {
        "batch": batch.reference,
        "name": batch.name,
        "state": state,
        "made_at": stamp(batch.made_at),
        "finished_at": stamp(batch.finished_at) if batch.finished_at else None,
        "percent": percent(batch),
        "bookings": batch.done,
        "trouble": TROUBLES.get(batch.trouble, batch.trouble),
    }


def _row(row: Row) -> dict[str, Any]:
    result, advisory, itinerary = row.result, row.advisory, row.itinerary
    verdict = advisory.verdict if advisory else Verdict.REVIEW
    verdicts = advisory.segment_verdicts if advisory else ()
    return {
        "part": result.place.part,
        "sheet": result.place.sheet,
        "rows": [int(each) for each in result.place.rows.split()],
        "standing": result.standing.value,
        "change": result.change.value if result.change else None,
        "trip": row.trip.reference if row.trip else None,
        "verdict": verdict.word,
        "next_step": STEPS[verdict] if itinerary else "send_again",
        "outcome": result.outcome.value,
        "understood": itinerary_shape(itinerary) if itinerary else None,
        "judged": judgement(advisory) if advisory else None,
        "segments": [None if each is None else each.word for each in verdicts],
        "findings": [told(each) for each in advisory.findings] if advisory else [],
        "missing": list(missing(itinerary)) if itinerary else ["segments"],
        "reason": result.reason,
        "unread": result.unread.splitlines() or (list(itinerary.unread) if itinerary else []),
        "letter": _letter(row),
        "nobody_written_to": row.nobody,
    }


def _letter(row: Row) -> str:
    if row.letter is None:
        return "none"
    return "kept_back" if row.letter.state == "queued" and row.is_kept_back else row.letter.state
