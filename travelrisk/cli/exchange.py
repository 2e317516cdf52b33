"""``travelrisk ratings export|template|import``: the records as a table or as a file, out and in."""

import sys
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli.acting import somebody
from travelrisk.cli.console import hint
from travelrisk.cli.faults import Refused
from travelrisk.cli.imported import tell, tell_outcome
from travelrisk.cli.loading import load
from travelrisk.cli.opening import opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Person
from travelrisk.services.application import Application
from travelrisk.services.desk.history import AsOf, as_of
from travelrisk.services.exchange import exporting
from travelrisk.services.exchange.booking import booking_list
from travelrisk.services.exchange.importing import Looked, draft, look, with_problems
from travelrisk.services.exchange.reading import is_table
from travelrisk.services.proposals import drafting

_FORMS: Final = ("json", "csv", "xlsx")
_LARGEST: Final = 20_000_001
_NOBODY: Final = Person("", "whoever imports it", "", frozenset())
_DAYS: Final = {"day-first": True, "month-first": False}


@click.command("export")
@click.option("--format", "form", type=click.Choice(_FORMS), help="By default as FILE ends, or else json.")
@click.option(
    "--as-of",
    "when",
    default="",
    metavar="DAY|EDITION",
    help="As known on a day (YYYY-MM-DD) or in an edition (17).",
)
@click.option("--booking-list", is_flag=True, help="Rated carriers alone, for the profile of an agency.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write to this file instead of standard output.",
    metavar="FILE",
)
def export(*, form: str | None, when: str, booking_list: bool, output: Path | None) -> None:
    """Print every open record as JSON, or write a table that an import takes back.

    The JSON is also how the FILE of propose and import is written: leave in it what is to change.

    A booking list has a row for each rated carrier: the codes, the level, its condition, and until when that
    stays so. A carrier that is not in it is not rated.
    """
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    form = form or (ending if ending in _FORMS else "csv" if booking_list else "json")
    with opened() as app:
        moment = as_of(app, when) if when else None
        content = _booking(app, form, moment) if booking_list else _records(app, form, moment)
    _write(content, form, output)


@click.command("template")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE.xlsx",
    help="File to write to.",
)
def template(*, output: Path) -> None:
    """Write an empty workbook, with words to choose from and a sheet that explains the columns."""
    if output.suffix.lower() != ".xlsx":
        raise click.UsageError("the template is a workbook: give a name that ends in .xlsx")
    _write(exporting.template(), "xlsx", output)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "email",
    default="",
    metavar="ADDRESS",
    help="A table: your e-mail address; your password is asked for.",
)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--reason", default="", help="A table: why, for those who sign.")
@click.option(
    "--draft", "only_draft", is_flag=True, help="A table: keep a draft, and ask nobody to sign yet."
)
@click.option(
    "--problems",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A table: write a copy of it to this file, with a column that says what is wrong.",
)
@click.option("--skip-bad", is_flag=True, help="A table: leave out the rows in which something is wrong.")
@click.option(
    "--overwrite",
    multiple=True,
    metavar="VERSION",
    help="A table: take its version of a record that the desk changed since; VERSION is the desk's own, as a"
    " dry run names it. May be repeated, once for each record.",
)
@click.option("--dates", type=click.Choice(list(_DAYS)), help="A table: how to read 01/02/2027.")
@click.option("--by", default="", metavar="NAME", help="A file of records: name of whoever prepared it.")
@click.option(
    "--signed-by",
    default="",
    metavar="NAME",
    help="A file of records: the second person, needed where something becomes easier.",
)
@click.option(
    "--approver",
    default="",
    metavar="ADDRESS",
    help="A file of records: e-mail address of whoever decides on its exceptions.",
)
@click.option("--complete", is_flag=True, help="The file is everything: end the records it does not name.")
@click.option("--dry-run", is_flag=True, help="Only show what would change, and what is wrong.")
@as_json("Print the change as one JSON object.")
@quiet
def import_(file: Path, *, dry_run: bool, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Bring in the records in FILE, and show what changes, field by field.

    A TABLE (XLSX, or CSV with the columns of the export) becomes a proposal of yours, and is published when
    others have signed it. Every row is looked at first. A record that the desk changed since the export is
    told, and overwritten only where --overwrite names it. A record that the table does not name stays as it
    is, unless --complete says that the table is everything; what the desk set since the export stays even
    then. A dry run (--dry-run) needs nobody's password.

    A FILE OF RECORDS (TOML, JSON, or CSV without a column 'record') is for the first loading: it is published
    at once as one edition, in the name of --by.
    """
    table_options = (
        *("email", "password_stdin", "reason", "only_draft", "problems", "skip_bad", "dates"),
        "overwrite",
    )
    record_options = ("by", "signed_by", "approver")
    complete = options["complete"]
    content = _content(file)
    if is_table(file.name, content):
        _refuse(options, record_options, "is a table: it becomes a proposal, with --as and --reason", file)
        chosen = {name: options[name] for name in table_options}
        _import_table(file, content, complete=complete, dry_run=dry_run, as_json=as_json, **chosen)
        return
    only_of_tables = tuple(each for each in table_options if each != "password_stdin")
    _refuse(options, only_of_tables, "is a file of records: it is published, with --by and --signed-by", file)
    if not options["by"]:
        raise click.UsageError("Missing option '--by': name whoever prepared the file.")
    with opened() as app:
        chosen = {name: options[name] for name in record_options}
        if options["approver"]:
            from_stdin = options["password_stdin"]
            chosen["approver"] = somebody(app, email=options["approver"], password_stdin=from_stdin).id
        load(app, file, content, complete=complete, dry_run=dry_run, as_json=as_json, **chosen)


def _import_table(  # noqa: PLR0913 - one for each option, all named
    file: Path,
    content: bytes,
    *,
    email: str,
    password_stdin: bool,
    reason: str,
    only_draft: bool,
    problems: Path | None,
    skip_bad: bool,
    dates: str | None,
    overwrite: tuple[str, ...],
    complete: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    if problems is not None and problems.suffix.lower() != file.suffix.lower():
        raise click.UsageError(f"--problems has the format of FILE: give a name that ends in {file.suffix}")
    if not dry_run and not (email and reason.strip()):
        raise click.UsageError("a table becomes a proposal: say whose with --as, and why with --reason")
    with opened() as app:
        person = _NOBODY if dry_run else somebody(app, email=email, password_stdin=password_stdin)
        order = _DAYS.get(dates or "")
        looked = look(
            app, person, file.name, content, is_day_first=order, is_complete=complete, over=overwrite
        )
        _check_overwritten(looked, overwrite)
        if problems is not None and looked.problems:
            _write(with_problems(looked), file.suffix, problems)
        if not as_json:
            tell(app, looked)
        reference = ""
        if not dry_run:
            reference = draft(app, person, looked, reason, skip_bad=skip_bad).reference
            if not only_draft:
                drafting.propose(app, person.id, reference)
    tell_outcome(looked, reference, only_draft=only_draft, as_json=as_json)
    if dry_run and looked.problems:
        raise click.exceptions.Exit(Refused.exit_code)


def _check_overwritten(looked: Looked, overwrite: tuple[str, ...]) -> None:
    """Refuse to overwrite what nobody has seen, or what is in nobody's way."""
    unknown = sorted(set(overwrite) - {each.key for each in looked.conflicts})
    if unknown:
        raise BadInputError(
            f"--overwrite {unknown[0]}: no row is in conflict with this version of the desk: look again with"
            " --dry-run, which names the versions"
        )


def _records(app: Application, form: str, moment: AsOf | None) -> bytes:
    return exporting.export(app, form, moment.edition if moment else None)


def _booking(app: Application, form: str, moment: AsOf | None) -> bytes:
    if form == "json":
        raise click.UsageError("a booking list is a table: give --format csv or xlsx")
    known = moment or as_of(app, app.clock().astimezone(UTC).date().isoformat())
    return booking_list(app, form, known.edition, known.day)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise BadInputError(f"{path}: cannot be read ({error.strerror}): check the path") from error


def _write(content: bytes, form: str, output: Path | None) -> None:
    if output is None and form == "xlsx" and sys.stdout.isatty():
        raise click.UsageError("a workbook is nothing for a terminal: write it to a file with -o FILE.xlsx")
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise BadInputError(f"{output}: cannot be written ({error.strerror}): check the path") from error
    hint(f"Written: {output}")


def _refuse(options: dict[str, Any], names: tuple[str, ...], instead: str, file: Path) -> None:
    given = [name for name in names if options[name]]
    if given:
        option = {"email": "as", "only_draft": "draft"}.get(given[0], given[0]).replace("_", "-")
        raise click.UsageError(f"--{option} does not fit: {file.name} {instead}")


COMMANDS: Final = (export, template, import_)
"""What ``travelrisk ratings`` has of this."""
