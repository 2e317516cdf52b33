"""Where the traveller goes: airports, countries and named routes."""

from collections.abc import Iterator
from itertools import pairwise, product

from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Place, Segment
from travelrisk.domain.places import Airport
from travelrisk.domain.ratings import Subject, SubjectKind, route_subject
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.case import Case, Leg
from travelrisk.screening.rules.findings import About, is_rated, on_record


def airports(case: Case) -> Iterator[Finding]:
    """Every airport of the journey is looked at: where it begins, where it stops on the way, where it ends.

    An airport without a rating of its own is covered by the rating of its country, if there is one;
    otherwise it has not been assessed and goes to review. Where a city code leaves several airports open,
    each of them is judged and the worst one counts.

    What to do: if an airport is not rated, ask the focal point; if the city has several, name yours.

    Example: "LON" may be any of six airports; the answer is that of the worst of them, until you say which.
    """
    for leg in case.legs:
        for place, role in leg.places:
            if place.airport is not None:
                yield from _airport(case, leg, place.airport, role)
                continue
            yield _nowhere(leg, place, role)
            for airport in place.candidates:
                yield from _airport(case, leg, airport, role)


def countries(case: Case) -> Iterator[Finding]:
    """The countries of the airports are looked at too, where something is on record about them.

    A rating or caution on a country holds for every airport in it, transit included.

    What to do: read the caution and ask the focal point whether the journey can wait or go another way.

    Example: a flight with a stop in a country that carries a caution: the caution is part of the answer.
    """
    ratings, cautions = case.snapshot.ratings, case.snapshot.cautions
    for leg in case.legs:
        visited = {a.country.code: a.country for place, _ in leg.places for a in place.possible}
        for code in sorted(visited):
            key = (SubjectKind.COUNTRY, code)  # equal to a Subject, and made sooner: few are on record
            if key not in ratings and key not in cautions:
                continue
            country = visited[code]
            # Countries, unlike carriers and airports, are called by their name in the reader's language.
            about = About(leg, "country", Subject(*key), country.names.en, called=country.names)
            yield from on_record(case, about)


def named_routes(case: Case) -> Iterator[Finding]:
    """A route may have a rating of its own: a pair of airports, or one carrier on that pair.

    It holds in both directions, and between the stops on the way as well.

    What to do: if the route is not recommended, look for another way between the two places.

    Example: a carrier may be recommended in general and not on one pair, which it flies with other aircraft.
    """
    ratings, cautions = case.snapshot.ratings, case.snapshot.cautions  # few routes have a name
    for leg in case.legs:
        segment = leg.segment
        ends = [(segment.origin, segment.destination)]
        if segment.stops:
            ends += pairwise((segment.origin, *segment.stops, segment.destination))
        for origin, destination in ends:
            for one, other in product(origin.possible, destination.possible):
                pair = route_subject(one.code, other.code)
                if pair in ratings or pair in cautions:
                    yield from on_record(case, About(leg, "route", pair, pair.key))
                for carrier in segment.flyers:
                    own = (SubjectKind.ROUTE, f"{carrier.icao}:{pair.key}")  # as above
                    if own in ratings or own in cautions:
                        about = About(leg, "route", Subject(*own), f"{carrier.code} {pair.key}")
                        yield from on_record(case, about._replace(carrier=carrier.icao))


def segment_name(segment: Segment) -> str:
    """Return what readers call a segment: ``LH 590``, or ``FRA-NBO`` where it has no number."""
    ends = (segment.origin.code or "?", segment.destination.code or "?")
    return segment.flight or "-".join(ends)


def airport_name(airport: Airport) -> str:
    """Return the city, name and code a reader knows: ``Addis Ababa Bole (ADD)``."""
    name = airport.name if airport.city in airport.name else f"{airport.city}, {airport.name}"
    return f"{name} ({airport.code})"


def _nowhere(leg: Leg, place: Place, role: str) -> Finding:
    about = About(leg, "airport", Subject(SubjectKind.AIRPORT, ""), place.text)
    if place.candidates:
        return about.finding("several", Verdict.REVIEW)
    about = about._replace(settles=role)
    if place.text:
        return about.finding("unknown", Verdict.REVIEW)
    return about._replace(name=segment_name(leg.segment)).finding(f"{role}_missing", Verdict.REVIEW)


def _airport(case: Case, leg: Leg, airport: Airport, role: str) -> list[Finding]:
    about = About(leg, "airport", Subject(SubjectKind.AIRPORT, airport.code), airport_name(airport), role)
    found = on_record(case, about)
    if is_rated(case, about.subject):
        return found
    if is_rated(case, Subject(SubjectKind.COUNTRY, airport.country.code)):
        # What the country's rating says is a finding of the rule on countries.
        by = about.finding("by_country", Verdict.CLEARED, None, (("country", airport.country.names),))
    else:
        by = about.finding("not_rated", case.policy.unrated_airport)
    return [*found, by]
