"""The sheets of a workbook (XLSX) that a source gave, all as text, and within limits."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from typing import Final

from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer

_MOST_UNPACKED: Final = 50 * 1024 * 1024
_MOST_ROWS, _MOST_COLUMNS = 5_000, 30
# What the libraries raise at what is cut, damaged or protected; lxml's are SyntaxErrors.
_DAMAGED: Final = (
    *(KeyError, ValueError, TypeError, OSError, EOFError, NotImplementedError, RuntimeError, SyntaxError),
    *(zipfile.BadZipFile, zlib.error),
)


def sheets_of(answer: Answer) -> dict[str, list[list[str]]]:
    """Return the rows of each sheet; rich text is text.

    Raises:
        FeedError: it is no workbook, damaged, or unpacks to too much.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - only what fetches needs it

    _check(answer)
    try:
        book = load_workbook(io.BytesIO(answer.content), read_only=True, data_only=True)
        try:
            rows = {
                sheet.title: [
                    _texts(row)
                    for row in sheet.iter_rows(
                        max_row=_MOST_ROWS + 1, max_col=_MOST_COLUMNS, values_only=True
                    )
                ]
                for sheet in book.worksheets
            }
        finally:
            book.close()
    except _DAMAGED as error:
        raise FeedError(
            Fault.DAMAGED, f"{answer.url}: the workbook is damaged ({type(error).__name__})"
        ) from error
    for name, found in rows.items():
        if len(found) > _MOST_ROWS:
            raise FeedError(Fault.TOO_LARGE, f"{answer.url}: sheet {name} has more than {_MOST_ROWS:,} rows")
    return rows


def _check(answer: Answer) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except _DAMAGED as error:
        raise FeedError(Fault.OTHER_FORMAT, f"{answer.url}: is no workbook") from error
    if unpacked > _MOST_UNPACKED:
        raise FeedError(Fault.TOO_LARGE, f"{answer.url}: the workbook unpacks to {unpacked // 1_000_000} MB")


def _texts(row: Iterable[object]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in row]
