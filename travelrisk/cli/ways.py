"""Other ways between the same places, as a terminal shows them."""

from collections.abc import Iterable

import click

from travelrisk.cli.console import badge, heading, say
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
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


def _print(ways: Iterable[WayTold], language: Language) -> None:
    for way in ways:
        shown = badge(Verdict.from_word(way.verdict), language)
        click.echo(f"     {click.style(way.path, bold=True)}  {shown}")
        for line in (way.carriers, *way.lines):
            say(line, indent=7)
        for reason in way.reasons:
            say(f"- {reason}", indent=7, hang=2)
