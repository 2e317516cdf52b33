"""``travelrisk airspaces import|list|show``: outlines of airspaces come in, and are looked at."""

from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli.console import counted, heading, hint, print_json, say, table
from travelrisk.cli.loading import imported_shape, print_records, says, summary, validity
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.airspaces import AirspaceKind
from travelrisk.domain.ratings import Caution, Rating
from travelrisk.screening.explain import record_shape
from travelrisk.services.airspaces import listing
from travelrisk.services.airspaces.importing import Brought, import_airspaces, outlines_in
from travelrisk.services.airspaces.listing import Drawn
from travelrisk.services.ratings.outlinefile import Naming
from travelrisk.services.ratings.records import name_of

_KINDS: Final = {
    AirspaceKind.STATE: "land of a State",
    AirspaceKind.FIR: "flight information region",
    AirspaceKind.AREA: "area",
}
_MOST_NAMED: Final = 12
_USUAL: Final = Naming()


@click.group(cls=Commands)
def airspaces() -> None:
    """Bring in outlines of airspaces, and look at what is drawn.

    An outline says only where an airspace is. What is thought of it stands in ratings and cautions about it,
    under its key: airspace:OIIX.
    """


@airspaces.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", default="", metavar="NAME", help="Name of whoever prepared the file.")
@click.option(
    "--signed-by",
    default="",
    metavar="NAME",
    help="The second person, needed where an outline that is on record changes.",
)
@click.option(
    "--key-property",
    default="",
    metavar="PROPERTY",
    help=f"Which property holds the key; without it the first of {', '.join(_USUAL.keys)}.",
)
@click.option(
    "--name-property",
    default="",
    metavar="PROPERTY",
    help=f"Which property holds the name; without it the first of {', '.join(_USUAL.names)}.",
)
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@as_json("Print the change as one JSON object, without the outlines.")
@quiet
def import_(  # noqa: PLR0913 - one for each option, all named
    file: Path,
    *,
    by: str,
    signed_by: str,
    key_property: str,
    name_property: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in the airspaces of a GeoJSON FILE, and publish them at once as one edition.

    Each feature is one airspace: a Polygon or MultiPolygon in degrees of WGS 84, which may run over 180
    degrees, with a key of its own. Also read are the properties kind (state, fir or area), state, source,
    approximate, valid_from and valid_until. An airspace without days holds from today on, with no end. A key
    that is on record is given the new outline; what FILE does not name stays as it is.
    """
    if not by and not dry_run:
        raise click.UsageError("Missing option '--by': name whoever prepared the file.")
    naming = Naming(
        (key_property,) if key_property else _USUAL.keys, (name_property,) if name_property else _USUAL.names
    )
    with opened() as app:
        outlined, note = outlines_in(app, file, by=by, naming=naming), f"import of {file.name}"
        done = import_airspaces(app, outlined, note, by=by, dry_run=True)
        if not as_json:
            change = done.imported.change
            names = {record.id: name_of(app, record) for record in (*change.opened, *change.closed)}
            print_records("Opened", change.opened, names)
            print_records("Closed", change.closed, names)
        if not dry_run:
            done = import_airspaces(app, outlined, note, by=by, signed_by=signed_by)
    _tell(done, dry_run=dry_run, as_json=as_json)


@airspaces.command("list")
@click.option("--text", default="", help="Only airspaces with this in their key or name.")
@click.option("--kind", type=click.Choice([each.value for each in AirspaceKind]), help="Only this kind.")
@click.option("--on-record", is_flag=True, help="Only airspaces about which there is a rating or a caution.")
@as_json("Print a JSON array of the airspaces, without the outlines.")
@quiet
def list_(*, text: str, kind: str | None, on_record: bool, as_json: bool) -> None:
    """List the airspaces that are drawn, with how many ratings and cautions are about each."""
    with opened() as app:
        everything = listing.drawn(app)
    wanted = text.casefold()
    chosen = [
        each
        for each in everything
        if wanted in f"{each.airspace.key} {' '.join(each.airspace.names)}".casefold()
        and kind in {None, each.airspace.kind.value}
        and (each.about or not on_record)
    ]
    if as_json:
        print_json([_shape(each) for each in chosen])
    elif chosen:
        table(("Key", "Name", "Kind", "Holds", "On record"), [_cells(each) for each in chosen])
        say(f"{len(chosen):,} of {counted(len(everything), 'airspace')}")
    elif everything:
        say("No airspace fits.")
    else:
        say("No airspace is drawn.")
        hint("Load outlines with travelrisk airspaces import FILE.geojson")


@airspaces.command("show")
@click.argument("key")
@as_json("Print the airspace as one JSON object, with its outline as WKT.")
@quiet
def show(*, key: str, as_json: bool) -> None:
    """Show an airspace: where it is, who drew it, and what is on record about it."""
    with opened() as app:
        newest, *older = listing.of_key(app, key)
    if as_json:
        print_json({**_shape(newest), "outline": newest.airspace.outline, "older": len(older)})
        return
    airspace = newest.airspace
    heading(f"{airspace.key}: {airspace.names.en}")
    state = f" of {airspace.state}" if airspace.state and airspace.kind is not AirspaceKind.STATE else ""
    say(f"{_KINDS[airspace.kind]}{state}{', approximate' if airspace.approximate else ''}")
    closed = f"; closed in edition {airspace.closed_in}" if airspace.closed_in is not None else ""
    say(f"holds {validity(airspace)}{closed}")
    extent = listing.extent(airspace)
    say(
        f"{counted(extent.polygons, 'polygon')} of {counted(extent.points, 'point')}, latitude"
        f" {extent.latitudes[0]:g} to {extent.latitudes[1]:g}, longitude {extent.longitudes[0]:g} to"
        f" {extent.longitudes[1]:g}"
    )
    say(f"source: {airspace.source}", hang=4)
    say(f"set by {airspace.set_by} on {airspace.set_on}, in edition {airspace.opened_in}")
    if older:
        say(f"{counted(len(older), 'older outline')} before it")
    heading("On record about it" if newest.about else "Nothing is on record about it.")
    for record in newest.about:
        say(f"{says(record)}, {validity(record)}: {_text(record)}", hang=4)


def _tell(done: Brought, *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        shape = imported_shape(done.imported)
        for record in (*shape["opened"], *shape["closed"]):
            record.pop("outline", None)
        print_json({**shape, "undated": list(done.undated)})
        return
    if done.undated:
        named = ", ".join(done.undated[:_MOST_NAMED])
        more = f" and {len(done.undated) - _MOST_NAMED:,} more" if len(done.undated) > _MOST_NAMED else ""
        say(f"Without days in the file, and so from today on with no other end: {named}{more}.", hang=4)
    say(summary(done.imported, dry_run=dry_run))
    if dry_run and done.imported.needs_second_person:
        hint("Outlines on record change: the import needs the name of a second person, with --signed-by.")


def _shape(each: Drawn) -> dict[str, Any]:
    shape = {**record_shape(each.airspace), "state_today": each.state}
    shape.pop("outline", None)
    return {**shape, "about": [record_shape(record) for record in each.about]}


def _cells(each: Drawn) -> tuple[str, ...]:
    airspace = each.airspace
    approximate = ", approximate" if airspace.approximate else ""
    return (
        airspace.key,
        airspace.names.en,
        _KINDS[airspace.kind] + approximate,
        validity(airspace),
        str(len(each.about) or ""),
    )


def _text(record: Rating | Caution) -> str:
    return record.reason.en if isinstance(record, Rating) else record.text.en
