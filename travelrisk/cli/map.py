"""``travelrisk map``: the direct track of a route as a picture, and as a list."""

from pathlib import Path

import click

from travelrisk.cli.console import hint, print_json, say
from travelrisk.cli.faults import Fault
from travelrisk.cli.opening import STANDARD_INPUT, opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.errors import StoreError
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.picture.drawing import WIDE, picture
from travelrisk.picture.journey import sketch_on_record
from travelrisk.picture.listing import Passage, Track, listing, on_record_only, sketch_only, tracks
from travelrisk.picture.route import airports_of, sketch_of
from travelrisk.reference import load_atlas
from travelrisk.services.application import Application
from travelrisk.services.ratings.published import newest


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

    A direct track is a great circle; the aircraft may fly another way. Airspaces are shown by the gravest
    that is on record about them, whatever its days and levels. Nothing is judged or stored.
    """
    to_stdout = output is not None and str(output) == STANDARD_INPUT
    if output is None and not as_json:
        raise click.UsageError("give -o FILE.svg for the picture (- for standard output), or --json")
    if to_stdout and as_json:
        raise click.UsageError("the picture and --json cannot both go to standard output: give -o a file")
    svg, found = _with_what_is_on_record(" ".join(route), language)
    if to_stdout:
        click.echo(svg)
        return
    if output is not None:
        _write(output, svg)
    if as_json:
        print_json({"legs": [_shape(each) for each in found]})
    else:
        _list(found, language)


def drawn(route: str, language: Language, app: Application | None = None) -> tuple[str, tuple[Track, ...]]:
    """Return the picture of a route, and its tracks.

    Args:
        route: codes of airports or names of cities.
        language: of the picture.
        app: knows which airspaces there are; without it nobody works out what the tracks pass.

    Raises:
        BadInputError: a place is not known, or its name is that of several.
    """
    if app is None:
        sketch = sketch_of(airports_of(route, load_atlas()), language)
        return picture(sketch, language, width=WIDE), tracks(sketch)
    policy = app.policy.policy
    sketch, found = sketch_on_record(airports_of(route, app.atlas), newest(app)[0], policy, language)
    return picture(sketch, language, width=WIDE, disclaimer=policy.sky.disclaimer or None), found


def _with_what_is_on_record(route: str, language: Language) -> tuple[str, tuple[Track, ...]]:
    try:
        with opened() as app:
            return drawn(route, language, app)
    except StoreError as error:
        hint(f"Without airspaces: {error}.")
        return drawn(route, language)


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
    if any(track.passages for track in found):
        say(on_record_only(language))
    say(sketch_only(language))


def _shape(track: Track) -> dict[str, object]:
    passes = {} if track.passages is None else {"passes": [_passage(each) for each in track.passages]}
    return {
        "origin": track.start,
        "destination": track.end,
        "great_circle_km": round(track.km, 1),
        "can_be_drawn": track.has_line,
        **passes,
    }


def _passage(passage: Passage) -> dict[str, object]:
    return {
        "name": passage.name,
        "inside_km": round(passage.inside_km, 1),
        "beside_km": None if passage.distance_km is None else round(passage.distance_km, 1),
        "gravest_on_record": None if passage.verdict is None else passage.verdict.word,
    }
