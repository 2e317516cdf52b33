"""Who is known, or was seen, to fly between which airports: hints where to look, and never a proof.

A known route clears nothing: a table may be years old, and says nothing of days, seats or prices.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from travelrisk.domain.carriers import Carrier
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.places import Airport


class Learned(StrEnum):
    """How a route is known: a service on record, itineraries that passed through here, a table."""

    SERVICE = "service"
    SEEN = "seen"
    LOADED = "loaded"


class KnownRoute(NamedTuple):
    """A carrier between two airports, in both directions.

    Attributes:
        source: of the service on record, or of the table; empty for what was seen.
        as_of: the day that a table speaks of; None = it does not say.
    """

    carrier: Carrier
    ends: tuple[Airport, Airport]
    learned: Learned
    source: str = ""
    as_of: date | None = None


class Network:
    """Known routes, ready to be asked. Of one carrier between two airports the first one given counts."""

    def __init__(self, routes: Iterable[KnownRoute] = ()) -> None:
        self._beside: dict[str, dict[str, Airport]] = defaultdict(dict)
        self._between: dict[tuple[str, str], dict[str, KnownRoute]] = defaultdict(dict)
        for route in routes:
            one, other = sorted(route.ends, key=lambda each: each.code)
            self._beside[one.code][other.code] = other
            self._beside[other.code][one.code] = one
            self._between[one.code, other.code].setdefault(route.carrier.icao, route)

    def between(self, one: Airport, other: Airport) -> tuple[KnownRoute, ...]:
        """Return who flies between two airports, in the order of their designators."""
        first, last = sorted((one.code, other.code))
        found = self._between.get((first, last), {})
        return tuple(found[icao] for icao in sorted(found))

    def hubs(self, one: Airport, other: Airport) -> tuple[Airport, ...]:
        """Return the airports from which somebody flies to both."""
        others = self._beside.get(other.code, {})
        found = self._beside.get(one.code, {})
        return tuple(found[code] for code in sorted(found.keys() & others.keys()))


@dataclass(frozen=True, slots=True)
class Rerouting:
    """What the policy says of other ways between the same places.

    Attributes:
        most_shown: ways that are shown for a part of a journey, and as many of UNHAS.
        most_judged: ways that are judged for a part before the search ends.
        most_detour: how many times as long as the great circle a way over a connection may be.
        most_behind_km: how much farther from the destination than the origin a connection may lie.
        direction_hours: a longer stay ends a journey in one direction.
        speed_kmh, flight_hours, connection_hours: what the estimate of hours is made of.
        limit_hours: the routing rule; a way that is so much longer, or adds a connection, needs an exemption.
    """

    most_shown: int = 3
    most_judged: int = 60
    most_detour: float = 1.6
    most_behind_km: int = 500
    direction_hours: int = 24
    speed_kmh: int = 800
    flight_hours: float = 0.5
    connection_hours: float = 2.0
    limit_hours: float = 4.0

    def __post_init__(self) -> None:
        """Refuse a policy that could not be applied."""
        if self.most_detour < 1 or self.speed_kmh < 1:
            raise ConfigurationError(
                "policy: alternatives: no way is shorter than the great circle, or stands"
            )

    def hours(self, lengths_km: Iterable[float]) -> float:
        """Return about how long flights of these lengths take, one after the other."""
        flights = tuple(lengths_km)
        in_the_air = sum(km / self.speed_kmh + self.flight_hours for km in flights)
        return in_the_air + self.connection_hours * (len(flights) - 1)
