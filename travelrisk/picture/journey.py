"""The picture of a judged itinerary: its flights, what their tracks pass, and what was found of that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import inf

from travelrisk.domain.advisories import Advisory, Finding
from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.itineraries import Itinerary, Segment
from travelrisk.domain.places import Airport
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Snapshot, SubjectKind
from travelrisk.domain.sky import Passed
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.drawing import NARROW, picture
from travelrisk.picture.listing import Listed, Passage, Passages, Track, listing, sketch_only, tracks
from travelrisk.picture.sketch import Area, Leg, Outline, Place, Sketch
from travelrisk.screening.gravest import gravest
from travelrisk.telling.names import city_name

_Found = dict[str, dict[str, Verdict]]  # rule -> what it looked at -> the gravest it found
_AIRPORTS, _AIRSPACES = "airports", "airspaces"  # names of the rules


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, the same facts as a list, and the sentence that belongs under both."""

    svg: str
    listed: tuple[Listed, ...]
    note: str


def draw(  # noqa: PLR0913 - what was judged, by what, for whom, and how large
    itinerary: Itinerary,
    advisory: Advisory,
    snapshot: Snapshot,
    policy: Policy,
    language: Language,
    *,
    width: int = NARROW,
) -> Drawn | None:
    """Return the picture of an itinerary; None where no flight has two airports that are known.

    Args:
        itinerary: what was judged.
        advisory: the judgement on it.
        snapshot: what it was judged with.
        policy: says how near an airspace must be to be told, and what stands under a map.
        language: of the reader.
        width: NARROW or WIDE.
    """
    flown = tuple(_flown(itinerary, advisory))
    if not flown:
        return None
    found = {rule: _worst(advisory, rule) for rule in (_AIRPORTS, _AIRSPACES)}
    route = _Route(flown, found, snapshot, policy, language)
    sketch, on_the_way = route.sketch()
    svg = picture(sketch, language, width=width, disclaimer=policy.sky.disclaimer or None)
    return Drawn(svg, listing(on_the_way, language), sketch_only(language))


def sketch_on_record(
    airports: Sequence[Airport], snapshot: Snapshot, policy: Policy, language: Language
) -> tuple[Sketch, tuple[Track, ...]]:
    """Return a route that nobody judged, and its tracks, with what is on record about airspaces.

    Each by the gravest that speaks against it, whatever its days and levels. Of airports nothing is shown,
    and of airspaces nothing good: without days nobody could say that it holds.
    """
    flown = tuple((Leg(one.code, other.code), (one, other)) for one, other in pairwise(airports))
    found: _Found = {_AIRPORTS: {}, _AIRSPACES: _adverse(snapshot, policy)}
    return _Route(flown, found, snapshot, policy, language).sketch()


def _flown(itinerary: Itinerary, advisory: Advisory) -> Iterator[tuple[Leg, tuple[Airport, ...]]]:
    """Give the flights between airports that are known; of the others nobody can say where they are."""
    for segment, verdict in zip(itinerary.segments, advisory.segment_verdicts, strict=True):
        airports = _airports(segment)
        if segment.is_judged and airports:
            codes = [airport.code for airport in airports]
            yield Leg(codes[0], codes[-1], tuple(codes[1:-1]), verdict), airports


def _airports(segment: Segment) -> tuple[Airport, ...]:
    places = (segment.origin, *segment.stops, segment.destination)
    known = tuple(place.airport for place in places if place.airport is not None)
    return known if len(known) == len(places) else ()


class _Route:
    """The flights of an itinerary, with all that their tracks pass."""

    def __init__(
        self,
        flown: tuple[tuple[Leg, tuple[Airport, ...]], ...],
        found: _Found,
        snapshot: Snapshot,
        policy: Policy,
        language: Language,
    ) -> None:
        self._language = language
        self._snapshot = snapshot
        self._policy = policy
        self._legs = tuple(leg for leg, _ in flown)
        self._airports = {airport.code: airport for _, airports in flown for airport in airports}
        self._found = found
        self._passed: dict[tuple[str, str], tuple[Passed, ...]] = {}
        for pair in (pair for leg in self._legs for pair in leg.pairs) if snapshot.sky else ():
            ends = (self._airports[pair[0]], self._airports[pair[1]])
            passed = snapshot.sky.passed(*ends, policy.sky.margin_km)
            if passed is not None:
                self._passed[pair] = passed

    def sketch(self) -> tuple[Sketch, tuple[Track, ...]]:
        """Return what is drawn, and the same facts track by track."""
        sketch = Sketch(self.places(), self._legs, self.areas())
        return sketch, tracks(sketch, self.passages())

    def places(self) -> tuple[Place, ...]:
        """Return the airports, each with what was found of it."""
        return tuple(
            Place(
                code,
                city_name(airport, self._language),
                airport.longitude,
                airport.latitude,
                next((each for name, each in self._found[_AIRPORTS].items() if f"({code})" in name), None),
            )
            for code, airport in self._airports.items()
        )

    def passages(self) -> Passages:
        """Return what each track passes, in its order, and what is on record beside it."""
        return {
            pair: tuple(
                self._passage(each)
                for each in passed
                if each.passage.pieces or each.airspace.key in self._found[_AIRSPACES]
            )
            for pair, passed in self._passed.items()
        }

    def areas(self) -> tuple[Area, ...]:
        """Return the airspaces that a track passes, and others about which anything adverse is on record."""
        here: dict[str, tuple[Airspace, bool]] = {}
        for passed in self._passed.values():
            for airspace, passage, _ in passed:
                if airspace.key in self._found[_AIRSPACES] or not passage.pieces:
                    here[airspace.id] = (airspace, bool(passage.pieces))
        adverse = _adverse(self._snapshot, self._policy)
        for airspace in self._snapshot.sky.airspaces:
            if airspace.key in adverse and airspace.id not in here:
                here[airspace.id] = (airspace, False)
        return tuple(
            Area(
                airspace.key,
                airspace.names.in_language(self._language),
                rings_of(airspace.outline, airspace.key),
                self._found[_AIRSPACES].get(airspace.key, adverse.get(airspace.key)),
                airspace.approximate,
                is_passed,
            )
            for airspace, is_passed in here.values()
            if airspace.key in adverse or airspace.key in self._found[_AIRSPACES]
        )

    def _passage(self, passed: Passed) -> Passage:
        airspace, passage, _ = passed
        # What lies beside the track stands below what it passes.
        enters, leaves = (passage.pieces[0][0], passage.pieces[-1][1]) if passage.pieces else (inf, inf)
        return Passage(
            airspace.names.in_language(self._language),
            enters,
            leaves,
            passage.inside_km,
            None if passage.pieces else passage.distance_km,
            self._found[_AIRSPACES].get(airspace.key),
        )


def _adverse(snapshot: Snapshot, policy: Policy) -> dict[str, Verdict]:
    found = gravest(snapshot, policy, SubjectKind.AIRSPACE)
    return {key: verdict for key, verdict in found.items() if verdict > Verdict.CLEARED}


def _worst(advisory: Advisory, rule: str) -> dict[str, Verdict]:
    """Return the gravest that a rule found of each thing it looked at, by how that is called."""
    worst: dict[str, Verdict] = {}
    findings: Iterator[Finding] = (each for each in advisory.findings if each.rule == rule)
    for finding in findings:
        worst[finding.matched] = max(finding.effect, worst.get(finding.matched, finding.effect))
    return worst


@lru_cache(maxsize=1024)
def rings_of(outline: str, key: str) -> tuple[Outline, ...]:
    """Return the rings of an outline, those of holes too."""
    from travelrisk.domain.sphere.outlines import polygons_of  # noqa: PLC0415 - numpy takes its time

    return tuple(ring for polygon in polygons_of(outline, key) for ring in polygon)
