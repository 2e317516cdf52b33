"""The inverted index: which itineraries touch a carrier, an airport, a pair, a State or a country.

It must never miss one. So all that a segment *may* be stands in it, every candidate, every stop and every
pair of them; a journey without a date is found on any day; and a journey under way is found by the segments
that were flown already, because they are part of its verdict. It may hold too much for a moment, where two
itineraries of one trip arrived at once: whoever loads what was found asks for the newest.

States and countries have no rows of their own: which carriers and airports are theirs is reference data, and
changes without any itinerary being stored again.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, pairwise, product
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, select

from travelrisk.domain.concentration import flights_of
from travelrisk.domain.itineraries import Itinerary, Place, Segment
from travelrisk.domain.ratings import Subject, SubjectKind, route_subject
from travelrisk.screening.case import Leg, legs_of
from travelrisk.store.shapes import itinerary_from
from travelrisk.store.tables import flights, itineraries, segments, touches

_AT_ONCE: Final = 400  # codes in one query; SQLite takes a few thousand values
_FILLED_AT_ONCE: Final = 200  # itineraries in memory at a time

Codes = Callable[[str], Collection[str]]
Kind = Literal["operating", "marketing", "airport", "pair", ""]


class Touch(NamedTuple):
    """What an itinerary may touch.

    Attributes:
        kind: ``operating`` and ``marketing`` go with an ICAO designator, ``airport`` with its code, ``pair``
            with both airports in alphabetical order (``ADD-FRA``); the itinerary itself has no kind. What
            operates any segment of it is not told again as what sells one; whose aircraft it is operates too.
        first_day: of the earliest segment that touches it. last_day: of the whole itinerary; both far ahead
            where one is not known.
    """

    kind: Kind
    code: str
    first_day: str
    last_day: str


class Flown(NamedTuple):
    """Who operates a segment from one end to the other: the first of several candidates, the first pair."""

    first_day: str
    operating: str
    pair: str


class Entry(NamedTuple):
    """All rows of an itinerary, without its id."""

    touches: tuple[Touch, ...]
    flown: tuple[Flown, ...]
    flights: tuple[str, ...] = ()


NOWHERE: Final = Entry((Touch("", "", date.min.isoformat(), date.min.isoformat()),), ())
"""Of an itinerary that was indexed and is to be found by nothing."""


class Seen(NamedTuple):
    """A carrier on a pair: in how many itineraries it was seen there, and the latest day."""

    operating: str
    itineraries: int
    last_day: date | None


_TOUCH: Final = insert(touches)
_FLY: Final = insert(segments)
_TOGETHER: Final = insert(flights)
_TOUCHING: Final = select(touches.c.itinerary_id).where(
    touches.c.kind == bindparam("kind"),
    touches.c.code.in_(bindparam("codes", expanding=True)),
    touches.c.last_day >= bindparam("since"),
)
_IS_ITSELF: Final = (touches.c.kind == "") & (touches.c.code == "")
_OLDER: Final = select(itineraries.c.id).where(
    itineraries.c.trip_id == bindparam("trip"), itineraries.c.id < bindparam("newest")
)
_WITHOUT_OLDER: Final = tuple(
    delete(table).where(table.c.itinerary_id.in_(_OLDER)) for table in (touches, segments, flights)
)


def entry_of(itinerary: Itinerary) -> Entry:
    """Return the rows of an itinerary: all that the rules may look up, of each segment that is judged.

    A row without a kind stands for the itinerary itself: what is ahead is found by it, whatever it touches.
    """
    legs = legs_of(itinerary, date.max)  # without a date: as far ahead as can be
    first = min((leg.span.first for leg in legs), default=date.min).isoformat()
    last = max((leg.span.last for leg in legs), default=date.min).isoformat()
    found: dict[tuple[Kind, str], str] = {}
    for leg in sorted(legs, key=lambda leg: leg.span.first):
        for touch in _touches(leg.segment):
            found.setdefault(touch, leg.span.first.isoformat())
    rows = (
        Touch(kind, code, day, last)
        for (kind, code), day in found.items()
        if kind != "marketing" or ("operating", code) not in found
    )
    itself = Touch("", "", first, last)
    together = sorted(frozenset().union(*(flights_of(leg.segment) for leg in legs)))
    return Entry((itself, *rows), tuple(chain.from_iterable(map(_flown, legs))), tuple(together))


def index(c: Connection, trip_id: int, itinerary_id: int, itinerary: Itinerary) -> None:
    """Let the newest itinerary of a trip be found, and its older ones no longer.

    Belongs in the transaction that adds the itinerary.
    """
    trip = {"trip": trip_id, "newest": itinerary_id}
    if c.execute(_OLDER.limit(1), trip).first() is not None:
        for statement in _WITHOUT_OLDER:
            c.execute(statement, trip)
    enter(c, [(itinerary_id, entry_of(itinerary))])


def enter(c: Connection, entries: Iterable[tuple[int, Entry]]) -> None:
    """Write the rows of itineraries, by their ids; none of them is in the index yet."""
    known = list(entries)
    c.execute(
        _TOUCH, [{"itinerary_id": number} | row._asdict() for number, entry in known for row in entry.touches]
    )
    flown = [
        {"itinerary_id": number, "seq": seq} | row._asdict()
        for number, entry in known
        for seq, row in enumerate(entry.flown)
    ]
    if flown:
        c.execute(_FLY, flown)
    together = [{"itinerary_id": number, "flight": each} for number, entry in known for each in entry.flights]
    if together:
        c.execute(_TOGETHER, together)


def withdraw(c: Connection, trip_id: int, itinerary_id: int) -> None:
    """Let no itinerary of a trip be found: nobody looks at one that was cancelled.

    The newest keeps a row that stands for itself, long past, so that it is known to have been indexed.
    """
    for statement in _WITHOUT_OLDER:
        c.execute(statement, {"trip": trip_id, "newest": itinerary_id + 1})
    enter(c, [(itinerary_id, NOWHERE)])


def touched(  # noqa: PLR0913 - what is asked for, and the tables that tell what that touches
    c: Connection,
    subjects: Iterable[Subject],
    since: date,
    *,
    operators_of: Codes,
    airports_in: Codes,
    passing: Codes,
) -> list[int]:
    """Return the itineraries that end on *since* or later and have to do with any of the subjects.

    Read from the index alone, however many itineraries are stored.

    Args:
        c: connection.
        subjects: a State concerns the carriers certified there, a country its airports, a route its pair,
            an airspace every pair whose direct track passes it.
        since: itineraries that ended before are past.
        operators_of: gives the ICAO designators of the carriers of a State.
        airports_in: gives the codes of the airports of a country.
        passing: gives the pairs whose direct track passes an airspace, or comes near.
    """
    wanted: defaultdict[Kind, set[str]] = defaultdict(set)
    for kind, key in subjects:
        if kind is SubjectKind.CARRIER:
            wanted["operating"].add(key)
            wanted["marketing"].add(key)
        elif kind is SubjectKind.STATE:
            wanted["operating"].update(operators_of(key))
        elif kind is SubjectKind.AIRPORT:
            wanted["airport"].add(key)
        elif kind is SubjectKind.COUNTRY:
            wanted["airport"].update(airports_in(key))
        elif kind is SubjectKind.AIRSPACE:
            wanted["pair"].update(passing(key))
        else:
            wanted["pair"].add(key.rpartition(":")[2])  # of a carrier on a pair, whoever flies it
    found: set[int] = set()
    for where, codes in wanted.items():
        for some in _batches(sorted(codes)):
            found.update(c.scalars(_TOUCHING, {"kind": where, "codes": some, "since": since.isoformat()}))
    return sorted(found)


def seen_on(c: Connection, pair: str) -> tuple[Seen, ...]:
    """Return who was seen to fly a pair, in itineraries past and to come.

    Of a segment its first operator and its whole pair count; further candidates, and the parts between stops,
    do not.
    """
    day = func.max(segments.c.first_day)
    numbers = func.count(segments.c.itinerary_id.distinct())
    query = select(segments.c.operating, numbers, day).where(segments.c.pair == pair)
    rows = c.execute(query.group_by(segments.c.operating))
    return tuple(Seen(icao, count, _known(last)) for icao, count, last in rows)


def pairs(c: Connection, since: date) -> list[str]:
    """Return the pairs of airports of all itineraries that end on *since* or later."""
    wanted = select(touches.c.code).where(touches.c.kind == "pair", touches.c.last_day >= since.isoformat())
    return sorted(c.scalars(wanted.distinct()))


def upcoming(c: Connection, since: date) -> list[int]:
    """Return all itineraries that end on *since* or later."""
    wanted = select(touches.c.itinerary_id).where(_IS_ITSELF, touches.c.last_day >= since.isoformat())
    return sorted(c.scalars(wanted))


def ahead_of(c: Connection, day: date) -> list[int]:
    """Return all itineraries that end after *day*, which lies far ahead, and those without a date."""
    wanted = select(touches.c.itinerary_id).where(_IS_ITSELF, touches.c.last_day > day.isoformat())
    return sorted(c.scalars(wanted))


def departing(c: Connection, day: date) -> list[int]:
    """Return the itineraries that begin on this day or are under way: a flight of theirs may depart on it."""
    under_way = (touches.c.first_day <= day.isoformat()) & (touches.c.last_day >= day.isoformat())
    return sorted(c.scalars(select(touches.c.itinerary_id).where(_IS_ITSELF, under_way)))


def beginning(first: date, last: date) -> Select[int]:
    """Return the query for the itineraries whose first flight departs on one of these days, both included."""
    on_time = touches.c.first_day.between(first.isoformat(), last.isoformat())
    # None ends before it begins: with its last day the index is searched, and the past is not read.
    return select(touches.c.itinerary_id).where(_IS_ITSELF, touches.c.last_day >= first.isoformat(), on_time)


def fill(c: Connection) -> int:
    """Index what an older version stored without doing so, and return how many itineraries that were.

    Harmless when repeated; a database that is complete costs one query.
    """
    filled, past = 0, 0
    while missing := _missing(c, past):
        enter(c, ((number, entry_of(itinerary_from(body))) for number, body in missing))
        filled, past = filled + len(missing), missing[-1][0]
    return filled


def is_complete(c: Connection) -> bool:
    """Say whether every itinerary that is the newest of its trip is indexed."""
    return not _missing(c, 0, 1)


def _known(text: str) -> date | None:
    found = date.fromisoformat(text)
    return found if found.year < date.max.year else None


def _missing(c: Connection, past: int, limit: int = _FILLED_AT_ONCE) -> list[tuple[int, str]]:
    later = itineraries.alias("later")
    superseded = exists().where(later.c.trip_id == itineraries.c.trip_id, later.c.id > itineraries.c.id)
    indexed = exists().where(touches.c.itinerary_id == itineraries.c.id)
    wanted = select(itineraries.c.id, itineraries.c.body).where(
        itineraries.c.id > past, ~indexed, ~superseded
    )
    return [(row.id, row.body) for row in c.execute(wanted.order_by(itineraries.c.id).limit(limit))]


def _touches(segment: Segment) -> Iterator[tuple[Kind, str]]:
    ends = _ends(segment)
    yield from (("operating", carrier.icao) for carrier in segment.flyers)
    yield from (("marketing", code) for code in _sellers(segment))
    yield from (("airport", code) for code in chain.from_iterable(ends))
    yield from (("pair", pair) for pair in _pairs(ends))


def _flown(leg: Leg) -> Iterator[Flown]:
    operators, pairs = leg.segment.operators, _pairs(_ends(leg.segment))
    if operators and pairs:
        yield Flown(leg.span.first.isoformat(), operators[0].icao, pairs[0])


def _sellers(segment: Segment) -> list[str]:
    marketing = segment.marketing
    known = (marketing.carrier,) if marketing.carrier else ()
    return [carrier.icao for carrier in (*known, *marketing.candidates)]


def _ends(segment: Segment) -> list[list[str]]:
    places = (segment.origin, *segment.stops, segment.destination)
    return [_codes(place) for place in places]


def _codes(place: Place) -> list[str]:
    return [airport.code for airport in place.possible]


def _pairs(ends: Sequence[list[str]]) -> list[str]:
    """Return the pair of both ends, and, with stops on the way, those between one place and the next."""
    legs = [(ends[0], ends[-1]), *pairwise(ends)]
    return [route_subject(*pair).key for origins, others in legs for pair in product(origins, others)]


def _batches(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + _AT_ONCE] for start in range(0, len(codes), _AT_ONCE))
