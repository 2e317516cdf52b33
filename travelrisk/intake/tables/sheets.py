"""A sheet of a workbook, or the whole of a CSV file: its headings, and what each row under them is.

Under the headings stand flights, but also totals, page numbers, footnotes, and the headings again where a
page ended. A row with a place or a date is a flight, however much of it is missing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from travelrisk.domain.columns import ColumnMapping
from travelrisk.intake.tables.annotations import Annotation
from travelrisk.intake.tables.bookings import Line
from travelrisk.intake.tables.columns import Columns, Row, meant_by
from travelrisk.intake.tables.dateorder import DateOrder
from travelrisk.intake.tables.daycells import clock_of_cell, day_cell
from travelrisk.intake.tables.outside import Outsider, Outsiders
from travelrisk.intake.tables.rows import BookingKey, RowReader
from travelrisk.intake.tables.strays import shown

Rows = Callable[[], Iterable[Row]]
"""Gives the rows of a table anew each time it is called."""

Mappings = Sequence[ColumnMapping]

HEAD_ROWS = 20  # agencies put titles and dates above the headings
HEADINGS = 3  # as many cells that are headings make a row of them
_DAY_OF = {
    "origin": "departs",
    "departs_at": "departs",
    "destination": "arrives",
    "arrives_at": "arrives",
}
"""Headings such as "Departure" and "Abflug" stand over a place, a time, or the day as well."""
_TIME_OF = {
    "origin": "departs_at",
    "departs": "departs_at",
    "destination": "arrives_at",
    "arrives": "arrives_at",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows that share their headings.

    Attributes:
        rows: all of them, those above the headings included.
        columns: None where no row looks like headings.
        label: what to put before the number of a row: empty, or the name of the sheet.
        annotations: what is written beside the cells.
        mappings: what was said of headings such as these.
    """

    rows: Rows
    columns: Columns | None
    label: str = ""
    annotations: tuple[Annotation, ...] = ()
    mappings: tuple[ColumnMapping, ...] = ()

    @property
    def complaint(self) -> str:
        """Say why the rows cannot be read; empty if they can."""
        return (
            self.columns.complaint
            if self.columns
            else "has no row of headings: name the columns in the first row"
        )

    def outside(self, outsiders: Outsiders) -> Iterator[Outsider]:
        """Yield what no headings explain and what belongs to no row, as far as it may change a flight."""
        head = self.columns.row if self.columns and not self.complaint else None
        rows = self.rows() if head is None else islice(self.rows(), head - 1)
        yield from outsiders.among(rows, self.label)
        if self.columns and self.columns.mapping and outsiders.flight(self.columns.headings):
            name = f"{self.label}row {self.columns.row}"
            yield Outsider(name, "it is taken for the headings and looks like a flight")
        for each in self.annotations:
            is_beside_a_row = each.row > head if head is not None else False
            if not is_beside_a_row and not outsiders.notes.is_noise([each.text]):
                yield _annotated(self.label, each)

    def lines(self, reader: RowReader, outsiders: Outsiders) -> Iterator[Line]:
        """Yield the rows that may be flights, each with its booking and what is written beside it."""
        beside = self._beside(outsiders)
        above: BookingKey | None = None
        for found in self._under(reader, outsiders):
            if not isinstance(found, Outsider):
                row, under = found
                above = under.key(row, above)
                remarks = (f"{each.place}: {shown(each.text)}" for each in beside.get(row[0], ()))
                yield Line(above, row, under, remarks=tuple(remarks))

    def notes(self, reader: RowReader, outsiders: Outsiders) -> Iterator[Outsider]:
        """Yield what stands among the rows, or beside rows without a flight, and may change any flight."""
        beside = self._beside(outsiders)
        for found in self._under(reader, outsiders):
            if isinstance(found, Outsider):
                yield found
            else:
                beside.pop(found[0][0], None)
        yield from (_annotated(self.label, each) for rest in beside.values() for each in rest)

    def order(self, columns: Columns) -> bool | None:
        """Return whether ``12/11`` begins with the day, as the rows show; None = unsure.

        What somebody said of these headings decides where the table shows nothing, and never against it.
        """
        order = DateOrder(columns)
        for _, cells in _below(self.rows(), columns):
            order.look_at(cells)
        return order.first_is_day

    def _under(self, reader: RowReader, outsiders: Outsiders) -> Iterator[tuple[Row, RowReader] | Outsider]:
        """Take the rows under the headings one by one; headings of another order change the reader."""
        for row in _below(self.rows(), reader.columns):
            number, cells = row
            if reader.is_flight(cells):
                yield row, reader
            elif again := self._headings_in(row):
                if again.headings == reader.columns.headings:
                    continue
                if again.complaint:
                    yield Outsider(reader.named(number), f"these headings cannot be used: {again.complaint}")
                else:
                    reader = reader.under(again, first_is_day=self.order(again))
            elif outsiders.flight(cells) or not outsiders.notes.is_noise(cells):
                yield self._note(row, reader, outsiders) or (row, reader)

    def _headings_in(self, row: Row) -> Columns | None:
        """Return the columns that a row further down names anew; None where it is no row of headings."""
        found = _columns(*row, self.mappings)
        return _by_content(found, self.rows, self.mappings) if len(found.places) >= HEADINGS else None

    def _beside(self, outsiders: Outsiders) -> dict[int, list[Annotation]]:
        """Return what is written beside rows under the headings, by the number of the row."""
        beside: dict[int, list[Annotation]] = {}
        for each in self.annotations:
            if self.columns and each.row > self.columns.row and not outsiders.notes.is_noise([each.text]):
                beside.setdefault(each.row, []).append(each)
        return beside

    @staticmethod
    def _note(row: Row, reader: RowReader, outsiders: Outsiders) -> Outsider | None:
        """Return a row that may change any flight; a flight in one cell belongs to the booking above."""
        number, cells = row
        if reader.names_booking(cells) or outsiders.flight(cells):
            return None
        return outsiders.note(reader.named(number), " ".join(cells))


def columns_in(rows: Rows, mappings: Mappings = ()) -> Columns | None:
    """Return the row among the first that names most columns, or one that a mapping is for.

    Raises:
        BadInputError: a mapping for this table may not be used.
    """
    best: Columns | None = None
    for number, cells in islice(rows(), HEAD_ROWS):
        found = _columns(number, cells, mappings)
        if found.mapping:
            best = found
            break
        if len(found.places) > (len(best.places) if best else 0):
            best = found
    return _by_content(best, rows, mappings) if best else None


def columns_at(sheet: Sheet, number: int) -> Columns | None:
    """Return the columns that a row names, whatever stands in it."""
    row = next((row for row in sheet.rows() if row[0] == number), None)
    return _by_content(_columns(*row, sheet.mappings), sheet.rows, sheet.mappings) if row else None


def _by_content(columns: Columns, rows: Rows, mappings: Mappings) -> Columns:
    """Return the columns anew, now that it is known what stands below them."""
    below = [cells for _, cells in islice(_below(rows(), columns), HEAD_ROWS)]
    return _columns(columns.row, columns.headings, mappings, below)


def _columns(
    number: int, cells: Sequence[str], mappings: Mappings, below: Sequence[Sequence[str]] = ()
) -> Columns:
    """Return the columns a row names; those called "Departure" or "Arrival" as what stands *below* them."""
    meanings, said, declared, mapping = meant_by(cells, mappings)
    named = list(meanings)
    for place, column in enumerate(named):
        if place in said:
            continue
        day, at = _DAY_OF.get(column or ""), _TIME_OF.get(column or "")
        cells_below = [row[place] for row in below if place < len(row)]
        if day and day not in named and _are_days(cells_below):
            named[place] = day
        elif at and at not in named and named.count(column) > 1 and _are_times(cells_below):
            named[place] = at  # the place or the day stands in another column
    places: dict[str, int] = {}
    for place in (*sorted(said), *range(len(named))):  # what somebody said comes before our own words
        if column := named[place]:
            places.setdefault(column, place)
    headings = tuple(cell.strip() for cell in cells)
    return Columns(number, headings, meanings, places, declared, mapping)


def _are_days(cells: Iterable[str]) -> bool:
    written = list(filter(str.strip, cells))
    return sum(day_cell(cell).moment.day is not None for cell in written) * 2 > len(written)


def _are_times(cells: Iterable[str]) -> bool:
    written = list(filter(str.strip, cells))
    return bool(written) and all(clock_of_cell(cell) is not None for cell in written)


def _annotated(label: str, annotation: Annotation) -> Outsider:
    text = " ".join(annotation.text.split())
    return Outsider(f"{label}{annotation.place}", shown(text), text)


def _below(rows: Iterable[Row], columns: Columns) -> Iterator[Row]:
    """Yield the rows under the headings that are not empty."""
    return ((number, cells) for number, cells in rows if number > columns.row and any(map(str.strip, cells)))
