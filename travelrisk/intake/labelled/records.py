"""A record of a printed itinerary: what its labels and columns have said of one flight, and its segment."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Mode, Status
from travelrisk.domain.places import Atlas
from travelrisk.domain.settling.clocks import read_clock, zone_named
from travelrisk.domain.settling.places import named_airports
from travelrisk.intake.labelled.values import Named, Said, Where
from travelrisk.intake.words.states import status_of

_LONGEST_SOURCE = 200
_SLACK = timedelta(minutes=15)
_DURATION = re.compile(r"(?<![\w:])(?P<hours>[0-9]{1,2})[ ]?[:hH][ ]?(?P<minutes>[0-9]{2})?")
_JOINED = re.compile(
    r"(?:(?<!\w)(?:dba|d/b/a|as|for|behalf of|von|par|por|da|by)|[-/,&])[ ]*\Z", re.IGNORECASE
)
_STATE_WORDS = frozenset(["reservation", "booking", "flight", "reserva", "vol", "vuelo", "flug", "status"])
_SHORTEST_STATE = 6  # letters
_NO_STOP = re.compile(
    r"(?:0|no|none|non|aucune?|ninguna|keine?r?|direct|directo|direkt|non[- ]?stop|nonstop)?", re.IGNORECASE
)


@dataclass(slots=True)
class Record:
    """A flight that is being put together.

    Attributes:
        spans: the stretches of the text that were understood.
        asides: values that matter only if they name a carrier: of the aircraft, of the meal.
        doubts: what of it must be reported.
        is_given_up: something in it is not for this grammar; the free text reads it instead.
        is_on_rails: its label says that it is a train.
        is_places_first: its ends stand above its flight.
    """

    flight: Named | None = None
    seller: str = ""
    origin: Where | None = None
    destination: Where | None = None
    day: DraftTime = DraftTime()
    departs: DraftTime = DraftTime()
    arrives: DraftTime = DraftTime()
    operator: str = ""
    status: Status = Status.UNKNOWN
    stops: list[str] = field(default_factory=list)
    duration: str = ""
    spans: list[tuple[int, int]] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    is_given_up: bool = False
    is_on_rails: bool = False
    is_places_first: bool = False

    @property
    def has_only_places(self) -> bool:
        """Say whether an end is known and the flight is not."""
        return self.flight is None and (self.origin is not None or self.destination is not None)

    @property
    def is_whole(self) -> bool:
        """Say whether the flight and both its ends are known."""
        return bool(self.flight and self.origin and self.destination) and not self.is_given_up

    def depart(self, said: Said) -> None:
        """Take what was said of the departure."""
        self.origin = self.origin or said.place
        self.departs = _filled(self.departs, said)

    def arrive(self, said: Said) -> None:
        """Take what was said of the arrival."""
        self.destination = self.destination or said.place
        self.arrives = _filled(self.arrives, said)

    def operate(self, words: str) -> None:
        """Take the name of an operator, the second of two, or the rest of one that was broken off."""
        written = " ".join(words.split()).strip(" /-*.,():;")
        written = written.upper() if written.islower() else written
        if self.operator and _JOINED.search(self.operator):
            self.operator = f"{self.operator} {written}"
        elif written and folded(written) not in {folded(each) for each in self.operator.split(" / ")}:
            self.operator = " / ".join(filter(None, (self.operator.removesuffix("?"), written)))
        elif not written:
            self.operator = self.operator or "?"

    @property
    def is_operator_open(self) -> bool:
        """Say whether the operator's name goes on in the next line, or stands there."""
        return self.operator == "?" or bool(self.operator and _JOINED.search(self.operator))

    def stop(self, value: str) -> bool:
        """Take the stops; False where their number is said and not where they are."""
        for each in re.split(r"[,;/]|\b(?:and|et|y|und|e)\b", value):
            written = each.strip(" .-")
            if written.isdigit() and int(written):
                return False
            if not _NO_STOP.fullmatch(written):
                self.stops.append(written)
        return True

    def state(self, value: str) -> bool:
        """Take the state of the booking; False where no table knows it."""
        words = [word for word in folded(value).split() if word not in _STATE_WORDS]
        begins = words[0] if words and len(words[0]) >= _SHORTEST_STATE else ""  # "no meal" is no NO
        known = status_of(" ".join(words)) or status_of(begins)
        if known is None:
            return False
        if self.status not in {Status.UNKNOWN, known}:
            self.doubts.append(f"{self.status.value} / {value}")
        else:
            self.status = known
        return True

    def segment(self, text: str, atlas: Atlas) -> DraftSegment:
        """Return the segment, once the record is whole; what contradicts itself in it becomes a doubt."""
        assert self.flight  # noqa: S101 - only whole records become segments
        origin, destination = self.origin or Where(), self.destination or Where()
        segment = DraftSegment(
            marketing_code=self.flight.carrier,
            marketing_number=self.flight.number,
            marketing_name=self.flight.name or self.seller,
            operator=self.operator,
            origin=origin.code,
            origin_name=origin.name,
            destination=destination.code,
            destination_name=destination.name,
            departs=self._departure(),
            arrives=self.arrives,
            mode=Mode.UNKNOWN if self.is_on_rails else Mode.AIR,
            status=self.status,
            stops=tuple(dict.fromkeys(self.stops)),
            source=self.source(text),
        )
        if self.duration and not _lasts(segment, self.duration, atlas):
            self.doubts.append(
                f"{self.flight.carrier} {self.flight.number}: it does not last {self.duration}"
            )
        return segment

    def _departure(self) -> DraftTime:
        """Return the departure with the year and weekday that only the heading of the block has."""
        own, above = self.departs, self.day
        if own.day is None:
            return replace(above, clock=own.clock, zone=own.zone, text=above.text or own.text)
        if above.day is None:
            return own
        if (own.month, own.day) != (above.month, above.day):
            self.doubts.append(f"{above.text} / {own.text}")
            return own
        return replace(own, year=own.year or above.year, weekday=own.weekday or above.weekday)

    def source(self, text: str) -> str:
        """Return the words it was read from."""
        pieces = (text[start:end] for start, end in sorted(self.spans))
        return " ".join(" ".join(pieces).split())[:_LONGEST_SOURCE]


def _filled(known: DraftTime, said: Said) -> DraftTime:
    """Return a time with the day and the clock that it lacks."""
    if said.day and known.day is None and known.instant is None:
        known = replace(said.day, clock=known.clock, zone=known.zone, day_shift=known.day_shift)
    if said.clock and known.clock is None:
        known = replace(
            known,
            clock=said.clock.at,
            zone=said.clock.zone,
            day_shift=known.day_shift if said.clock.shift is None else said.clock.shift,
        )
    return known


def _lasts(segment: DraftSegment, duration: str, atlas: Atlas) -> bool:
    """Say whether the times at both airports leave the stated duration between them, or nobody can tell."""
    stated = _DURATION.search(duration)
    ends = [
        _instants(each, code, name, segment.departs, atlas)
        for each, code, name in (
            (segment.departs, segment.origin, segment.origin_name),
            (segment.arrives, segment.destination, segment.destination_name),
        )
    ]
    if not stated or not all(ends):
        return True
    wanted = timedelta(hours=int(stated["hours"]), minutes=int(stated["minutes"] or 0))
    return any(abs(there - here - wanted) <= _SLACK for here in ends[0] for there in ends[1])


def _instants(moment: DraftTime, code: str, name: str, departs: DraftTime, atlas: Atlas) -> list[datetime]:
    """Return the instants that a local time may be; an arrival without a day may be on any near one."""
    found = atlas.candidates(code) or named_airports(name, atlas)
    zones = {airport.zone for airport in found}
    zone = zone_named(zones.pop()) if len(zones) == 1 else None
    day = moment if moment.day else departs
    year = day.year or departs.year
    if not (zone and moment.clock and year and day.month and day.day):
        return []
    shifts = range(-1, 3) if moment is not departs and moment.day is None else range(1)
    try:
        local = datetime(year, day.month, day.day, moment.clock.hour, moment.clock.minute)  # noqa: DTZ001 - a clock on a wall
    except ValueError:
        return []
    rolled = local.replace(year=year + 1) if (day.month, departs.month) == (1, 12) and not day.year else local
    return [read_clock(rolled + timedelta(days=shift), zone).utc for shift in shifts]
