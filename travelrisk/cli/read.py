"""``travelrisk read``: what was understood of a file, without a judgement and without a database.

What reads is loaded when it is asked, not for the help.
"""

from datetime import datetime
from pathlib import Path

import click

from travelrisk.cli.options import as_json, quiet
from travelrisk.lasting import lasting


@click.command
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--context-date",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="The day the itinerary arrived, from which missing years are worked out; today if not given.",
)
@click.option(
    "--columns",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.toml",
    help='What the headings of tables mean: a [columns] table of "heading" = "field", and dates = '
    '"day-month-year" or "month-day-year".',
)
@click.option("--from-stdin", is_flag=True, help="Read standard input too, like - among FILES.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of what --json prints, and read nothing.")
@as_json("Print one JSON object a file, each on its own line if there are several.")
@quiet
@click.pass_context
def read(  # noqa: PLR0913 - one for each option, all named
    ctx: click.Context,
    files: tuple[Path, ...],
    *,
    context_date: datetime | None,
    columns: Path | None,
    from_stdin: bool,
    schema: bool,
    as_json: bool,
) -> None:
    """Show what is understood of each of FILES: segments, open questions, and lines that were not understood.

    FILES may be texts, calendars, e-mails, PDF receipts, tables of a travel agency, boarding passes, pictures
    of them, files of booking interfaces, folders of these, or - for standard input. Nothing is judged or
    stored. Exit code: 0 if everything was understood, otherwise 12; with several files the worst of
    them, and what became of each stands in its own outcome.
    """
    with lasting():
        from travelrisk.cli.reading import print_schema, read_files  # noqa: PLC0415 - the help needs none of it

    if schema:
        print_schema()
        return
    context = context_date.date() if context_date else None
    ctx.exit(read_files(files, context, columns, from_stdin=from_stdin, as_json=as_json))
