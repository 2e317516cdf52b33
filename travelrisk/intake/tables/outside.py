"""What stands outside of a table: above its headings, below its rows, or on a sheet that has none.

Nobody can tell which column of a flight there is which, so it is not read, and whoever is asked about the
table is told. A flight is a carrier that is known with its number, two airports, or two places and a date.
Titles and legends are none; but a note such as "all flights are operated by ..." is told as well.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import flight_number
from travelrisk.domain.places import Atlas
from travelrisk.intake.lines.leftovers import leftovers
from travelrisk.intake.tables.columns import Row
from travelrisk.intake.tables.notes import Notes
from travelrisk.intake.tables.strays import shown
from travelrisk.intake.words import words
from travelrisk.intake.words.moments import dates_in

_CODE = re.compile(r"[A-Z]{3}")
_PAIR = re.compile(r"(?<!\w)([A-Z]{3})[ ]?(?:-+>?|/|→|\u2013|>|[ ]to[ ]|[ ])[ ]?([A-Z]{3})(?!\w)")
_OTHER_NUMBER = re.compile(r".*[ -](?:(?:19|20)[0-9]{2}|[0-9]{1,2})", re.DOTALL)
_MAY_BE = re.compile(r"[0-9]{2}|(?<!\w)[A-Z]{3}(?!\w)")  # a date or a number, or a code
_SHORTEST_NAME, _LONGEST_NAME = 4, 40
_MOST_TOLD = 20


class Outsider(NamedTuple):
    """A row or a text beside the flights that may change them.

    Attributes:
        name: how its place is called.
        said: what is told of it.
        note: the text, if it is a note and not a flight.
        cells: its cells in capitals, of which one may name a booking.
    """

    name: str
    said: str
    note: str = ""
    cells: frozenset[str] = frozenset()

    @property
    def line(self) -> str:
        """Return what is told of it."""
        return f"{self.name}: {self.said}"


class Outsiders:
    """Looks for flights, and for notes about flights, in rows that no headings explain."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self.notes = Notes(atlas, book)

    def among(self, rows: Iterable[Row], label: str) -> Iterator[Outsider]:
        """Yield the rows that may be flights or change some; *label* stands before their numbers.

        Of a flight the rest of the row is not told, as the booking it belongs to may be another person's.
        """
        for number, cells in rows:
            flight = self.flight(cells)
            found = frozenset(" ".join(cell.split()).upper() for cell in cells)
            if flight:
                said = f"{flight} looks like a flight and stands under no complete headings"
                yield Outsider(f"{label}row {number}", said, cells=found)
            elif note := self.note(f"{label}row {number}", " ".join(cells)):
                yield note._replace(cells=found)

    def note(self, name: str, text: str) -> Outsider | None:
        """Return a text that may change the flights, or None if it changes none."""
        return (
            Outsider(name, f"it says: {shown(text)}", " ".join(text.split()))
            if self.notes.may_change(text)
            else None
        )

    def flight(self, written: Iterable[str]) -> str:
        """Return what in the cells of a row looks like a flight; empty if nothing does."""
        cells = [" ".join(cell.split()) for cell in written if cell.strip()]
        text = " ".join(cells)
        if not _MAY_BE.search(text):
            return ""
        numbered = (
            text[start:end] for start, end in leftovers(text, self._atlas, self._book, near_flights=False)
        )
        found = [*filter(self._is_numbered, numbered), *self._pair(cells, text)]
        return " ".join(found[:2])

    def _is_numbered(self, written: str) -> bool:
        """Say whether a carrier is known, and its number no year or grade: ``FY 2026``, ``GS 12``."""
        flight = flight_number(written)
        return not _OTHER_NUMBER.fullmatch(written) and (flight is None or self._book.knows(flight.carrier))

    def _pair(self, cells: Sequence[str], text: str) -> Iterator[str]:
        """Yield the two places of a row: codes in one cell or in cells of their own, or names with a date."""
        for cell in cells:
            for match in _PAIR.finditer(cell):
                if self._are_two(match.groups()):
                    yield f"{match[1]}-{match[2]}"
                    return
        codes = [cell for cell in cells if _CODE.fullmatch(cell) and self._is_code(cell)]
        if self._are_two(codes[:2]):
            yield "-".join(codes[:2])
            return
        named = [cell for cell in cells if self._is_place(cell)]
        if self._are_two(named[:2]) and next(dates_in(text), None):
            yield "-".join(named[:2])

    def _is_code(self, code: str) -> bool:
        return code.lower() not in words.NOT_A_CARRIER and bool(self._atlas.candidates(code))

    def _is_place(self, cell: str) -> bool:
        if _CODE.fullmatch(cell):
            return self._is_code(cell)
        is_name = cell[:1].isalpha() and _SHORTEST_NAME <= len(cell) <= _LONGEST_NAME
        return is_name and bool(self._atlas.named(cell))

    def _are_two(self, places: Sequence[str | None]) -> bool:
        """Say whether these are two places that are not one by code and by name."""
        if len(places) < len("ab") or not all(places):
            return False
        here, there = (
            {*self._atlas.candidates(each or ""), *self._atlas.named(each or "")} for each in places
        )
        return bool(here and there) and not here & there


def told(outsiders: Sequence[Outsider]) -> tuple[str, ...]:
    """Return the lines of the first of them, and how many more there are."""
    lines = [each.line for each in outsiders[:_MOST_TOLD]]
    more = len(outsiders) - len(lines)
    if more <= 0:
        return tuple(lines)
    rows = "1 more row" if more == 1 else f"{more} more rows"
    return (*lines, f"{rows} like these, down to {outsiders[-1].name}")
