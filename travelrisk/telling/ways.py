"""Other ways between the same places, in the reader's language: what is on record, no advice to buy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.network import Learned, Rerouting
from travelrisk.domain.texts import Language, Texts, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.alternatives import Part, Way, Ways
from travelrisk.screening.explain import verdict_words
from travelrisk.telling import words
from travelrisk.telling.foreign import visible
from travelrisk.telling.reasons import Teller
from travelrisk.telling.segments import sentence_case
from travelrisk.telling.words import Say, texts_in

_MOST_REASONS: Final = 3
_LONGEST_NAME: Final = 80
_POINT: Final[Mapping[Language, str]] = {"en": ".", "fr": ",", "es": ","}
_BETWEEN: Final[Mapping[Language, str]] = {
    "en": ",",
    "fr": "\N{NARROW NO-BREAK SPACE}",
    "es": "\N{NO-BREAK SPACE}",
}
_UNGROUPED: Final = 10_000  # Spanish writes four figures together


@dataclass(frozen=True, slots=True)
class WayTold:
    """One way.

    Attributes:
        verdict: its word; *label* in the reader's language.
        lines: how much longer it is, what the routing rule says of that, and where it is known from.
        reasons: what keeps it from being cleared outright.
    """

    verdict: str
    label: str
    path: str
    carriers: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaysTold:
    """The ways instead of one part; *none* says that there is none, and is empty where there is."""

    instead: str
    others: tuple[WayTold, ...]
    unhas: tuple[WayTold, ...]
    none: str


@dataclass(frozen=True, slots=True)
class Told:
    """All of them, with the words above and below."""

    title: str
    note: str
    estimate: str
    unhas: str
    parts: tuple[WaysTold, ...]


@cache
def ways_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/telling/ways.toml``, once."""
    return texts_in("telling/ways.toml")


def ways_told(found: Iterable[Ways], rules: Rerouting, language: Language) -> Told:
    """Tell other ways."""
    say = words.speaker(language, ways_texts())
    parts = tuple(_part(each, rules, say, language) for each in found)
    return Told(say("ways_title"), say("ways_note"), say("ways_estimate"), say("ways_unhas"), parts)


def ways_heard(found: Iterable[Mapping[str, Any]], booked: Itinerary, language: Language) -> Told:
    """Tell other ways as another service has found them: their public shape, for that booking.

    How many hours its routing rule allows is not told there, so no number stands here.
    """
    say = words.speaker(language, ways_texts())
    parts = tuple(_part_heard(each, booked, say, language) for each in found)
    return Told(say("ways_title"), say("ways_note"), say("ways_estimate"), say("ways_unhas"), parts)


def _part_heard(found: Mapping[str, Any], booked: Itinerary, say: Say, language: Language) -> WaysTold:
    ends = [booked.segments[each].origin.code for each in found["segments"]]
    path = visible("-".join([*ends, found["to"]]))
    verdict = verdict_words(Verdict.from_word(found["verdict"])).in_language(language)
    day = day_in_words(date.fromisoformat(found["day"]), language)
    is_none = not found["ways"] and not found["unhas"]
    return WaysTold(
        say("ways_instead", path=path, day=day, verdict=verdict),
        tuple(_way_heard(each, say, language) for each in found["ways"]),
        tuple(_way_heard(each, say, language) for each in found["unhas"]),
        say("ways_none", path=path, count=found["judged"]) if is_none else "",
    )


def _way_heard(way: Mapping[str, Any], say: Say, language: Language) -> WayTold:
    flights = way["flights"]
    reasons = tuple(dict.fromkeys(visible(each["message"][language]) for each in way["reasons"]))
    carriers = dict.fromkeys(visible(f"{each['name']} ({each['operating_carrier']})") for each in flights)
    sources = dict.fromkeys(
        _source(
            each["known_from"],
            each["source"],
            date.fromisoformat(each["as_of"]) if each["as_of"] else None,
            say,
            language,
        )
        for each in flights
    )
    rule = say("ways_exemption_there") if way["needs_exemption"] else say("ways_within_there")
    verdict = Verdict.from_word(way["verdict"])
    return WayTold(
        verdict.word,
        sentence_case(verdict_words(verdict).in_language(language)),
        visible("-".join([flights[0]["from"], *(each["to"] for each in flights)])),
        ", ".join(carriers),
        (
            _extra(way["extra_km"], way["extra_hours"], way["extra_connections"], say, language),
            rule,
            say("ways_known", sources="; ".join(sources)),
        ),
        _some(reasons, say),
    )


def _part(found: Ways, rules: Rerouting, say: Say, language: Language) -> WaysTold:
    path, part = _booked(found.part), found.part
    verdict = verdict_words(part.verdict).in_language(language)
    day = day_in_words(part.day, language)
    is_none = not found.others and not found.unhas
    return WaysTold(
        say("ways_instead", path=path, day=day, verdict=verdict),
        tuple(_way(each, rules, say, language) for each in found.others),
        tuple(_way(each, rules, say, language) for each in found.unhas),
        say("ways_none", path=path, count=found.judged) if is_none else "",
    )


def _way(way: Way, rules: Rerouting, say: Say, language: Language) -> WayTold:
    teller = Teller(words.speaker(language), language)
    reasons = tuple(dict.fromkeys(map(teller.sentence, way.advisory.reasons())))
    carriers = dict.fromkeys(f"{hop.carrier.name} ({hop.carrier.code})" for hop in way.hops)
    rule = "ways_exemption" if way.needs_exemption else "ways_within"
    routes = [hop.route for hop in way.hops]
    sources = dict.fromkeys(
        _source(each.learned.value, each.source, each.as_of, say, language) for each in routes
    )
    return WayTold(
        way.advisory.verdict.word,
        sentence_case(verdict_words(way.advisory.verdict).in_language(language)),
        "-".join([way.hops[0].origin.code, *(hop.destination.code for hop in way.hops)]),
        ", ".join(carriers),
        (
            _extra(way.extra_km, way.extra_hours, way.extra_connections, say, language),
            say(rule, limit=_figure(rules.limit_hours, language)),
            say("ways_known", sources="; ".join(sources)),
        ),
        _some(reasons, say),
    )


def _some(reasons: tuple[str, ...], say: Say) -> tuple[str, ...]:
    more = len(reasons) - _MOST_REASONS
    return (*reasons[:_MOST_REASONS], *([say("ways_more_reasons", count=more)] if more > 0 else ()))


def _extra(km: float, hours: float, connections: int, say: Say, language: Language) -> str:
    return say(
        "ways_extra",
        km=_signed(10 * round(km / 10), language),
        hours=_signed(round(2 * hours) / 2, language),
        connections=_signed(connections, language),
    )


def _booked(part: Part) -> str:
    ends = [leg.segment.origin.code for leg in part.legs]
    return "-".join([*ends, part.destination.code])


def _source(learned: str, source: str, as_of: date | None, say: Say, language: Language) -> str:
    if learned != Learned.LOADED.value:
        return say(f"ways_from_{learned}")
    source = visible(source)[:_LONGEST_NAME]
    if as_of is None:
        return say("ways_from_loaded", source=source)
    return say("ways_from_loaded_of", source=source, day=day_in_words(as_of, language))


def _signed(number: float, language: Language) -> str:
    sign = "+" if number > 0 else "\N{MINUS SIGN}" if number < 0 else ""
    return sign + _figure(abs(number), language)


def _figure(number: float, language: Language) -> str:
    whole, _, part = f"{number:,g}".partition(".")
    between = "" if language == "es" and number < _UNGROUPED else _BETWEEN[language]
    whole = whole.replace(",", between)
    return f"{whole}{_POINT[language]}{part}" if part else whole
