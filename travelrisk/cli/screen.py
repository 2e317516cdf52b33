"""``travelrisk screen``: files are received, judged and stored, and the letters written, row by row.

What does so is loaded when it is asked, not for the help.
"""

from pathlib import Path

import click

from travelrisk.cli.options import as_json, quiet, server
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.lasting import lasting


@click.command
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--to",
    "recipient",
    default="",
    metavar="ADDRESS",
    help="Where the letters go, instead of the travellers' own addresses.",
)
@click.option(
    "--second-to",
    "second",
    default="",
    metavar="ADDRESS",
    help="Where a warning goes too, if the first address does not take it.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of the letters, instead of the travellers' own; English where none is known.",
)
@click.option(
    "--office", default="", help="Office that travels; authorisations may hold for one office only."
)
@click.option("--dry-run", is_flag=True, help="Judge only: store nothing, write to nobody.")
@click.option(
    "--fail-on",
    type=click.Choice([verdict.word for verdict in Verdict if verdict > Verdict.CLEARED]),
    default=Verdict.CONDITIONAL.word,
    help="The mildest verdict that ends with exit code 10; 11 and 12 are told in any case.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Look after one folder: screen what comes into it for --office, or have it screened by --server, and"
    " put it away with its results. Ctrl-C ends it, with exit code 0.",
)
@click.option(
    "--every",
    type=click.FloatRange(0.1, 3600),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="With --watch: how often to look. A file is taken when it has not changed between two looks.",
)
@click.option(
    "--keep-back",
    is_flag=True,
    help="With --watch or --server: letters wait until somebody of the office sends them on the page of the"
    " batch. So a file of any length can be screened elsewhere.",
)
@server
@click.option("--csv", "as_csv", is_flag=True, help="Print one line of CSV an itinerary.")
@as_json("Print one JSON object an itinerary, each on its own line.")
@quiet
@click.pass_context
def screen(  # noqa: PLR0913 - one for each option, all named
    ctx: click.Context,
    files: tuple[Path, ...],
    *,
    recipient: str,
    second: str,
    language: Language | None,
    office: str,
    dry_run: bool,
    fail_on: str,
    watch: bool,
    every: float,
    keep_back: bool,
    server: str,
    as_csv: bool,
    as_json: bool,
) -> None:
    """Judge the itineraries in FILES, store them with the reasons, and put a letter for each into the outbox.

    FILES may be texts, calendars, e-mails and tables of a travel agency, folders of these, or - for standard
    input. The same file a second time changes nothing; but with --to it writes the letters that were owed,
    where nobody could be written to before. The letters leave when travelrisk worker runs.

    Exit code: 0 cleared; 10 cleared with conditions or review needed; 11 not cleared; 12 not fully
    understood, or a warning that reaches nobody. Of several the gravest is told, in the order 1, 11, 12,
    10, 0.
    """
    if watch:
        _watch(ctx, files, office=office, every=every, keeps_back=keep_back)
        return
    if keep_back and (dry_run or not server):
        raise click.UsageError(
            "--keep-back goes with --watch or --server, without --dry-run: only a batch has a page to send"
            " letters from"
        )
    if as_csv and as_json:
        raise click.UsageError("--csv and --json cannot be given together")
    if server and (recipient or second or language or office):
        raise click.UsageError(
            "with --server the booking says whom to write to, and the key whose travel it is: leave --to,"
            " --second-to, --language and --office away"
        )
    with lasting():
        from travelrisk.cli import screening  # noqa: PLC0415 - the help needs nothing of it
        from travelrisk.cli.opening import expanded  # noqa: PLC0415 - as above
        from travelrisk.mail.addresses import address  # noqa: PLC0415 - as above

    for given in filter(None, (recipient, second)):
        address(given)
    paths = expanded(files)
    printer = screening.printer_for(as_csv=as_csv, as_json=as_json, fail_on=fail_on)
    if server:
        screening.screen_elsewhere(paths, server, printer, dry_run=dry_run, keep_back=keep_back)
    else:
        to = screening.Addressed(recipient, second, language, office)
        screening.screen_here(paths, printer, to, dry_run=dry_run)
    ctx.exit(printer.exit)


def _watch(
    ctx: click.Context, files: tuple[Path, ...], *, office: str, every: float, keeps_back: bool
) -> None:
    with lasting():
        from travelrisk.cli.watching import check_watch  # noqa: PLC0415 - only who watches needs it
        from travelrisk.cli.watching import watch as watch_folder  # noqa: PLC0415 - as above

    check_watch(ctx)
    server = ctx.params["server"]
    if not server:
        watch_folder(files, office=office, every=every, keeps_back=keeps_back)
        return
    with lasting():
        from travelrisk.cli.forwarding import forward  # noqa: PLC0415 - as above
        from travelrisk.cli.screening import Printer  # noqa: PLC0415 - as above

    printer = Printer("json") if ctx.params["as_json"] else None
    forward(files, server, every=every, keeps_back=keeps_back, printer=printer)
