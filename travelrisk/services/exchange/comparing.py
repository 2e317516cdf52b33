"""The rows of a file beside the records of the moment and of the edition they were exported from.

Three versions of each record are looked at: as it was exported, as it is now, and as the file says it. What
the file left alone is left alone, also where the desk changed it since; what both changed is a conflict, and
nobody's version wins unseen. A file that is everything also ends what it leaves out, unless the desk set that
since the file was exported.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from travelrisk.domain.airspaces import EVERY_FLIGHT, Airspace
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.differences import differences
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Rating, Record
from travelrisk.services.exchange.checking import RowReader, Said
from travelrisk.services.exchange.columns import COLUMNS, RECORDS, Sort
from travelrisk.services.exchange.grounds import groundless
from travelrisk.services.exchange.outcomes import Compared, Conflict, Outcome, Problem
from travelrisk.services.exchange.reading import Row, Table
from travelrisk.services.exchange.rows import Trouble, cells_of

_DIGITS: Final = 9  # of the number of an edition
_LONGEST_TOLD: Final = 40  # characters of a cell that a message repeats
_MOST_TOLD: Final = 3  # fields named of each version in a conflict


class Comparison:
    """Compares the rows of one table, one after the other."""

    def __init__(
        self,
        table: Table,
        reader: RowReader,
        in_force: Iterable[Record],
        known_in: Callable[[int], Mapping[str, Record]],
        *,
        over: Collection[str] = (),
    ) -> None:
        """Take what the rows are compared with.

        Args:
            table: the rows.
            reader: reads them.
            in_force: records open now.
            known_in: gives the records of an edition by base id; none where there is no such edition.
            over: keys of the conflicts in which the version of the file is taken.
        """
        self._table = table
        self._over = over
        self._reader = reader
        self._now = {base_id(record.id): record for record in in_force}
        self._known_in = known_in
        self._opened: dict[str, Record] = {}
        self._ended: dict[str, Record] = {}
        self._numbers: dict[str, tuple[int, ...]] = {}
        self._lines: dict[str, int] = {}
        self._problems: list[Problem] = []
        self._conflicts: list[Conflict] = []

    def compared(self, today: date, policy: Policy, *, is_complete: bool = False) -> Compared:
        """Return what all rows come to.

        Args:
            today: the day of the import.
            policy: says how long an authorisation may last.
            is_complete: whether the file is everything, so that what it leaves out is ended.

        Raises:
            BadInputError: it is to be everything, and no row says from which edition it was exported.
        """
        outcomes = [self._row(row) for row in self._table.rows]
        left_alone = self._leave_out() if is_complete else 0
        self._check_opened(today, policy)
        was = {base: self._now[base] for base in self._opened if base in self._now}
        return Compared(
            self._opened,
            was,
            self._ended,
            self._lines,
            outcomes.count(Outcome.UNCHANGED),
            outcomes.count(Outcome.KEPT) + left_alone,
            tuple(sorted(self._problems, key=lambda each: (each.row, _place(self._table, each.column)))),
            tuple(self._conflicts),
        )

    def _leave_out(self) -> int:
        """End what no row names, and return how many records stay because the desk set them since."""
        editions = [number_of(row.cells.get("edition", "").strip()) for row in self._table.rows]
        if max(editions, default=-1) < 0:
            raise BadInputError(
                "no row says from which edition it was exported, so nobody can tell what the file leaves out:"
                " export anew, and change that file"
            )
        exported = self._known_in(min(each for each in editions if each >= 0))
        unnamed = {
            base: record
            for base, record in self._now.items()
            if base not in self._lines
            and not isinstance(record, Airspace)  # a table has no room for outlines
        }
        self._ended = {base: each for base, each in unnamed.items() if _same(each, exported.get(base))}
        return len(unnamed) - len(self._ended)

    def _row(self, row: Row) -> Outcome:
        base = row.cells.get("id", "").strip()
        exported = self._exported(base, row)
        said = self._said(row, exported if not isinstance(exported, Trouble) else None)
        twice = self._claimed(base, row)
        for trouble in (
            *([exported] if isinstance(exported, Trouble) else []),
            *_beyond(row),
            *said.troubles,
        ):
            self._bad(row.number, trouble)
        if isinstance(exported, Trouble) or said.record is None or row.beyond or twice:
            return Outcome.BAD
        return self._placed(row, base, exported, said, said.record)

    def _claimed(self, base: str, row: Row) -> bool:
        """Say whether another row has the id already."""
        first = self._lines.setdefault(base, row.number) if base else row.number
        if first != row.number:
            trouble = Trouble("id", f"'{base}' stands in row {first} already", "keep one of the two")
            self._bad(row.number, trouble, first)
        return first != row.number

    def _exported(self, base: str, row: Row) -> Record | Trouble | None:
        """Return the record that a row was exported from; None for a new row."""
        text = row.cells.get("edition", "").strip()
        if not text or not base:  # without an id, that is what is wrong
            return None
        edition = number_of(text)
        exported = self._known_in(edition).get(base)
        if exported is None:
            reason = f"'{base[:_LONGEST_TOLD]}' was not in force in edition {text[:_LONGEST_TOLD]}"
            return Trouble("edition", reason, "export anew, or leave it empty in a new row")
        kind = row.cells.get("record", "").strip().lower()
        if kind in RECORDS and kind != exported.record:
            reason = f"'{base}' was a record of the kind {exported.record} in edition {edition}"
            return Trouble("record", reason, "give what is of another kind an id of its own")
        return self._lost(exported, edition) or exported

    def _lost(self, exported: Record, edition: int) -> Trouble | None:
        """Tell columns that were taken out of the file although the record has something there."""
        lost = [each for each in _content_cells(exported, edition) if each not in self._table.columns]
        if not lost:
            return None
        reason = (
            f"the record has something in {', '.join(lost[:_MOST_TOLD])}, and the file has no such column"
        )
        return Trouble("", reason, "keep all columns of the export")

    def _said(self, row: Row, exported: Record | None) -> Said:
        if exported is not None:
            edition = int(row.cells["edition"])
            if _shown_aside(row.cells) == _content_cells(exported, edition):
                return Said(exported)  # not one letter was changed
        return self._reader.read(row)

    def _placed(self, row: Row, base: str, exported: Record | None, said: Said, mine: Record) -> Outcome:
        theirs = self._now.get(base)
        if exported is not None and _same(mine, exported):
            return Outcome.UNCHANGED if _same(exported, theirs) else Outcome.KEPT
        if theirs is not None and _same(mine, theirs):
            return Outcome.UNCHANGED
        if exported is None and theirs is not None:
            reason = f"'{base}' is in force already, since edition {theirs.opened_in}"
            return self._bad(
                row.number, Trouble("id", reason, "export it and change it there, or give another id")
            )
        if exported is not None and not _same(exported, theirs):
            conflict = Conflict(row.number, exported, theirs, mine)
            conflict = replace(conflict, is_confirmed=conflict.key in self._over)
            self._conflicts.append(conflict)
            if not conflict.is_confirmed:
                return self._bad(row.number, _told(exported, theirs, mine))
        self._opened[base] = mine
        self._numbers[base] = said.numbers
        return Outcome.OPENED

    def _bad(self, row: int, trouble: Trouble, other_row: int | None = None) -> Outcome:
        self._problems.append(Problem(row, *trouble, other_row))
        return Outcome.BAD

    def _check_opened(self, today: date, policy: Policy) -> None:
        """Look at what the rows would open: can it be judged by, and does it fit beside the rest."""
        subjects: dict[object, list[Rating]] = {}
        for base, record in self._now.items():
            is_gone = base in self._opened or base in self._ended
            if isinstance(record, Rating) and not is_gone:
                subjects.setdefault(record.subject, []).append(record)
        drawn = [record for record in self._now.values() if isinstance(record, Airspace)]
        mixed = any(not isinstance(record, Authorisation) for record in self._opened.values())
        for base, record in self._opened.items():
            line = self._lines[base]
            for trouble in groundless(record, self._numbers[base], today, policy, drawn):
                self._bad(line, trouble)
            if isinstance(record, Authorisation) and mixed:
                reason = "ratings and exceptions are signed by different people"
                self._bad(line, Trouble("record", reason, "import the authorisations in a file of their own"))
            if isinstance(record, Rating):
                others = subjects.setdefault(record.subject, [])
                self._check_overlap(base, record, others)
                others.append(record)

    def _check_overlap(self, base: str, record: Rating, others: Sequence[Rating]) -> None:
        for other in others:
            is_apart = (record.scope or EVERY_FLIGHT).is_apart_from(other.scope or EVERY_FLIGHT)
            if not is_apart and record.valid_from <= _end(other) and other.valid_from <= _end(record):
                other_base = base_id(other.id)
                line = self._lines.get(other_base) if other_base in self._opened else None
                where = f" in row {line}" if line else ""
                until = other.valid_until or "further notice"
                reason = (
                    f"overlaps '{other_base}'{where}, which rates {record.subject}"
                    f" from {other.valid_from} until {until}"
                )
                trouble = Trouble("valid_from", reason, "end that one earlier, or give other days")
                self._bad(self._lines[base], trouble, line)
                return


def number_of(text: str) -> int:
    """Return the number of an edition as a cell has it; -1, which no edition has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else -1


def _beyond(row: Row) -> tuple[Trouble, ...]:
    if not row.beyond:
        return ()
    cells = "1 cell stands" if row.beyond == 1 else f"{row.beyond} cells stand"
    return (Trouble("", f"{cells} beyond the last heading", "take out what is there, or give it a heading"),)


def _same(one: Record, other: Record | None) -> bool:
    return other is not None and _bare(one) == _bare(other)


def _bare(record: Record) -> Record:
    return replace(record, id="", set_by="", set_on=date.min, opened_in=0, closed_in=None)


def _content_cells(record: Record, edition: int) -> dict[str, str]:
    return _shown_aside(cells_of(record, edition))


def _shown_aside(cells: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in cells.items() if COLUMNS[name].sort is not Sort.SHOWN}


def _told(exported: Record, theirs: Record | None, mine: Record) -> Trouble:
    now = (
        "was ended"
        if theirs is None
        else f"was changed in edition {theirs.opened_in}: {_fields(exported, theirs)}"
    )
    return Trouble(
        "id",
        f"on the desk it {now}; the file says: {_fields(exported, mine)}",
        "look at both, export anew, and make your change there",
    )


def _fields(was: Record, now: Record) -> str:
    changed = differences(was, now)
    told = "; ".join(
        f"{each.field} {each.was[:40] or '-'} -> {each.now[:40] or '-'}" for each in changed[:_MOST_TOLD]
    )
    more = f" and {len(changed) - _MOST_TOLD} more" if len(changed) > _MOST_TOLD else ""
    return (told or "the order of its evidence") + more


def _end(rating: Rating) -> date:
    return rating.valid_until or date.max


def _place(table: Table, column: str) -> int:
    return table.columns.index(column) if column in table.columns else -1
