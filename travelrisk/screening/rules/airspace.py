"""What lies under the way: airspaces on the direct track, the States they belong to, alternate airports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from travelrisk.domain.advisories import Finding
from travelrisk.domain.airspaces import EVERY_FLIGHT, Airspace, AirspaceKind, Movement, Scope
from travelrisk.domain.geodesy import distance_km
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Caution, Rating, Subject, SubjectKind
from travelrisk.domain.sky import Passed
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg, Span
from travelrisk.screening.rules.findings import About, on_record
from travelrisk.screening.scopes import level_band

_EXACT_KM = 100
_IN_FORCE = frozenset({"airspace.caution", "airspace.not_recommended", "airspace.conditional"})
_LAND = Texts("land territory", "territoire terrestre", "territorio terrestre")


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
        told: set[str] = set()
        for hop in _hops(leg):
            passed = case.snapshot.judged_sky.passed(*hop.ends, case.policy.sky.margin_km)
            for airspace, passage in passed or ():
                key = (SubjectKind.COUNTRY, airspace.state)  # equal to a Subject, and made sooner
                is_on_record = key in cautions or key in ratings
                if not is_on_record or not passage.inside_km or airspace.state in visited | told:
                    continue
                told.add(airspace.state)
                if _is_adverse(case, Subject(*key), leg.span):
                    about = About(leg, "transit", Subject(*key), airspace.state)
                    finding = about.finding(
                        "on_record", case.policy.sky.transit, None, (("code", airspace.state),)
                    )
                    yield _named(finding, names_of(airspace))


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


def _on_the_leg(case: Case, leg: Leg) -> Iterator[Finding]:
    for hop in _hops(leg):
        passed = case.snapshot.judged_sky.passed(*hop.ends, case.policy.sky.margin_km)
        if passed is None:
            yield _about_track(leg, hop).finding("undrawable", case.policy.sky.undrawable)
        for each in passed or ():
            yield from _on_the_way(case, leg, hop, each)


@dataclass(frozen=True, slots=True)
class _Hop:
    """A flight from one landing to the next."""

    ends: tuple[Airport, Airport]
    km: float

    @property
    def name(self) -> str:
        return "-".join(airport.code for airport in self.ends)


def _hops(leg: Leg) -> Iterator[_Hop]:
    segment = leg.segment
    for origin, destination in pairwise((segment.origin, *segment.stops, segment.destination)):
        for ends in product(origin.possible, destination.possible):
            yield _Hop(ends, distance_km(*ends))


def _on_the_way(case: Case, leg: Leg, hop: _Hop, passed: Passed) -> Iterator[Finding]:
    airspace, passage = passed
    key = (SubjectKind.AIRSPACE, airspace.key)  # equal to a Subject, and made sooner: few are on record
    is_on_record = key in case.snapshot.cautions or key in case.snapshot.ratings
    if not is_on_record:
        return
    lands = passage.starts_inside or passage.ends_inside
    role = "airspace_landing" if lands else "airspace"
    about = About(leg, role, Subject(*key), airspace.key)
    if airspace.valid_from > leg.span.last:
        yield from _not_drawn_yet(case, about, passed)
        return
    if not passage.inside_km and not lands:
        if _is_adverse(case, about.subject, leg.span):
            near = about._replace(role="airspace").finding(
                "near", Verdict.CLEARED, None, (("km", round(passage.distance_km)),)
            )
            yield _named(near, names_of(airspace))
        return
    if airspace.valid_until is not None and airspace.valid_until < leg.span.first:
        if not _is_drawn_anew(case, airspace, leg.span):
            ended = about.finding("outline_ended", case.policy.lapsed, None, (("day", airspace.valid_until),))
            yield _named(ended, names_of(airspace), passage.inside_km)
        return
    concerns = _concerns(case, hop, passed)
    for finding in on_record(case, about, concerns=concerns):
        named = _named(finding, names_of(airspace), passage.inside_km)
        yield named if lands else _estimated(case, named)
    yield from _other_levels(case, about, hop, passed, concerns)


def _not_drawn_yet(case: Case, about: About, passed: Passed) -> Iterator[Finding]:
    """What is in force about an airspace is not over because its new outline begins only later."""
    airspace, passage = passed
    if not passage.pieces or _is_drawn_anew(case, airspace, about.leg.span):
        return
    if _is_adverse(case, about.subject, about.leg.span):
        begins = about.finding("outline_begins", case.policy.lapsed, None, (("day", airspace.valid_from),))
        yield _named(begins, names_of(airspace), passage.inside_km)


def _estimated(case: Case, finding: Finding) -> Finding:
    """Make milder what rests on an estimated track alone: it holds provided the airline flies round.

    Not what has lapsed: nobody knows what it would say today.
    """
    effect = case.policy.sky.estimated.get(finding.effect, finding.effect)
    if effect is finding.effect or finding.code not in _IN_FORCE:
        return finding
    return finding._replace(effect=effect, code=finding.code.replace("airspace.", "airspace_round.", 1))


def names_of(airspace: Airspace) -> Texts:
    """Return how an airspace is called, and that a State's land stands for it where that is so."""
    if airspace.kind is not AirspaceKind.STATE:
        return airspace.names
    names = zip(airspace.names, _LAND, strict=True)
    return Texts(*(f"{name} ({land})" if name else "" for name, land in names))


def _other_levels(
    case: Case, about: About, hop: _Hop, passed: Passed, concerns: Callable[[Scope | None], bool]
) -> Iterator[Finding]:
    """What would concern the flight at other levels; an estimate is no proof that it is not there."""
    airspace = passed.airspace
    cautions = case.snapshot.cautions.get(about.subject, ())
    ratings = case.snapshot.ratings.get(about.subject, ())
    adverse = [each for each in ratings if case.policy.levels[each.level] > Verdict.CLEARED]
    records: list[Rating | Caution] = [*adverse, *cautions]
    for record in records:
        scope = record.scope
        if scope is None or concerns(scope) or not _holds(record, about.leg.span):
            continue
        if not _concerns(case, hop, passed)(Scope(0, None, scope.movement, scope.airports)):
            continue  # it is not about such flights at any level
        slots = (("levels", level_band(scope)), ("level", case.policy.sky.cruise(hop.km).usual))
        finding = about.finding("other_levels", case.policy.sky.other_levels, record, slots)
        yield _named(finding, names_of(airspace), passed.passage.inside_km)


def _concerns(case: Case, hop: _Hop, passed: Passed) -> Callable[[Scope | None], bool]:
    """Return what says whether records of a scope concern the flight where it passes this airspace."""
    passage = passed.passage
    lands = passage.starts_inside or passage.ends_inside
    cruise, climb = case.policy.sky.cruise(hop.km), case.policy.sky.climb_km
    is_low = lands or any(enters < climb or leaves > hop.km - climb for enters, leaves in passage.pieces)
    lowest = 0 if is_low else cruise.lowest
    codes = {airport.code for airport in hop.ends}

    def concerns(scope: Scope | None) -> bool:
        within = scope or EVERY_FLIGHT
        if not codes.isdisjoint(within.airports):
            return False
        if within.movement is not Movement.ANY and (within.movement is Movement.LANDING) is not lands:
            return False
        return within.meets(lowest, cruise.highest)

    return concerns


def _is_drawn_anew(case: Case, airspace: Airspace, span: Span) -> bool:
    """Say whether an airspace has another outline on these days."""
    return any(
        each.valid_from <= span.last and (each.valid_until is None or each.valid_until >= span.first)
        for each in case.snapshot.judged_sky.of_key(airspace.key)
    )


def _holds(record: Rating | Caution, span: Span) -> bool:
    """Say whether a record has begun by the end of these days; one that ended waits for a renewal."""
    return record.valid_from <= span.last and (
        isinstance(record, Caution) or record.valid_until is None or record.valid_until >= span.first
    )


def _is_adverse(case: Case, subject: Subject, span: Span) -> bool:
    if any(_holds(each, span) for each in case.snapshot.cautions.get(subject, ())):
        return True
    ratings = case.snapshot.ratings.get(subject, ())
    return any(_holds(each, span) and case.policy.levels[each.level] > Verdict.CLEARED for each in ratings)


def _about_track(leg: Leg, hop: _Hop) -> About:
    return About(leg, "airspace", Subject(SubjectKind.ROUTE, hop.name), hop.name)


def _named(finding: Finding, names: Texts, km: float | None = None) -> Finding:
    """Call an airspace by its name in the reader's language; a finding begins with the name."""
    where = () if km is None else (("km", _about_km(km)),)
    return finding._replace(slots=(("name", names), *where, *finding.slots[1:]))


def _about_km(km: float) -> int:
    """Return kilometres no more exactly than an estimate deserves."""
    return 10 * round(km / 10) if km > _EXACT_KM else round(km)
