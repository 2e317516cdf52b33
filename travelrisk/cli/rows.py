"""One itinerary on one line: rows of ``screen`` and of the demonstration, as table, plain lines and CSV."""

import csv
import io
import textwrap
from collections import Counter
from dataclasses import dataclass, replace

import click
from rich.text import Text

from travelrisk.cli.console import UNJUDGED, WIDTH, badge, colour_of, draw, say, symbol_of
from travelrisk.cli.elsewhere import Elsewhere
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import verdict_words
from travelrisk.services.trips.checking import Answer
from travelrisk.services.trips.receiving import Received
from travelrisk.telling.foreign import visible
from travelrisk.telling.reasons import Teller
from travelrisk.telling.segments import title
from travelrisk.telling.words import speaker

COLUMNS = (
    "source",
    "trip",
    "verdict",
    "outcome",
    "traveller",
    "flights",
    "codes",
    "reason",
    "letters",
    "advisory_id",
    "nobody_written_to",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_MOST_DRAWN = 200  # of each verdict; longer tables are for programs
_LONGEST_REASON = 150
_ONE_LINE = 66  # columns that a terminal of 100 has beside the longest verdict
_IN_ORDER = "All was checked and is in order."


@dataclass(frozen=True, slots=True)
class Row:
    """One itinerary, or a document without one (*verdict* None).

    Attributes:
        outcome: of the itinerary; of the document where there is none.
        flights: first flight, whole route, first date.
        codes: of all reasons, gravest first.
        reason: the gravest one, or why nothing was found.
        trip: its reference; empty where nothing was stored.
        advisory_id: for a replay.
        nobody: why no letter could be written, where that is so.
    """

    source: str
    verdict: Verdict | None
    outcome: Outcome
    reason: str
    traveller: str = ""
    flights: str = ""
    codes: tuple[str, ...] = ()
    trip: str = ""
    letters: int = 0
    advisory_id: int | None = None
    nobody: str = ""


def row_of(source: str, answer: Answer | Received) -> Row:
    """Return the row of one answer, in English."""
    itinerary, advisory = answer.itinerary, answer.advisory
    if itinerary is None or advisory is None:
        return Row(source, None, answer.outcome, answer.reason)
    row = Row(
        source=source,
        verdict=advisory.verdict,
        outcome=advisory.outcome,
        reason=_reason(answer, advisory),
        traveller=_traveller(itinerary),
        flights=title(itinerary, "", speaker("en"), "en"),
        codes=tuple(dict.fromkeys(each.code for each in advisory.reasons())),
    )
    if isinstance(answer, Elsewhere) and answer.trip is not None:
        return replace(
            row,
            trip=answer.trip["reference"],
            letters=answer.trip["letters"],
            advisory_id=answer.trip["screening_id"],
            nobody=answer.trip["nobody_written_to"],
        )
    if isinstance(answer, Received) and answer.trip is not None:
        return replace(
            row,
            trip=answer.trip.reference,
            letters=answer.letters,
            advisory_id=answer.advisory_id,
            nobody=answer.nobody,
        )
    return row


def print_row(row: Row) -> None:
    """Print a row as plain lines: what it is on the first, why on the next; a long path stays whole."""
    head, flights = f"{badge(row.verdict)}  {visible(row.source)}", visible(row.flights)
    if len(head) + 2 + len(flights) <= WIDTH:
        click.echo(f"{head}  {flights}".rstrip())
    else:
        click.echo(head)
        say(flights, indent=4)
    say(row.reason, indent=4)


def csv_line(row: Row) -> str:
    """Return a row as CSV; a cell that a spreadsheet would take for a formula gets an apostrophe in front."""
    cells = (
        row.source,
        row.trip,
        row.verdict.word if row.verdict is not None else "",
        row.outcome.value,
        row.traveller,
        row.flights,
        " ".join(row.codes),
        row.reason,
        str(row.letters),
        "" if row.advisory_id is None else str(row.advisory_id),
        row.nobody,
    )
    return csv_text(cells)


def csv_text(cells: tuple[str, ...]) -> str:
    """Return one line of CSV without its end."""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(
        [f"'{cell}" if cell.startswith(_FORMULA) else visible(cell) for cell in cells]
    )
    return line.getvalue()


class Board:
    """Collects the rows for a table on a terminal, and never more of them than a person would look at."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, Row]] = []
        self._kept: Counter[Verdict | None] = Counter()
        self._seen = 0

    def add(self, row: Row) -> None:
        """Take a row, if there is room for its verdict."""
        self._seen += 1
        if self._kept[row.verdict] < _MOST_DRAWN:
            self._kept[row.verdict] += 1
            self._rows.append((self._seen, row))

    def draw(self) -> None:
        """Draw the table; of too many rows, the gravest in front."""
        rows = [row for _, row in self._rows]
        if self._seen > _MOST_DRAWN:
            rows = sorted(rows, key=lambda row: -_gravity(row))[:_MOST_DRAWN]
        draw(("Verdict", "Journey, traveller, file, and the first reason"), [_cells(row) for row in rows])
        if self._seen > len(rows):
            say(f"{self._seen - len(rows):,} more are not shown here: --csv and --json print all of them.")


def _gravity(row: Row) -> int:
    return Verdict.REVIEW if row.verdict is None else row.verdict


def _cells(row: Row) -> tuple[Text, Text]:
    words = verdict_words(row.verdict).en if row.verdict is not None else UNJUDGED
    verdict = Text(f"{symbol_of(row.verdict)} {words}", style=f"bold {colour_of(row.verdict)}")
    whose = ", ".join(filter(None, [visible(row.traveller), visible(row.source)]))
    reason = textwrap.shorten(visible(row.reason), _LONGEST_REASON, placeholder=" …")
    flights = visible(row.flights)
    between = "" if not flights else "\n" if len(flights) + len(whose) > _ONE_LINE else "  "
    return verdict, Text.assemble((flights, "bold"), between, (whose, "dim"), "\n", reason)


def _reason(answer: Answer | Received, advisory: Advisory) -> str:
    if isinstance(answer, Elsewhere):
        return next(answer.sentences("en"), _IN_ORDER)
    reasons = advisory.reasons()
    return Teller(speaker("en"), "en").sentence(reasons[0]) if reasons else _IN_ORDER


def _traveller(itinerary: Itinerary) -> str:
    names = [f"{each.given} {each.surname}".strip() or each.raw_name for each in itinerary.travellers]
    more = f" +{len(names) - 1}" if len(names) > 1 else ""
    return f"{names[0]}{more}" if names else ""
