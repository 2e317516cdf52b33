"""What stands in a cell: exactly restored where it was made harmless for spreadsheets, lists, and days."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from travelrisk.domain.errors import BadInputError

_HARMLESS = re.compile(r"'+[=+\-@\t\r\n]")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMERIC = re.compile(r"([0-9]{1,2})[/.\-]([0-9]{1,2})[/.\-]([0-9]{4})", re.ASCII)
_MONTHS: Final = 12


class UnfitCellError(BadInputError):
    """A cell cannot be used; *advice* says what to write instead."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason}: {advice}")
        self.reason = reason
        self.advice = advice


def restored(cell: str) -> str:
    """Return the text that ``harmless`` made *cell* of."""
    return cell[1:] if _HARMLESS.match(cell) else cell


def joined(parts: Sequence[str]) -> str:
    """Return several words as one cell, quoted where they would not come back otherwise."""
    if all(part and part == part.strip() and not set(part) & set(';"\r\n') for part in parts):
        return "; ".join(parts)
    line = io.StringIO()
    csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="").writerow(parts)
    return line.getvalue()


def parted(cell: str) -> tuple[str, ...]:
    """Return the words that ``joined`` made a cell of; what is empty between semicolons is left out.

    Raises:
        UnfitCellError: quotes do not end.
    """
    try:
        rows = list(
            csv.reader(io.StringIO(cell, newline=""), delimiter=";", skipinitialspace=True, strict=True)
        )
    except csv.Error:
        raise UnfitCellError("quotes that do not end", "write words with semicolons between them") from None
    return tuple(part for row in rows for part in row if part.strip())


def day_first(cells: Iterable[str]) -> bool | None:
    """Say whether the days of a file are written day first; None where nothing decides, or all is mixed."""
    first = second = False
    for cell in cells:
        match = _NUMERIC.fullmatch(cell.strip())
        if match is not None:
            first |= int(match[1]) > _MONTHS
            second |= int(match[2]) > _MONTHS
    return first if first != second else None


def day_of(cell: str, *, is_day_first: bool | None) -> date:
    """Return the day in a cell.

    Args:
        cell: ISO 8601, or in digits with slashes, dots or hyphens and the year last.
        is_day_first: how the file writes the latter, where that is known.

    Raises:
        UnfitCellError: it is no day, or it may be two.
    """
    text = cell.strip()
    match = _NUMERIC.fullmatch(text)
    try:
        if match is None:
            return date.fromisoformat(text if _ISO.fullmatch(text) else "")
        one, other, year = map(int, match.groups())
        if is_day_first is None:
            is_day_first = _decided(text, one, other, year)
        return date(year, other, one) if is_day_first else date(year, one, other)
    except ValueError:
        raise UnfitCellError(f"'{text[:40]}' is no day", "write year, month and day, as 2027-02-01") from None


def _decided(text: str, one: int, other: int, year: int) -> bool:
    if one == other or one > _MONTHS >= other:
        return True
    if other > _MONTHS >= one:
        return False
    raise UnfitCellError(
        f"'{text}' may be {date(year, other, one).isoformat()} or {date(year, one, other).isoformat()},"
        " and nothing in the file decides",
        "write it as 2027-02-01, or say which comes first: day or month",
    )
