"""Tables of travel agencies, CSV and XLSX: one row a segment, the rows of one booking one draft.

A CSV is read as a stream, several times: for its headings, for the order of its dates, for the bookings that
stand in several places, and for its rows; so memory does not grow with the file, and what is wrong with it
shows before the first draft is handed over.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.places import Atlas
from travelrisk.intake.bookings import Line, Lines, drafts_of
from travelrisk.intake.delimited import delimited_rows
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.headings import column_of
from travelrisk.intake.limits import CHUNK_DRAFTS
from travelrisk.intake.outside import Outsider, Outsiders, told
from travelrisk.intake.rows import BookingKey, Columns, Row, RowReader
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.workbook import sheets_of

Rows = Callable[[], Iterable[Row]]
"""Gives the rows of a table anew each time it is called."""

_HEAD_ROWS = 20  # agencies put titles and dates above the headings
_NUMERIC = re.compile(r"\s*([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-](?:20)?[0-9]{2})?(?![0-9])")
_DAYS, _MONTHS = 31, 12


@dataclass(frozen=True, slots=True)
class _Part:
    """A sheet, or the whole of a CSV file.

    Attributes:
        rows: all of them, those above the headings included.
        columns: None where no row looks like headings.
        label: what to put before the number of a row: empty, or the name of the sheet.
    """

    rows: Rows
    columns: Columns | None
    label: str = ""

    @property
    def complaint(self) -> str:
        """Say why the rows cannot be read; empty if they can."""
        return (
            self.columns.complaint
            if self.columns
            else "has no row of headings: name the columns in the first row"
        )

    def outside(self) -> Iterable[Row]:
        """Give the rows that no headings explain: those above them, or all."""
        head = self.columns.row if self.columns and not self.complaint else None
        return self.rows() if head is None else islice(self.rows(), head - 1)

    def lines(self, reader: RowReader) -> Iterator[Line]:
        """Give the rows under the headings, each with its booking."""
        above: BookingKey | None = None
        for row in _below(self.rows(), reader.columns):
            above = reader.key(row, above)
            yield Line(above, row, reader)


class Table:
    """Reads CSV files and workbooks; the columns say what a cell is, so nothing has to be looked up."""

    name = "table"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        """Take the tables that every reader is given."""
        self._reader = partial(RowReader, atlas=atlas, book=book)
        self._outsiders = Outsiders(atlas, book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is a table."""
        return form_of(document) in {Form.CSV, Form.XLSX}

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a table in chunks; rows that cannot be read are named with their number, never dropped."""
        form = form_of(document).value
        name = document.name or "The table"
        try:
            yield from self._read(form, name, _parts(form, document.content))
        except BadInputError as error:
            # Beside other documents it must be told; alone, its reason says it already.
            told_beside = (f"{name}: {error}",) if document.depth else ()
            yield refused(form, f"{name}: {error}", told_beside)

    def _read(self, form: str, name: str, parts: Sequence[_Part]) -> Iterator[Reading]:
        tables = [part for part in parts if not part.complaint]
        if not tables:
            yield self._without_headings(form, name, parts)
            return
        readers = [self._reader_of(part) for part in tables]

        def lines() -> Iterator[Line]:
            return chain.from_iterable(
                part.lines(reader) for part, reader in zip(tables, readers, strict=True)
            )

        outsiders = [each for part in parts for each in self._outsiders.among(part.outside(), part.label)]
        nobodys, claimed = _owned(outsiders, lines)
        drafts = (_with_unread(draft, nobodys, claimed) for draft in drafts_of(lines))
        nothing = f"{name} has headings and no flights under them"
        chunk = list(islice(drafts, CHUNK_DRAFTS))
        yield _chunk_reading(form, chunk, nothing, nobodys)
        while chunk := list(islice(drafts, CHUNK_DRAFTS)):
            yield _chunk_reading(form, chunk, nothing, nobodys)

    def _without_headings(self, form: str, name: str, parts: Sequence[_Part]) -> Reading:
        """Refuse a table, and tell its rows that look like flights: it may come with other documents."""
        if not parts:
            return reading_of(form, (), (), f"{name} is empty")
        outsiders = [each for part in parts for each in self._outsiders.among(part.outside(), part.label)]
        unread = tuple(f"{name}, {line}" for line in told(outsiders))
        return refused(form, f"{name} {parts[0].complaint}", unread)

    def _reader_of(self, part: _Part) -> RowReader:
        if part.columns is None:
            raise BadInputError(part.complaint)
        return self._reader(part.columns, first_is_day=_order_in(part.rows(), part.columns), label=part.label)


def _parts(form: str, content: bytes) -> list[_Part]:
    """Take a document apart into its sheets; empty ones are left out."""
    if form != Form.XLSX:
        rows = partial(delimited_rows, content)
        return [_Part(rows, _columns_in(rows()))]
    sheets = [(title, rows) for title, rows in sheets_of(content).items() if rows]
    return [
        _Part(partial(iter, rows), _columns_in(rows), f"sheet {title} " if len(sheets) > 1 else "")
        for title, rows in sheets
    ]


def _owned(outsiders: Sequence[Outsider], lines: Lines) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]]]:
    """Return what concerns every booking, as nobody knows whose it is, and by locator what names one."""
    if not outsiders:
        return (), {}
    cells = frozenset[str]().union(*(each.cells for each in outsiders))
    locators = {line.key.locator for line in lines() if line.key.locator in cells} - {""}
    claimed = {locator: told([each for each in outsiders if locator in each.cells]) for locator in locators}
    return told([each for each in outsiders if not each.cells & locators]), claimed


def _with_unread(draft: Draft, nobodys: tuple[str, ...], claimed: dict[str, tuple[str, ...]]) -> Draft:
    own = (line for locator in draft.locators for line in claimed.get(locator.code, ()))
    more = (*own, *nobodys)
    return replace(draft, unread=(*draft.unread, *more)) if more else draft


def _chunk_reading(form: str, chunk: list[Draft], nothing: str, nobodys: tuple[str, ...]) -> Reading:
    kept = tuple(draft for draft in chunk if draft.segments)
    loose = tuple(line for draft in chunk if not draft.segments for line in draft.unread)
    return reading_of(form, kept, loose if kept else (*loose, *nobodys), nothing)


def _columns_in(rows: Iterable[Row]) -> Columns | None:
    """Return the row among the first that names most columns."""
    best: Columns | None = None
    for number, cells in islice(rows, _HEAD_ROWS):
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            column = column_of(cell)
            if column:
                places.setdefault(column, place)
        if len(places) > (len(best.places) if best else 0):
            best = Columns(number, tuple(cell.strip() for cell in cells), places)
    return best


def _below(rows: Iterable[Row], columns: Columns) -> Iterator[Row]:
    """Yield the rows under the headings that are not empty."""
    return ((number, cells) for number, cells in rows if number > columns.row and any(map(str.strip, cells)))


def _order_in(rows: Iterable[Row], columns: Columns) -> bool | None:
    """Return whether ``12/11`` begins with the day, as days beyond 12 show; None = none does."""
    day_first = month_first = False
    for _, cells in _below(rows, columns):
        for column in ("departs", "arrives"):
            match = _NUMERIC.match(columns.cell(cells, column))
            first, second = (int(match[1]), int(match[2])) if match else (0, 0)
            day_first |= second <= _MONTHS < first <= _DAYS
            month_first |= first <= _MONTHS < second <= _DAYS
    return day_first if day_first != month_first else None
