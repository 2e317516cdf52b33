"""Cells that do not bear out what somebody said of their column: told by their row, never read otherwise."""

import re
from collections.abc import Callable, Iterator, Sequence

from travelrisk.intake.tables.columns import Columns
from travelrisk.intake.tables.daycells import clock_of_cell, day_cell, is_end_of_day, time_cell
from travelrisk.intake.tables.strays import shown

_WITH_POINTS = re.compile(r"(?<![0-9.])([0-9]{1,2})[.]([0-9]{1,2})[.](?:20)?[0-9]{2}(?![0-9.])")
_MONTHS = 12


def _is_day(cell: str) -> bool:
    return day_cell(cell).moment.day is not None or day_cell(cell).moment.instant is not None


def _is_time(cell: str) -> bool:
    is_one = clock_of_cell(cell) is not None or is_end_of_day(cell)
    return is_one or (not time_cell(cell) and not _is_day(cell)) or day_cell(cell).moment.clock is not None


def _is_address(cell: str) -> bool:
    return "@" in cell


_BORNE_OUT: dict[str, tuple[Callable[[str], bool], str]] = {
    "arrives": (_is_day, "day"),
    "departs_at": (_is_time, "time"),
    "arrives_at": (_is_time, "time"),
    "email": (_is_address, "address"),
}
"""Of other fields it shows anyway, as no flight can be made of them."""


def misfits(columns: Columns, cells: Sequence[str]) -> Iterator[str]:
    """Yield what is told of each such cell of a row."""
    if columns.mapping is None:
        return
    for column, (is_one, what) in _BORNE_OUT.items():
        cell = columns.cell(cells, column)
        if columns.places.get(column) in columns.declared and cell and not is_one(cell):
            yield f"'{shown(cell)}' is no {what}, as its column was said to hold"
    if columns.mapping.first_is_day is False:
        for cell in (columns.cell(cells, column) for column in ("departs", "arrives")):
            if any(
                int(first) <= _MONTHS and int(second) <= _MONTHS
                for first, second in _WITH_POINTS.findall(cell)
            ):
                yield f"'{shown(cell)}' is written with the day first, and the month was said to come first"
