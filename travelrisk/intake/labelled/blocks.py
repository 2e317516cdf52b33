"""Blocks of labelled lines: one record after the other, each begun by what its predecessor has already."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftTime
from travelrisk.intake.labelled.fields import Booking, Filler, is_grave
from travelrisk.intake.labelled.labels import ON_RAILS, Kind
from travelrisk.intake.labelled.pieces import Piece, pieces_of
from travelrisk.intake.labelled.records import Record
from travelrisk.intake.labelled.values import Said, Values, is_day_alone, is_terminal

_ENDS = {Kind.DEPARTURE, Kind.FROM, Kind.ARRIVAL, Kind.TO}
_DEPARTING = {Kind.DEPARTURE, Kind.FROM}
_TAKES_ALL = {
    Kind.FLIGHT,
    Kind.DEPARTURE,
    Kind.ARRIVAL,
    Kind.FROM,
    Kind.TO,
    Kind.FROM_TO,
    Kind.DATE,
    Kind.STOPS,
}
_STATE_WORDS = 6


class Line(NamedTuple):
    """A line and where it begins in the text."""

    start: int
    text: str


class _Dated(NamedTuple):
    moment: DraftTime
    span: tuple[int, int]


@dataclass(slots=True)
class Blocks:
    """Goes through lines once; `records` holds what was found."""

    values: Values
    filler: Filler
    booking: Booking
    records: list[Record] = field(default_factory=list)
    _record: Record = field(default_factory=Record)
    _side: Kind | None = None
    _sides: tuple[int, int] | None = None
    _heading: _Dated | None = None
    _date: _Dated | None = None
    _at_head: _Dated | None = None
    _is_under_way: bool = False
    _is_apart: bool = False

    def read(self, lines: Iterable[Line]) -> None:
        """Read lines in their order; a blank one parts blocks."""
        for line in lines:
            if not line.text.strip():
                self._is_apart, self._sides = True, None
                continue
            pieces = _gathered(pieces_of(line.text, line.start))
            known = self._understood
            if not self._two_sides(pieces, line.start):
                for piece in pieces:
                    self._take(piece)
            self._is_apart &= self._understood == known
        if self._record.has_only_places:  # those of other records may be of what stands above their flights
            self.records = [record for record in self.records if not record.is_places_first]
        self._begin()
        if self._at_head and self._at_head is self._date:
            self.booking.issue(self._at_head.moment, self._at_head.span)

    @property
    def _understood(self) -> int:
        return len(self.records) + len(self._record.spans) + len(self.booking.spans)

    def _begin(self) -> None:
        """Keep the present record if it is whole, and begin the next one."""
        record = self._record
        self._record, self._side = Record(), None
        if not record.is_whole:
            return
        if record.day.day is None and record.departs.day is None:
            above = self._date or self._heading
            if above is None:
                return  # the free text may know the day
            record.day = above.moment
            record.spans.append(above.span)
            self._date = None if above is self._date else self._date
        self.records.append(record)

    @property
    def _target(self) -> Record | None:
        """Return the record that a line without a place belongs to."""
        if self._record.flight or self._record.origin:
            return self._record
        return self.records[-1] if self.records and not self._record.spans else None

    def _take(self, piece: Piece) -> None:
        """Take a piece by its label; what it is no value for stays in the text."""
        takes: dict[Kind | None, Callable[[Piece], None]] = {
            None: self._take_words,
            Kind.FLIGHT: self._flight,
            Kind.FROM_TO: self._route,
            Kind.DATE: self._when,
            Kind.TIME: self._when,
            **dict.fromkeys(_ENDS, self._end),
        }
        takes.get(piece.kind, self._beside)(piece)
        self._is_under_way |= piece.kind in {*_ENDS, Kind.FLIGHT, Kind.FROM_TO}

    def _beside(self, piece: Piece) -> None:
        """Take what belongs to a record that has begun, or to the whole booking."""
        if piece.kind is Kind.ISSUED:
            self.booking.issue(self.values.said(piece.value).day, (piece.start, piece.end))
        elif piece.kind is Kind.PRIVATE and piece.has_colon:
            self.booking.spans.append((piece.start, piece.end))  # stands in no source either
        elif piece.kind in {Kind.LOCATOR, Kind.PASSENGER}:
            if not self.booking.take(piece) and not piece.has_colon:
                self._take_words(piece._replace(kind=None, value=f"{piece.label} {piece.value}"))
        elif piece.kind is Kind.CARRIER and self.booking.take(piece._replace(kind=Kind.LOCATOR)):
            return
        elif (record := self._target) and not self.filler.put(record, piece) and piece.kind is Kind.STOPS:
            record.doubts.append(f"{piece.label}: {piece.value}")

    def _flight(self, piece: Piece) -> None:
        is_on_rails = folded(piece.label) in ON_RAILS
        found = self.values.flights(piece.value)
        if not found or (is_on_rails and len(found[0].carrier) > len("LH")):  # ICE 690 is no Icelandair
            return
        if self._record.flight or self._is_apart:
            self._begin()
        record, flight = self._record, found[0]
        record.is_places_first = record.has_only_places
        record.flight, record.is_on_rails = flight, is_on_rails
        record.is_given_up |= len(found) > 1
        said = self.values.said(piece.value[flight.end :])
        record.day = said.day or record.day
        cells = re.split(r"[ ]{2,}", piece.value[: flight.start] + piece.value[flight.end :])
        rest = "  ".join(cell for cell in cells if not (_is_state(cell) and record.state(cell)))
        record.spans.append((piece.start, piece.end))
        if is_grave(rest):
            record.doubts.append(f"{piece.label} {piece.value}")

    def _end(self, piece: Piece) -> None:
        is_departing = piece.kind in _DEPARTING
        if not piece.value:
            if is_departing and self._record.is_whole:
                self._begin()
            self._side = Kind.DEPARTURE if is_departing else Kind.ARRIVAL
            self._record.spans.append((piece.start, piece.end))
            return
        said = self.filler.said(piece, is_begun=self._record.flight is not None)
        is_of_another = self._record.is_whole and self._is_apart  # the days of a hotel, below the flight
        if said is not None and (said.place or not is_of_another):
            self._put_end(piece, said, is_departing=is_departing)

    def _put_end(self, piece: Piece, said: Said, *, is_departing: bool) -> None:
        known = self._record.origin if is_departing else self._record.destination
        if said.place and known:
            if not self.values.are_one(known, said.place):
                if is_departing or self._record.is_whole:
                    self._begin()
                else:
                    self._record.is_given_up = True  # two destinations of one flight: no label says which
            elif said.place.code and not known.code:
                known = None
                self._record.origin, self._record.destination = (
                    (None, self._record.destination) if is_departing else (self._record.origin, None)
                )
        if is_grave(piece.value):
            self._record.doubts.append(f"{piece.label} {piece.value}")
        (self._record.depart if is_departing else self._record.arrive)(said)
        self._record.spans.append((piece.start, piece.end))

    def _route(self, piece: Piece) -> None:
        ends = self.filler.route(piece.value)
        if ends is None:
            return
        for end, kind in zip(ends, (Kind.FROM, Kind.TO), strict=True):
            self._put_end(piece._replace(kind=kind), Said(end, None, None), is_departing=kind is Kind.FROM)

    def _when(self, piece: Piece) -> None:
        """Take a day or a time without a word that says of what: of the end whose section it stands in."""
        said = self.values.said(piece.value)._replace(place=None)
        record, span = self._record, (piece.start, piece.end)
        if not (said.day or said.clock) or is_grave(piece.value):
            return
        if self._side is Kind.ARRIVAL or (record.destination and record.departs.day and not self._is_apart):
            record.arrive(said)
        elif said.day and (record.is_whole or not (record.flight or record.origin)):
            if record.is_whole and record.departs.day is None and record.day.day is None:
                record.depart(said)
            else:
                self._begin()
                if self._at_head:
                    self.booking.issue(self._at_head.moment, self._at_head.span)
                self._date, self._at_head = _Dated(said.day, span), None
                if not self._is_under_way:
                    self._at_head = self._date
                return
        else:
            record.depart(said)
        record.spans.append(span)

    def _two_sides(self, pieces: list[Piece], start: int) -> bool:
        """Read ``Departure     Arrival`` and the lines below, of which each half belongs to one end."""
        if _is_two_headings(pieces):
            if self._record.origin:
                self._begin()
            self._sides = (pieces[0].start - start, pieces[1].start - start)
            self._record.spans += [(piece.start, piece.end) for piece in pieces]
            return True
        if not self._sides or not all(piece.kind in {None, Kind.ASIDE} for piece in pieces):
            self._sides = None
            return False
        middle = (self._sides[0] + 2 * self._sides[1]) // 3
        for piece in pieces:
            kind = Kind.ARRIVAL if piece.start - start >= middle else Kind.DEPARTURE
            if piece.kind is Kind.ASIDE or is_terminal(piece.value):
                self._record.spans.append((piece.start, piece.end))
            else:
                self._end(piece._replace(kind=kind, has_colon=True))
        return True

    def _take_words(self, piece: Piece) -> None:
        record = self._target
        if record and record.is_operator_open:
            record.operate(piece.value.lstrip(" :"))
            record.spans.append((piece.start, piece.end))
        elif is_terminal(piece.value):
            self._record.spans.append((piece.start, piece.end))
        elif moment := is_day_alone(piece.value):
            self._begin_if_whole()
            self._heading = _Dated(moment, (piece.start, piece.end))
        elif self.values.is_flight_alone(piece.value):
            self._flight(piece)
        elif "/" in piece.value and self.booking.take(piece._replace(kind=Kind.PASSENGER)):
            return
        elif self._side and (said := self.filler.said(piece, is_begun=False)):
            self._put_end(piece, said, is_departing=self._side is Kind.DEPARTURE)
        elif record and _is_state(piece.value) and record.state(piece.value.partition(",")[0]):
            record.spans.append((piece.start, piece.end))

    def _begin_if_whole(self) -> None:
        if self._record.is_whole:
            self._begin()


def _is_state(words: str) -> bool:
    """Say whether words without a label may be a state: some, and no two letters that are one as well."""
    return len(words.split()) <= _STATE_WORDS and len(words.strip()) > len("HK1")


def _is_two_headings(pieces: list[Piece]) -> bool:
    if len(pieces) != len(("from", "to")) or any(piece.value for piece in pieces):
        return False
    return pieces[0].kind in _DEPARTING and pieces[1].kind in _ENDS - _DEPARTING


def _gathered(pieces: list[Piece]) -> list[Piece]:
    """Put the words behind a label to it where they stand in a cell of their own."""
    gathered: list[Piece] = []
    for piece in pieces:
        last = gathered[-1] if gathered else None
        if piece.kind is None and last and last.kind and (last.kind in _TAKES_ALL or not last.value):
            gathered[-1] = last._replace(value=f"{last.value}  {piece.value}".strip(), end=piece.end)
        else:
            gathered.append(piece)
    return gathered
