"""Tables in text: a row of headings, rows under it by position, and labelled lines below each row.

What a cell is shows by how it is written (a flight, a day, a time) and by the heading that stands nearest;
columns of printed tables run to the left, to the right or in the middle of their headings.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from travelrisk.intake.decoding import blotted
from travelrisk.intake.labelled.blocks import Line
from travelrisk.intake.labelled.fields import Booking, Filler, is_grave
from travelrisk.intake.labelled.labels import LONGEST_LABEL, Kind, kind_of
from travelrisk.intake.labelled.pieces import Piece, cells_of, pieces_of
from travelrisk.intake.labelled.records import Record
from travelrisk.intake.labelled.values import Said, Values, Where, clock_in, is_terminal
from travelrisk.intake.words.moments import dates_in

_ENOUGH = 4
_MOST_STRANGE = 3
_MOST_WORDS = 5
_MOST_ROWS = 60
_WORD = re.compile(r"[^\s/|]+")
_CHUNK = re.compile(r"[^\0 |]+(?:[ ][^\0 |]+)*")
_BOTH = re.compile(r"(?P<from>[A-Z]{3})[ ](?P<to>[A-Z]{3})")  # one blank apart: FRA NBO
_PLACES = {Kind.FROM, Kind.TO, Kind.FROM_TO}
_TIMES = {Kind.DEPARTS_AT, Kind.ARRIVES_AT, Kind.DEPARTURE, Kind.ARRIVAL, Kind.TIME}
_AS_TIMES = {Kind.DEPARTURE: Kind.DEPARTS_AT, Kind.ARRIVAL: Kind.ARRIVES_AT}
_AS_ENDS = {Kind.DEPARTURE: Kind.FROM, Kind.ARRIVAL: Kind.TO}
_SECOND = {
    Kind.DATE: (Kind.DEPARTS_ON, Kind.ARRIVES_ON),
    Kind.TIME: (Kind.DEPARTS_AT, Kind.ARRIVES_AT),
}


class Heading(NamedTuple):
    """A heading, and where it stands on its line."""

    kind: Kind | None
    start: int
    end: int


class Chunk(NamedTuple):
    """Something in a row, and where it stands on its line."""

    words: str
    start: int
    end: int


def headings_of(line: str) -> tuple[Heading, ...]:
    """Return the headings of a line; nothing, where it is no row of headings."""
    if any(character.isdigit() for character in line):
        return ()
    found = [each for cell in cells_of(line) for each in _in_cell(cell)]
    known = [each.kind for each in found if each.kind]
    strange = len(found) - len(known)
    ends = {Kind.FROM, Kind.FROM_TO, Kind.DEPARTURE} & set(known)
    if len(known) < _ENOUGH or Kind.FLIGHT not in known or not ends or strange > _MOST_STRANGE:
        return ()
    return tuple(_told_apart(found, has_places=bool(_PLACES & set(known))))


def _in_cell(cell: Piece) -> Iterator[Heading]:
    """Yield the headings in a cell, which may stand one blank apart: ``CL DATE``, ``FROM /TO``."""
    found = list(_WORD.finditer(cell.value))
    number = 0
    while number < len(found):
        start = found[number].start()
        for length in range(min(LONGEST_LABEL, len(found) - number), 0, -1):
            end = found[number + length - 1].end()
            kind = kind_of(cell.value[start:end])
            if kind:
                break
        yield Heading(kind, cell.start + start, cell.start + end)
        number += length


def _told_apart(found: Sequence[Heading], *, has_places: bool) -> Iterator[Heading]:
    """Yield the headings; beside From and To a Departure is a time, and a second date is the arrival's."""
    seen: list[Kind] = []
    before: Heading | None = None
    for each in found:
        kind = each.kind
        if kind in _AS_TIMES:
            kind = _AS_TIMES[kind] if has_places or kind in seen else _AS_ENDS[kind]
            seen.append(each.kind or kind)
        elif kind in _SECOND:
            first, second = _SECOND[kind]
            kind = second if kind in seen else first
            seen.append(each.kind or kind)
        if before and before.kind is kind and kind:
            before = before._replace(end=each.end)  # one heading in two languages
            continue
        if before:
            yield before
        before = Heading(kind, each.start, each.end)
    if before:
        yield before


@dataclass(slots=True)
class Columns:
    """Reads the tables among some lines; `records` holds what was found."""

    values: Values
    filler: Filler
    booking: Booking
    records: list[Record] = field(default_factory=list)

    def read(self, lines: Sequence[Line]) -> set[int]:
        """Read the tables; return the numbers of the lines that belong to one."""
        taken: set[int] = set()
        for number, line in enumerate(lines):
            headings = headings_of(line.text) if number not in taken else ()
            if headings:
                rows = set(self._table(headings, lines, number + 1))
                taken |= {number, *rows} if rows else set()
                self.booking.spans += [(line.start, line.start + len(line.text))] if rows else []
        return taken

    def _table(self, headings: Sequence[Heading], lines: Sequence[Line], first: int) -> Iterator[int]:
        """Yield the numbers of the lines that belong to the table whose rows begin at *first*."""
        records: list[Record] = []
        waiting: list[int] = []
        for number in range(first, len(lines)):
            line = lines[number]
            if not line.text.strip():
                waiting.append(number)
                if len(waiting) > len(("a", "b")):
                    break
                continue
            record = self._row(headings, line) if len(records) < _MOST_ROWS else None
            if record:
                records.append(record)
            elif headings_of(line.text) or not (
                records and self._below(headings, line, records[-1], is_apart=bool(waiting))
            ):
                break
            yield from (*waiting, number)
            waiting = []
        self.records += [each for each in records if each.is_whole]

    def _row(self, headings: Sequence[Heading], line: Line) -> Record | None:
        """Return the flight of a row; None where the line is none."""
        text = line.text
        flights = [
            each
            for each in self.values.flights(text)
            if _nearest(headings, each.start, each.end).kind is Kind.FLIGHT
        ]
        if len(flights) != 1:
            return None
        flight = flights[0]
        record = Record(flight=flight)
        record.spans.append((line.start, line.start + len(text)))
        rest = self._days(headings, text, flight.start, flight.end, record)
        for match in _CHUNK.finditer(rest):
            chunk = Chunk(match[0], match.start(), match.end())
            self._cell(_nearest(headings, chunk.start, chunk.end).kind, chunk.words, record)
        return record

    def _days(self, headings: Sequence[Heading], text: str, start: int, end: int, record: Record) -> str:
        """Take the days and times of a row; return what is left of it."""
        rest = blotted(text, [(start, end)])
        days = sorted(dates_in(rest))
        for each in days:
            kind = _nearest(headings, each.start, each.end).kind
            if kind in {Kind.ARRIVES_ON, Kind.ARRIVAL, Kind.ARRIVES_AT, Kind.TO}:
                record.arrive(Said(None, each.moment, None))
            elif kind in {Kind.DEPARTS_ON, Kind.DEPARTURE, Kind.DEPARTS_AT, Kind.FROM, Kind.FROM_TO} or (
                len(days) == 1
            ):
                record.depart(Said(None, each.moment, None))
        rest = blotted(rest, [(each.start, each.end) for each in days])
        for match in list(_CHUNK.finditer(rest)):
            kind = _nearest(headings, match.start(), match.end()).kind
            clock = clock_in(match[0], is_bare=kind in _TIMES)
            if clock:
                self._clock(kind, Said(None, None, clock), record)
                rest = blotted(rest, [(match.start() + clock.start, match.start() + clock.end)])
        return rest

    @staticmethod
    def _clock(kind: Kind | None, said: Said, record: Record) -> None:
        is_arriving = kind in {Kind.ARRIVES_AT, Kind.ARRIVES_ON, Kind.TO} or record.departs.clock is not None
        (record.arrive if is_arriving else record.depart)(said)

    def _cell(self, kind: Kind | None, words: str, record: Record) -> None:
        """Take a cell by its heading; what it says beyond that must be reported."""
        piece = Piece(kind, words.strip(" :/"), 0, 0, has_colon=True)
        both = _BOTH.fullmatch(words.strip())
        if both and not (record.origin or record.destination):
            for word, side in zip(both.groups(), (Kind.FROM, Kind.TO), strict=True):
                self._place(side, word, record)
        elif kind in _PLACES:
            self._place(kind, words, record)
        elif kind is Kind.OPERATED:
            if piece.value.strip("-. "):
                record.operate(piece.value)
        elif kind in {Kind.STATUS, Kind.STOPS}:
            if not self.filler.put(record, piece) and piece.value.strip("-. "):
                record.doubts.append(words)
            del record.spans[1:]
        elif kind is Kind.LOCATOR:
            self.booking.take(piece)
        elif is_grave(words):
            record.doubts.append(words)

    def _place(self, kind: Kind | None, words: str, record: Record) -> None:
        if kind is Kind.FROM_TO:
            ends = self.filler.route(words)
            if ends:
                record.origin, record.destination = ends
                return
        where = self.values.place(words)
        if where is None:
            return
        if kind is Kind.TO or (kind is Kind.FROM_TO and record.origin):
            record.destination = _with_more(record.destination, where)
        else:
            record.origin = _with_more(record.origin, where)

    def _below(self, headings: Sequence[Heading], line: Line, record: Record, *, is_apart: bool) -> bool:
        """Take a line below a row: labelled values, and places that go on; False where it is none."""
        pieces = pieces_of(line.text, line.start)
        taken = [self._under(headings, piece, line, record, is_apart=is_apart) for piece in pieces]
        return any(taken)

    def _under(
        self, headings: Sequence[Heading], piece: Piece, line: Line, record: Record, *, is_apart: bool
    ) -> bool:
        if piece.kind in {Kind.LOCATOR, Kind.PASSENGER}:
            return self.booking.take(piece)
        if piece.kind is Kind.CARRIER and self.booking.take(piece._replace(kind=Kind.LOCATOR)):
            return True
        if piece.kind:
            return self.filler.put(record, piece)
        kind = _nearest(headings, piece.start - line.start, piece.end - line.start).kind
        if not self._goes_on(kind, piece.value, record, is_apart=is_apart):
            return False
        record.spans.append((piece.start, piece.end))
        return True

    def _goes_on(self, kind: Kind | None, words: str, record: Record, *, is_apart: bool) -> bool:
        """Take words that go on with a cell of the row above them."""
        if record.is_operator_open:
            record.operate(words.lstrip(" :"))
            return True
        if is_apart or len(words.split()) > _MOST_WORDS or is_grave(words):
            return False
        if is_terminal(words):
            return True
        if kind is Kind.OPERATED:
            record.operator = f"{record.operator} {words}".strip()
        elif kind in _PLACES:
            self._place(kind, words, record)
        return kind is Kind.OPERATED or kind in _PLACES


def _nearest(headings: Sequence[Heading], start: int, end: int) -> Heading:
    """Return the heading whose beginning, middle or end is nearest to that of a stretch of a row."""
    return min(
        headings,
        key=lambda each: min(
            abs(each.start - start),
            abs(each.end - end),
            abs(each.start + each.end - start - end) / 2,
        ),
    )


def _with_more(known: Where | None, more: Where) -> Where:
    """Return a place with the rest of its name, which stands in the next line."""
    if known is None:
        return more
    return Where(known.code or more.code, ", ".join(filter(None, (known.name, more.name))))
