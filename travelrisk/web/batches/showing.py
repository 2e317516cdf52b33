"""A batch as its page shows it: how far it has come, its rows, problems first, and the letters that wait."""

from typing import Final, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from travelrisk.services.batches import results
from travelrisk.services.batches.results import Progress, Row
from travelrisk.services.batches.told import Told, told
from travelrisk.store.batch_rows import Standing
from travelrisk.store.batches import Batch
from travelrisk.telling.foreign import visible
from travelrisk.web.batches.pages import blueprint, open_to_units, viewer
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.pages import page
from travelrisk.web.languages import language
from travelrisk.web.parts import application

_ON_A_PAGE: Final = 50
_NO_COLUMNS: Final = ("lacks", "headings")


class Shown(NamedTuple):
    """A row as the page shows it; *letter* is the key of the text that says where its letter stands."""

    row: Row
    told: Told
    part: str
    sheet: str
    rows: str
    letter: str


@blueprint.get("/batches/<reference>")
@open_to_units
def one(reference: str) -> ResponseReturnValue:
    """Show a batch of the office."""
    return shown(reference)


def shown(reference: str, status: int = 200, *faults: Fault) -> ResponseReturnValue:
    """Render the page of a batch."""
    app, me = application(), viewer()
    progress = results.progress(app, me, reference)
    wanted = _standing()
    found = progress.counts[wanted] if wanted else progress.rows
    pages = max(1, -(-found // _ON_A_PAGE))
    number = min(max(request.args.get("page", 1, type=int), 1), pages)
    start = (number - 1) * _ON_A_PAGE
    rows = results.rows(app, me, reference, standing=wanted, start=start, limit=_ON_A_PAGE)
    return page(
        "batches/one.html",
        status,
        faults,
        batch=progress.batch,
        name=visible(progress.batch.name),
        progress=progress,
        percent=percent(progress.batch),
        standing=wanted,
        rows=[_shown(each) for each in rows],
        number=number,
        pages=pages,
        is_table=is_table(progress),
    )


def percent(batch: Batch) -> int | None:
    """Return how much of a file was read; None where that cannot be said."""
    if batch.finished_at is not None:
        return 100
    return min(99, batch.at_row * 100 // batch.rows) if batch.rows else None


def is_table(progress: Progress) -> bool:
    """Say whether nothing was read of what may be a table, so that somebody should explain its columns."""
    is_one = progress.batch.name.lower().endswith((".csv", ".xlsx"))
    return is_one and bool(progress.batch.finished_at) and not progress.batch.done


def _standing() -> Standing | None:
    word = request.args.get("standing", "")
    return Standing(word) if word in set(Standing) else None


def _shown(row: Row) -> Shown:
    place = row.result.place
    rows = place.rows.replace(" ", ", ")
    return Shown(row, told(row, language()), visible(place.part), visible(place.sheet), rows, _letter(row))


def _letter(row: Row) -> str:
    if row.trip is None or row.letter is None:
        return "" if row.trip is None else "batch_letter_none"
    if row.letter.state == "queued" and row.is_kept_back:
        return "batch_letter_kept"
    return f"letter_{row.letter.state}"
