"""Meridians and parallels, far enough apart that a view shows a few of each."""

from itertools import pairwise
from math import ceil, cos, degrees, dist, floor, pi, radians
from typing import Final

from travelrisk.picture.projecting import Vector, View, angle, position, vector
from travelrisk.picture.rings import Line

_STEPS: Final = ((60, 30), (28, 15), (12, 10), (0, 5))
"""Degrees of reach -> how many degrees apart the lines of such a view are."""

_LAST: Final = 80  # the parallel at which meridians end, lest they meet in a blot


def grid(view: View) -> list[Line]:
    """Return the lines that can be seen."""
    reach = degrees(view.reach)
    step = next(step for least, step in _STEPS if reach >= least)
    lon, lat = position(view.globe.centre)
    low, high = max(lat - reach, -_LAST), min(lat + reach, _LAST)
    is_polar = abs(lat) + reach >= _LAST
    spread = 180.0 if is_polar else min(180.0, reach / cos(radians(abs(lat) + reach)))
    west = floor((lon - spread) / step)
    lons = range(west, west + 360 // step if is_polar else ceil((lon + spread) / step) + 1)
    lats = range(ceil(low / step), floor(high / step) + 1)
    fine = step / 3
    along = [low + (high - low) * part / 24 for part in range(25)]
    meridians = [[vector(east * step, north) for north in along] for east in lons]
    count = ceil(2 * spread / fine)
    across = [lon - spread + 2 * spread * part / count for part in range(count + 1)]
    parallels = [[vector(east, north * step) for east in across] for north in lats]
    return [line for points in (*meridians, *parallels) for line in _seen(points, view)]


def _seen(points: list[Vector], view: View) -> list[Line]:
    """Return the parts of a line within reach of the view."""
    lines: list[Line] = [[]]
    for point in points:
        if angle(point, view.globe.centre) < min(view.reach, pi):
            x, y = view.at(point)
            lines[-1].append((round(x), round(y)))
        elif lines[-1]:
            lines.append([])
    return [line for line in lines if sum(dist(a, b) for a, b in pairwise(line)) > 1]
