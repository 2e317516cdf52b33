"""Which airspaces the direct track of each known pair of airports passes, or comes near.

A pair is a pair of airports that any indexed itinerary flies (``ADD-FRA``). What is compared is kept, so that
a change of an airspace finds its journeys by index. An outline that was replaced is kept until the journeys
of the edition that replaced it were judged again: they passed the old one.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, delete, exists, insert, select

from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.store.tables import drawn, records, route_airspaces, routes, touches

_OF_KEY: Final = (
    select(route_airspaces.c.pair)
    .join(records, records.c.id == route_airspaces.c.airspace)
    .where(records.c.subject == bindparam("subject"), records.c.record == "airspace")
    .distinct()
)


def passing(c: Connection, key: str) -> list[str]:
    """Return the pairs whose track passes an airspace of this key, or comes near, also as it was before."""
    return sorted(c.scalars(_OF_KEY, {"subject": str(Subject(SubjectKind.AIRSPACE, key))}))


def unknown(c: Connection) -> list[str]:
    """Return the pairs of indexed itineraries that have not been compared with any airspace yet."""
    known = exists().where(routes.c.pair == touches.c.code)
    return sorted(c.scalars(select(touches.c.code).where(touches.c.kind == "pair", ~known).distinct()))


def known(c: Connection) -> list[str]:
    """Return the pairs that were compared."""
    return sorted(c.scalars(select(routes.c.pair)))


def compared(c: Connection) -> dict[str, int]:
    """Return the ids of the airspaces that were compared with all known pairs, and with which margin."""
    return {row.airspace: row.margin_km for row in c.execute(select(drawn))}


def learn(c: Connection, pairs: Sequence[str]) -> None:
    """Note that these pairs are compared with all airspaces."""
    if pairs:
        c.execute(insert(routes), [{"pair": pair} for pair in pairs])


def draw(c: Connection, airspaces: Iterable[str], margin_km: int) -> None:
    """Note that these airspaces are compared with all known pairs; what was found before is forgotten."""
    for number in airspaces:
        c.execute(delete(route_airspaces).where(route_airspaces.c.airspace == number))
        c.execute(delete(drawn).where(drawn.c.airspace == number))
        c.execute(insert(drawn), {"airspace": number, "margin_km": margin_km})


def passes(c: Connection, found: Iterable[tuple[str, str]]) -> None:
    """Write which airspaces (by the id of their record) which pairs pass."""
    rows = [{"airspace": airspace, "pair": pair} for airspace, pair in found]
    if rows:
        c.execute(insert(route_airspaces), rows)


def forget(c: Connection, before: int) -> None:
    """Forget the airspaces closed in an edition before this one: their journeys have been judged since."""
    gone = select(records.c.id).where(records.c.record == "airspace", records.c.closed_in < before)
    c.execute(delete(route_airspaces).where(route_airspaces.c.airspace.in_(gone)))
    c.execute(delete(drawn).where(drawn.c.airspace.in_(gone)))
