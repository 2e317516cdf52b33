"""``travelrisk routes import|list``: tables of who flies where come in, and what is known is looked at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli.console import counted, hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.texts import day_in_words
from travelrisk.services.trips import known_routes
from travelrisk.services.trips.known_routes import Brought, Listed

_MOST_NAMED: Final = 12


@click.group(cls=Commands)
def routes() -> None:
    """Bring in tables of who flies where, and look at what is known.

    They only say where to look for other ways. A route that is known clears nothing: that takes a known
    service among the ratings.
    """


@routes.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Forget the routes that were loaded before.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@as_json("Print what changed as one JSON object.")
@quiet
def import_(*, file: Path, replace: bool, dry_run: bool, as_json: bool) -> None:
    """Load a table of routes: who flies between which airports, in both directions.

    FILE is CSV with the heading carrier,from,to in IATA or ICAO codes, and perhaps source and as_of (a day);
    or optd_airline_por of OPTD (parted by ^); or routes.dat of OpenFlights, whose code-shares are left out.
    What FILE does not name stays, without --replace. Codes that mean nothing are counted and left out; a row
    that cannot be read stops the whole table.
    """
    with opened() as app:
        done = known_routes.import_routes(app, file, replace=replace, dry_run=dry_run)
    if as_json:
        print_json({**done._asdict(), "dry_run": dry_run})
        return
    for sentence in _left_out(done):
        say(sentence, hang=4)
    counts = (
        f"{done.new:,} new, {done.changed:,} changed, {done.unchanged:,} unchanged, {done.removed:,} removed"
    )
    after = "This was a dry run: nothing was changed." if dry_run else f"Now {done.total:,} are loaded."
    say(f"Routes: {counts}. {after}")


@routes.command("list")
@click.option("--airport", default="", metavar="CODE", help="Only routes from or to this airport.")
@click.option("--carrier", default="", metavar="CODE", help="Only routes of this carrier.")
@as_json("Print a JSON array of the routes.")
@quiet
def list_(*, airport: str, carrier: str, as_json: bool) -> None:
    """List the routes that are known, from itineraries and from tables.

    Known services stand among the ratings: travelrisk ratings list.
    """
    with opened() as app:
        found = known_routes.listed(app, airport, carrier)
    if as_json:
        print_json([_shape(each) for each in found])
    elif found:
        table(("Pair", "Carrier", "Seen in itineraries", "Loaded"), [_cells(each) for each in found])
        say(counted(len(found), "route"))
    else:
        say("No route is known that fits." if airport or carrier else "No route is known.")
        hint("Load some with travelrisk routes import FILE.csv; itineraries that are screened add theirs.")


def _left_out(done: Brought) -> list[str]:
    said = []
    if done.unknown:
        some = list(done.unknown.items())[:_MOST_NAMED]
        named = ", ".join(f"{code} ({count:,})" for code, count in some)
        more = f", and {len(done.unknown) - len(some):,} more codes" if len(done.unknown) > len(some) else ""
        said.append(f"Left out, for their codes are not known, or not one carrier's today: {named}{more}.")
    if done.code_shares:
        said.append(f"Left out, for the carrier only sells seats there: {counted(done.code_shares, 'row')}.")
    if done.nowhere:
        said.append(f"Left out, for they end where they begin: {counted(done.nowhere, 'row')}.")
    return said


def _shape(each: Listed) -> Mapping[str, Any]:
    loaded, seen = each.loaded, each.seen
    return {
        "pair": [each.one, each.other],
        "carrier": each.carrier,
        "name": each.name,
        "seen": seen
        and {"itineraries": seen.itineraries, "last_day": seen.last_day and seen.last_day.isoformat()},
        "loaded": loaded and {"source": loaded.source, "as_of": loaded.as_of and loaded.as_of.isoformat()},
    }


def _cells(each: Listed) -> tuple[str, ...]:
    loaded, seen = each.loaded, each.seen
    last = f", last on {day_in_words(seen.last_day, 'en')}" if seen and seen.last_day else ""
    of_day = f", {day_in_words(loaded.as_of, 'en')}" if loaded and loaded.as_of else ""
    return (
        f"{each.one}-{each.other}",
        each.name,
        f"{seen.itineraries:,}{last}" if seen else "",
        f"{loaded.source}{of_day}" if loaded else "",
    )
