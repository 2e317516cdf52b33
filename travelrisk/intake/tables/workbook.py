"""The rows of a workbook (XLSX), all as text.

A workbook of 5 kB with one cell in the last corner takes gigabytes, so the archive and the stated size of the
sheets are looked at before a library opens them.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import IO

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.decoding import DAMAGED_ZIP
from travelrisk.intake.limits import MIB
from travelrisk.intake.tables.workbookparts import Parts

_MOST_MEMBERS = 500
_MOST_UNPACKED = 100 * MIB
_WORST_RATIO = 200
_RATIO_MATTERS = MIB  # small members are packed as well as they like
_MOST_ROWS, _MOST_COLUMNS, _MOST_CELLS = 100_000, 512, 2_000_000
_STEP = 65_536
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension[^>]*ref=\"[A-Z]+[0-9]+(?::([A-Z]+)([0-9]+))?\"")
_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)[^>]*?\sr=\"([A-Z]{0,3})([0-9]{1,9})\"")
_LETTERS = 26
_WHOLE_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*[^>/])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb"\br=\"([A-Z]{1,3})([0-9]{1,9})\"")
_ERROR = re.compile(rb"\bt=\"e\"")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_UNCOMPUTED = "#formula without a value"

Corner = tuple[int, int]
"""Row and column of a cell, from 0."""


def sheets_of(content: bytes) -> dict[str, list[tuple[int, list[str]]]]:
    """Return for each sheet the numbers (from 1) and cells of its rows.

    A cell that was merged with those below it stands in each of them, as people read it. An error and a
    formula that was never computed stand as such: the library gives both as empty, and an operator that
    could not be looked up is not the same as none.

    Raises:
        BadInputError: the archive or a sheet is beyond the limits, damaged or encrypted.
    """
    _check(content)
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only workbooks need it

    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            sheets = {name: workbook.get_sheet_by_name(name) for name in workbook.sheet_names}
            rows = {name: _texts(sheet.to_python(skip_empty_area=False)) for name, sheet in sheets.items()}
            merged = {name: sheet.merged_cell_ranges or () for name, sheet in sheets.items()}
        lost = _lost_in(content)
    except (CalamineError, SyntaxError, *DAMAGED_ZIP) as error:  # lxml's errors are SyntaxErrors
        raise _damaged(error) from error
    for name, cells in rows.items():
        _fill(cells, lost.get(name, ()))
        _fill(cells, _merged_down(cells, merged[name]))
    return {name: list(enumerate(cells, 1)) for name, cells in rows.items()}


def _texts(sheet: Iterable[Iterable[object]]) -> list[list[str]]:
    return [[_text(cell) for cell in row] for row in sheet]


def _fill(rows: list[list[str]], found: Iterable[tuple[Corner, str]]) -> None:
    """Put texts into cells that are empty."""
    for (row, column), text in found:
        if row < len(rows):
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = rows[row][column] or text


def _merged_down(
    rows: list[list[str]], ranges: Iterable[tuple[Corner, Corner]]
) -> Iterator[tuple[Corner, str]]:
    for (top, left), (bottom, _) in ranges:
        text = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        yield from (((row, left), text) for row in range(top + 1, min(bottom + 1, len(rows))) if text)


def _lost_in(content: bytes) -> dict[str, list[tuple[Corner, str]]]:
    """Return for each sheet the errors and the formulas without a value."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = Parts(archive)
        return {name: list(_lost_cells(parts.content(path))) for name, path in parts.sheets()}


def _lost_cells(sheet: bytes) -> Iterator[tuple[Corner, str]]:
    may_be = b't="e"' in sheet or b"<f" in sheet or b":f" in sheet  # much faster than the patterns
    if not may_be or not (_ERROR.search(sheet) or _FORMULA.search(sheet)):
        return
    for match in _WHOLE_CELL.finditer(sheet):
        attributes, inner = match.groups()
        value, place = _VALUE.search(inner), _REFERENCE.search(attributes)
        text = _UNCOMPUTED if not value and _FORMULA.search(inner) else ""
        if value and _ERROR.search(attributes):
            text = value[1].decode("ascii", errors="replace")
        if text and place:
            yield (int(place[2]) - 1, _column(place[1]) - 1), text


def _damaged(error: Exception) -> BadInputError:
    return BadInputError(f"the workbook is damaged or protected ({type(error).__name__}): save it again")


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_members(members)
            for member in members:
                if _SHEET.fullmatch(member.filename):
                    with archive.open(member) as sheet:
                        _check_sheet(sheet)
    except DAMAGED_ZIP as error:
        raise _damaged(error) from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > _MOST_MEMBERS:
        raise BadInputError(f"the workbook has {len(members)} parts; up to {_MOST_MEMBERS} are opened")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > _MOST_UNPACKED or (unpacked > _RATIO_MATTERS and unpacked > _WORST_RATIO * packed):
        raise BadInputError(f"the workbook unpacks to {unpacked // MIB} MB: save the rows you need alone")


def _check_sheet(sheet: IO[bytes]) -> None:
    """Refuse a sheet that claims or uses cells far out; the claim may be a lie, so the cells count too."""
    before = b""
    while block := sheet.read(_STEP):
        piece = before + block
        for pattern in (_DIMENSION, _CELL):
            _check_corners(pattern.findall(piece))
        before = piece[-200:]


def _column(letters: bytes) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    column = 0
    for letter in letters:
        column = column * _LETTERS + letter - ord("A") + 1
    return column


def _check_corners(found: list[tuple[bytes, bytes]]) -> None:
    """Look at the corner of all cells, and only where that is too far out at each of them."""
    columns = {letters for letters, _ in found}
    rows = {row for _, row in found}
    farthest = max(map(_column, columns), default=0), max((int(row or 0) for row in rows), default=0)
    if not _is_too_far(*farthest):
        return
    for letters, row in found:
        _check_corner(letters, int(row or 0))


def _is_too_far(column: int, row: int) -> bool:
    return row > _MOST_ROWS or column > _MOST_COLUMNS or row * column > _MOST_CELLS


def _check_corner(letters: bytes, row: int) -> None:
    if _is_too_far(_column(letters), row):
        raise BadInputError(
            f"a sheet reaches to cell {letters.decode()}{row}; up to {_MOST_ROWS:,} rows and "
            f"{_MOST_COLUMNS} columns are read: delete what is outside the table, or save it as CSV"
        )


def _text(cell: object) -> str:
    """Return a cell as text: 700.0 as 700, times as ISO 8601, a date with the clock at 00:00 as the date."""
    match cell:
        case str():
            text = cell
        case float() if cell.is_integer():
            text = str(int(cell))
        case datetime():
            text = cell.date().isoformat() if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
        case time():
            text = f"{cell:%H:%M}"
        case timedelta():
            hours, minutes = divmod(int(cell.total_seconds() // 60), 60)
            text = f"{hours:02}:{minutes:02}"
        case _:
            text = str(cell)
    return text
