"""Cells of a table that no column takes: harmless ones are left out, the others must be told.

A cell that is left out in silence may hold the real operator, a stop or a second flight, and what is left
would be cleared.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import bare_number, carrier_code, flight_number, folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import carriers_called
from travelrisk.intake.tables.columns import Columns
from travelrisk.intake.tables.notes import Notes
from travelrisk.intake.tables.strayheadings import Heading, heading_of

_OPERATED = re.compile(
    r"\b(?:operat\w* by|opere\w* par|effectue\w* par|exploite\w* par|operad\w por|durchgefuhrt von)\b"
)
_ADDRESS = re.compile(r"\S*@\S*")
_DESIGNATOR = re.compile(r"(?<!\w)(?:[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ ]?[0-9]{2,4}[A-Z]?(?!\w)")
_GRAVE_VALUES = frozenset(
    """cancelled canceled annule annulee cancelado cancelada storniert void voided waitlist waitlisted standby
    warteliste rail train bus coach ferry boat zug bahn tren""".split()  # noqa: SIM905 - a table of words is read as words
)
_TWO_LETTERS = re.compile(r"[A-Z]{2}")
_NUMBERED = re.compile(r"[A-Z]{2}[ ]?[0-9]{2,4}")
_NEGATIVE = frozenset({"n", "no", "non", "nein", "false", "0"})
_LONGEST = 100
_NONE = heading_of("", None)
"""Stands over cells beyond the last heading."""


class Strays:
    """Tells which cells of a row may change its flight although no column takes them.

    Args:
        columns: where what stands in the table.
    """

    def __init__(self, columns: Columns, atlas: Atlas, book: CarrierBook) -> None:
        named = zip(columns.headings, columns.meanings, strict=True)
        self._headings = [heading_of(heading, column) for heading, column in named]
        self._places = columns.places
        used = frozenset(columns.places.values())
        self._watched = [
            (place, heading, place in used)
            for place, heading in enumerate(self._headings)
            if place not in used or heading.is_personal
        ]
        self._declared = columns.declared
        self._atlas = atlas
        self._book = book
        self._notes = Notes(atlas, book)
        self._says_more = lru_cache(maxsize=1024)(self._tells_of_flight)

    def found(self, cells: Sequence[str], segment: DraftSegment) -> Iterator[str]:
        """Yield heading and value of each such cell; addresses of people are left out."""
        beyond = ((place, _NONE, False) for place in range(len(self._headings), len(cells)))
        for place, heading, is_used in (*self._watched, *beyond):
            value = " ".join(cells[place].split()) if place < len(cells) else ""
            if not value:
                continue
            if is_used:
                if heading.is_personal and self._is_more(place, value, segment):
                    yield f"column {heading.text}: {shown(value)}"
                continue
            word = folded(value)
            if heading.is_held and word in _NEGATIVE:
                yield f"column {heading.text}: {shown(value)}"
            is_number_of_row = bool(heading.text) and not heading.words and value.isdigit()  # under a #
            if word in heading.nothing or is_number_of_row:
                continue
            if _OPERATED.search(word) or self._matters(heading, value, cells, segment):
                yield f"column {heading.text or place + 1}: {shown(value)}"

    def _matters(self, heading: Heading, value: str, cells: Sequence[str], segment: DraftSegment) -> bool:
        if not heading.words:
            return True
        if heading.column:
            is_again = heading.is_personal or self._repeats(heading.column, value, cells, segment)
            return not is_again or (heading.is_personal and self._says_more(value))
        if heading.is_numbered_column:
            return True
        if heading.is_harmless:
            is_carrier = heading.is_of_aircraft and self._names_other_carrier(value, segment)
            is_carrier |= heading.is_of_flight and self._is_numbered(value, segment)
            return is_carrier or self._says_more(value)
        if heading.is_counting and value.isdigit():
            return False
        is_flightlike = heading.is_flightlike or self._is_flight(value, segment)
        is_flightlike |= not heading.is_coded and self._is_code(value, segment)
        is_flightlike |= heading.is_operator_if_carrier and bool(self._carriers(value, segment))
        is_flightlike |= self._says_more(value)
        is_comfort = heading.is_comfort and self._notes.is_noise([value])
        return is_flightlike and not is_comfort and not self._is_carrier_of(segment, value)

    def _is_more(self, place: int, value: str, segment: DraftSegment) -> bool:
        """Say whether a cell that only tells who travels tells more; a declared one may be a flight's."""
        is_flight = place in self._declared and self._is_flight(value, segment)
        return is_flight or self._says_more(value)

    def _tells_of_flight(self, value: str) -> bool:
        """Say whether a cell about something else than the flight tells something of the flight."""
        return folded(value) in _GRAVE_VALUES or self._notes.announces(value)

    def _names_other_carrier(self, value: str, segment: DraftSegment) -> bool:
        """Say whether words, as those about an aircraft, name a carrier that is not the one that flies."""
        if self._is_code(value.rsplit(" ", maxsplit=1)[-1], segment):
            return True
        names = [value, *carriers_called(value, date.max, self._book)]
        return any(
            self._is_carrier_name(name, segment) and not self._is_carrier_of(segment, name) for name in names
        )

    def _is_code(self, value: str, segment: DraftSegment) -> bool:
        """Say whether a value is the code of a carrier that is not the one that flies."""
        is_known = _TWO_LETTERS.fullmatch(value) is not None and bool(self._carriers(value, segment))
        return is_known and not self._is_carrier_of(segment, value)

    def _is_numbered(self, value: str, segment: DraftSegment) -> bool:
        """Say whether a value is a flight of a carrier other than the one that flies."""
        return _NUMBERED.fullmatch(value) is not None and self._is_code(value[:2], segment)

    def _repeats(self, column: str, value: str, cells: Sequence[str], segment: DraftSegment) -> bool:
        """Say whether a second column of one meaning only says again what the first one says."""
        place = self._places.get(column, len(cells))
        first = cells[place] if place < len(cells) else ""
        if folded(first) == folded(value):
            return True
        if column in {"origin", "destination"}:
            code = segment.origin if column == "origin" else segment.destination
            return bool(
                set(self._atlas.candidates(code))
                & {*self._atlas.named(value), *self._atlas.candidates(value)}
            )
        if column == "flight":
            return self._is_same_flight(value, segment)
        return column in {"carrier", "operating", "operating_code"} and self._is_carrier_of(segment, value)

    def _is_flight(self, value: str, segment: DraftSegment) -> bool:
        """Say whether a value holds a flight of a known carrier, or is the full name of one."""
        written = [
            match[0] for match in _DESIGNATOR.finditer(value.upper() if flight_number(value) else value)
        ]
        flights = {each: flight_number(each) for each in written}
        known = [each for each, flight in flights.items() if flight and self._book.knows(flight.carrier)]
        if known:
            return not all(self._is_same_flight(each, segment) for each in known)
        return self._is_carrier_name(value, segment)

    def _is_carrier_name(self, value: str, segment: DraftSegment) -> bool:
        return any(folded(carrier.name) == folded(value) for carrier in self._carriers(value, segment))

    @staticmethod
    def _is_same_flight(value: str, segment: DraftSegment) -> bool:
        flight = flight_number(value)
        if flight is None:
            return bare_number(value) in {segment.marketing_number, None} and bare_number(value) is not None
        return (flight.carrier, flight.number + flight.suffix) == (
            segment.marketing_code,
            segment.marketing_number,
        )

    def _is_carrier_of(self, segment: DraftSegment, value: str) -> bool:
        """Say whether a value is the carrier that the row says flies or, where it says none, sells."""
        flying = [each for each in (segment.operating_code, segment.operator) if each]
        stated = flying or [each for each in (segment.marketing_code, segment.marketing_name) if each]
        meant = {carrier.icao for carrier in self._carriers(value, segment)}
        return any(
            folded(each) == folded(value)
            or meant & {carrier.icao for carrier in self._carriers(each, segment)}
            for each in stated
        )

    def _carriers(self, text: str, segment: DraftSegment) -> tuple[Carrier, ...]:
        departs = segment.departs
        try:
            day = date(departs.year or 0, departs.month or 0, departs.day or 0)
        except ValueError:
            return ()
        code = carrier_code(text)
        return self._book.named(text, day) or (self._book.find(code, day) if code else ())


def shown(value: str) -> str:
    """Return a value for a message: not too long, and without the addresses of people."""
    return _ADDRESS.sub("(address)", " ".join(value.split()))[:_LONGEST]
