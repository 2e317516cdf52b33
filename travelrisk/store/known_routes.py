"""Who flies between which airports: by tables that were loaded, and by the segments of stored itineraries.

Both are hints where to look, and clear nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select

from travelrisk.store.tables import known_routes, segments


class Loaded(NamedTuple):
    """A row of a table: airports by their codes, the first in the alphabet first; *as_of* None = not said."""

    one: str
    other: str
    carrier: str
    source: str = ""
    as_of: date | None = None


class Flown(NamedTuple):
    """A carrier on a pair: in how many itineraries it was seen there, and the latest day; None = no date."""

    one: str
    other: str
    carrier: str
    itineraries: int
    last_day: date | None


def loaded(c: Connection, airports: Collection[str] = ()) -> list[Loaded]:
    """Return the routes of tables that touch any of these airports; of all without them."""
    query = select(known_routes).order_by(*known_routes.primary_key)
    if airports:
        query = query.where(known_routes.c.one.in_(airports) | known_routes.c.other.in_(airports))
    return [Loaded(row.one, row.other, row.carrier, row.source, _day(row.as_of)) for row in c.execute(query)]


def replace_all(c: Connection, rows: Iterable[Loaded]) -> None:
    """Put these routes in the place of all that tables said."""
    c.execute(delete(known_routes))
    given = [_row(each) for each in rows]
    if given:
        c.execute(insert(known_routes), given)


def seen(c: Connection, airports: Collection[str] = ()) -> list[Flown]:
    """Return who was seen to fly pairs that touch any of these airports; all pairs without them."""
    numbers = func.count(segments.c.itinerary_id.distinct())
    query = select(segments.c.pair, segments.c.operating, numbers, func.max(segments.c.first_day))
    if airports:
        query = query.where(or_(*_touching(airports)))
    query = query.group_by(segments.c.pair, segments.c.operating)
    rows = c.execute(query.order_by(segments.c.pair, segments.c.operating))
    return [_flown(pair, icao, count, last) for pair, icao, count, last in rows]


def _flown(pair: str, icao: str, count: int, last: str) -> Flown:
    one, _, other = pair.partition("-")
    return Flown(one, other, icao, count, _last(last))


def _touching(airports: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    for code in airports:
        yield segments.c.pair.startswith(f"{code}-", autoescape=True)
        yield segments.c.pair.endswith(f"-{code}", autoescape=True)


def _row(each: Loaded) -> dict[str, str]:
    return each._asdict() | {"as_of": each.as_of.isoformat() if each.as_of else ""}


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _last(text: str) -> date | None:
    found = date.fromisoformat(text)
    return found if found.year < date.max.year else None
