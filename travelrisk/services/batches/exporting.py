"""The results of a batch as a file: the rows that were brought with what came of them, or one line a booking.

A table goes out as it came in, with four columns more; of other files each booking is a row.
"""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Viewer
from travelrisk.domain.shapes import Shape, itinerary_shape
from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.document import Document
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.tables.delimited import delimited_rows, delimiter_of
from travelrisk.intake.tables.workbook import sheets_of
from travelrisk.screening.explain import advisory_shape
from travelrisk.services.application import Application
from travelrisk.services.batches.accepting import document_of
from travelrisk.services.batches.results import Row, every_row, progress
from travelrisk.services.batches.screening import TROUBLES
from travelrisk.services.batches.told import Told, english, told
from travelrisk.services.trips.mapping import mapped
from travelrisk.store.batch_rows import Place
from travelrisk.store.batches import Batch
from travelrisk.telling.cells import harmless
from travelrisk.telling.foreign import visible

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

FORMS: Final = ("csv", "xlsx", "json")
OURS: Final = ("verdict", "reasons", "trip", "problem")
_OWN: Final = ("part", "traveller", "journey")
_LONGEST_CELL: Final = 32_000  # a spreadsheet holds 32,767 characters
_LOOSE: Final = "these lines belong to no booking"

Cells = tuple[str, ...]


class Line(NamedTuple):
    """What is told of a result in a table: all else of it is let go at once, for results are many.

    Attributes:
        place: where the booking stands in the file.
        own: its part, its travellers and its journey.
        ours: verdict, reasons, trip and problems.
    """

    place: Place
    own: Cells
    ours: Cells


class Sheet(NamedTuple):
    """Rows to be written under a name."""

    name: str
    rows: Iterable[Sequence[str]]


def exported(app: Application, viewer: Viewer, reference: str, form: str) -> bytes:
    """Return the results of a batch of the viewer's office as a file.

    Raises:
        NotFoundError: this office has no such batch.
        BadInputError: there is no such form.
    """
    if form not in FORMS:
        raise BadInputError(f"{form} is no form of results: choose {', '.join(FORMS)}")
    if form == "json":
        return b"".join(exported_json(app, viewer, reference))
    lines = [_line(each) for each in every_row(app, viewer, reference)]
    document = _kept(app, viewer, reference)
    if document is not None:
        document = mapped(app, document, viewer.office)
    sheets = _sheets(document, lines)
    return _csv(sheets, _delimiter(document)) if form == "csv" else _workbook(sheets)


def exported_json(app: Application, viewer: Viewer, reference: str) -> Iterator[bytes]:
    """Return the results of a batch as JSON, in pieces.

    Those of ten thousand bookings are a quarter of a gigabyte: whoever gives them to somebody passes them on
    as they come, and breaks off where the database does; what then is there is no JSON.

    Raises:
        NotFoundError: this office has no such batch.
    """
    batch = progress(app, viewer, reference).batch
    return _json(batch_shape(batch), map(row_shape, every_row(app, viewer, reference)))


def batch_shape(batch: Batch) -> Shape:
    """Return what everybody who may see a batch is told of it."""
    return {
        "batch": batch.reference,
        "name": batch.name,
        "made_at": batch.made_at.isoformat(),
        "finished_at": batch.finished_at.isoformat() if batch.finished_at else None,
        "trouble": TROUBLES.get(batch.trouble, batch.trouble),
    }


def row_shape(row: Row) -> Shape:
    """Return one result: where it stands in the file, its trip, and what was found."""
    result, words = row.result, told(row, "en")
    return {
        "part": result.place.part,
        "sheet": result.place.sheet,
        "rows": [int(each) for each in result.place.rows.split()],
        "standing": result.standing.value,
        "verdict": row.advisory.verdict.word if row.advisory else None,
        "outcome": result.outcome.value,
        "change": result.change.value if result.change else None,
        "trip": row.trip.reference if row.trip else None,
        "reasons": list(words.reasons),
        "problems": _problems(row, words),
        "itinerary": itinerary_shape(row.itinerary) if row.itinerary else None,
        "advisory": advisory_shape(row.advisory) if row.advisory else None,
    }


def _json(around: Shape, rows: Iterable[Shape]) -> Iterator[bytes]:
    yield f'{json.dumps(around, ensure_ascii=False)[:-1]}, "results": ['.encode()
    for place, row in enumerate(rows):
        yield f"{',' if place else ''}\n{json.dumps(row, ensure_ascii=False)}".encode()
    yield b"\n]}\n"


def _line(row: Row) -> Line:
    words = told(row, "en")
    own = visible(row.result.place.part), words.who, words.journey
    return Line(row.result.place, own, _ours(row, words))


def _ours(row: Row, words: Told) -> Cells:
    problems = _problems(row, words)
    if row.trip is None and not row.result.reason:
        problems = [_LOOSE, *problems]
    verdict = row.advisory.verdict.word if row.advisory else row.result.standing.value
    reference = row.trip.reference if row.trip else ""
    reasons = sys.intern("\n".join(words.reasons))  # thousands of bookings have the same
    return verdict, reasons, reference, "\n".join(problems)


def _problems(row: Row, words: Told) -> list[str]:
    """Return what somebody has to do about a row: first of all to call whom no letter warns."""
    call = [row.nobody] if row.is_unaddressed else []
    return [*call, *map(english, words.problems)]


def _kept(app: Application, viewer: Viewer, reference: str) -> Document | None:
    """Return the file as it was brought; None where its time is over, for files go sooner than results."""
    try:
        return document_of(app, viewer, reference)
    except NotFoundError:
        return None


def _delimiter(document: Document | None) -> str:
    """Return the delimiter of the file: what opened it, or read it, takes the results apart as well.

    The mark of UTF-8 is written whatever the file had: reasons have accents where its own rows have none, and
    a spreadsheet that meets no mark takes them for other letters.
    """
    is_csv = document is not None and form_of(document) is Form.CSV
    return delimiter_of(document.content, document.mappings) if document and is_csv else ","


def _sheets(document: Document | None, lines: Sequence[Line]) -> list[Sheet]:
    grids = _grids(document) if document and any(each.place.rows for each in lines) else {}
    if document is None or not grids:
        return [Sheet("results", _own(lines))]
    heads = _heads(document)
    loose = [each for each in lines if not each.place.rows]
    sheets = [
        Sheet(name, _beside(grid, heads, _by_row(lines, name, is_only=len(grids) == 1)))
        for name, grid in grids.items()
    ]
    return [*sheets, *([Sheet("problems", _own(loose))] if loose else [])]


def _own(lines: Iterable[Line]) -> Iterator[Sequence[str]]:
    yield (*_OWN, *OURS)
    for line in lines:
        yield (*line.own, *line.ours)


def _grids(document: Document) -> dict[str, list[tuple[int, list[str]]]]:
    """Return the rows of a table that the readers have read before, by sheet."""
    form = form_of(document)
    if form is Form.CSV:
        return {"results": list(delimited_rows(document.content, document.mappings))}
    return sheets_of(document.content) if form is Form.XLSX else {}


def _heads(document: Document) -> frozenset[int]:
    """Return the numbers of the rows of headings."""
    sampled = replace(document, is_sampled=True)
    return frozenset(sample.row for each in read_apart(sampled) for sample in each.samples)


def _by_row(lines: Iterable[Line], sheet: str, *, is_only: bool) -> dict[int, Cells]:
    return {
        int(number): line.ours
        for line in lines
        if is_only or line.place.sheet in {"", sheet}
        for number in line.place.rows.split()
    }


def _beside(
    grid: Sequence[tuple[int, list[str]]], heads: frozenset[int], ours: Mapping[int, Cells]
) -> Iterator[Sequence[str]]:
    """Yield the rows of a table, all equally wide, with what came of each beside it."""
    width = max((len(cells) for _, cells in grid), default=0)
    for number, cells in grid:
        own: Sequence[str] = OURS if number in heads else ours.get(number, ("",) * len(OURS))
        yield (*cells, *("",) * (width - len(cells)), *own)


def _csv(sheets: Sequence[Sheet], delimiter: str) -> bytes:
    content = io.BytesIO()
    with io.TextIOWrapper(content, "utf-8-sig", errors="replace", newline="") as text:
        writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
        for sheet in sheets:
            writer.writerows([harmless(cell) for cell in row] for row in sheet.rows)
        text.flush()
        return content.getvalue()


def _workbook(sheets: Sequence[Sheet]) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - only workbooks need it
    from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE, WriteOnlyCell  # noqa: PLC0415 - as above

    def plain(text: str) -> "Cell":
        cell = WriteOnlyCell(page, value=text)
        cell.data_type = "s"  # else the library makes an error of a text such as #REF!
        return cell

    workbook = Workbook(write_only=True)
    for sheet in sheets:
        page = workbook.create_sheet(sheet.name[:31])
        for row in sheet.rows:
            texts = [harmless(ILLEGAL_CHARACTERS_RE.sub(" ", cell))[:_LONGEST_CELL] for cell in row]
            page.append([plain(text) if text in ERROR_CODES else text or None for text in texts])
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()
