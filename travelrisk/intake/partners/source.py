"""What a table of fields says of a source: where in its documents each part of a flight stands."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from travelrisk.intake.partners.trees import name_of, steps_of

Paths = tuple[str, ...]
"""Places in a tree, as trees.py reads them; the first that holds something counts."""


@dataclass(frozen=True, slots=True)
class When:
    """Where a departure or an arrival stands.

    Attributes:
        at: date and local time in one field, with or without offset.
        day, clock: the same in two fields.
        zone: name of a zone; offset: as ``+01:00``, where the time itself has none.
        utc: the instant in UTC, whether or not a ``Z`` says so.
    """

    at: Paths = ()
    day: Paths = ()
    clock: Paths = ()
    zone: Paths = ()
    offset: Paths = ()
    utc: Paths = ()


@dataclass(frozen=True, slots=True)
class End:
    """Where an airport stands: its code, its name, and the terminal, which may hold the airport's code."""

    code: Paths = ()
    name: Paths = ()
    terminal: Paths = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """Where a carrier stands: code, number and name. Missing and null are *not stated*."""

    code: Paths = ()
    number: Paths = ()
    name: Paths = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """Where the real legs of a segment stand: stops are between them, and each may have its operator."""

    each: Paths = ()
    origin: Paths = ()
    destination: Paths = ()
    operating: Carried = Carried()


@dataclass(frozen=True, slots=True)
class Record:
    """Where a record locator and its owner stand; *each* is the name of a node, ``.`` the booking."""

    each: str
    code: Paths
    owner: Paths = ()
    known_owner: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Where travellers stand; *each* are names of nodes, of which the first with a traveller counts."""

    each: Paths
    surname: Paths
    given: Paths
    title: Paths = ()
    email: Paths = ()


@dataclass(frozen=True, slots=True)
class State:
    """Where the state of segments stands that is not told in them: nodes that refer to them."""

    nodes: Paths = ()
    segments: Paths = ()
    status: Paths = ()
    own: Paths = ()


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """One source: how to tell its documents, and where in them the fields stand.

    Attributes:
        name: as people call it.
        signs: names in sets; a document that has all names of one set is of this source.
        booking: names of what is one booking; without any in the document, it is the whole.
        segment: names of what is one flight, anywhere in a booking.
        marketing, operating, origin, destination, departs, arrives: paths from the segment.
        status: of the segment; past, open: a yes there says that it was flown, or has no flight yet.
        shared: a yes, or a node without any text, says that another carrier flies.
        stops: airports on the way; stop_count: how many there are.
        legs: the real legs inside the segment.
        states: of segments, where they stand elsewhere.
        whole: state of the whole booking; gone: anything there says that it is cancelled.
        alarms: anything there is a change, or a warning, and is told.
        records, people: from the booking, or else from the whole document.
        segment_records: locators that stand in the segment.
        harmless: names that look like an operator, a stop or a change in this source, and are none.
    """

    name: str
    signs: Paths
    booking: Paths
    segment: Paths
    marketing: Carried
    operating: Carried
    origin: End
    destination: End
    departs: When
    arrives: When
    people: tuple[Person, ...]
    records: tuple[Record, ...] = ()
    segment_records: tuple[Record, ...] = ()
    status: Paths = ()
    past: Paths = ()
    open: Paths = ()
    shared: Paths = ()
    stops: Paths = ()
    stop_count: Paths = ()
    legs: Leg = field(default_factory=Leg)
    states: State = field(default_factory=State)
    whole: Paths = ()
    gone: Paths = ()
    alarms: Paths = ()
    harmless: Paths = ()


class Reads(NamedTuple):
    """What a table reads of a segment, worked out once.

    Attributes:
        fields: every field, as a path of names; leading: those, and all that leads to one.
        skipped: names below which nothing tells anything new.
        references: the paths that follow one.
    """

    fields: frozenset[tuple[str, ...]]
    leading: frozenset[tuple[str, ...]]
    skipped: frozenset[str]
    references: Paths


@lru_cache(maxsize=32)
def reads_of(source: Source) -> Reads:
    """Return what a table reads of a segment."""
    groups = (
        *(group for carried in (source.marketing, source.operating) for group in _paths(carried)),
        *(group for end in (source.origin, source.destination) for group in _paths(end)),
        *(group for when in (source.departs, source.arrives) for group in _paths(when)),
        *(source.status, source.past, source.open, source.shared, source.stops, source.stop_count),
        *(paths for record in source.segment_records for paths in (record.code, record.owner)),
    )
    written = dict.fromkeys(path for group in groups for path in group if path != ".")
    fields = frozenset(tuple(step.name for step in steps_of(path)) for path in written)
    return Reads(
        fields,
        frozenset(field[:length] for field in fields for length in range(1, len(field) + 1)),
        frozenset(map(name_of, (*source.harmless, *source.legs.each))),
        tuple(path for path in written if "&" in path),
    )


def _paths(part: Carried | End | When) -> tuple[Paths, ...]:
    if isinstance(part, Carried):
        return part.code, part.number, part.name
    if isinstance(part, End):
        return part.code, part.name, part.terminal
    return part.at, part.day, part.clock, part.zone, part.offset, part.utc
