"""A file becomes a table of cells by column; what nobody could read is refused here, before any row is."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from travelrisk.domain.errors import BadInputError
from travelrisk.intake.tables.workbook import sheets_of
from travelrisk.services.exchange.cells import restored
from travelrisk.services.exchange.columns import COLUMNS

RECORDS_SHEET: Final = "records"
ENDINGS: Final = (".csv", ".xlsx")
_LARGEST: Final = 10_000_000
MOST_ROWS: Final = 5_000
LONGEST_CELL: Final = 32_767  # what a spreadsheet holds
_NEEDED: Final = ("record", "id", "subject_kind", "subject", "valid_from")
_DELIMITERS: Final = ",;\t"
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f[\s>/]')
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_NAMED: Final = 5
_LONGEST_HEAD: Final = 65_536


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file, its cells by column, and how many cells stand beyond the headings."""

    number: int
    cells: dict[str, str]
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of a file in their order, and the rows below them; rows without any text are left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def is_table(name: str, content: bytes) -> bool:
    """Say whether a file is meant as a table of records: a workbook, or CSV that says what each row is."""
    ending = PurePath(name).suffix.lower()
    head = content[:_LONGEST_HEAD].partition(b"\n")[0].decode("utf-8-sig", errors="replace")
    names = re.split("[,;\t]", head.lower())
    return ending == ".xlsx" or (ending == ".csv" and "record" in [each.strip('" \r') for each in names])


def read_table(name: str, content: bytes) -> Table:
    """Return the table in a CSV file or workbook; the headings stand in its first row.

    Raises:
        BadInputError: the file is beyond the limits, is neither, holds formulas, or its headings cannot be
            used.
    """
    if len(content) > _LARGEST:
        raise BadInputError(f"{name}: larger than {_LARGEST // 1_000_000} MB: split it")
    try:
        return _table(_rows(name, content))
    except BadInputError as error:
        raise BadInputError(f"{name}: {error}") from error


def _rows(name: str, content: bytes) -> Iterator[tuple[int, list[str]]]:
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise BadInputError("is no table: save it as CSV or XLSX")
    return _workbook_rows(content) if ending == ".xlsx" else _csv_rows(content)


def _table(rows: Iterable[tuple[int, list[str]]]) -> Table:
    every = iter(rows)
    _, heads = next(every, (1, []))
    columns = _columns(heads)
    found = []
    for number, cells in every:
        if any(cell.strip() for cell in cells):
            found.append(_row(number, columns, cells))
        if len(found) > MOST_ROWS:
            raise BadInputError(f"more than {MOST_ROWS:,} rows: split it")
    if not found:
        raise BadInputError("has headings and no row below them")
    return Table(columns, tuple(found))


def _columns(heads: Sequence[str]) -> tuple[str, ...]:
    names = [head.strip().lower() for head in heads]
    while names and not names[-1]:
        names.pop()
    unknown = [
        head.strip()[:40] or "(empty)"
        for head, name in zip(heads, names, strict=False)
        if name not in COLUMNS
    ]
    if unknown:
        some = ", ".join(unknown[:_NAMED])
        raise BadInputError(
            f"row 1: unknown columns: {some}: take them out, or use the names of the template"
        )
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise BadInputError(f"row 1: {', '.join(twice[:_NAMED])} stands twice: keep one column of each name")
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise BadInputError(f"row 1: missing columns: {', '.join(missing)}: start from the template")
    return tuple(names)


def _row(number: int, columns: Sequence[str], cells: Sequence[str]) -> Row:
    for position, cell in enumerate(cells):
        if len(cell) > LONGEST_CELL:
            raise BadInputError(
                f"row {number}, cell {position + 1}: longer than {LONGEST_CELL:,} characters: shorten it"
            )
    texts = {column: restored(cell) for column, cell in zip(columns, cells, strict=False) if cell}
    return Row(number, texts, sum(bool(cell.strip()) for cell in cells[len(columns) :]))


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInputError("is not UTF-8: save it as 'CSV UTF-8'") from error
    head = text.partition("\n")[0].lower()
    delimiter = max(
        _DELIMITERS, key=lambda each: sum(cell.strip('" \r') in COLUMNS for cell in head.split(each))
    )
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from enumerate(reader, 1)
    except csv.Error as error:
        raise BadInputError(
            f"line {reader.line_num} cannot be taken apart ({error}): save it anew as CSV"
        ) from error


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    sheets = sheets_of(content)  # refuses what unpacks too far, before anything else opens it
    name = RECORDS_SHEET if RECORDS_SHEET in sheets else next(iter(sheets), "")
    if name != RECORDS_SHEET and len(sheets) != 1:
        raise BadInputError(f"has no sheet called '{RECORDS_SHEET}': give the sheet with the rows that name")
    formulas = _formulas(content)
    if formulas:
        raise BadInputError(
            f"holds formulas ({', '.join(formulas[:_NAMED])}): what they come to is not looked at;"
            " copy the sheet and paste it as values"
        )
    yield from sheets[name]


def _formulas(content: bytes) -> list[str]:
    """Return the cells with formulas, of all sheets: one that was never worked out would read as empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(member) for member in archive.namelist() if _SHEET.fullmatch(member)]
    return [match[1].decode() for sheet in sheets for match in _FORMULA.finditer(sheet)]
