"""Rows of cells as CSV, and as a workbook: a frozen heading, words to choose from, and never a formula."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from travelrisk.domain.errors import BadInputError
from travelrisk.services.exchange.columns import COLUMNS, Column, Sort
from travelrisk.services.exchange.reading import LONGEST_CELL, MOST_ROWS, RECORDS_SHEET
from travelrisk.telling.cells import harmless

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

_TEXT: Final = "@"
_DAYS: Final = "yyyy-mm-dd"
_FIRST_DAY: Final = date(1901, 1, 1)  # before it, spreadsheets count in several ways
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f]")
_UNWRITABLE = re.compile(r"[\ud800-\udfff\ufffe\uffff]")
_WIDTHS: Final = {Sort.TEXT: 36, Sort.WORD: 18, Sort.CHOICE: 16, Sort.DAY: 12, Sort.LIST: 24, Sort.SHOWN: 20}

Cells = Mapping[str, str]


def csv_bytes(columns: Sequence[str], rows: Iterable[Cells]) -> bytes:
    """Return rows as CSV in UTF-8 with a mark that spreadsheets know it by."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([harmless(row.get(column, "")) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def workbook_bytes(columns: Sequence[str], rows: Iterable[Cells], export: str = "") -> bytes:
    """Return rows as a workbook with a second sheet that explains the columns; *export* is its id, if any.

    Raises:
        BadInputError: a text is longer than a cell can be, or holds what a workbook cannot.
    """
    from openpyxl import Workbook  # noqa: PLC0415 - only workbooks need it

    workbook = Workbook()
    sheet: Worksheet = workbook.worksheets[0]
    sheet.title = RECORDS_SHEET
    if export:
        workbook.properties.identifier, workbook.properties.description = export, f"export {export}"
    known = [COLUMNS.get(name) or Column(name, "", Sort.WORD) for name in columns]
    _head(sheet, columns)
    sheet.freeze_panes = "C2"  # the record and its id stay in view
    for number, column in enumerate(known, 1):
        _prepare(sheet, number, column)
    for number, row in enumerate(rows, 2):
        for place, column in enumerate(known, 1):
            if row.get(column.name):
                _write(sheet.cell(number, place), column, row[column.name])
    if any(column.meaning for column in known):
        _explain(workbook.create_sheet("columns"), known)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def _head(sheet: "Worksheet", names: Sequence[str]) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 - as above

    for place, name in enumerate(names, 1):
        sheet.cell(1, place, name).font = Font(bold=True)


def _prepare(sheet: "Worksheet", number: int, column: Column) -> None:
    """Make a column as wide as its texts, its empty cells keep what is typed, and offer its words."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - as above

    letter = get_column_letter(number)
    dimension = sheet.column_dimensions[letter]
    dimension.width = _WIDTHS[column.sort]
    dimension.number_format = _DAYS if column.sort is Sort.DAY else _TEXT
    if column.words:
        choice = DataValidation(type="list", formula1=f'"{",".join(column.words)}"', allow_blank=True)
        choice.showErrorMessage = column.sort is Sort.CHOICE
        choice.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
        sheet.add_data_validation(choice)


def _write(cell: "Cell | MergedCell", column: Column, text: str) -> None:
    day = _day(text) if column.sort is Sort.DAY else None
    if day is not None:
        cell.value = day
        cell.number_format = _DAYS
        return
    cell.value = _written(column, text)
    cell.data_type = "s"  # else the library makes an error of a text such as #REF!
    cell.number_format = _TEXT


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day >= _FIRST_DAY and day.isoformat() == text else None


def _written(column: Column, text: str) -> str:
    """Return *text* as XML carries it; characters it cannot carry are written by their number."""
    written = _ESCAPED.sub(lambda match: f"_x{ord(match[0]):04X}_", harmless(text))
    if len(written) > LONGEST_CELL:
        raise BadInputError(f"{column.name}: a text is too long for a workbook: export as CSV or JSON")
    if _UNWRITABLE.search(written):
        raise BadInputError(f"{column.name}: a text holds what no workbook can: export as CSV or JSON")
    return written


def _explain(sheet: "Worksheet", columns: Sequence[Column]) -> None:
    _head(sheet, ("column", "what to write", "of which records", "words"))
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCD", (28, 80, 34, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    for column in columns:
        sheet.append([column.name, column.meaning, ", ".join(column.records), ", ".join(column.words)])
