"""``travelrisk whereabouts``: which travellers of an office are expected where, and when."""

from datetime import UTC, date, datetime
from typing import Any, Final

import click

from travelrisk.cli.console import hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Viewer
from travelrisk.services.application import Application
from travelrisk.services.trail import TERMINAL
from travelrisk.services.whereabouts.asking import MOST_HOURS, Question, question
from travelrisk.services.whereabouts.exporting import rows
from travelrisk.services.whereabouts.finding import Answer, find
from travelrisk.store import offices
from travelrisk.store.database import reading
from travelrisk.telling.foreign import visible

_HEADS: Final = ("Trip", "Who", "Sure", "What", "Where", "From (UTC)", "Until (UTC)", "Contact")
_COLUMNS: Final = (
    "reference",
    "travellers",
    "certainty",
    "kind",
    "places",
    "from_utc",
    "until_utc",
    "contact",
)
_MOMENTS: Final = ("%Y-%m-%d", "%Y-%m-%dT%H:%M")


@click.command
@click.option(
    "--flight", metavar="NUMBER", default="", help="Who is on this flight, under any of its numbers."
)
@click.option(
    "--airport", metavar="CODE", default="", help="Who is at this airport, or in the city of this name."
)
@click.option("--country", metavar="NAME", default="", help="Who is in this country; its code will do.")
@click.option(
    "--from", "since", type=click.DateTime(_MOMENTS), help="From when, in UTC; of a flight its day."
)
@click.option(
    "--within",
    type=click.IntRange(1, MOST_HOURS),
    default=24,
    show_default=True,
    metavar="HOURS",
    help="For how long; alone, it finds who leaves in this time.",
)
@click.option("--office", required=True, help="Whose travellers; those of others are not there.")
@as_json("Print one JSON object with a row for each place and flight.")
@quiet
def whereabouts(  # noqa: PLR0913 - one for each option, all named
    *,
    flight: str,
    airport: str,
    country: str,
    since: datetime | None,
    within: int,
    office: str,
    as_json: bool,
) -> None:
    """Find the travellers of an OFFICE by flight, airport or country, or those who leave soon.

    For example: travelrisk whereabouts --flight "ET 707" --from 2026-12-12 --office Nairobi

    It is where their bookings say they should be: expected, or only possible. Each look is noted.
    """
    asked = [each for each in (flight, airport, country) if each]
    if len(asked) > 1:
        raise click.UsageError("give one of --flight, --airport and --country")
    begins = since.replace(tzinfo=UTC) if since else None
    with opened() as app:
        wanted = _question(app, asked[0] if asked else "", begins, within, is_flight=bool(flight))
        with reading(app.engine) as c:
            if not offices.has_trips(c, office):
                raise BadInputError(f"no trip is of an office called '{office}': write it as the trips do")
        answer = find(app, Viewer(TERMINAL, office), wanted)
    if as_json:
        print_json(_shape(answer))
    else:
        _print(answer)


def _question(
    app: Application, what: str, since: datetime | None, hours: int, *, is_flight: bool
) -> Question:
    day: date | None = since.date() if since else None
    found = question(app, what, since, hours, day=day)
    if is_flight and found.flight is None:
        raise click.UsageError(f"--flight: '{what}' is no flight number; write ET 707")
    return found


def _print(answer: Answer) -> None:
    found = [[visible(row[each]) for each in _COLUMNS] for row in rows(answer)]
    if found:
        table(_HEADS, found)
    say(f"People: {answer.people}. Bookings: {len(answer.found)}.")
    if answer.left_out:
        say(f"{answer.left_out} more bookings are not shown: ask for a shorter time.")
    hint("Nobody has been seen there: this is where bookings say that people should be.")


def _shape(answer: Answer) -> dict[str, Any]:
    asked = answer.question
    return {
        "asked": asked.name.en,
        "since": asked.window.since.isoformat(),
        "until": asked.window.until.isoformat(),
        "day": asked.day.isoformat() if asked.day else None,
        "leaving": asked.leaving,
        "people": answer.people,
        "bookings": len(answer.found),
        "left_out": answer.left_out,
        "rows": rows(answer),
    }
