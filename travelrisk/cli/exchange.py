"""``travelrisk ratings export|template|import``: the records as a table or as a file, out and in."""

import sys
from datetime import UTC
from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli import editions
from travelrisk.cli.changes import somebody
from travelrisk.cli.console import hint, print_json, say
from travelrisk.cli.faults import Refused
from travelrisk.cli.loading import load
from travelrisk.cli.opening import opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Person
from travelrisk.screening.explain import record_shape
from travelrisk.services.application import Application
from travelrisk.services.exchange import exporting
from travelrisk.services.exchange.booking import booking_list
from travelrisk.services.exchange.importing import Looked, draft, look, with_problems
from travelrisk.services.exchange.reading import is_table
from travelrisk.services.history import AsOf, as_of
from travelrisk.services.proposals import drafting

_FORMS: Final = ("json", "csv", "xlsx")
_MOST_TOLD: Final = 60
_LARGEST: Final = 20_000_001
_NOBODY: Final = Person("", "whoever imports it", "", frozenset())
_DAYS: Final = {"day-first": True, "month-first": False}


@click.command("export")
@click.option("--format", "form", type=click.Choice(_FORMS), help="By default as FILE ends, or else json.")
@click.option("--as-of", "when", default="", help="As known on a day (YYYY-MM-DD) or in an edition (17).")
@click.option("--booking-list", is_flag=True, help="Rated carriers alone, for the profile of an agency.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="FILE to write to.",
    metavar="FILE",
)
def export(*, form: str | None, when: str, booking_list: bool, output: Path | None) -> None:
    """Print every open record as JSON, or write a table that an import takes back.

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
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="FILE to write to."
)
def template(*, output: Path) -> None:
    """Write an empty workbook, with words to choose from and a sheet that explains the columns."""
    if output.suffix.lower() != ".xlsx":
        raise click.UsageError("the template is a workbook: give a name that ends in .xlsx")
    _write(exporting.template(), "xlsx", output)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", default="", help="A table: your e-mail address; your password is asked for.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--reason", default="", help="A table: why, for those who sign.")
@click.option(
    "--draft", "only_draft", is_flag=True, help="A table: keep a draft, and ask nobody to sign yet."
)
@click.option(
    "--problems",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="A table: write it to this FILE, with a column that says what is wrong.",
)
@click.option("--skip-bad", is_flag=True, help="A table: leave out the rows in which something is wrong.")
@click.option("--dates", type=click.Choice(list(_DAYS)), help="A table: how to read 01/02/2027.")
@click.option("--by", default="", help="A file of records: name of whoever prepared it.")
@click.option(
    "--signed-by", default="", help="A file of records: the second person, wherever something becomes easier."
)
@click.option(
    "--approver",
    default="",
    help="A file of records: e-mail address of whoever decides on its exceptions.",
)
@click.option("--complete", is_flag=True, help="A file of records: close the records it does not name.")
@click.option("--dry-run", is_flag=True, help="Only show what would change, and what is wrong.")
@as_json("Print the change as one JSON object.")
@quiet
def import_(file: Path, *, dry_run: bool, as_json: bool, **options: Any) -> None:  # noqa: ANN401 - the options above
    """Bring in the records in FILE, and show what changes, field by field.

    A TABLE (XLSX, or CSV with the columns of the export) becomes a proposal of yours, and is published when
    others have signed it. Every row is looked at first; records that the desk changed since the export are
    told and never overwritten. A record that the table does not name stays as it is. With --dry-run nobody's
    password is needed.

    A FILE OF RECORDS (TOML, JSON, or CSV without a column 'record') is for the first loading: it is published
    at once as one edition, in the name of --by.
    """
    table_options = ("email", "password_stdin", "reason", "only_draft", "problems", "skip_bad", "dates")
    record_options = ("by", "signed_by", "approver", "complete")
    content = _content(file)
    if is_table(file.name, content):
        _refuse(options, record_options, "is a table: it becomes a proposal, with --as and --reason", file)
        chosen = {name: options[name] for name in table_options}
        _import_table(file, content, dry_run=dry_run, as_json=as_json, **chosen)
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
        load(app, file, dry_run=dry_run, as_json=as_json, **chosen)


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
    dry_run: bool,
    as_json: bool,
) -> None:
    if problems is not None and problems.suffix.lower() != file.suffix.lower():
        raise click.UsageError(f"--problems has the format of FILE: give a name that ends in {file.suffix}")
    if not dry_run and not (email and reason.strip()):
        raise click.UsageError("a table becomes a proposal: say whose with --as, and why with --reason")
    with opened() as app:
        person = _NOBODY if dry_run else somebody(app, email=email, password_stdin=password_stdin)
        looked = look(app, person, file.name, content, is_day_first=_DAYS.get(dates or ""))
        if problems is not None and looked.problems:
            _write(with_problems(looked), file.suffix, problems)
        if not as_json:
            _tell(app, looked)
        reference = ""
        if not dry_run:
            reference = draft(app, person, looked, reason, skip_bad=skip_bad).reference
            if not only_draft:
                drafting.propose(app, person.id, reference)
    _tell_outcome(looked, reference, only_draft=only_draft, as_json=as_json)
    if dry_run and looked.problems:
        raise click.exceptions.Exit(Refused.exit_code)


def _tell_outcome(looked: Looked, reference: str, *, only_draft: bool, as_json: bool) -> None:
    if as_json:
        print_json(_shape(looked, reference))
    elif reference:
        asked = "Kept as the draft" if only_draft else "Others are asked to sign it as"
        say(f"{asked} {reference}. Look at it with travelrisk ratings show {reference}")
    else:
        say("This was a dry run: nothing was changed.")


def _tell(app: Application, looked: Looked) -> None:
    editions.print_pairs(app, looked.pairs)
    for each in looked.problems[:_MOST_TOLD]:
        where = f"Row {each.row}, {each.column}" if each.column else f"Row {each.row}"
        say(f"{where}: {each.reason}: {each.advice}", hang=4)
    if len(looked.problems) > _MOST_TOLD:
        say(f"and {len(looked.problems) - _MOST_TOLD:,} more problems: --problems writes all into a file")
    if looked.is_day_first is not None:
        say(f"Days such as 01/02/2027 were read with the {'day' if looked.is_day_first else 'month'} first.")
    compared, bad = looked.compared, len({each.row for each in looked.problems})
    kept = f" {compared.kept:,} were changed on the desk since, and stay so;" if compared.kept else ""
    say(
        f"{looked.rows:,} rows: {len(looked.wanted):,} change something; {compared.unchanged:,} say what is"
        f" in force already;{kept} {bad:,} cannot be used."
    )


def _shape(looked: Looked, reference: str) -> dict[str, Any]:
    return {
        "rows": looked.rows,
        "edition": looked.edition,
        "proposal": reference or None,
        "changes": [editions.pair_shape(pair) for pair in looked.pairs],
        "unchanged": looked.compared.unchanged,
        "kept": looked.compared.kept,
        "is_day_first": looked.is_day_first,
        "is_too_bad": looked.is_too_bad,
        "problems": [
            {"row": each.row, "column": each.column, "reason": each.reason, "advice": each.advice}
            for each in looked.problems
        ],
        "conflicts": [
            {
                "row": each.row,
                "record": base_id(each.exported.id),
                "exported": record_shape(each.exported),
                "desk": record_shape(each.theirs) if each.theirs else None,
                "file": record_shape(each.mine),
            }
            for each in looked.conflicts
        ],
    }


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
