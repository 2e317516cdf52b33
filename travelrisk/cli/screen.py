"""``travelrisk screen``: files are received, judged and stored, and the letters written, row by row."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal

import click

from travelrisk.cli.batching import screen_batches
from travelrisk.cli.console import complain, complain_of, hint, is_terminal, print_json, progress, say
from travelrisk.cli.elsewhere import Elsewhere, asked, calling, key_of, query_of, server
from travelrisk.cli.faults import Exit, exit_of, gravest
from travelrisk.cli.forwarding import forward
from travelrisk.cli.opening import document, expanded, hint_at_ratings, opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.cli.rows import COLUMNS, Board, Row, csv_line, csv_text, print_row, row_of
from travelrisk.cli.shapes import screened_shape
from travelrisk.cli.watching import check_watch
from travelrisk.cli.watching import watch as watch_folder
from travelrisk.client import ApiError
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.addresses import address
from travelrisk.screening.explain import verdict_words
from travelrisk.services.application import Application
from travelrisk.services.health import health
from travelrisk.services.trips.checking import Answer, answers
from travelrisk.services.trips.mapping import mapped
from travelrisk.services.trips.receiving import Received, receive

Form = Literal["json", "csv", "table", "lines"]
Result = Answer | Received

_MOST_UNREAD = 20
_MOST_NAMED = 20
_LONGEST_UNREAD = 200


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
        check_watch(ctx)
        if server:
            printer = Printer("json") if as_json else None
            forward(files, server, every=every, keeps_back=keep_back, printer=printer)
        else:
            watch_folder(files, office=office, every=every, keeps_back=keep_back)
        return
    if keep_back and (dry_run or not server):
        raise click.UsageError(
            "--keep-back goes with --watch or --server, without --dry-run: only a batch has a page to send"
            " letters from"
        )
    if as_csv and as_json:
        raise click.UsageError("--csv and --json cannot be given together")
    for given in filter(None, (recipient, second)):
        address(given)
    paths = expanded(files)
    form: Form = "json" if as_json else "csv" if as_csv else "table" if is_terminal() else "lines"
    printer = Printer(form, Verdict.from_word(fail_on))
    if server:
        if recipient or second or language or office:
            raise click.UsageError(
                "with --server the booking says whom to write to, and the key whose travel it is: leave --to,"
                " --second-to, --language and --office away"
            )
        judge_elsewhere = screen_batches if keep_back else partial(_screen_elsewhere, dry_run=dry_run)
        judge_elsewhere(paths, server, printer)
        ctx.exit(printer.exit)
    with opened() as app:

        def judge(path: Path) -> Iterator[Result]:
            if dry_run:
                return answers(app, mapped(app, document(path), office.strip()))
            return receive(
                app,
                document(path),
                recipient=recipient,
                language=language,
                office=office,
                second=second,
            )

        try:
            _screen(paths, judge, printer)
        finally:  # what was judged before a fault is stored, and is told
            printer.finish()
        _say_what_next(app, printer, dry_run=dry_run)
    ctx.exit(printer.exit)


class Printer:
    """Prints each result as it comes, and adds them up."""

    def __init__(self, form: Form, fail_on: Verdict = Verdict.CONDITIONAL) -> None:
        self._form = form
        self._fail_on = fail_on
        self._board = Board()
        self.exit = Exit.CLEARED
        self.verdicts: Counter[Verdict] = Counter()
        self.unjudged = 0
        self.repeated = 0
        self.unwritten: Counter[str] = Counter()
        self.unwarned = 0
        self.edition = 1
        self._told: tuple[str, str, tuple[str, ...]] = ("", "", ())
        if form == "csv":
            click.echo(csv_text(COLUMNS))

    def add(self, source: str, result: Result) -> None:
        """Take one result."""
        self.exit = gravest(self.exit, exit_of(result.advisory, result.outcome, self._fail_on))
        self._complain(source, result)
        if result.advisory is None:
            self.unjudged += 1
        else:
            self.verdicts[result.advisory.verdict] += 1
            self.edition = result.advisory.edition
        if isinstance(result, Elsewhere):
            self.repeated += result.trip is not None and not result.trip["is_new"]
            self._note_silence_elsewhere(source, result)
        if isinstance(result, Received):
            self.repeated += result.trip is not None and not result.is_new
            self._note_silence(source, result)
        self._print(source, result)

    def refuse(self, source: str, reason: str) -> None:
        """Take a file that could not even be opened."""
        self.add(source, Answer("unknown", Outcome.UNREADABLE, reason, (), None, None))

    def finish(self) -> None:
        """Print what is only known at the end; where nothing was looked at, there is nothing to say."""
        if not self.verdicts and not self.unjudged:
            return
        if self._form == "table":
            self._board.draw()
        if self._form in {"table", "lines"}:
            say(self.summary())

    def summary(self) -> str:
        """Return how many there are of each verdict, in one line."""
        parts = [f"{self.verdicts[verdict]:,} {verdict_words(verdict).en}" for verdict in Verdict]
        total = sum(self.verdicts.values())
        judged = f"{total:,} {'itinerary' if total == 1 else 'itineraries'}: {', '.join(parts)}"
        return f"{judged}; {self.unjudged:,} not judged" if self.unjudged else judged

    def _note_silence(self, source: str, received: Received) -> None:
        """Name whom no letter can reach: a warning that nobody gets must not look like a success.

        So must an address that somebody gave and that cannot be used. A clearance without any address is no
        danger: these are only counted.
        """
        advisory, trip = received.advisory, received.trip
        if not received.nobody or advisory is None or trip is None:
            return
        is_harmless = advisory.verdict is Verdict.CLEARED and not trip.contact
        self._silent(row_of(source, received), advisory.verdict, is_harmless=is_harmless)

    def _note_silence_elsewhere(self, source: str, result: Elsewhere) -> None:
        row, advisory = row_of(source, result), result.advisory
        if row.nobody and advisory is not None:
            is_harmless = advisory.verdict is Verdict.CLEARED and not result.has_address
            self._silent(row, advisory.verdict, is_harmless=is_harmless)

    def _silent(self, row: Row, verdict: Verdict, *, is_harmless: bool) -> None:
        if is_harmless:
            self.unwritten[row.nobody] += 1
            return
        self.exit = gravest(self.exit, Exit.INCOMPLETE)
        self.unwarned += 1
        if self.unwarned <= _MOST_NAMED:
            words = verdict_words(verdict).en
            complain(f"{row.source}: {row.trip}, {row.flights}, {words}: {row.nobody}")

    def _complain(self, source: str, result: Result) -> None:
        """Name what was not understood of a file, or of a part of a long one, once."""
        told = (source, result.reason, result.unread)
        if not result.reason or told == self._told:
            return
        self._told = told
        complain_of(source, result.reason)
        for line in result.unread[:_MOST_UNREAD]:
            complain(f"    {line[:_LONGEST_UNREAD]}")

    def _print(self, source: str, result: Result) -> None:
        if self._form == "json":
            print_json(screened_shape(source, result), is_line=True)
        elif self._form == "csv":
            click.echo(csv_line(row_of(source, result)))
        elif self._form == "table":
            self._board.add(row_of(source, result))
        elif result.advisory is not None:
            print_row(row_of(source, result))


def _screen(paths: list[Path], judge: Callable[[Path], Iterator[Result]], printer: Printer) -> None:
    with progress(sum(map(_size, paths)), "itineraries") as bar:
        for path in paths:
            try:
                for result in judge(path):
                    printer.add(str(path), result)
                    bar.count()
            except BadInputError as error:
                printer.refuse(str(path), str(error))
            bar.advance(_size(path))


def _screen_elsewhere(paths: list[Path], url: str, printer: Printer, *, dry_run: bool) -> None:
    with calling(url) as client:

        def judge(path: Path) -> Iterator[Result]:
            given = document(path)
            try:
                key = "" if dry_run else key_of(given)
                yield from asked(client, query_of(given), idempotency_key=key).answers
            except ApiError as error:
                if error.code not in {"validation", "too_large"}:
                    raise
                raise BadInputError(f"{path}: {error}") from error

        try:
            _screen(paths, judge, printer)
        finally:
            printer.finish()
    _say_what_came_of_it(printer, "with an address in the booking", dry_run=dry_run)


def _say_what_next(app: Application, printer: Printer, *, dry_run: bool) -> None:
    _say_what_came_of_it(printer, "with --to ADDRESS", dry_run=dry_run)
    if dry_run:
        return
    states = health(app).letters
    waiting = states["queued"] + states["leased"]
    if waiting:
        letters = "1 letter waits" if waiting == 1 else f"{waiting:,} letters wait"
        hint(f"{letters} in the outbox. To send: travelrisk worker (or travelrisk worker --once)")


def _say_what_came_of_it(printer: Printer, remedy: str, *, dry_run: bool) -> None:
    """Say what was not written or not new; *remedy* is how those get their letters who have no address."""
    hint_at_ratings(printer.edition)
    if dry_run:
        hint("This was a dry run: nothing was stored, and nobody is written to.")
        return
    if printer.unwarned:
        these = "1 letter was" if printer.unwarned == 1 else f"{printer.unwarned:,} letters were"
        complain(f"{these} not written, for there is nobody to write to: run this again {remedy}.")
    for reason, count in printer.unwritten.items():
        hint(f"{count:,} of those cleared: {reason}")
    if printer.repeated:
        hint(
            f"{printer.repeated:,} of them had arrived before: they are not judged again, nor written about."
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
