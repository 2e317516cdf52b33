"""Which of 60 areas 33,000 routes cross, beside S2 and beside straight lines of a map drawn finely.

Peers that are not installed are skipped: ``pip install spherely`` (S2; the extra ``test`` brings it) and
``pip install geopandas``. All three begin with degrees and end with pairs of route and area. S2 is helped by
our caps, without which it takes many times as long; its polygons are prepared, and those of the map drawn,
before the clock starts. Ratios are of processor time: a busy machine makes everybody wait.
"""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from statistics import median, quantiles
from time import perf_counter, process_time, thread_time
from timeit import timeit

import numpy as np

from tests import globe
from travelrisk.domain.sphere.areas import Areas
from travelrisk.domain.sphere.outlines import polygons_of
from travelrisk.domain.sphere.parts import near
from travelrisk.domain.sphere.passages import passages
from travelrisk.domain.sphere.points import EARTH_RADIUS_KM, track
from travelrisk.domain.sphere.vectors import Floats, tracks, units

ROUTES, AREAS, MANY = 33_000, 60, 37_000
ROUNDS, ALONE = 5, 2_000
OURS = "ours"
STEP_KM = 50
MARGIN_KM = 50

Figures = dict[str, float | int | str]
Pairs = set[tuple[int, int]]
Way = Callable[[Floats], Pairs]


def measure() -> Figures:
    """Let the ways take turns, compare all their pairs, then ask of single routes."""
    outlines, routes = globe.areas(AREAS), np.array(globe.routes(ROUTES))
    known = Areas(outlines)
    ways: dict[str, Way | None] = {
        "S2": _s2(known, outlines),
        f"geopandas at {STEP_KM} km": _map(outlines),
    }
    installed = {name: way for name, way in ways.items() if way}
    seconds, found = _rounds({OURS: lambda asked: _pairs(*known.crossed_by(asked)[:2]), **installed}, routes)
    if "S2" in found and (differing := found["S2"] ^ found[OURS]):
        raise SystemExit(f"{len(differing)} pairs differ from those of S2, the first {min(differing)}")
    figures: Figures = {}
    for name in ways:
        figures |= _beside(name, seconds, found) if name in found else {f"{name}: not installed": "skipped"}
    figures["pairs of route and area"] = len(found[OURS])
    figures["ours, us a route and all areas (median)"] = round(median(seconds[OURS]) / ROUTES * 1e6, 2)
    return figures | _many(known) | _alone(outlines)


def _beside(name: str, seconds: dict[str, list[float]], found: dict[str, Pairs]) -> Figures:
    ratios = [theirs / own for theirs, own in zip(seconds[name], seconds[OURS], strict=True)]
    return {
        f"{name}, times our processor time (median)": round(median(ratios), 1),
        f"{name}, lowest and highest of {ROUNDS} rounds": f"{min(ratios):.1f} to {max(ratios):.1f}",
        f"{name}, pairs that differ from ours": len(found[name] ^ found[OURS]),
    }


def _rounds(ways: dict[str, Way], routes: Floats) -> tuple[dict[str, list[float]], dict[str, Pairs]]:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    found: dict[str, Pairs] = {}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begun = process_time()
            found[name] = way(routes)
            seconds[name].append(process_time() - begun)
    return seconds, found


def _pairs(routes: "np.ndarray[tuple[int], np.dtype[np.intp]]", areas: object) -> Pairs:
    return set(zip(routes.tolist(), np.asarray(areas).tolist(), strict=True))


def _s2(known: Areas, outlines: list[tuple[str, str]]) -> Way | None:
    try:
        import spherely  # noqa: PLC0415 - a peer that need not be installed
    except ModuleNotFoundError:
        return None
    polygons = np.array([spherely.from_wkt(text) for _, text in outlines])
    spherely.prepare(polygons)

    def way(routes: Floats) -> Pairs:
        ends = units(routes)
        rows, parts = near(tracks(ends[:, 0], ends[:, 1])[0], known.parts, 0)
        owners = known.owners[parts]
        lines = np.array([spherely.create_linestring(route) for route in routes.tolist()])
        found: Pairs = set()
        for number, polygon in enumerate(polygons):
            asked = np.unique(rows[owners == number])
            crossed = asked[spherely.intersects(lines[asked], polygon)]
            found |= {(route, number) for route in crossed.tolist()}
        return found

    return way


def _map(outlines: list[tuple[str, str]]) -> Way | None:
    try:
        import geopandas  # noqa: PLC0415 - a peer that need not be installed
        import shapely  # noqa: PLC0415 - comes with it
    except ModuleNotFoundError:
        return None
    drawn = [
        (number, shapely.affinity.translate(shape, turn))
        for number, (key, text) in enumerate(outlines)
        for polygon in polygons_of(text, key)
        for shape in [_shape(polygon)]
        for turn in (-360, 0, 360)
    ]
    numbers, shapes = zip(*drawn, strict=True)
    areas = geopandas.GeoDataFrame({"area": numbers}, geometry=list(shapes))

    def way(routes: Floats) -> Pairs:
        lines, rows = _drawn(routes)
        frame = geopandas.GeoDataFrame(geometry=shapely.linestrings(lines, indices=rows))
        joined = frame.sjoin(areas, predicate="intersects")
        return _pairs(joined.index.to_numpy(), joined["area"])

    return way


def _shape(polygon: tuple[tuple[tuple[float, float], ...], ...]) -> object:
    """Return a polygon on the map: arcs drawn finely, longitudes unwrapped, a pole made an edge."""
    from shapely import Polygon, affinity, make_valid  # noqa: PLC0415 - a peer that need not be installed

    shapes = []
    for ring in polygon:
        closed = [*ring, ring[0]]
        fine = [point for pair in pairwise(closed) for point in track(*pair, STEP_KM)]
        longitudes, latitudes = np.unwrap([x for x, _ in fine], period=360), [y for _, y in fine]
        points = list(zip(longitudes, latitudes, strict=True))
        if abs(longitudes[-1] - longitudes[0]) > 180:  # noqa: PLR2004 - it goes round a pole
            pole = 90 if np.mean(latitudes) > 0 else -90
            points += [(longitudes[-1], pole), (longitudes[0], pole)]
        shapes.append(make_valid(Polygon(points)))
    outer, *holes = shapes
    for hole in holes:
        for turn in (-360, 0, 360):
            outer = outer.difference(affinity.translate(hole, turn))
    return outer


def _drawn(routes: Floats) -> tuple[Floats, "np.ndarray[tuple[int], np.dtype[np.intp]]"]:
    """Return points along great circles, at most so many kilometres apart, and the route of each."""
    starts, ends = units(routes[:, 0]), units(routes[:, 1])
    omega = np.arccos(np.clip(np.vecdot(starts, ends), -1, 1))
    counts = np.maximum(2, np.ceil(omega * EARTH_RADIUS_KM / STEP_KM).astype(np.intp) + 1)
    rows, firsts = np.repeat(np.arange(len(routes)), counts), np.cumsum(counts) - counts
    share = (np.arange(len(rows)) - firsts[rows]) / (counts - 1)[rows]
    angle = omega[rows]
    here, there = np.sin((1 - share) * angle) / np.sin(angle), np.sin(share * angle) / np.sin(angle)
    x, y, z = (here[:, None] * starts[rows] + there[:, None] * ends[rows]).T
    longitudes, latitudes = np.degrees(np.arctan2(y, x)), np.degrees(np.arcsin(np.clip(z, -1, 1)))
    turns = np.cumsum(np.rint(np.diff(longitudes, prepend=longitudes[0]) / 360))
    longitudes -= 360 * (turns - turns[firsts][rows])
    return np.column_stack((longitudes, latitudes)), rows


def _many(known: Areas) -> Figures:
    routes = np.array(globe.routes(MANY, seed=4))
    seconds, waited = [], []
    for _ in range(ROUNDS):
        begun, started = process_time(), perf_counter()
        known.crossed_by(routes)
        seconds.append(process_time() - begun)
        waited.append(perf_counter() - started)
    begun = process_time()
    known.crossed_by(routes, MARGIN_KM)
    return {
        f"{MANY:,} routes, seconds of a processor (median)": round(median(seconds), 3),
        f"{MANY:,} routes, seconds waited (median)": round(median(waited), 3),
        f"{MANY:,} routes within {MARGIN_KM} km, seconds of a processor": round(process_time() - begun, 3),
    }


def _alone(outlines: list[tuple[str, str]]) -> Figures:
    """Ask of many routes in turn, as if each were new, several times; then of one again and again."""
    figures: Figures = {}
    asked, known = globe.routes(ALONE, seed=5), Areas(outlines)
    for margin_km in (0, MARGIN_KM):
        rounds = [_asked_once(known, asked, margin_km) for _ in range(ROUNDS)]
        for name, spent in (("first round", rounds[0]), ("best of rounds", [*map(min, *rounds)])):
            figures[f"one route, {margin_km} km, us ({name}: median)"] = round(median(spent), 1)
            figures[f"one route, {margin_km} km, us ({name}: 9 in 10)"] = round(quantiles(spent, n=10)[-1], 1)
        origin, destination = asked[-1]
        again = timeit(partial(passages, known, origin, destination, margin_km), number=100_000) / 100_000
        figures[f"one route again, {margin_km} km, us"] = round(again * 1e6, 2)
    return figures


def _asked_once(known: Areas, asked: list[globe.Route], margin_km: float) -> list[float]:
    known.kept.clear()
    spent = []
    for origin, destination in asked:
        begun = thread_time()
        passages(known, origin, destination, margin_km)
        spent.append((thread_time() - begun) * 1e6)
    return spent
