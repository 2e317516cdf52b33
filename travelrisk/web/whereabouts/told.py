"""An answer in words: where somebody is expected, from when until when, and what is not known about it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from travelrisk.domain.itineraries import Itinerary, Traveller
from travelrisk.domain.places import Airport
from travelrisk.domain.settling.clocks import local_time, zone_named
from travelrisk.domain.whereabouts import (
    ALWAYS,
    FAR_AHEAD,
    LONG_AGO,
    Certainty,
    Flight,
    Sighting,
    Span,
    Spell,
)
from travelrisk.picture.headcount import Gathering, headcount
from travelrisk.picture.sketch import Place
from travelrisk.picture.spells import bar
from travelrisk.services.whereabouts.finding import Answer, Found
from travelrisk.telling.foreign import visible
from travelrisk.telling.names import city_name
from travelrisk.telling.segments import route
from travelrisk.web.languages import day, language
from travelrisk.web.parts import application
from travelrisk.web.words import speaker

_LONGEST_NAME: Final = 80
_MARGIN: Final = timedelta(hours=24)


class Line(NamedTuple):
    """A journey that answers the question, as the page shows it.

    Attributes:
        where: a sentence for each of its sightings.
        doubts: what is not known about them.
        bar: its time line.
    """

    found: Found
    names: tuple[str, ...]
    contact: str
    where: tuple[str, ...]
    doubts: tuple[str, ...]
    bar: str


def lines(answer: Answer) -> tuple[Line, ...]:
    """Return an answer, journey by journey, as it is sorted."""
    shown = frame(answer)
    return tuple(_line(each, shown, answer.question.window) for each in answer.found)


def frame(answer: Answer) -> Span:
    """Return which time the time lines show: that of the question, and a day on each side."""
    asked = answer.question.window
    return Span(asked.since - _MARGIN, asked.until + _MARGIN)


def names(itinerary: Itinerary) -> tuple[str, ...]:
    """Return the names of those who travel."""
    return tuple(filter(None, map(_name, itinerary.travellers)))


def sentence(sighting: Sighting) -> str:
    """Say where somebody is expected, or may be."""
    say, spell = speaker(language()), sighting.spell
    is_sure = sighting.certainty is Certainty.EXPECTED and spell.expected is not None
    span = spell.expected if is_sure and spell.expected is not None else spell.possible
    kind = "whereabouts_flight_" if isinstance(spell, Flight) else "whereabouts_stay_"
    if span == ALWAYS:
        return say(kind + "sometime", place=_place(spell))
    return say(
        kind + sighting.certainty.value,
        place=_place(spell),
        since=moment(span.since, _first(spell)),
        until=moment(span.until, spell.airports[-1] if spell.airports else None),
    )


def moment(value: datetime, airport: Airport | None) -> str:
    """Write a moment in the time of an airport, and in UTC."""
    say = speaker(language())
    if value in {LONG_AGO, FAR_AHEAD}:
        return say("whereabouts_unknown_time")
    zone = zone_named(airport.zone) if airport else None
    if zone is None:
        return say("moment", day=day(value), clock=f"{value:%H:%M}")
    local = local_time(value, zone)
    return say("whereabouts_moment", day=day(local.date()), clock=f"{local:%H:%M}", utc=f"{value:%H:%M}")


def doubts(sightings: Iterable[Sighting]) -> tuple[str, ...]:
    """Say what is not known about sightings that are in doubt."""
    say = speaker(language())
    found = (
        doubt
        for each in sightings
        if each.certainty is Certainty.POSSIBLE or each.spell.expected != each.spell.possible
        for doubt in each.spell.doubts
    )
    return tuple(say("whereabouts_doubt_" + each.value) for each in dict.fromkeys(found))


def map_of(answer: Answer) -> str:
    """Return the map of an answer: those on the ground where they are, those on a flight where it lands."""
    people: dict[str, tuple[Airport, int, int]] = {}
    for each in answer.found:
        sure = [one for one in each.sightings if one.certainty is each.certainty]
        airport = next((one.spell.airports[-1] for one in sure if one.spell.airports), None)
        if airport is not None:
            _, number, expected = people.get(airport.code, (airport, 0, 0))
            sure_here = each.people if each.certainty is Certainty.EXPECTED else 0
            people[airport.code] = (airport, number + each.people, expected + sure_here)
    said = language()
    gatherings = [
        Gathering(Place(code, city_name(at, said), at.longitude, at.latitude), number, expected)
        for code, (at, number, expected) in people.items()
    ]
    disclaimer = application().policy.policy.sky.disclaimer or None
    return headcount(gatherings, said, disclaimer=disclaimer) if gatherings else ""


def _line(found: Found, shown: Span, asked: Span) -> Line:
    where = tuple(map(sentence, found.sightings))
    title = " ".join((found.trip.reference, *where))
    return Line(
        found,
        names(found.journey.itinerary),
        visible(found.trip.contact),
        where,
        doubts(found.sightings),
        bar(found.spells, shown, asked, title),
    )


def _name(traveller: Traveller) -> str:
    whole = f"{traveller.given} {traveller.surname}".strip() or traveller.raw_name
    return visible(whole)[:_LONGEST_NAME]


def _first(spell: Spell) -> Airport | None:
    return spell.airports[0] if spell.airports else None


def _place(spell: Spell) -> str:
    if isinstance(spell, Flight):
        return " ".join(filter(None, (visible(spell.segment.flight), visible(route((spell.segment,))))))
    say = speaker(language())
    places = [f"{city_name(each, language())} ({each.code})" for each in spell.airports]
    return say("whereabouts_or").join(places) or visible(spell.segment.destination.text) or "-"
