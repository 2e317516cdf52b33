"""What ``travelrisk screen`` does with its files, and what it prints of each."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import click

from travelrisk.cli.batching import screen_batches
from travelrisk.cli.console import complain, complain_of, hint, is_terminal, print_json, progress, say
from travelrisk.cli.elsewhere import Elsewhere, asked, calling, key_of, query_of
from travelrisk.cli.faults import Exit, exit_of, gravest
from travelrisk.cli.opening import document, hint_at_ratings, opened
from travelrisk.cli.rows import COLUMNS, Board, Row, csv_line, csv_text, print_row, row_of
from travelrisk.cli.screened import screened_shape
from travelrisk.client import ApiError
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
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


class Addressed(NamedTuple):
    """Whom the letters go to instead of the travellers' own addresses, and whose travel it is."""

    recipient: str
    second: str
    language: Language | None
    office: str


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


def printer_for(*, as_csv: bool, as_json: bool, fail_on: str) -> Printer:
    """Return what prints in the form that was asked for: a table for people, lines where it is piped."""
    form: Form = "json" if as_json else "csv" if as_csv else "table" if is_terminal() else "lines"
    return Printer(form, Verdict.from_word(fail_on))


def screen_here(paths: list[Path], printer: Printer, to: Addressed, *, dry_run: bool) -> None:
    """Receive files, or judge them alone, and say what is next."""
    with opened() as app:

        def judge(path: Path) -> Iterator[Result]:
            if dry_run:
                return answers(app, mapped(app, document(path), to.office.strip()))
            return receive(
                app,
                document(path),
                recipient=to.recipient,
                language=to.language,
                office=to.office,
                second=to.second,
            )

        try:
            _screen(paths, judge, printer)
        finally:  # what was judged before a fault is stored, and is told
            printer.finish()
        _say_what_next(app, printer, dry_run=dry_run)


def screen_elsewhere(
    paths: list[Path], url: str, printer: Printer, *, dry_run: bool, keep_back: bool
) -> None:
    """Let the service at *url* do the same; as batches where the letters are to be kept back."""
    judge_elsewhere = screen_batches if keep_back else partial(_screen_elsewhere, dry_run=dry_run)
    judge_elsewhere(paths, url, printer)


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
