"""Other ways between the places of a judged itinerary, from all that is known of who flies where."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import NOBODY, Whose
from travelrisk.domain.carriers import Carrier
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.network import KnownRoute, Learned, Network
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import alternatives
from travelrisk.screening.alternatives import Bench, Part, Ways
from travelrisk.services.application import Application
from travelrisk.services.trips.known_routes import bearer_of
from travelrisk.store import known_routes
from travelrisk.store.database import reading


def other_ways(
    app: Application,
    itinerary: Itinerary,
    advisory: Advisory,
    whose: Whose = NOBODY,
    known_since: datetime | None = None,
) -> tuple[Ways, ...]:
    """Return the better-rated ways of an itinerary that is not cleared outright, part by part.

    A part without any is told too, with how many were judged. They are judged by the newest edition, and
    nothing is stored.

    Raises:
        StoreError: the database cannot be read.
    """
    policy = app.policy.policy
    if advisory.verdict is Verdict.CLEARED or not policy.rerouting.most_shown:
        return ()
    parts = alternatives.parts_of(itinerary, advisory, policy.rerouting)
    if not parts:
        return ()
    with reading(app.engine) as c:
        snapshot = app.shelf.newest(c)
        network = Network(_routes(app, c, snapshot, parts))
    bench = Bench(snapshot, policy, app.clock(), whose, known_since)
    return alternatives.alternatives(parts, network, bench)


def _routes(
    app: Application, c: Connection, snapshot: Snapshot, parts: Sequence[Part]
) -> Iterator[KnownRoute]:
    """Give the routes that touch an end of any part; what is best known comes first."""
    wanted = {end.code for part in parts for end in (part.origin, part.destination)}
    made = _Maker(app, min(part.day for part in parts))
    for rows in snapshot.services.values():
        for service in rows:
            if not wanted.isdisjoint(service.pair):
                yield from made.route(*service.pair, service.carrier, Learned.SERVICE, service.source)
    for seen in known_routes.seen(c, wanted):
        yield from made.route(seen.one, seen.other, seen.carrier, Learned.SEEN)
    for row in known_routes.loaded(c, wanted):
        yield from made.route(row.one, row.other, row.carrier, Learned.LOADED, row.source, row.as_of)


class _Maker:
    """Makes known routes of codes; those that mean nothing any more are left out."""

    def __init__(self, app: Application, day: date) -> None:
        self._app = app
        self._day = day
        self._carriers: dict[str, Carrier | None] = {}

    def route(  # noqa: PLR0913, PLR0917 - as a route is told
        self, one: str, other: str, icao: str, learned: Learned, source: str = "", as_of: date | None = None
    ) -> Iterator[KnownRoute]:
        first, last = self._app.atlas.airport(one), self._app.atlas.airport(other)
        if icao not in self._carriers:
            self._carriers[icao] = bearer_of(self._app, icao, self._day)
        carrier = self._carriers[icao]
        if first is not None and last is not None and carrier is not None:
            yield KnownRoute(carrier, (first, last), learned, source, as_of)
