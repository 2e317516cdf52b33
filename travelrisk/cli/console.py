"""What is printed where: results on standard output, hints and progress on standard error.

On a terminal there are colours and tables; where the output is piped, plain text: sentences of at most 100
columns, and tables whose cells stay whole, for whoever searches in them. No foreign text reaches a terminal
with anything in it that a terminal would obey.
"""

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import click
from rich import box
from rich.console import Console
from rich.progress import BarColumn, SpinnerColumn, TaskID, TextColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from travelrisk.cli.program import Manner
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import verdict_words
from travelrisk.telling.foreign import visible

WIDTH = 100
"""Columns of plain sentences."""


class _Look(NamedTuple):
    symbol: str
    colour: str


_LOOKS: Mapping[Verdict | None, _Look] = {
    Verdict.CLEARED: _Look("✔", "green"),
    Verdict.CONDITIONAL: _Look("▲", "yellow"),
    Verdict.REVIEW: _Look("?", "magenta"),
    Verdict.NOT_CLEARED: _Look("✖", "red"),
    None: _Look("·", "bright_black"),
}
UNJUDGED = "not judged"


def is_terminal() -> bool:
    """Say whether results go to a terminal."""
    return sys.stdout.isatty()


def is_quiet() -> bool:
    """Say whether hints and progress are unwanted."""
    manner = click.get_current_context().find_object(Manner)
    return manner is not None and manner.quiet


def say(text: str = "", *, indent: int = 0, hang: int = 0) -> None:
    """Print a paragraph of a result, wrapped; a word that is longer than the line stays whole.

    Args:
        text: one paragraph.
        indent: columns before each line.
        hang: further columns before each line but the first.
    """
    width = min(shutil.get_terminal_size((WIDTH, 24)).columns, WIDTH) if is_terminal() else WIDTH
    blank = " " * indent
    click.echo(
        textwrap.fill(
            visible(text),
            max(width, 40),
            initial_indent=blank,
            subsequent_indent=blank + " " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with what is counted: ``1 journey``, ``1,200 journeys``; *many* where no s is added."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def heading(text: str) -> None:
    """Print the heading of a part of a result."""
    click.echo(f"\n{click.style(visible(text), bold=True)}")


def hint(text: str) -> None:
    """Print advice to standard error, unless it is unwanted."""
    if not is_quiet():
        click.echo(visible(text), err=True)


def complain(text: str) -> None:
    """Print to standard error what went wrong, always."""
    click.echo(visible(text), err=True)


def complain_of(source: str, reason: str) -> None:
    """Print to standard error what is wrong with a file, naming it once."""
    name = source.replace("\\", "/").rpartition("/")[2]
    for known in (source, name):
        reason = reason.removeprefix(f"{known}: ")
    complain(f"{source}: {reason}")


def symbol_of(verdict: Verdict | None) -> str:
    """Return the symbol of a verdict; a dot for what is not judged."""
    return _LOOKS[verdict].symbol


def colour_of(verdict: Verdict | None) -> str:
    """Return the colour of a verdict, by a name that click and rich both know."""
    return _LOOKS[verdict].colour


def badge(verdict: Verdict | None, language: Language = "en") -> str:
    """Return symbol and word of a verdict in its colour; click takes the colour away where it is piped."""
    words = verdict_words(verdict).in_language(language).upper() if verdict is not None else UNJUDGED
    return click.style(f"{symbol_of(verdict)} {words}", fg=colour_of(verdict), bold=True)


def print_json(value: object, *, is_line: bool = False) -> None:
    """Print JSON: on one line, or indented where a person looks."""
    indent = None if is_line else 2
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    click.echo(json.dumps(value, ensure_ascii=encoding != "utf8", indent=indent))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: drawn on a terminal, else columns two blanks apart, each as wide as its widest cell."""
    tamed = [[visible(cell) for cell in row] for row in rows]
    if is_terminal():
        draw(columns, tamed)
        return
    widths = [max(map(len, column)) for column in zip(columns, *tamed, strict=True)]
    for row in (columns, *tamed):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


class Progress:
    """Counts what is done on standard error; shows nothing where that is no terminal, or is unwanted."""

    def __init__(self, bar: Bar | None, total: int) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=max(total, 1), count=0) if bar else TaskID(0)
        self._count = 0

    def advance(self, done: int) -> None:
        """Move the bar by a part of the total."""
        if self._bar:
            self._bar.advance(self._task, done)

    def count(self) -> None:
        """Count one thing."""
        self._count += 1
        if self._bar:
            self._bar.update(self._task, count=self._count)


@contextmanager
def progress(total: int, unit: str) -> Iterator[Progress]:
    """Show a bar while something is done.

    Args:
        total: how much there is to do, in any unit.
        unit: what is counted beside the bar, in the plural.
    """
    if is_quiet() or not sys.stderr.isatty():
        yield Progress(None, total)
        return
    text = TextColumn("{task.fields[count]:,} " + unit)
    with Bar(SpinnerColumn(), BarColumn(), text, console=_console(error=True), transient=True) as bar:
        yield Progress(bar, total)


def draw(columns: Sequence[str], rows: Sequence[Sequence[str | Text]]) -> None:
    """Draw a table for a terminal."""
    drawn = Table(*columns, box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for row in rows:
        drawn.add_row(*row)
    _console().print(drawn)


def _console(*, error: bool = False) -> Console:
    return Console(stderr=error, markup=False, highlight=False, emoji=False)
