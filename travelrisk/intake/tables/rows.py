"""One row of an agency's table becomes one segment and its traveller; every cell is text.

A library that guesses types turns the locator 1E5678 into infinity, the carrier NA into nothing and 0707 into
707.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import airport_code, bare_number, folded
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Status, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.tables.carriercells import CarrierCells
from travelrisk.intake.tables.columns import Columns, Row
from travelrisk.intake.tables.daycells import day_cell, moment_of, time_cell
from travelrisk.intake.tables.misfits import misfits
from travelrisk.intake.tables.placecells import PlaceCells
from travelrisk.intake.tables.strayheadings import NOTHING
from travelrisk.intake.tables.strays import Strays, shown
from travelrisk.intake.words.names import traveller_named
from travelrisk.intake.words.states import status_of

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
_OF_TRAVELLER = ("traveller", "surname", "given", "email", "language")
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
        self._place_of = columns.places.get
        self._person_places = tuple(map(self._place_of, _OF_TRAVELLER))
        self._atlas = atlas
        self._book = book
        self._places = PlaceCells(atlas)
        self._carriers = CarrierCells(book)
        self._strays = Strays(columns, atlas, book)
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
        is_known = self._places.is_known
        if is_known(self._cell(cells, "origin")) or is_known(self._cell(cells, "destination")):
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
        locator, trip = self._cell(cells, "locator").upper(), self._cell(cells, "trip").upper()
        locator = "" if folded(locator) in _NO_LOCATOR else locator
        # DOE/JANE MRS and Jane Doe are one traveller: neither the title nor the order of the words counts.
        person = self._person(cells).compared
        own = BookingKey(locator, trip, person, "" if locator or trip else self.named(number))
        return above if above and self._goes_on(cells, own, above) else own

    def _goes_on(self, cells: Sequence[str], own: BookingKey, above: BookingKey) -> bool:
        is_flight = bool(self._cell(cells, "origin") or self._cell(cells, "destination"))
        if is_flight and own.traveller and _LOCATOR.fullmatch(own.locator):
            return own == above  # it says all of that itself
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
        for column in _UNSURE_COLUMNS if "?" in "".join(cells) else ():
            cell = self._cell(cells, column)
            if "?" in cell and folded(cell):
                yield f"{self.named(number)}: '{shown(cell)}' is not sure"
        for column, code in (("origin", segment.origin), ("destination", segment.destination)):
            place = self._cell(cells, column)
            if code and self._places.is_two(place, code):
                yield f"{self.named(number)}: '{shown(place)}' names one place and the code of another"
        for said in chain(self._words_beside_days(cells), misfits(self._columns, cells)):
            yield f"{self.named(number)}: {said}"
        if segment.operating_number and bare_number(segment.operating_number) is None:
            yield (
                f"{self.named(number)}: the operating flight '{shown(segment.operating_number)}' does not "
                "fit the operating carrier"
            )

    def traveller(self, cells: Sequence[str]) -> Traveller:
        """Return the traveller of a row."""
        return self._person(cells).traveller

    def _person(self, cells: Sequence[str]) -> "_Person":
        count = len(cells)
        return _person_in(
            *[
                "" if place is None or place >= count else cells[place].strip()
                for place in self._person_places
            ]
        )

    def _cell(self, cells: Sequence[str], column: str) -> str:
        place = self._place_of(column)  # as Columns.cell, without the way there: each row asks 60 times
        return cells[place].strip() if place is not None and place < len(cells) else ""

    def _stops(self, cells: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes of the stops, and the words that are none."""
        cell = self._cell(cells, "stops")
        if not cell or folded(cell) in NOTHING:
            return (), ()
        codes = [airport_code(word) or "" for word in re.split(r"[\s,;/+-]+", cell)]
        if all(self._atlas.candidates(code) for code in codes):
            return tuple(codes), ()
        return (), (cell,)

    def _moment(self, cells: Sequence[str], day_column: str, clock_column: str) -> DraftTime:
        day, clock = self._cell(cells, day_column), self._cell(cells, clock_column)
        return moment_of(day, clock, first_is_day=self._first_is_day)

    def _words_beside_days(self, cells: Sequence[str]) -> Iterator[str]:
        """Say which cells of days and times hold more than these."""
        for column in ("departs", "arrives"):
            cell = self._cell(cells, column)
            if cell and day_cell(cell, first_is_day=self._first_is_day).rest:
                yield f"'{shown(cell)}' is more than a day and a time"
        for column in ("departs_at", "arrives_at"):
            cell = self._cell(cells, column)
            if cell and time_cell(cell) and day_cell(cell, first_is_day=self._first_is_day).rest:
                yield f"'{shown(cell)}' is more than a day and a time"


class _Person(NamedTuple):
    """A traveller, and the words of the name as they are compared."""

    traveller: Traveller
    compared: str


@lru_cache(maxsize=1024)  # the rows of one traveller stand together, and are looked at several times
def _person_in(name: str, surname: str, given: str, email: str, language: str) -> _Person:
    known = traveller_named(name or f"{given} {surname}".strip(), email)
    surname, given = surname or known.surname, given or known.given
    traveller = replace(known, surname=surname, given=given, language=_language(language))
    compared = folded(f"{given} {surname}".strip() or known.raw_name)
    return _Person(traveller, " ".join(sorted(compared.split())))


def _language(cell: str) -> Language | None:
    word = folded(cell)
    code = _LANGUAGES_BY_NAME.get(word, word[:2])
    return next((language for language in LANGUAGES if language == code), None)


def _shown(cells: Sequence[str]) -> str:
    return " ".join(" ".join(cells).split())[:_LONGEST_SOURCE]


def _told(cells: Sequence[str]) -> str:
    return shown(_shown(cells))
