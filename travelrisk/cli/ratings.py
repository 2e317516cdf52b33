"""``travelrisk ratings``: imported as one edition after a look at what changes, exported, and listed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import click

from travelrisk.cli import changes, history
from travelrisk.cli.console import hint, print_json, say, table
from travelrisk.cli.opening import hint_at_ratings, opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.ratings import Caution, Rating, Record, Service, SubjectKind, subject_of
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.explain import level_words, record_shape, verdict_words
from travelrisk.services.history import as_of as parsed
from travelrisk.services.history import known
from travelrisk.services.ratings import Imported, Listed, State, export, import_records, listing, name_of

_MOST_SHOWN = 40
_STATES: dict[State, str] = {
    "in_force": "in force",
    "expired": "ended",
    "not_yet_valid": "not yet valid",
    "closed": "closed",
}


@click.group
def ratings() -> None:
    """Import, export and list ratings; propose, sign and publish changes; look into the past."""


for _command in (*changes.COMMANDS, *history.COMMANDS):
    ratings.add_command(_command)


@ratings.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--by", required=True, help="Name of whoever prepared the change.")
@click.option(
    "--signed-by", default="", help="Name of the second person, needed wherever something becomes easier."
)
@click.option("--complete", is_flag=True, help="FILE is everything: close the records it does not name.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@as_json("Print the change as one JSON object.")
@quiet
def import_(  # noqa: PLR0913 - one for each option, all named
    file: Path, *, by: str, signed_by: str, complete: bool, dry_run: bool, as_json: bool
) -> None:
    """Publish the records in FILE (TOML, JSON or CSV) as one edition, and show what changes."""
    with opened() as app:
        done = import_records(app, file, by=by, signed_by=signed_by, complete=complete, dry_run=True)
        if not as_json:
            names = {record.id: name_of(app, record) for record in (*done.change.opened, *done.change.closed)}
            _print_records("Opened", done.change.opened, names)
            _print_records("Closed", done.change.closed, names)
        if not dry_run:
            done = import_records(app, file, by=by, signed_by=signed_by, complete=complete)
    if as_json:
        print_json(_imported_shape(done))
    else:
        say(_summary(done, dry_run=dry_run))
    if dry_run and done.needs_second_person:
        hint("Something becomes easier: the import needs the name of a second person, with --signed-by.")


@ratings.command("export")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write to.")
def export_(output: Path | None) -> None:
    """Print every open record as JSON that an import takes back."""
    with opened() as app:
        text = export(app)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{output}: cannot be written ({error.strerror}): check the path") from error
    hint(f"Written: {output}")


@ratings.command("list")
@click.option(
    "--text", default="", help="Only records with this in their name or code, or with an id that begins so."
)
@click.option(
    "--kind",
    type=click.Choice([*(each.value for each in SubjectKind), "service"]),
    help="Only this kind of subject.",
)
@click.option(
    "--state", type=click.Choice([each for each in get_args(State) if each != "closed"]), help="Only these."
)
@click.option(
    "--as-of", default="", help="As known at the end of this day (YYYY-MM-DD, UTC) or in this edition."
)
@as_json("Print a JSON array of the records, with the evidence.")
@quiet
def list_(*, text: str, kind: str | None, state: str | None, as_of: str, as_json: bool) -> None:
    """List the open records: level, until when, and who set it."""
    with opened() as app:
        when = parsed(app, as_of) if as_of else None
        everything = known(app, when) if when else listing(app)
    chosen = [each for each in everything if _is_chosen(each, text, kind, state)]
    if as_json:
        print_json([_listed_shape(each) for each in chosen])
    elif chosen:
        table(("Subject", "Name", "Says", "Until", "State", "Set by"), [_cells(each) for each in chosen])
        say(f"{len(chosen):,} of {len(everything):,} records")
    else:
        say("No record fits." if everything else "There are no records.")
    if when is not None:
        hint(f"As known in edition {when.edition}, on {day_in_words(when.day, 'en')}.")
    else:
        hint_at_ratings(len(everything))


def _is_chosen(listed: Listed, text: str, kind: str | None, state: str | None) -> bool:
    its_kind, _, key = _subject(listed.record).partition(":")
    wanted = text.casefold()
    fits = wanted in f"{listed.name} {key}".casefold() or listed.record.id.startswith(wanted)
    return fits and kind in {None, its_kind} and state in {None, listed.state}


def _print_records(title: str, records: tuple[Record, ...], names: dict[str, str]) -> None:
    for record in records[:_MOST_SHOWN]:
        say(f"{title}: {_subject(record)} {names[record.id]}: {_says(record)}, {_validity(record)}", hang=4)
    if len(records) > _MOST_SHOWN:
        say(f"{title}: {len(records) - _MOST_SHOWN:,} more")


def _summary(done: Imported, *, dry_run: bool) -> str:
    change = done.change
    counts = f"{len(change.opened):,} opened, {len(change.closed):,} closed, {change.unchanged:,} unchanged"
    if dry_run:
        return f"{counts}. This was a dry run: nothing was changed."
    if done.edition is None:
        return f"{counts}. Nothing changes: there is no new edition."
    return f"{counts}. Published as edition {done.edition}."


def _imported_shape(done: Imported) -> dict[str, Any]:
    return {
        "edition": done.edition,
        "opened": _shapes(done.change.opened),
        "closed": _shapes(done.change.closed),
        "unchanged": done.change.unchanged,
        "needs_second_person": done.needs_second_person,
    }


def _shapes(records: Iterable[Record]) -> list[dict[str, Any]]:
    return [record_shape(record) for record in records]


def _listed_shape(listed: Listed) -> dict[str, Any]:
    return {**record_shape(listed.record), "name": listed.name, "state": listed.state}


def _cells(listed: Listed) -> tuple[str, ...]:
    record = listed.record
    until = day_in_words(record.valid_until, "en") if record.valid_until else "no end"
    return _subject(record), listed.name, _says(record), until, _STATES[listed.state], record.set_by


def _subject(record: Record) -> str:
    if isinstance(record, Service):
        return f"service:{record.carrier}:{'-'.join(record.pair)}"
    return str(subject_of(record))


def _says(record: Record) -> str:
    if isinstance(record, Rating):
        return level_words(record.level).en
    if isinstance(record, Caution):
        return f"caution: {verdict_words(record.effect).en}"
    return "known service" if isinstance(record, Service) else f"authorisation ({record.kind.value})"


def _validity(record: Record) -> str:
    first = day_in_words(record.valid_from, "en")
    return f"{first} to {day_in_words(record.valid_until, 'en')}" if record.valid_until else f"from {first}"
