"""``travelrisk map``: the direct track of a route as a picture, and as a list."""

from pathlib import Path

import click

from travelrisk.cli.console import print_json, say
from travelrisk.cli.faults import Fault
from travelrisk.cli.opening import STANDARD_INPUT, settled
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.picture.drawing import WIDE, picture
from travelrisk.picture.listing import Passages, Track, listing, sketch_only, tracks
from travelrisk.picture.route import airports_of, sketch_of
from travelrisk.picture.sketch import Area
from travelrisk.reference import load_atlas


@click.command
@click.argument("route", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE.svg",
    help="Where the picture goes; - for standard output.",
)
@click.option("--language", type=click.Choice(LANGUAGES), default="en", help="Language of picture and list.")
@as_json("Print the legs with their great-circle distances as one JSON object.")
@quiet
def map(  # noqa: A001 - the command is called so, and nothing here maps
    route: tuple[str, ...], *, output: Path | None, language: Language, as_json: bool
) -> None:
    """Draw the direct track of ROUTE, codes of airports or names of cities in their order.

    For example: travelrisk map "FRA ADD NBO" -o route.svg

    A direct track is a great circle; the aircraft may fly another way. Nothing is judged or stored.
    """
    settled()
    to_stdout = output is not None and str(output) == STANDARD_INPUT
    if output is None and not as_json:
        raise click.UsageError("give -o FILE.svg for the picture (- for standard output), or --json")
    if to_stdout and as_json:
        raise click.UsageError("the picture and --json cannot both go to standard output: give -o a file")
    svg, found = drawn(" ".join(route), language)
    if to_stdout:
        click.echo(svg)
        return
    if output is not None:
        _write(output, svg)
    if as_json:
        print_json({"legs": [_shape(each) for each in found]})
    else:
        _list(found, language)


def drawn(
    route: str, language: Language, areas: tuple[Area, ...] = (), passages: Passages | None = None
) -> tuple[str, tuple[Track, ...]]:
    """Return the picture of a route, and its tracks.

    Args:
        route: codes of airports or names of cities.
        language: of the picture.
        areas: airspaces to show.
        passages: what the tracks pass, by whoever works it out; None = nobody does.

    Raises:
        BadInputError: a place is not known, or its name is that of several.
    """
    sketch = sketch_of(airports_of(route, load_atlas()), language, areas)
    return picture(sketch, language, width=WIDE), tracks(sketch, passages or {})


def _write(output: Path, svg: str) -> None:
    try:
        output.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise Fault(f"{output}: cannot be written ({error.strerror}): check the path") from error


def _list(found: tuple[Track, ...], language: Language) -> None:
    for part in listing(found, language):
        say(part.heading)
        for number, item in enumerate(part.items, start=1):
            say(f"{number}. {item}", indent=2, hang=3)
    say(sketch_only(language))


def _shape(track: Track) -> dict[str, object]:
    return {
        "origin": track.start,
        "destination": track.end,
        "great_circle_km": round(track.km, 1),
        "can_be_drawn": track.has_line,
    }
