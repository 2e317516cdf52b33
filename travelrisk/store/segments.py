"""The inverted index: which itineraries touch a carrier, an airport, a pair, a State or a country.

It must never miss one. So all that a segment *may* be stands in it, every candidate, every stop and every
pair of them; a journey without a date is found on any day; and a journey under way is found by the segments
that were flown already, because they are part of its verdict. It may hold too much for a moment, where two
itineraries of one trip arrived at once: whoever loads what was found asks for the newest.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from itertools import chain, pairwise, product, zip_longest
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    union,
)

from travelrisk.domain.itineraries import Itinerary, Place, Segment
from travelrisk.domain.ratings import Subject, SubjectKind, route_subject
from travelrisk.screening.case import Leg, legs_of
from travelrisk.store.shapes import itinerary_from
from travelrisk.store.tables import itineraries, segments

_AT_ONCE: Final = 400  # codes in one query; SQLite takes a few thousand values
_FILLED_AT_ONCE: Final = 200  # itineraries in memory at a time
_NOTHING: Final = ""  # fills a row where another column has more values; nobody looks for it

Codes = Callable[[str], Collection[str]]


class Row(NamedTuple):
    """One row of an itinerary, without its id; only the days belong to all that stands in it.

    Attributes:
        first_day: of the segment. last_day: of the whole itinerary; both far ahead where one is not known.
        operating, marketing: ICAO designators. origin, destination: airports; stops stand in both.
        pair: both airports in alphabetical order (``ADD-FRA``).
    """

    first_day: str
    last_day: str
    operating: str = _NOTHING
    marketing: str = _NOTHING
    origin: str = _NOTHING
    destination: str = _NOTHING
    pair: str = _NOTHING


class Seen(NamedTuple):
    """A carrier on a pair: in how many itineraries it was seen there, and the latest day."""

    operating: str
    itineraries: int
    last_day: date | None


_INSERT: Final = insert(segments)
_OLDER: Final = delete(segments).where(
    segments.c.itinerary_id.in_(
        select(itineraries.c.id).where(
            itineraries.c.trip_id == bindparam("trip"), itineraries.c.id < bindparam("newest")
        )
    )
)
_COLUMNS: Final = {
    "operator": (segments.c.operating,),
    "carrier": (segments.c.operating, segments.c.marketing),
    "airport": (segments.c.origin, segments.c.destination),
    "pair": (segments.c.pair,),
}


def rows_of(itinerary: Itinerary) -> list[Row]:
    """Return the rows of an itinerary: all that the rules may look up, for each segment that is judged.

    One without such a segment has one empty row, so that it is known to have been indexed.
    """
    legs = legs_of(itinerary, date.max)  # without a date: as far ahead as can be
    last = max((leg.span.last for leg in legs), default=date.min).isoformat()
    return list(chain.from_iterable(_rows(leg, last) for leg in legs)) or [Row(last, last)]


def index(c: Connection, trip_id: int, itinerary_id: int, itinerary: Itinerary) -> None:
    """Let the newest itinerary of a trip be found, and its older ones no longer.

    Belongs in the transaction that adds the itinerary.
    """
    c.execute(_OLDER, {"trip": trip_id, "newest": itinerary_id})
    c.execute(_INSERT, _numbered(itinerary_id, rows_of(itinerary)))


def withdraw(c: Connection, trip_id: int, itinerary_id: int) -> None:
    """Let no itinerary of a trip be found: nobody looks at one that was cancelled.

    One empty row stays with the newest, so that it is known to have been indexed.
    """
    c.execute(_OLDER, {"trip": trip_id, "newest": itinerary_id + 1})
    long_ago = date.min.isoformat()
    c.execute(_INSERT, _numbered(itinerary_id, [Row(long_ago, long_ago)]))


def touched(
    c: Connection, subjects: Iterable[Subject], since: date, *, operators_of: Codes, airports_in: Codes
) -> list[int]:
    """Return the itineraries that end on *since* or later and have to do with any of the subjects.

    Read from the index alone, however many itineraries are stored.

    Args:
        c: connection.
        subjects: a State concerns the carriers certified there, a country its airports, a route its pair.
        since: itineraries that ended before are past.
        operators_of: gives the ICAO designators of the carriers of a State.
        airports_in: gives the codes of the airports of a country.
    """
    wanted: dict[str, set[str]] = {where: set() for where in _COLUMNS}
    for kind, key in subjects:
        if kind is SubjectKind.CARRIER:
            wanted["carrier"].add(key)
        elif kind is SubjectKind.STATE:
            wanted["operator"].update(operators_of(key))
        elif kind is SubjectKind.AIRPORT:
            wanted["airport"].add(key)
        elif kind is SubjectKind.COUNTRY:
            wanted["airport"].update(airports_in(key))
        else:
            wanted["pair"].add(key.rpartition(":")[2])  # of a carrier on a pair, whoever flies it
    found: set[int] = set()
    for where, codes in wanted.items():
        for some in _batches(sorted(codes - {_NOTHING})):
            found.update(c.scalars(touching(where), {"codes": some, "since": since.isoformat()}))
    return sorted(found)


def touching(where: str) -> CompoundSelect[tuple[int]]:
    """Return the query for ``operator``, ``carrier``, ``airport`` or ``pair``: one search an index."""
    codes: BindParameter[str] = bindparam("codes", expanding=True)
    since: BindParameter[str] = bindparam("since")
    columns = _COLUMNS[where]
    return union(
        *(
            select(segments.c.itinerary_id).where(column.in_(codes), segments.c.last_day >= since)
            for column in columns
        )
    )


def seen_on(c: Connection, pair: str) -> tuple[Seen, ...]:
    """Return who was seen to fly a pair, in itineraries past and to come.

    The first row of a segment holds its first operator beside its whole pair; further candidates, and the
    parts between stops, stand in rows of their own and are not counted.
    """
    day = func.max(segments.c.first_day)
    numbers = func.count(segments.c.itinerary_id.distinct())
    wanted = (segments.c.pair == pair) & (segments.c.operating != _NOTHING)
    query = select(segments.c.operating, numbers, day).where(wanted).group_by(segments.c.operating)
    return tuple(Seen(icao, count, _known(last)) for icao, count, last in c.execute(query))


def upcoming(c: Connection, since: date) -> list[int]:
    """Return all itineraries that end on *since* or later."""
    wanted = select(segments.c.itinerary_id).where(segments.c.last_day >= since.isoformat()).distinct()
    return sorted(c.scalars(wanted))


def fill(c: Connection) -> int:
    """Index what an older version stored without doing so, and return how many itineraries that were.

    Harmless when repeated; a database that is complete costs one query.
    """
    filled, past = 0, 0
    while missing := _missing(c, past):
        numbered = (_numbered(number, rows_of(itinerary_from(body))) for number, body in missing)
        c.execute(_INSERT, list(chain.from_iterable(numbered)))
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
    indexed = exists().where(segments.c.itinerary_id == itineraries.c.id)
    wanted = select(itineraries.c.id, itineraries.c.body).where(
        itineraries.c.id > past, ~indexed, ~superseded
    )
    return [(row.id, row.body) for row in c.execute(wanted.order_by(itineraries.c.id).limit(limit))]


def _numbered(itinerary_id: int, rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{"itinerary_id": itinerary_id, "seq": seq} | row._asdict() for seq, row in enumerate(rows)]


def _rows(leg: Leg, last: str) -> list[Row]:
    """Write the values of each column below one another: each is looked for by itself."""
    segment = leg.segment
    ends = [_codes(place) for place in (segment.origin, *segment.stops, segment.destination)]
    columns = (
        _operators(segment),
        _sellers(segment),
        _once(chain.from_iterable(ends[:-1])),
        _once(chain.from_iterable(ends[1:])),
        _pairs(ends),
    )
    first = leg.span.first.isoformat()
    values = list(zip_longest(*columns, fillvalue=_NOTHING))
    return [Row(first, last, *each) for each in values] or [Row(first, last)]


def _operators(segment: Segment) -> list[str]:
    operating = segment.operating
    known = (operating.carrier,) if operating.carrier else ()
    return _once(carrier.icao for carrier in (*known, *operating.candidates))


def _sellers(segment: Segment) -> list[str]:
    marketing = segment.marketing
    known = (marketing.carrier,) if marketing.carrier else ()
    return _once(carrier.icao for carrier in (*known, *marketing.candidates))


def _codes(place: Place) -> list[str]:
    return _once(airport.code for airport in place.possible)


def _pairs(ends: Sequence[list[str]]) -> list[str]:
    """Return the pair of both ends, and, with stops on the way, those between one place and the next."""
    legs = [(ends[0], ends[-1]), *pairwise(ends)]
    return _once(route_subject(*pair).key for origins, others in legs for pair in product(origins, others))


def _once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))


def _batches(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + _AT_ONCE] for start in range(0, len(codes), _AT_ONCE))
