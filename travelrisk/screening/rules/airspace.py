"""What lies under the way: airspaces on the direct track, the States they belong to, alternate airports."""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import TYPE_CHECKING, NamedTuple

from travelrisk.domain.advisories import Finding
from travelrisk.domain.airspaces import Airspace, Movement, Scope
from travelrisk.domain.geodesy import distance_km
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Caution, Rating, Subject, SubjectKind
from travelrisk.domain.sky import Passed
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg, Span
from travelrisk.screening.rules.findings import About, on_record
from travelrisk.screening.scopes import level_band

if TYPE_CHECKING:
    from travelrisk.domain.sphere.areas import Passage

_EXACT_KM = 100
_IN_FORCE = frozenset({"airspace.caution", "airspace.not_recommended", "airspace.conditional"})

Hop = tuple[Airport, Airport]


def airspaces(case: Case) -> Iterator[Finding]:
    """The direct track of every flight is followed through the sky: which airspaces does it pass?

    Whatever is on record about one of them counts if it concerns such a flight: on these days, at about this
    level, and depending on whether it lands there. The level is estimated from the length of the flight, and
    near both ends the aircraft may be lower. Where only other levels are concerned, the answer holds on the
    condition that the flight stays out of them. An airspace that the track comes near, but does not pass, is
    a note. Between opposite points of the globe no track can be drawn, and a person decides.

    A direct track is an estimate. The airline chooses the way, and it may well lead round; so what is in
    force and rests on the track alone asks for less than what is sure, as the policy says, and is a condition
    at least. What has lapsed needs a review as anywhere. For a flight that lands there, all counts in full.

    What to do: ask the airline which way the flight goes, or look for another way between the two places.

    Example: "The direct track passes Libya": there is a caution below flight level 320, and a flight of this
    length is estimated above it: cleared on the condition that it stays there.
    """
    if not case.snapshot.judged_sky:
        return
    for leg in case.legs:
        told: set[tuple[str, str, str]] = set()
        for finding in _on_the_leg(case, leg):
            # Of the hops of one flight, several may pass the same airspace.
            key = (finding.code, finding.matched, finding.record.id if finding.record else "")
            if key not in told:
                told.add(key)
                yield finding


def states_of_transit(case: Case) -> Iterator[Finding]:
    """A State whose airspace the direct track passes, without landing there, is told where it is on record.

    What is on record about a country is meant for those who travel there. High above it, it is a note, unless
    the policy says otherwise.

    What to do: think of a diversion: could you be put down there, with your nationality and your visas?

    Example: the track of a flight between its neighbours passes a country that nobody should travel to.
    """
    ratings, cautions = case.snapshot.ratings, case.snapshot.cautions
    if not case.snapshot.judged_sky:
        return
    for leg in case.legs:
        visited = {airport.country.code for place, _ in leg.places for airport in place.possible}
        for hop in _hops(leg):
            for airspace, passage, name in _passed(case, hop) or ():
                key = (SubjectKind.COUNTRY, airspace.state)  # equal to a Subject, and made sooner
                is_on_record = key in cautions or key in ratings
                if not is_on_record or not passage.inside_km or airspace.state in visited:
                    continue
                visited.add(airspace.state)  # and told once
                if _is_adverse(case, Subject(*key), leg.span):
                    about = About(leg, "transit", Subject(*key), airspace.state, called=name)
                    code = (("code", airspace.state),)
                    yield about.finding("on_record", case.policy.sky.transit, None, code)


def alternates(case: Case) -> Iterator[Finding]:
    """Airports that the policy names as alternates of a destination are looked at too.

    When the weather closes a destination, its alternate is where the flight ends. What is on record about it
    is said, and is a condition at most: nobody plans to land there.

    What to do: ask the airline which alternate it uses, if that matters.

    Example: the policy names Juba as an alternate of Entebbe, and Juba is not recommended.
    """
    if not case.policy.sky.alternates:
        return
    for leg in case.legs:
        ends = [place for place, role in leg.places if role != "origin"]
        for airport in dict.fromkeys(airport for place in ends for airport in place.possible):
            for code in case.policy.sky.alternates.get(airport.code, ()):
                about = About(
                    leg, "alternate", Subject(SubjectKind.AIRPORT, code), f"{code} ({airport.code})"
                )
                for finding in on_record(case, about):
                    yield finding._replace(effect=min(finding.effect, Verdict.CONDITIONAL))


class _Flight(NamedTuple):
    """A flight where it passes an airspace: which scopes concern it.

    Attributes:
        lands: whether it begins or ends there.
        lowest, usual, highest: flight levels between which it is estimated there, and its usual one.
        codes: of its airports.
    """

    lands: bool
    lowest: int
    usual: int
    highest: int
    codes: tuple[str, str]

    def is_meant_by(self, scope: Scope) -> bool:
        """Say whether a scope is about such a flight, at whatever level."""
        if scope.airports and not set(self.codes).isdisjoint(scope.airports):
            return False
        return scope.movement is Movement.ANY or (scope.movement is Movement.LANDING) is self.lands

    def is_within(self, scope: Scope | None) -> bool:
        """Say whether a record of this scope concerns the flight."""
        return scope is None or (self.is_meant_by(scope) and scope.meets(self.lowest, self.highest))


def _hops(leg: Leg) -> Iterator[Hop]:
    """Give the flights from one landing to the next, between all airports that may be meant."""
    segment = leg.segment
    for origin, destination in pairwise((segment.origin, *segment.stops, segment.destination)):
        yield from product(origin.possible, destination.possible)


def _passed(case: Case, hop: Hop) -> tuple[Passed, ...] | None:
    return case.snapshot.judged_sky.passed(*hop, case.policy.sky.margin_km)


def _on_the_leg(case: Case, leg: Leg) -> Iterator[Finding]:
    for hop in _hops(leg):
        passed = _passed(case, hop)
        if passed is None:
            name = "-".join(airport.code for airport in hop)
            about = About(leg, "airspace", Subject(SubjectKind.ROUTE, name), name)
            yield about.finding("undrawable", case.policy.sky.undrawable)
        for each in passed or ():
            yield from _on_the_way(case, leg, hop, each)


def _on_the_way(case: Case, leg: Leg, hop: Hop, passed: Passed) -> Iterator[Finding]:
    airspace, passage, name = passed
    key = (SubjectKind.AIRSPACE, airspace.key)  # equal to a Subject, and made sooner: few are on record
    is_on_record = key in case.snapshot.cautions or key in case.snapshot.ratings
    if not is_on_record:
        return
    lands = passage.starts_inside or passage.ends_inside
    subject, is_later = Subject(*key), airspace.valid_from > leg.span.last
    if not passage.inside_km and not lands:
        if not is_later and _is_adverse(case, subject, leg.span):
            near = (("km", round(passage.distance_km)),)
            about = About(leg, "airspace", subject, airspace.key, called=name, where=near)
            yield about.finding("near", Verdict.CLEARED)
        return
    role = "airspace_landing" if lands else "airspace"
    where = (("km", _about_km(passage.inside_km)),)
    about = About(leg, role, subject, airspace.key, called=name, where=where)
    if is_later:
        yield from _not_drawn_yet(case, about, airspace)
        return
    if airspace.valid_until is not None and airspace.valid_until < leg.span.first:
        if not _is_drawn_anew(case, airspace, leg.span):
            day = (("day", airspace.valid_until),)
            yield about.finding("outline_ended", case.policy.lapsed, None, day)
        return
    flight = _flight(case, hop, passage)
    for finding in on_record(case, about, concerns=flight.is_within):
        yield finding if lands else _estimated(case, finding)
    yield from _other_levels(case, about, flight)


def _not_drawn_yet(case: Case, about: About, airspace: Airspace) -> Iterator[Finding]:
    """What is in force about an airspace is not over because its new outline begins only later."""
    is_open = not _is_drawn_anew(case, airspace, about.leg.span)
    if is_open and _is_adverse(case, about.subject, about.leg.span):
        day = (("day", airspace.valid_from),)
        yield about.finding("outline_begins", case.policy.lapsed, None, day)


def _estimated(case: Case, finding: Finding) -> Finding:
    """Make milder what rests on an estimated track alone: it holds provided the airline flies round.

    Not what has lapsed: nobody knows what it would say today.
    """
    effect = case.policy.sky.estimated.get(finding.effect, finding.effect)
    if effect is finding.effect or finding.code not in _IN_FORCE:
        return finding
    return finding._replace(effect=effect, code=finding.code.replace("airspace.", "airspace_round.", 1))


def _other_levels(case: Case, about: About, flight: _Flight) -> Iterator[Finding]:
    """What would concern the flight at other levels; an estimate is no proof that it is not there."""
    for record in _of(case, about.subject):
        scope = record.scope
        if scope is None or scope.meets(flight.lowest, flight.highest) or not flight.is_meant_by(scope):
            continue
        if _weighs(case, record, about.leg.span):
            slots = (("levels", level_band(scope)), ("level", flight.usual))
            yield about.finding("other_levels", case.policy.sky.other_levels, record, slots)


def _flight(case: Case, hop: Hop, passage: "Passage") -> _Flight:
    """Return how a flight passes an airspace."""
    km, climb = distance_km(*hop), case.policy.sky.climb_km
    cruise = case.policy.sky.cruise(km)
    lands = passage.starts_inside or passage.ends_inside
    is_low = lands or any(enters < climb or leaves > km - climb for enters, leaves in passage.pieces)
    codes = (hop[0].code, hop[1].code)
    return _Flight(lands, 0 if is_low else cruise.lowest, cruise.usual, cruise.highest, codes)


def _is_drawn_anew(case: Case, airspace: Airspace, span: Span) -> bool:
    """Say whether an airspace has another outline on these days."""
    return any(
        each.valid_from <= span.last and (each.valid_until is None or each.valid_until >= span.first)
        for each in case.snapshot.judged_sky.of_key(airspace.key)
    )


def _is_adverse(case: Case, subject: Subject, span: Span) -> bool:
    return any(_weighs(case, each, span) for each in _of(case, subject))


def _of(case: Case, subject: Subject) -> tuple[Rating | Caution, ...]:
    """Return what is on record about a subject."""
    return *case.snapshot.ratings.get(subject, ()), *case.snapshot.cautions.get(subject, ())


def _weighs(case: Case, record: Rating | Caution, span: Span) -> bool:
    """Say whether a record is adverse and has begun by the end of these days.

    A rating that has ended says nothing any more; a caution that has waits for a renewal.
    """
    if record.valid_from > span.last:
        return False
    if isinstance(record, Caution):
        return True
    is_over = record.valid_until is not None and record.valid_until < span.first
    return not is_over and case.policy.levels[record.level] > Verdict.CLEARED


def _about_km(km: float) -> int:
    """Return kilometres no more exactly than an estimate deserves."""
    return 10 * round(km / 10) if km > _EXACT_KM else round(km)
