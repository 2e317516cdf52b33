"""Other ways between the same places, as a terminal shows them, and as ``--json`` prints them."""

from collections.abc import Iterable

import click

from travelrisk.cli.console import badge, heading, say
from travelrisk.domain.shapes import Shape
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.alternatives import Hop, Way, Ways
from travelrisk.screening.explain import finding_shape
from travelrisk.telling.ways import Told, WayTold


def print_ways(told: Told, language: Language) -> None:
    """Print other ways below the answer that they are about."""
    heading(told.title)
    for part in told.parts:
        say(part.none or part.instead, indent=3, hang=2)
        _print(part.others, language)
        if part.unhas:
            say(told.unhas, indent=3, hang=2)
        _print(part.unhas, language)
    if any(part.others or part.unhas for part in told.parts):
        click.echo()
        say(f"{told.note} {told.estimate}", indent=3)


def ways_shape(found: Ways) -> Shape:
    """Return the other ways for one part of an itinerary; without any, *judged* says how many there were."""
    part = found.part
    return {
        "segments": list(part.positions),
        "from": part.origin.code,
        "to": part.destination.code,
        "day": part.day.isoformat(),
        "verdict": part.verdict.word,
        "judged": found.judged,
        "ways": [_shape(way) for way in found.others],
        "unhas": [_shape(way) for way in found.unhas],
    }


def _shape(way: Way) -> Shape:
    return {
        "verdict": way.advisory.verdict.word,
        "flights": [_flight(hop) for hop in way.hops],
        "extra_km": round(way.extra_km),
        "extra_hours": round(way.extra_hours, 1),
        "extra_connections": way.extra_connections,
        "needs_exemption": way.needs_exemption,
        "reasons": [finding_shape(each) for each in way.advisory.reasons()],
        "edition": way.advisory.edition,
    }


def _flight(hop: Hop) -> Shape:
    return {
        "operating_carrier": hop.carrier.icao,
        "name": hop.carrier.name,
        "from": hop.origin.code,
        "to": hop.destination.code,
        "known_from": hop.route.learned.value,
        "source": hop.route.source,
        "as_of": hop.route.as_of.isoformat() if hop.route.as_of else None,
    }


def _print(ways: Iterable[WayTold], language: Language) -> None:
    for way in ways:
        shown = badge(Verdict.from_word(way.verdict), language)
        click.echo(f"     {click.style(way.path, bold=True)}  {shown}")
        for line in (way.carriers, *way.lines):
            say(line, indent=7)
        for reason in way.reasons:
            say(f"- {reason}", indent=7, hang=2)
