"""The first loading of ratings out of files, before anybody sits at the desk: published at once."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from travelrisk.cli.console import hint, print_json, say
from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.ratings import Caution, Rating, Record, Service, subject_of
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.explain import level_words, record_shape, verdict_words
from travelrisk.screening.scopes import scope_words
from travelrisk.services.application import Application
from travelrisk.services.ratings.recordfile import records_in
from travelrisk.services.ratings.records import Imported, bring_in, name_of

_MOST_SHOWN = 40


def load(  # noqa: PLR0913 - one for each option, all named
    app: Application,
    file: Path,
    content: bytes,
    *,
    by: str,
    signed_by: str,
    approver: str,
    complete: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show what the *content* of *file* changes, and publish it as one edition unless this is a dry run."""
    wanted, note = records_in(content, file, app.atlas, app.book), f"import of {file.name}"
    done = bring_in(app, wanted, note, by=by, signed_by=signed_by, complete=complete, dry_run=True)
    if not as_json:
        names = {record.id: name_of(app, record) for record in (*done.change.opened, *done.change.closed)}
        print_records("Opened", done.change.opened, names)
        print_records("Closed", done.change.closed, names)
    if not dry_run:
        done = bring_in(app, wanted, note, by=by, signed_by=signed_by, approver=approver, complete=complete)
    if as_json:
        print_json(imported_shape(done))
    else:
        say(summary(done, dry_run=dry_run))
    if dry_run and done.needs_second_person:
        hint("Something becomes easier: the import needs the name of a second person, with --signed-by.")
    if dry_run and done.needs_approver:
        hint("Exceptions are opened: the import needs the account of an approver, with --approver.")


def subject_words(record: Record) -> str:
    """Return what a record is about, as people type it."""
    if isinstance(record, Service):
        return f"service:{record.carrier}:{'-'.join(record.pair)}"
    return str(subject_of(record))


def says(record: Record) -> str:
    """Return what a record says, in a few words."""
    if isinstance(record, Rating):
        return f"{level_words(record.level).en}{_scope(record)}"
    if isinstance(record, Caution):
        return f"caution: {verdict_words(record.effect).en}{_scope(record)}"
    if isinstance(record, Airspace):
        return f"{'approximate ' if record.approximate else ''}outline, source: {record.source}"
    return "known service" if isinstance(record, Service) else f"authorisation ({record.kind.value})"


def _scope(record: Rating | Caution) -> str:
    return f" ({scope_words(record.scope).en})" if record.scope else ""


def print_records(title: str, records: tuple[Record, ...], names: dict[str, str]) -> None:
    """Print what is opened or closed, with the *names* by id of what it is about."""
    records = tuple(sorted(records, key=lambda each: isinstance(each, Airspace)))  # many, and read by nobody
    for record in records[:_MOST_SHOWN]:
        words = f"{title}: {subject_words(record)} {names[record.id]}: {says(record)}, {validity(record)}"
        say(words, hang=4)
    if len(records) > _MOST_SHOWN:
        say(f"{title}: {len(records) - _MOST_SHOWN:,} more")


def summary(done: Imported, *, dry_run: bool) -> str:
    """Return what became of an import in two sentences."""
    change = done.change
    counts = f"{len(change.opened):,} opened, {len(change.closed):,} closed, {change.unchanged:,} unchanged"
    if dry_run:
        return f"{counts}. This was a dry run: nothing was changed."
    if done.edition is None:
        return f"{counts}. Nothing changes: there is no new edition."
    return f"{counts}. Published as edition {done.edition}."


def imported_shape(done: Imported) -> dict[str, Any]:
    """Return what became of an import, for programs."""
    return {
        "edition": done.edition,
        "opened": _shapes(done.change.opened),
        "closed": _shapes(done.change.closed),
        "unchanged": done.change.unchanged,
        "needs_second_person": done.needs_second_person,
        "needs_approver": done.needs_approver,
    }


def _shapes(records: Iterable[Record]) -> list[dict[str, Any]]:
    return [record_shape(record) for record in records]


def validity(record: Record) -> str:
    """Return the days for which a record holds, in words."""
    first = day_in_words(record.valid_from, "en")
    return f"{first} to {day_in_words(record.valid_until, 'en')}" if record.valid_until else f"from {first}"
