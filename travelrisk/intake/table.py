"""Tables of travel agencies, CSV and XLSX: one row a segment, neighbouring rows of one booking one draft.

A CSV is read as a stream, three times: for its headings, for the order of its dates, and for its rows; so
memory does not grow with the file, and what is wrong with it shows before the first draft is handed over.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import groupby, islice
from operator import itemgetter

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Locator
from travelrisk.domain.places import Atlas
from travelrisk.intake.delimited import delimited_rows
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.headings import column_of
from travelrisk.intake.limits import CHUNK_DRAFTS, LIMITS
from travelrisk.intake.rows import BookingKey, Columns, Row, RowReader
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.workbook import sheets_of

Rows = Callable[[], Iterable[Row]]
"""Gives the rows of a table anew each time it is called."""

Reads = Callable[..., RowReader]
"""Makes the reader of one table's rows."""

_HEAD_ROWS = 20  # agencies put titles and dates above the headings
_NUMERIC = re.compile(r"\s*([0-9]{1,2})[/-]([0-9]{1,2})(?:[/-](?:20)?[0-9]{2})?(?![0-9])")
_DAYS, _MONTHS = 31, 12


class Table:
    """Reads CSV files and workbooks; the columns say what a cell is, so nothing has to be looked up."""

    name = "table"

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        """Take the tables that every reader is given."""
        self._reader = partial(RowReader, atlas=atlas, book=book)

    def accepts(self, document: Document) -> bool:
        """Say whether this is a table."""
        return form_of(document) in {Form.CSV, Form.XLSX}

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a table in chunks; rows that cannot be read are named with their number, never dropped."""
        form = form_of(document).value
        name = document.name or "The table"
        try:
            if form == Form.XLSX:
                yield from _read_sheets(form, name, document.content, self._reader)
            else:
                yield from _read(form, name, partial(delimited_rows, document.content), self._reader)
        except BadInputError as error:
            yield refused(form, f"{name}: {error}")


def _read_sheets(form: str, name: str, content: bytes, reader_of: Reads) -> Iterator[Reading]:
    """Read every sheet that has headings; the others hold notes."""
    sheets = [(title, rows) for title, rows in sheets_of(content).items() if rows]
    with_headings = [(title, rows) for title, rows in sheets if not _complaint(_columns_in(rows))]
    for title, rows in with_headings or sheets[:1]:
        label = f"sheet {title} " if len(sheets) > 1 else ""
        yield from _read(form, name, partial(iter, rows), reader_of, label)
    if not sheets:
        yield reading_of(form, (), (), f"{name} is empty")


def _read(form: str, name: str, rows: Rows, reader_of: Reads, label: str = "") -> Iterator[Reading]:
    columns = _columns_in(rows())
    complaint = _complaint(columns)
    if columns is None or complaint:
        yield refused(form, f"{name} {complaint}")
        return
    reader = reader_of(columns, first_is_day=_order_in(rows(), columns), label=label)
    drafts = _drafts(_below(rows(), columns), reader)
    nothing = f"{name} has headings and no flights under them"
    chunk = list(islice(drafts, CHUNK_DRAFTS))
    yield _chunk_reading(form, chunk, nothing)
    while chunk := list(islice(drafts, CHUNK_DRAFTS)):
        yield _chunk_reading(form, chunk, nothing)


def _chunk_reading(form: str, chunk: list[Draft], nothing: str) -> Reading:
    kept = tuple(draft for draft in chunk if draft.segments)
    loose = tuple(line for draft in chunk if not draft.segments for line in draft.unread)
    return reading_of(form, kept, loose, nothing)


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


def _complaint(columns: Columns | None) -> str:
    return columns.complaint if columns else "has no row of headings: name the columns in the first row"


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


def _drafts(rows: Iterable[Row], reader: RowReader) -> Iterator[Draft]:
    for key, group in groupby(_keyed(rows, reader), itemgetter(0)):
        yield _draft(key, (row for _, row in group), reader)


def _keyed(rows: Iterable[Row], reader: RowReader) -> Iterator[tuple[BookingKey, Row]]:
    above: BookingKey | None = None
    for row in rows:
        above = reader.key(row, above)
        yield above, row


def _draft(key: BookingKey, group: Iterator[Row], reader: RowReader) -> Draft:
    first = next(group)
    segments: list[DraftSegment] = []
    unread: list[str] = []
    for row in (first, *islice(group, LIMITS.segments)):
        segment = reader.segment(row)
        problems = list(reader.problems(row, segment))
        unread += [*problems, *reader.doubts(row, segment)]
        if not problems or segment.marketing_number or (segment.origin and segment.destination):
            segments.append(segment)
    if len(segments) > LIMITS.segments:
        more = f"more than {LIMITS.segments} flights in one booking; send it in parts"
        return Draft(unread=(f"{reader.named(first[0])}: {more}",))
    person = reader.traveller(first[1])
    people = (person,) if person.raw_name or person.email else ()
    locators = (Locator(key.locator),) if key.locator else ()
    return Draft(tuple(segments), people, locators, unread=tuple(unread))
