"""What the cells of one row say, and everything that is wrong with them, whatever else is on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.factors import check_finding
from travelrisk.domain.ratings import Evidence, Record, SubjectKind
from travelrisk.services.exchange.cells import UnfitCellError, day_of, parted
from travelrisk.services.exchange.columns import COLUMNS, RECORDS, Column, Sort
from travelrisk.services.exchange.reading import Row
from travelrisk.services.exchange.rows import Stamp, Trouble, evidence_of, record_of
from travelrisk.services.exchange.subjects import Finder

_LOOKED_AT_APART: Final = frozenset({"record", "edition", "subject"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says: its record, where nothing is wrong with it, and the numbers of its evidence."""

    record: Record | None
    troubles: tuple[Trouble, ...] = ()
    numbers: tuple[int, ...] = ()


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, finder: Finder, stamp: Stamp, *, is_day_first: bool | None) -> None:
        """Take what all rows have in common: how the file writes days, and who brings it."""
        self._finder = finder
        self._stamp = stamp
        self._is_day_first = is_day_first

    def read(self, row: Row) -> Said:
        """Return what a row says, whatever else is on record."""
        kind = row.cells.get("record", "").strip().lower()
        if kind not in RECORDS:
            reason = f"'{kind[:40]}' is no kind of record" if kind else "is empty"
            return Said(None, (Trouble("record", reason, f"write {_or(RECORDS)}"),))
        troubles: list[Trouble] = []
        values = self._values(kind, row, troubles)
        self._find(kind, row, values, troubles)
        evidence = evidence_of(values)
        for number, each in evidence:
            troubles += _finding_troubles(number, each)
        record = self._record(kind, values, troubles)
        return Said(
            None if troubles else record,
            tuple(each._replace(advice=each.advice or _meaning(each.column)) for each in troubles),
            tuple(number for number, _ in evidence),
        )

    def _values(self, kind: str, row: Row, troubles: list[Trouble]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, text in row.cells.items():
            column = COLUMNS[name]
            if column.sort is Sort.SHOWN or name in _LOOKED_AT_APART:
                continue
            if not text.strip() and (column.sort is not Sort.TEXT or kind not in column.records):
                continue
            if kind not in column.records:
                troubles.append(
                    Trouble(name, f"a record of the kind {kind} has none", "leave the cell empty")
                )
                continue
            _keep(values, name, partial(self._value, column, text), troubles)
        return values

    def _value(self, column: Column, text: str) -> object:
        if column.sort is Sort.DAY:
            return day_of(text, is_day_first=self._is_day_first)
        if column.sort is Sort.LIST:
            return parted(text)
        if column.sort is Sort.CHOICE:
            return _choice(column, text.strip())
        return text.strip() if column.sort is Sort.WORD else text

    def _find(self, kind: str, row: Row, values: dict[str, Any], troubles: list[Trouble]) -> None:
        """Look up what the row is about, and the carriers and airports it names."""
        find, word, text = self._finder, values.get("subject_kind"), row.cells.get("subject", "").strip()
        if word is not None:
            subject_kind = SubjectKind(word)
            before = len(troubles)
            _keep(values, "subject_kind", lambda: find.check_kind(kind, subject_kind), troubles)
            if text and len(troubles) == before:
                _keep(values, "subject", lambda: find.subject(kind, subject_kind, text), troubles)
            if values.get("aoc") and subject_kind is not SubjectKind.CARRIER:
                troubles.append(Trouble("aoc", "only a carrier holds one", "leave the cell empty"))
            scoped = [name for name in values if name.startswith("scope_")]
            if scoped and subject_kind is not SubjectKind.AIRSPACE:
                troubles.append(Trouble(scoped[0], "only an airspace has levels", "leave the cell empty"))
        if "exceptions" in values:
            named = values["exceptions"]
            _keep(values, "exceptions", lambda: tuple(map(find.carrier, named)), troubles)
        if "scope_airports" in values:
            spared = values["scope_airports"]
            _keep(values, "scope_airports", lambda: tuple(map(find.airport, spared)), troubles)
        if "route" in values:
            pair = values["route"]
            _keep(values, "route", lambda: find.pair(pair), troubles)

    def _record(self, kind: str, values: dict[str, Any], troubles: list[Trouble]) -> Record | None:
        told = {each.column for each in troubles}
        told |= {"subject"} if "subject_kind" in told or "subject_kind" not in values else set()
        if "subject_kind" not in values and "subject_kind" not in told:
            troubles.append(Trouble("subject_kind", "is empty", ""))
        try:
            made = record_of(kind, values, self._stamp)
        except BadInputError as error:
            troubles += [] if troubles else [Trouble("", str(error), "correct the row")]
            return None
        if not isinstance(made, tuple):
            return made
        troubles += [each for each in made if each.column not in told]
        return None


def _keep(values: dict[str, Any], name: str, find: Callable[[], object], troubles: list[Trouble]) -> None:
    try:
        found = find()
    except UnfitCellError as error:
        troubles.append(Trouble(name, error.reason, error.advice))
        values.pop(name, None)
        return
    if found is not None:
        values[name] = found


def _choice(column: Column, text: str) -> str:
    wanted = text.casefold().replace(" ", "_")
    found = next((word for word in column.words if word.casefold() == wanted), None)
    if found is None:
        raise UnfitCellError(f"'{text[:40]}' is none of its words", f"write {_or(column.words)}")
    return str(found)


def _finding_troubles(number: int, evidence: Evidence) -> list[Trouble]:
    try:
        check_finding(evidence)
    except BadInputError as error:
        field, _, text = str(error).partition(": ")
        reason, _, advice = text.rpartition(": ")
        return [Trouble(f"evidence_{number}_{field}", reason or text, advice if reason else "")]
    return []


def _meaning(column: str) -> str:
    return f"write {COLUMNS[column].meaning}" if column in COLUMNS else "correct the row"


def _or(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
