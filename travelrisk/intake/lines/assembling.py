"""Goes through the tokens of a text once and fills one sketch of a segment after the other.

Whatever finds its place taken begins the next sketch. Nothing is completed from what is likely: a return
without places flies the outbound pair the other way round, because that is what the word means, and that is
all.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.intake.limits import is_question
from travelrisk.intake.lines.dayheadings import headings_in
from travelrisk.intake.lines.sketches import Sketch, joined, segment_of, turn_round, under_heading
from travelrisk.intake.words.clocks import Clock
from travelrisk.intake.words.moments import Found
from travelrisk.intake.words.relatives import is_relative
from travelrisk.intake.words.spots import Spot
from travelrisk.intake.words.tokens import Booking, Flight, Joint, Lexed, Mark, Operator, Person, Token

_NEAR = 200  # characters between a flight and the place or date that shows it is one
_NEXT_DAYS = 2  # an arrival later than this after the departure is another journey
_LEAP_YEAR = 2024
_NONE = re.compile(r"\b(?:no|not|without|sans|pas de|sin|ohne|kein(?:en?)?)[ ]*\Z", re.IGNORECASE)
_MARK = re.compile(r"[*†‡]+")
_FOOTNOTE = re.compile(r"(?:^|\n)[ >]*(?P<mark>[*†‡]+)[ ]*(?:[^\W\d_]{2,8}[ ])?\Z")
_FOOTNOTE_LENGTH = 40
_RECENT = 3  # sketches behind the present one to which an operator may still belong


class Assembly:
    """Goes through the tokens once and keeps the sketches and what found no place."""

    def __init__(self, text: str, lexed: Lexed, *, is_dated: bool) -> None:
        self._text = text
        self._is_dated = is_dated
        self._is_short = not is_dated and is_question(text)
        self._near = sorted(token.start for token in lexed.tokens if isinstance(token, Spot | Found))
        self._tokens = lexed.tokens
        self._headings = headings_in(lexed.tokens)
        self._sketch = Sketch()
        self._done: list[Sketch] = []
        self._line_begins = True
        self._awaited: Mark | None = None  # the word for a return of which nothing has come yet
        self.unused: list[Token] = []
        for number, token in enumerate(lexed.tokens):
            self._place(number, token)
        self._begin()
        if self._is_short:
            self.unused += filter(None, [self._awaited])

    def segments(self) -> tuple[DraftSegment, ...]:
        """Return what has been put together; sketches with too little become unused tokens."""
        kept: list[DraftSegment] = []
        outbound: list[Sketch] = []
        before: Sketch | None = None
        for sketch in self._done:
            if sketch.is_back and not sketch.has_pair:
                turn_round(sketch, outbound)
            if sketch.flight or sketch.has_pair:
                before = under_heading(sketch, before)
                kept.append(segment_of(sketch, self._text))
                outbound = [] if sketch.is_back else [*outbound, sketch]
            elif not _only_repeats(sketch, kept):
                self.unused += [token for token in sketch.tokens if _is_missed(token, is_back=sketch.is_back)]
        return tuple(kept)

    def _begin(self, *, is_back: bool = False) -> None:
        if self._sketch.tokens:
            self._done.append(self._sketch)
        self._sketch = Sketch(is_back=is_back, heading=self._sketch.heading)

    def _place(self, number: int, token: Token) -> None:
        if isinstance(token, Mark):
            self._mark(token)
            return
        if isinstance(token, Booking | Person):
            return
        if self._line_begins and not isinstance(token, Operator | Clock):
            self._cross_line(number)
        if isinstance(token, Flight):
            self._flight(number, token)
        elif isinstance(token, Spot):
            self._spot(token, is_alone=self._is_alone(number))
        elif isinstance(token, Found):
            self._date(number, token)
        elif isinstance(token, Clock):
            self._clock(token)
        else:
            self._operator(token)
        self._line_begins = False
        if self._sketch.is_back and self._sketch.tokens:
            self._awaited = None

    def _mark(self, mark: Mark) -> None:
        sketch = self._sketch
        if mark.joint is Joint.LINE:
            self._line_begins = True
        elif mark.joint is Joint.ARRIVES:
            sketch.goes_to_arrival = True
        elif mark.joint is Joint.ROUND or (
            mark.joint is Joint.BACK and sketch.has_pair and not (sketch.flight or sketch.has_date)
        ):
            sketch.is_round = True
            self._await(mark)
        elif mark.joint is Joint.BACK and (sketch.is_begun or self._done):
            self._begin(is_back=True)
            self._await(mark)

    def _await(self, mark: Mark) -> None:
        """Remember that a return is spoken of, unless it is said that there is none."""
        self._awaited = None if _NONE.search(self._text, 0, mark.start) else mark

    def _rest_of_line(self, number: int, *, backwards: bool = False) -> list[Token]:
        line = []
        for token in self._tokens[number::-1] if backwards else self._tokens[number:]:
            if isinstance(token, Mark) and token.joint is Joint.LINE:
                break
            line.append(token)
        return line

    def _cross_line(self, number: int) -> None:
        """Begin a segment where a new line brings what the present one has already."""
        line = self._rest_of_line(number)
        flights = sum(isinstance(token, Flight) for token in line)
        spots = sum(isinstance(token, Spot) for token in line)
        dates = sum(isinstance(token, Found) for token in line)
        sketch = self._sketch
        brings_flight = flights and (sketch.flight or (sketch.has_pair and spots))
        repeats = any(isinstance(token, Spot) and sketch.mentions(token) for token in line)
        brings_pair = spots > 1 and sketch.has_spot and not repeats
        is_heading = not sketch.is_begun and dates and (flights or spots) and not sketch.is_back
        if brings_flight or brings_pair or is_heading:
            self._begin()

    def _flight(self, number: int, token: Flight) -> None:
        if not self._is_dated and not self._is_near(token):
            self.unused.append(token)
            return
        following = self._tokens[number + 1 : number + 2]
        if self._sketch.flight or (self._sketch.has_pair and following and isinstance(following[0], Spot)):
            self._begin()
        self._sketch.flight = token
        self._sketch.tokens.append(token)

    def _is_near(self, flight: Flight) -> bool:
        number = bisect_left(self._near, flight.start - _NEAR)
        return number < len(self._near) and self._near[number] < flight.start + _NEAR

    def _is_alone(self, number: int) -> bool:
        """Say whether no other place stands on the line of one."""
        line = [*self._rest_of_line(number), *self._rest_of_line(number, backwards=True)]
        return sum(isinstance(token, Spot) for token in line) == len("ab")  # itself, from both sides

    def _spot(self, spot: Spot, *, is_alone: bool) -> None:
        sketch = self._sketch
        if sketch.mentions(spot, is_alone=is_alone):
            sketch.take_again(spot)
        elif spot.role == "via" and sketch.is_begun:
            sketch.stops.append(spot)
        elif spot.role == "from" or (sketch.has_pair and not spot.is_linked):
            self._origin(spot)
        elif spot.role == "to":
            self._destination(spot)
        elif sketch.origin is None and sketch.destination is None:
            sketch.origin = spot
        else:
            self._destination(spot)
        self._sketch.tokens.append(spot)

    def _origin(self, spot: Spot) -> None:
        if self._sketch.origin is not None:
            self._begin()
        if spot.role == "to":
            self._sketch.destination = spot
        else:
            self._sketch.origin = spot

    def _destination(self, spot: Spot) -> None:
        sketch = self._sketch
        if sketch.destination is not None and sketch.origin is None and not spot.role:
            sketch.origin = spot
        elif sketch.destination is None:
            sketch.destination = spot
        elif spot.is_linked and sketch.origin and sketch.origin.code != spot.code:
            sketch.stops.append(sketch.destination)
            sketch.destination = spot
        else:
            before = sketch.destination
            self._begin()
            self._sketch.origin = before if spot.is_linked else None
            self._sketch.destination = spot

    def _date(self, number: int, found: Found) -> None:
        if number in self._headings:
            self._heading(found)
            return
        sketch = self._sketch
        following = self._tokens[number + 1 : number + 2]
        opens = bool(following) and isinstance(following[0], Flight | Spot)
        if not sketch.has_date:
            sketch.departs = joined(found.moment, sketch.departs)
        elif opens and (sketch.flight or sketch.has_pair) and not sketch.goes_to_arrival:
            self._begin()
            self._sketch.departs = found.moment
        elif (
            not is_relative(found.moment)
            and sketch.arrives.day is None
            and (sketch.goes_to_arrival or self._is_arrival(found.moment))
        ):
            sketch.arrives = joined(found.moment, sketch.arrives)
        elif sketch.is_round:
            self._begin(is_back=True)
            self._sketch.departs = found.moment
        else:
            self.unused.append(found)
            return
        self._sketch.tokens.append(found)

    def _heading(self, found: Found) -> None:
        """Begin a segment on a day that holds for all below it, down to the next one."""
        if self._sketch.flight or self._sketch.has_date:
            self._begin()
        self._sketch.heading = self._sketch.departs = found.moment
        self._sketch.tokens.append(found)

    def _is_arrival(self, day: DraftTime) -> bool:
        """Say whether a second day is that of the arrival; without any time "12 Dec, 13 Dec" are two days."""
        departs = self._sketch.departs
        return _is_soon(departs, day) and not (self._is_short and departs.clock is None)

    def _clock(self, clock: Clock) -> None:
        sketch = self._sketch
        if clock.at is None:
            sketch.arrives = replace(sketch.arrives, day_shift=clock.shift)
        elif clock.shift is not None or sketch.goes_to_arrival or sketch.departs.clock is not None:
            if sketch.arrives.clock is None:
                shift = sketch.arrives.day_shift if clock.shift is None else clock.shift
                sketch.arrives = replace(sketch.arrives, clock=clock.at, day_shift=shift, zone=clock.zone)
        else:
            sketch.departs = replace(sketch.departs, clock=clock.at, zone=clock.zone)
        sketch.tokens.append(clock)

    def _marked(self, operator: Operator) -> list[Sketch]:
        """Return the flights that a footnote is about: SA7160* with ``* operated by ...`` somewhere below."""
        before = self._text[max(0, operator.start - _FOOTNOTE_LENGTH) : operator.start]
        footnote = _FOOTNOTE.search(before)
        if footnote is None:
            return []
        return [each for each in (*self._done, self._sketch) if self._mark_of(each) == footnote["mark"]]

    def _mark_of(self, sketch: Sketch) -> str:
        flight = sketch.flight
        found = _MARK.match(self._text, flight.end) if flight else None
        # What is marked on both sides is only written in bold.
        is_bold = found and flight and self._text[: flight.start].endswith(found[0])
        return found[0] if found and not is_bold else ""

    def _operator(self, operator: Operator) -> None:
        # A place named in between ("Brussels Airport (BRU)") does not come between a flight and its operator.
        begun = [sketch for sketch in (self._sketch, *self._done[: -_RECENT - 1 : -1]) if sketch.is_begun]
        whole = (sketch for sketch in begun if sketch.flight or sketch.has_pair)
        nearest = next(whole, begun[0] if begun else None)
        marked = self._marked(operator)
        for target in marked or filter(None, [nearest]):
            target.operator = " / ".join(filter(None, (target.operator, operator.words)))
            if not marked:  # what stands between a flight and its footnote is about other flights
                target.tokens.append(operator)
        if not marked and nearest is None:
            self.unused.append(operator)


def _only_repeats(sketch: Sketch, kept: Sequence[DraftSegment]) -> bool:
    """Say whether nothing stands there but the end of a flight again: ``a driver meets you at NBO``."""
    (spot, *more) = sketch.tokens
    ends = {code for segment in kept for code in (segment.origin, segment.destination) if code}
    return not more and isinstance(spot, Spot) and spot.code in ends and spot.role not in {"from", "via"}


def _is_missed(token: Token, *, is_back: bool) -> bool:
    """Say whether a token of a sketch that came to nothing must be reported."""
    is_day = is_back and isinstance(token, Found) and is_relative(token.moment)
    return is_day or isinstance(token, Operator) or (isinstance(token, Spot) and token.is_known)


def _is_soon(departs: DraftTime, arrives: DraftTime) -> bool:
    if departs.instant and arrives.instant:
        return 0 <= (arrives.instant - departs.instant).days <= _NEXT_DAYS
    try:
        begins = date(_LEAP_YEAR, departs.month or 0, departs.day or 0)
        ends = date(_LEAP_YEAR, arrives.month or 0, arrives.day or 0)
    except ValueError:
        return False
    return -1 <= ((ends - begins).days + 1) % 366 - 1 <= _NEXT_DAYS
