"""Reports as files: CSV, a workbook with a sheet for each figure, JSON. No cell can be run as a formula."""

import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from travelrisk.domain.texts import Language
from travelrisk.services.exchange.writing import csv_bytes
from travelrisk.services.reports.figures import Figure
from travelrisk.services.reports.reporting import Report
from travelrisk.services.reports.wording import plain, plain_headings, report_words
from travelrisk.telling.cells import harmless

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_LONGEST_TITLE: Final = 31  # of a sheet
_NO_TITLE: Final = re.compile(r"[\\/*?:\[\]']")
_LONGEST_CELL: Final = 32_767

Value = str | int | float


def csv_of(figures: Sequence[Figure], language: Language) -> bytes:
    """Return one figure as it stands, or several as one long table with a line for each value."""
    if len(figures) == 1:
        names, rows = _table(figures[0], language)
    else:
        say = report_words(language)
        names = [say(f"column_{key}") for key in ("figure", "row", "measure", "value")]
        rows = [row for figure in figures for row in _values(figure, language)]
    return csv_bytes(names, (dict(zip(names, map(str, row), strict=True)) for row in rows))


def workbook_of(figures: Sequence[Figure], language: Language) -> bytes:
    """Return a workbook with a sheet for each figure."""
    from openpyxl import Workbook  # noqa: PLC0415 - only workbooks need it

    workbook, say = Workbook(), report_words(language)
    workbook.remove(workbook.worksheets[0])
    for figure in figures:
        title = _NO_TITLE.sub(" ", say(f"{figure.key}_title"))[:_LONGEST_TITLE]
        _fill(workbook.create_sheet(title), *_table(figure, language))
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def shape_of(report: Report) -> dict[str, Any]:
    """Return a report as it is written as JSON: in English and with plain values."""
    figures = {
        figure.key: {
            "columns": list(figure.columns),
            "rows": [[plain(cell, "en") for cell in row] for row in figure.rows],
            "note": report_words("en")(figure.note) if figure.note else "",
        }
        for figure in report.figures
    }
    return {
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "office": report.sight.office,
        "made_at": report.made_at.isoformat(),
        "figures": figures,
    }


def _table(figure: Figure, language: Language) -> tuple[list[str], list[list[Value]]]:
    rows = [[plain(cell, language) for cell in row] for row in figure.rows]
    if not rows and figure.note:
        rows = [[report_words(language)(figure.note), *[""] * (len(figure.columns) - 1)]]
    return plain_headings(figure, language), rows


def _values(figure: Figure, language: Language) -> Iterator[list[Value]]:
    title = report_words(language)(f"{figure.key}_title")
    names, rows = _table(figure, language)
    for about, *values in rows:
        for name, value in zip(names[1:], values, strict=True):
            if value != "":
                yield [title, about, name, value]


def _fill(sheet: "Worksheet", names: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 - as above
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - as above

    sheet.freeze_panes = "B2"
    for number, row in enumerate([names, *rows], 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            if isinstance(value, str):
                cell.value = harmless(value)[:_LONGEST_CELL]
                cell.data_type = "s"  # else the library makes a formula or an error of some texts
            else:
                cell.value = value
            if number == 1:
                cell.font = Font(bold=True)
    for place, name in enumerate(names, 1):
        longest = max(len(str(row[place - 1])) for row in [names, *rows])
        sheet.column_dimensions[get_column_letter(place)].width = min(60, max(len(name), longest) + 3)
