"""Whom a change may concern, airspaces among its subjects, for the tracks of all pairs are kept compared."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.ratings import Snapshot, Subject, SubjectKind
from travelrisk.domain.sky import areas_of
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.store import routes, segments
from travelrisk.store.database import transact

_AT_ONCE = 20_000  # pairs compared at a time: each takes its row in several arrays


def compare(app: Application, edition: int) -> None:
    """Compare the tracks of all pairs with all airspaces, as far as that was not done before.

    Harmless when repeated. What an airspace was before *edition* is forgotten: the journeys that passed it
    then have been judged.

    Raises:
        StoreError: the database cannot be written; then nothing of this call is kept.
    """
    transact(app.engine, lambda c: _compare(app, c, edition))


def touched(  # noqa: PLR0913 - whom, in what, and what is known of the tracks
    app: Application,
    c: Connection,
    subjects: Iterable[Subject],
    since: date,
    drawn: Sequence[Airspace] = (),
    *,
    is_compared: bool = False,
) -> list[int]:
    """Return the itineraries, not over on *since*, that have to do with any of the subjects, by their ids.

    Args:
        app: the parts of the service.
        c: connection.
        subjects: what changes.
        since: itineraries that ended before are past.
        drawn: airspaces with outlines that were not compared yet, such as those of a proposal.
        is_compared: whether ``compare`` has just been called: then all pairs are known.
    """
    snapshot, given = app.shelf.newest(c), frozenset(subjects)
    wanted = {*given, *_by_policy(app, snapshot, given)}
    airspaces = [key for kind, key in wanted if kind is SubjectKind.AIRSPACE]
    is_asked = airspaces and not is_compared
    on_the_way = _passing(app, c, since, (*drawn, *_uncompared(c, snapshot, airspaces))) if is_asked else {}
    return segments.touched(
        c,
        wanted,
        since,
        operators_of=app.book.of_state,
        airports_in=app.atlas.airports_in,
        passing=lambda key: {*routes.passing(c, key), *on_the_way.get(key, ())},
    )


def _by_policy(app: Application, snapshot: Snapshot, subjects: Collection[Subject]) -> Iterator[Subject]:
    """What else looks at the same records: destinations with this alternate, the airspaces of a State."""
    sky = app.policy.policy.sky
    for kind, key in subjects:
        if kind is SubjectKind.AIRPORT:
            yield from (
                Subject(SubjectKind.AIRPORT, code) for code, others in sky.alternates.items() if key in others
            )
        elif kind is SubjectKind.COUNTRY and sky.transit > Verdict.CLEARED:
            yield from (
                Subject(SubjectKind.AIRSPACE, each.key)
                for each in snapshot.sky.airspaces
                if each.state == key
            )


def _uncompared(c: Connection, snapshot: Snapshot, keys: Iterable[str]) -> list[Airspace]:
    known = routes.compared(c)
    return [each for key in keys for each in snapshot.sky.of_key(key) if each.id not in known]


def _passing(
    app: Application, c: Connection, since: date, airspaces: Sequence[Airspace]
) -> dict[str, set[str]]:
    """Return the pairs of journeys ahead that pass each key: all with airspaces, or those nobody compared."""
    found: dict[str, set[str]] = {}
    snapshot = app.shelf.newest(c)
    pairs = segments.pairs(c, since)
    keys = {each.id: each.key for each in (*snapshot.sky.airspaces, *airspaces)}
    for airspace, pair in _passes(app, airspaces, pairs):
        found.setdefault(keys[airspace], set()).add(pair)
    new = sorted(set(pairs) - set(routes.known(c)))
    for airspace, pair in _passes(app, snapshot.sky.airspaces, new):
        found.setdefault(keys[airspace], set()).add(pair)
    return found


def _compare(app: Application, c: Connection, edition: int) -> None:
    sky, margin = app.shelf.newest(c).sky, app.policy.policy.sky.margin_km
    known = routes.compared(c)
    routes.forget(c, edition)
    anew = [each for each in sky.airspaces if known.get(each.id) != margin]
    old, new = routes.known(c), routes.unknown(c)
    routes.draw(c, [each.id for each in anew], margin)
    routes.learn(c, new)
    routes.passes(c, _passes(app, anew, old))
    routes.passes(c, _passes(app, sky.airspaces, new))


def _passes(
    app: Application, airspaces: Sequence[Airspace], pairs: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Give the id of each airspace with each pair whose track passes it, or comes near.

    A pair whose airports are no longer in the reference data, and one whose track cannot be drawn, pass
    everything: rather too many journeys are judged again than too few.
    """
    if not airspaces or not pairs:
        return
    areas = areas_of(airspaces)
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        ends = [[app.atlas.airport(code) for code in pair.split("-")] for pair in some]
        lines = [
            (one.longitude, one.latitude, other.longitude, other.latitude)
            for one, other in ends
            if one is not None and other is not None
        ]
        located = [pair for pair, both in zip(some, ends, strict=True) if None not in both]
        found = areas.crossed_by(lines, app.policy.policy.sky.margin_km)
        for route, area in zip(found.routes.tolist(), found.areas.tolist(), strict=True):
            yield areas.keys[area], located[route]
        lost = [*(located[route] for route in found.undrawn.tolist()), *sorted(set(some) - set(located))]
        yield from ((each.id, pair) for pair in lost for each in airspaces)
