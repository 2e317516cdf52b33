"""One row of an agency's table becomes one segment and its traveller; every cell is text.

A library that guesses types turns the locator 1E5678 into infinity, the carrier NA into nothing and 0707 into
707.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import airport_code, bare_number, folded
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Status, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.tables.carriercells import CarrierCells
from travelrisk.intake.tables.daycells import clock_of_cell, day_cell, is_end_of_day, next_day, time_cell
from travelrisk.intake.tables.placecells import PlaceCells
from travelrisk.intake.tables.strays import NOTHING, Strays, shown
from travelrisk.intake.words.clocks import clock_from
from travelrisk.intake.words.names import traveller_named
from travelrisk.intake.words.states import status_of

Row = tuple[int, list[str]]
"""The number of a row as people count, from 1, and its cells."""

_NEEDED = ("origin", "destination", "departs")
_CALLED = {"departs": "departure date", "flight": "carrier or flight number"}
_LOCATOR = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{5,8}|[A-Z]{6}", re.ASCII)
_TICKET_NAME = re.compile(r"[A-Z][A-Z' -]+/[A-Z][A-Z' -]*", re.ASCII)  # no words of a footnote
_UNSURE_COLUMNS = (
    "carrier",
    "flight",
    "operating",
    "operating_code",
    "operating_flight",
    "origin",
    "destination",
)
_LONGEST_SOURCE = 160
_NO_LOCATOR = NOTHING | {"tba", "tbc", "pending", "unknown"}
_LANGUAGES_BY_NAME: dict[str, Language] = {
    "english": "en",
    "anglais": "en",
    "ingles": "en",
    "french": "fr",
    "francais": "fr",
    "frances": "fr",
    "spanish": "es",
    "espagnol": "es",
    "espanol": "es",
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands.

    Attributes:
        row: number of the row of headings.
        headings: as they stand there.
        places: column -> position, counted from 0.
    """

    row: int
    headings: tuple[str, ...]
    places: dict[str, int]

    @property
    def complaint(self) -> str:
        """Say which columns are missing and which were found; empty if nothing is missing."""
        missing = [column for column in _NEEDED if column not in self.places]
        if not {"carrier", "flight", "operating", "operating_code"} & self.places.keys():
            missing.append("flight")
        if not missing:
            return ""
        wanted = ", ".join(_CALLED.get(column, column) for column in missing)
        found = ", ".join(filter(None, self.headings)) or "nothing"
        noun = "a column" if len(missing) == 1 else "columns"
        return (
            f"lacks {noun} for: {wanted} (row {self.row} has: {found}): add what is missing and send it again"
        )

    def cell(self, row: Sequence[str], column: str) -> str:
        """Return a cell, empty where the row or the table has none."""
        place = self.places.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""


class BookingKey(NamedTuple):
    """What rows of one booking share; *row*, its name, sets apart those without locator and trip."""

    locator: str
    trip: str
    traveller: str
    row: str


class RowReader:
    """Reads the rows of one table.

    Args:
        columns: where what stands.
        atlas, book: tell what cells that no column takes may be.
        first_is_day: whether ``12/11`` begins with the day in this table; None = nothing shows it.
        label: what to put before the number of a row: empty, or the name of the sheet.
    """

    def __init__(
        self, columns: Columns, atlas: Atlas, book: CarrierBook, *, first_is_day: bool | None, label: str = ""
    ) -> None:
        self._columns = columns
        self._atlas = atlas
        self._book = book
        self._places = PlaceCells(atlas)
        self._carriers = CarrierCells(book)
        self._strays = Strays(columns.headings, columns.places, atlas, book)
        self._first_is_day = first_is_day
        self._label = label

    @property
    def columns(self) -> Columns:
        """The columns of the table."""
        return self._columns

    def under(self, columns: Columns, *, first_is_day: bool | None) -> "RowReader":
        """Return the reader for rows under other headings of the same table."""
        return RowReader(columns, self._atlas, self._book, first_is_day=first_is_day, label=self._label)

    def is_flight(self, cells: Sequence[str]) -> bool:
        """Say whether a row holds a place or a day where flights have them, however much is missing."""
        if any(self._places.is_known(self._cell(cells, column)) for column in ("origin", "destination")):
            return True
        departs = self._moment(cells, "departs", "departs_at")
        return departs.day is not None or departs.instant is not None

    def names_booking(self, cells: Sequence[str]) -> bool:
        """Say whether a row has a record locator or a trip, and not words where they should be."""
        return bool(_LOCATOR.fullmatch(self._cell(cells, "locator")) or self._cell(cells, "trip"))

    def key(self, row: Row, above: BookingKey | None) -> BookingKey:
        """Return what the row shares with others of its booking.

        Args:
            row: the row.
            above: the booking of the row above; a row that names no booking of its own goes on with it, and
                so does one that is no flight, as it may be a flight that somebody typed into one cell.
        """
        number, cells = row
        locator, trip = (self._cell(cells, column).upper() for column in ("locator", "trip"))
        locator = "" if folded(locator) in _NO_LOCATOR else locator
        # DOE/JANE MRS and Jane Doe are one traveller: neither the title nor the order of the words counts.
        name = self.traveller(cells)
        person = " ".join(sorted(folded(f"{name.given} {name.surname}".strip() or name.raw_name).split()))
        own = BookingKey(locator, trip, person, "" if locator or trip else self.named(number))
        return above if above and self._goes_on(cells, own, above) else own

    def _goes_on(self, cells: Sequence[str], own: BookingKey, above: BookingKey) -> bool:
        is_flight = any(self._cell(cells, column) for column in ("origin", "destination"))
        if sum(map(bool, map(str.strip, cells))) == 1:
            return True
        is_named = _TICKET_NAME.fullmatch(self._cell(cells, "traveller")) is not None
        if not (is_named or self.names_booking(cells) or self.is_flight(cells)):
            return True  # words in the columns of locator and name
        if own.traveller not in {"", above.traveller}:
            return False
        if not is_flight:
            return True
        is_named = bool(above.locator or above.trip)
        return is_named and own[:2] in {("", ""), above[:2]}

    def named(self, number: int) -> str:
        """Return how a row is called in messages."""
        return f"{self._label}row {number}"

    def segment(self, row: Row) -> DraftSegment:
        """Return the segment of a row; cells that cannot be read stay empty or stay words."""
        number, cells = row
        sold = self._carriers.sold(self._cell(cells, "carrier"), self._cell(cells, "flight"))
        flown = self._carriers.flown(
            *(
                self._cell(cells, each)
                for each in ("operating", "operating_code", "operating_flight", "flight")
            )
        )
        origin, origin_name = self._places.read(self._cell(cells, "origin"))
        destination, destination_name = self._places.read(self._cell(cells, "destination"))
        return DraftSegment(
            marketing_code=sold.code,
            marketing_number=sold.number,
            marketing_name=sold.name,
            operator=flown.name,
            operating_code=flown.code,
            operating_number=flown.number,
            origin=origin,
            origin_name=origin_name,
            destination=destination,
            destination_name=destination_name,
            departs=self._moment(cells, "departs", "departs_at"),
            arrives=self._moment(cells, "arrives", "arrives_at"),
            status=status_of(self._cell(cells, "status")) or Status.UNKNOWN,
            stops=self._stops(cells)[0],
            source=f"{self.named(number)}: {_shown(cells)}",
        )

    def problems(self, row: Row, segment: DraftSegment) -> Iterator[str]:
        """Say what in a row cannot be used."""
        number, cells = row
        if not (segment.origin or segment.origin_name):
            yield f"{self.named(number)}: no origin ({_told(cells)})"
        if not (segment.destination or segment.destination_name):
            yield f"{self.named(number)}: no destination ({_told(cells)})"
        if segment.departs.day is None and segment.departs.instant is None:
            yield f"{self.named(number)}: no date ({_told(cells)})"
        if segment.marketing_number and bare_number(segment.marketing_number) is None:
            yield f"{self.named(number)}: the flight number does not fit the carrier ({_told(cells)})"

    def doubts(self, row: Row, segment: DraftSegment) -> Iterator[str]:
        """Say what in a row may change its flight and was not understood."""
        number, cells = row
        for stray in self._strays.found(cells, segment):
            yield f"{self.named(number)}, {stray}"
        for stop in self._stops(cells)[1]:
            yield f"{self.named(number)}: the stop '{shown(stop)}' is no airport code"
        status = self._cell(cells, "status")
        if status.strip(" -.") and status_of(status) is None:
            yield f"{self.named(number)}: status '{shown(status)}' not understood"
        for column in _UNSURE_COLUMNS:
            cell = self._cell(cells, column)
            if "?" in cell and folded(cell):
                yield f"{self.named(number)}: '{shown(cell)}' is not sure"
        for column, code in (("origin", segment.origin), ("destination", segment.destination)):
            place = self._cell(cells, column)
            if code and self._places.is_two(place, code):
                yield f"{self.named(number)}: '{shown(place)}' names one place and the code of another"
        for cell in self._words_beside_days(cells):
            yield f"{self.named(number)}: '{shown(cell)}' is more than a day and a time"
        if segment.operating_number and bare_number(segment.operating_number) is None:
            yield (
                f"{self.named(number)}: the operating flight '{shown(segment.operating_number)}' does not "
                "fit the operating carrier"
            )

    def traveller(self, cells: Sequence[str]) -> Traveller:
        """Return the traveller of a row."""
        surname, given = self._cell(cells, "surname"), self._cell(cells, "given")
        name = self._cell(cells, "traveller") or f"{given} {surname}".strip()
        known = traveller_named(name, self._cell(cells, "email"))
        language = _language(self._cell(cells, "language"))
        return replace(known, surname=surname or known.surname, given=given or known.given, language=language)

    def _cell(self, cells: Sequence[str], column: str) -> str:
        return self._columns.cell(cells, column)

    def _stops(self, cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes of the stops, and the words that are none."""
        cell = self._cell(cells, "stops")
        if folded(cell) in NOTHING:
            return (), ()
        codes = [airport_code(word) or "" for word in re.split(r"[\s,;/+-]+", cell)]
        if all(self._atlas.candidates(code) for code in codes):
            return tuple(codes), ()
        return (), (cell,)

    def _moment(self, cells: Sequence[str], day_column: str, clock_column: str) -> DraftTime:
        day, written = self._cell(cells, day_column), self._cell(cells, clock_column)
        moment = day_cell(day, first_is_day=self._first_is_day).moment if day else DraftTime()
        if not written:
            return moment
        text = f"{day} {written}".strip()
        if is_end_of_day(written):
            return replace(next_day(moment), text=text)
        at, clock = clock_of_cell(written), clock_from(written)
        if at is None:  # some agencies write date and time into the column of the time
            both = day_cell(written, first_is_day=self._first_is_day).moment
            return both if both.day and both.clock and not moment.clock else moment
        zone, shift = (clock.zone, clock.shift) if clock else ("", None)
        return replace(moment, clock=at, zone=zone, day_shift=shift, text=text)

    def _words_beside_days(self, cells: Sequence[str]) -> Iterator[str]:
        """Yield the cells of days and times that say more than these."""
        for column in ("departs", "arrives"):
            cell = self._cell(cells, column)
            if cell and day_cell(cell, first_is_day=self._first_is_day).rest:
                yield cell
        for column in ("departs_at", "arrives_at"):
            cell = self._cell(cells, column)
            if cell and time_cell(cell) and day_cell(cell, first_is_day=self._first_is_day).rest:
                yield cell


def _language(cell: str) -> Language | None:
    word = folded(cell)
    code = _LANGUAGES_BY_NAME.get(word, word[:2])
    return next((language for language in LANGUAGES if language == code), None)


def _shown(cells: Sequence[str]) -> str:
    return " ".join(filter(None, (" ".join(cell.split()) for cell in cells)))[:_LONGEST_SOURCE]


def _told(cells: Sequence[str]) -> str:
    return shown(_shown(cells))
