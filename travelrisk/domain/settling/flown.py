"""Which of several airports a flight can have reached: the times that a document states rule some out.

Only the impossible is ruled out, what would be too fast or would land before it took off. A flight that takes
long may have stopped, so nothing is ruled out for being slow.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.geodesy import distance_km
from travelrisk.domain.itineraries import Place
from travelrisk.domain.places import Airport
from travelrisk.domain.settling.moments import arrive, depart

FASTEST_KM_H = 1300
"""Ground speed of an airliner in the strongest tailwinds."""
_MOST_PAIRS = 64


def flown(origin: Place, destination: Place, draft: DraftSegment, context: date) -> tuple[Place, Place]:
    """Return both ends with the airports between which the flight is possible; as they were, if none is."""
    pairs = list(product(origin.possible, destination.possible))
    is_open = bool(pairs) and (origin.airport is None or destination.airport is None)
    if not is_open or len(pairs) > _MOST_PAIRS or not (draft.departs.clock and draft.arrives.clock):
        return origin, destination
    possible = [pair for pair in pairs if _is_possible(*pair, draft, context)]
    if not possible:
        return origin, destination
    return _left(origin, (here for here, _ in possible)), _left(destination, (there for _, there in possible))


def _left(place: Place, possible: Iterable[Airport]) -> Place:
    left = set(possible)
    kept = tuple(airport for airport in place.possible if airport in left)
    return Place(place.text, kept[0]) if len(kept) == 1 else replace(place, candidates=kept)


def _is_possible(origin: Airport, destination: Airport, draft: DraftSegment, context: date) -> bool:
    if origin == destination:
        return True  # two names of one airport are no reason to choose another
    departs = depart(draft.departs, draft.arrives, origin.zone, context, [])
    arrives = arrive(draft.arrives, departs, destination.zone, context, [])
    if not (departs.utc and arrives.utc):
        return arrives.day is not None or departs.utc is None
    hours = (arrives.utc - departs.utc) / timedelta(hours=1)
    return hours > 0 and distance_km(origin, destination) <= hours * FASTEST_KM_H
