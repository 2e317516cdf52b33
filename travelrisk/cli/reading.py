"""What ``travelrisk read`` does: files are read, and what was understood of each is shown."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import click

from travelrisk.cli.console import complain_of, is_terminal, print_json, progress, say, table
from travelrisk.cli.faults import Exit, gravest
from travelrisk.cli.opening import STANDARD_INPUT, document, expanded, settled
from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.columns import ColumnMapping
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Basis, Itinerary, Moment, Outcome, Segment
from travelrisk.domain.places import Atlas
from travelrisk.domain.shape_schema import reading_schema
from travelrisk.domain.shapes import reading_shape, worst_outcome
from travelrisk.domain.texts import day_in_words
from travelrisk.intake.tables.mappingfile import mapping_from
from travelrisk.reference import load_atlas, load_book
from travelrisk.screening.explain import question_text
from travelrisk.services.trips.understanding import Understood, understand
from travelrisk.wiring import now

_BASES = {Basis.ASSUMED: " (assumed)", Basis.TRAVELLER: " (stated by the traveller)", Basis.UNKNOWN: ""}


@dataclass(frozen=True)
class _Tables:
    atlas: Atlas = field(default_factory=load_atlas)
    book: CarrierBook = field(default_factory=load_book)
    clock: Callable[[], datetime] = now


def print_schema() -> None:
    """Print the JSON Schema of what ``--json`` prints."""
    print_json(reading_schema())


def read_files(
    files: tuple[Path, ...],
    context_date: date | None,
    columns: Path | None,
    *,
    from_stdin: bool,
    as_json: bool,
) -> Exit:
    """Show what is understood of each file, and return what the shell is told.

    Raises:
        UsageError: nothing was named, or *columns* cannot be used.
    """
    settled()
    paths = expanded(_named(files, from_stdin=from_stdin))
    tables = _Tables()
    context = _Context(context_date, _mappings(columns))
    exits = []
    with progress(len(paths), "files") as bar:
        for path in paths:
            parts = _parts(path, context, tables)
            outcome = worst_outcome(part.outcome for part in parts)
            exits.append(Exit.CLEARED if outcome is Outcome.COMPLETE else Exit.INCOMPLETE)
            if as_json:
                _print_shape(path, parts, outcome, is_line=len(paths) > 1)
            else:
                _show(path, parts, outcome)
            bar.advance(1)
            bar.count()
    return gravest(*exits)


def _named(files: tuple[Path, ...], *, from_stdin: bool) -> tuple[Path, ...]:
    """Return what to read, standard input once and last.

    Raises:
        UsageError: nothing was named; waiting for a keyboard would look like hanging.
    """
    stdin = Path(STANDARD_INPUT)
    named = tuple(dict.fromkeys((*files, stdin) if from_stdin else files))
    if not named:
        raise click.UsageError("name FILES or folders to read, or give --from-stdin")
    return named


class _Context(NamedTuple):
    """What is the same for all FILES: the day they arrived, and what the headings of tables mean."""

    context_date: date | None
    mappings: tuple[ColumnMapping, ...]


def _mappings(path: Path | None) -> tuple[ColumnMapping, ...]:
    if path is None:
        return ()
    try:
        return (mapping_from(path.read_text(encoding="utf-8-sig")),)
    except (BadInputError, OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: {error}") from error


def _parts(path: Path, context: _Context, tables: _Tables) -> list[Understood]:
    try:
        parts = list(understand(tables, replace(document(path), **context._asdict())))
    except BadInputError as error:
        parts = [Understood("unknown", Outcome.UNREADABLE, str(error), (), ())]
    for reason in dict.fromkeys(part.reason for part in parts if part.reason):
        complain_of(str(path), reason)
    return parts


def _print_shape(path: Path, parts: list[Understood], outcome: Outcome, *, is_line: bool) -> None:
    itineraries = [itinerary for part in parts for itinerary in part.itineraries]
    unread = tuple(dict.fromkeys(line for part in parts for line in part.unread))
    shape = reading_shape(str(path), parts[0].form, outcome, itineraries, unread)
    print_json(shape, is_line=is_line or not is_terminal())


def _show(path: Path, parts: list[Understood], outcome: Outcome) -> None:
    click.secho(f"{path}: {parts[0].form}, {outcome.value.replace('_', ' ')}", bold=True)
    for part in parts:
        for itinerary in part.itineraries:
            _show_itinerary(itinerary)
        loose = [line for line in part.unread if not any(line in each.unread for each in part.itineraries)]
        _show_list("Not understood:", loose)
    click.echo()


def _show_itinerary(itinerary: Itinerary) -> None:
    people = ", ".join(
        f"{each.given} {each.surname}".strip() or each.raw_name for each in itinerary.travellers
    )
    locators = ", ".join(dict.fromkeys(locator.code for locator in itinerary.locators))
    click.echo()
    if people or locators:
        say(f"{people or 'Traveller not named'}{', booking ' + locators if locators else ''}")
    columns = ("", "Flight", "Operating", "From", "To", "Departs", "Arrives", "Status")
    table(columns, [_cells(number, each) for number, each in enumerate(itinerary.segments, start=1)])
    _show_list("Open questions:", [question_text(each, "en") for each in itinerary.questions])
    _show_list("Not understood:", itinerary.unread)


def _cells(number: int, segment: Segment) -> tuple[str, ...]:
    operating = segment.operating
    who = operating.code or operating.name or "not known"
    owner = segment.aircraft_owner
    owned = f", aircraft of {owner.name}" if owner else ""
    stops = "".join(f" via {stop.code}" for stop in segment.stops)
    return (
        str(number),
        segment.flight or segment.mode.value,
        f"{who}{_BASES.get(operating.basis, '')}{owned}",
        segment.origin.code or "?",
        f"{segment.destination.code or '?'}{stops}",
        _when(segment.departs),
        _when(segment.arrives),
        "" if segment.status.value == "unknown" else segment.status.value,
    )


def _when(moment: Moment) -> str:
    if moment.day is None:
        return ""
    day = day_in_words(moment.day, "en", weekday=True)
    return f"{day} {moment.local:%H:%M}" if moment.local else day


def _show_list(title: str, lines: "tuple[str, ...] | list[str]") -> None:
    if lines:
        say(title)
    for line in lines:
        say(f"- {line}", indent=2, hang=2)
