"""``travelrisk report``: the figures of a period, for whoever can start the program on this machine."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from travelrisk.cli.console import heading, hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.services.application import Application
from travelrisk.services.reports import exporting, reporting
from travelrisk.services.reports.periods import Named, Period, named
from travelrisk.services.reports.reporting import Report, Sight
from travelrisk.services.reports.wording import headings, report_words, told

_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command("report")
@click.option("--from", "first", type=_DAY, metavar="YYYY-MM-DD", help="First day; by default last month.")
@click.option("--to", "last", type=_DAY, metavar="YYYY-MM-DD", help="Last day; by default today.")
@click.option("--office", default="", metavar="OFFICE", help="Only this office, as its trips name it.")
@click.option("--csv", "as_csv", is_flag=True, help="Print all figures as one table of CSV.")
@click.option(
    "--xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a workbook with a sheet for each figure.",
)
@as_json("Print the figures as one JSON object; times in seconds, parts from 0 to 1.")
@quiet
def report(  # noqa: PLR0913 - one for each option, all named
    *,
    first: datetime | None,
    last: datetime | None,
    office: str,
    as_csv: bool,
    xlsx: Path | None,
    as_json: bool,
) -> None:
    """Count what was screened, told, granted and missed in a period; no traveller is named.

    Days are those of UTC, and both are included. Of one office, figures that rest on fewer than five are left
    out, because people could be told apart.
    """
    if as_csv + as_json + (xlsx is not None) > 1:
        raise click.UsageError("give one of --csv, --xlsx and --json")
    with opened() as app:
        made = reporting.report(app, Sight(office or None), _period(app, first, last))
    if as_json:
        print_json(exporting.shape_of(made))
    elif as_csv:
        sys.stdout.buffer.write(exporting.csv_of(made.figures, "en"))
    elif xlsx is not None:
        _write(exporting.workbook_of(made.figures, "en"), xlsx)
    else:
        _print(made)


def _period(app: Application, first: datetime | None, last: datetime | None) -> Period:
    today = app.clock().date()
    if first is None and last is None:
        return named(Named.LAST_MONTH, today)
    if first is None:
        raise click.UsageError("--to needs --from: say on which day the period begins")
    return Period(first.date(), last.date() if last else max(today, first.date()))


def _write(content: bytes, file: Path) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise BadInputError(f"{file}: cannot be written ({error.strerror}): check the path") from error
    hint(f"Written: {file}")


def _print(made: Report) -> None:
    words = report_words("en")
    say(f"{made.sight.office or words('whole_organisation')}, {made.period.first} to {made.period.last}")
    for figure in made.figures:
        heading(words(f"{figure.key}_title"))
        if figure.rows:
            table(
                headings(figure, "en"),
                [[told(c, "en", n) for c, n in zip(row, figure.columns, strict=True)] for row in figure.rows],
            )
        if figure.note or not figure.rows:
            say(words(figure.note or "nothing"))
