"""A file comes in: looked at as a whole, and drafted as a proposal that others sign; it is never published.

Nothing is drafted unless every row is right, or whoever imports says that the bad ones are to be left out. A
file in which too much is wrong is refused as a whole: it is another file than was meant.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from travelrisk.domain.changes import base_id
from travelrisk.domain.differences import Pair
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError
from travelrisk.domain.people import Person
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.domain.ratings import Record
from travelrisk.services.application import Application
from travelrisk.services.exchange.cells import day_first
from travelrisk.services.exchange.checking import RowReader
from travelrisk.services.exchange.columns import COLUMNS, PROBLEM, Sort
from travelrisk.services.exchange.comparing import Comparison, number_of
from travelrisk.services.exchange.outcomes import Compared, Conflict, Problem
from travelrisk.services.exchange.reading import Table, read_table
from travelrisk.services.exchange.rows import Stamp
from travelrisk.services.exchange.subjects import Finder
from travelrisk.services.exchange.writing import csv_bytes, workbook_bytes
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals.weighing import Weighed, weigh
from travelrisk.store import ratings
from travelrisk.store.database import reading

TOO_BAD: Final = 30
"""Percent of bad rows from which on a file is refused as a whole."""
_MOST_EDITIONS: Final = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file would do.

    Attributes:
        name: of the file.
        edition: the newest one when it was looked at.
        is_day_first: how days in digits were read, where the file has any and they decide.
    """

    name: str
    table: Table
    compared: Compared
    edition: int
    is_day_first: bool | None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.table.rows)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, row by row."""
        return self.compared.problems

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What the desk changed meanwhile; each that is not confirmed is among the problems too."""
        return self.compared.conflicts

    @property
    def bad_rows(self) -> frozenset[int]:
        """The rows in which something is wrong, or that another such row is in question with."""
        return frozenset(
            row for each in self.problems for row in (each.row, each.other_row) if row is not None
        )

    @property
    def unusable(self) -> int:
        """How many rows cannot be used."""
        return len({each.row for each in self.problems})

    @property
    def is_too_bad(self) -> bool:
        """Say whether the file is refused as a whole."""
        return self.unusable * 100 >= TOO_BAD * self.rows

    @property
    def wanted(self) -> tuple[Record, ...]:
        """The records that good rows would open."""
        lines, bad = self.compared.lines, self.bad_rows
        return tuple(record for base, record in self.compared.opened.items() if lines[base] not in bad)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What good rows would change, record by record, after what the file would end."""
        ended = (Pair(record, None) for _, record in sorted(self.compared.ended.items()))
        return (*ended, *(Pair(self.compared.was.get(record.id), record) for record in self.wanted))

    def content(self, reason: str) -> Content:
        """Return what would be proposed."""
        return Content(reason.strip(), self.wanted, tuple(sorted(self.compared.ended)))


def look(  # noqa: PLR0913 - the file, and how it is to be taken, all named
    app: Application,
    by: Person,
    name: str,
    content: bytes,
    *,
    is_day_first: bool | None = None,
    is_complete: bool = False,
    over: Collection[str] = (),
) -> Looked:
    """Say what a file would do, and everything that is wrong with it; nothing is written.

    Args:
        app: the parts of the service.
        by: who brings it, and will have set what it changes.
        name: of the file; its ending says what it is.
        content: of the file.
        is_day_first: how it writes days in digits, where neither it nor its rows say.
        is_complete: whether the file is everything, so that what it leaves out is ended.
        over: keys of the conflicts in which the version of the file is taken.

    Raises:
        BadInputError: the file cannot be read as a table at all, or is to be everything and cannot be.
    """
    table = read_table(name, content)
    order = _order(table) if is_day_first is None else is_day_first
    stamp = Stamp(by.name, app.clock().date())
    with reading(app.engine) as c:
        drawn = {each.key for each in app.shelf.newest(c).sky.airspaces}
        reader = RowReader(Finder(app.atlas, app.book, drawn), stamp, is_day_first=order)
        newest = ratings.current_edition(c)
        known: dict[int, Mapping[str, Record]] = defaultdict(dict)
        for edition in _editions(table, newest):
            known[edition] = {base_id(each.id): each for each in ratings.known_in(c, edition)}
        comparison = Comparison(table, reader, ratings.in_force(c), known.__getitem__, over=over)
    compared = comparison.compared(stamp.on, app.policy.policy, is_complete=is_complete)
    return Looked(name, table, compared, newest, order)


def weighed(app: Application, looked: Looked) -> Weighed:
    """Return the change that a file would make now, and whether it makes anything easier.

    Raises:
        BadInputError: the rows cannot be published together, or change nothing.
    """
    with reading(app.engine) as c:
        return weigh(app, c, looked.content("import"))


def draft(app: Application, by: Person, looked: Looked, reason: str, *, skip_bad: bool = False) -> Proposal:
    """Draft what a file would do as one proposal.

    Args:
        app: the parts of the service.
        by: who answers for it.
        looked: the file as it was looked at.
        reason: why, for those who sign.
        skip_bad: whether to leave bad rows out; otherwise one of them is enough to refuse the file.

    Raises:
        BadInputError: the file is refused, or would change nothing.
        ChangedMeanwhileError: an edition was published since it was looked at.
        ForbiddenError: this person may not propose.
    """
    _check_usable(looked, skip_bad=skip_bad)
    if not reason.strip():
        raise BadInputError("a proposal needs a reason: say why, for those who sign it")
    proposal = drafting.draft(app, by.id, looked.content(reason))
    if proposal.base_edition != looked.edition:
        drafting.withdraw(app, by.id, proposal.reference, note="an edition was published meanwhile")
        raise ChangedMeanwhileError(
            f"edition {proposal.base_edition} was published while {looked.name} was looked at:"
            " import it again"
        )
    return proposal


def with_problems(looked: Looked) -> bytes:
    """Return the file as it came, in its format, with what is wrong in a column of its own."""
    told: dict[int, list[str]] = defaultdict(list)
    for each in looked.problems:
        where = f"{each.column}: " if each.column else ""
        told[each.row].append(f"{where}{each.reason}: {each.advice}")
        if each.other_row is not None:
            told[each.other_row].append(f"see row {each.row}")
    cells = {row.number: row.cells for row in looked.table.rows}
    columns = (*(each for each in looked.table.columns if each != PROBLEM), PROBLEM)
    rows = [
        {**cells.get(number, {}), PROBLEM: "\n".join(told[number])} for number in range(2, max(cells) + 1)
    ]
    is_csv = PurePath(looked.name).suffix.lower() == ".csv"
    return csv_bytes(columns, rows) if is_csv else workbook_bytes(columns, rows)


def _check_usable(looked: Looked, *, skip_bad: bool) -> None:
    bad = looked.unusable
    counted = f"{looked.name}: {bad:,} of {looked.rows:,} rows cannot be used"
    if looked.is_too_bad:
        raise BadInputError(
            f"{counted}; from {TOO_BAD} % on a file is refused as a whole: correct it, and import it again"
        )
    if bad and not skip_bad:
        raise BadInputError(
            f"{counted}, and nothing was drafted: correct them, or leave them out (--skip-bad)"
        )
    if bad and looked.compared.ended:
        raise BadInputError(
            f"{counted}, and a file that ends what it leaves out is taken as a whole: correct them"
        )
    if not looked.wanted and not looked.compared.ended:
        raise BadInputError(f"{looked.name}: changes nothing: what it says is in force already")


def _order(table: Table) -> bool | None:
    days = [name for name in table.columns if COLUMNS[name].sort is Sort.DAY]
    return day_first(row.cells.get(name, "") for row in table.rows for name in days)


def _editions(table: Table, newest: int) -> list[int]:
    texts = {row.cells.get("edition", "").strip() for row in table.rows}
    found = sorted(edition for edition in map(number_of, texts) if 0 <= edition <= newest)
    if len(found) > _MOST_EDITIONS:
        raise BadInputError(
            f"the rows come from {len(found)} editions, and up to {_MOST_EDITIONS} are compared: export anew"
        )
    return found
