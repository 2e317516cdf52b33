"""Tables of web pages: a cell that only its heading explains says by itself what it is.

As a line of text ``LH 590 FRA NBO Jambojet`` does not say who operates; the heading above the cell does.
"""

import re
from collections.abc import Sequence
from typing import Any

from travelrisk.intake.words.headings import column_of

UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_MOST_ROWS = 200
_ENOUGH = 3
_FLIGHT = ("flight", "carrier")
_SAID = {"operating": "operated by", "operating_code": "operated by", "stops": "stops:", "status": "status:"}
"""What to write before the cells of a column, and nothing before empty ones."""


def label_cells(root: Any) -> None:  # noqa: ANN401 - lxml's elements have no type of their own
    """Write into the cells of every table on a page what their headings say of them."""
    for table in root.iter("table"):
        rows = [[cell for cell in row if cell.tag in {"td", "th"}] for row in _rows(table)]
        if rows and len(rows) <= _MOST_ROWS and all(len(row) == len(rows[0]) for row in rows):
            _label(rows)


def _rows(table: Any) -> list[Any]:  # noqa: ANN401 - lxml's elements have no type of their own
    """Return the rows of a table itself, and not those of a table in one of its cells."""
    bodies = [table, *(child for child in table if child.tag in {"thead", "tbody", "tfoot"})]
    return [row for body in bodies for row in body if row.tag == "tr"]


def _label(rows: Sequence[Sequence[Any]]) -> None:
    columns = [column_of(_text(cell)) for cell in rows[0]]
    known = [column for column in columns if column]
    first = next((place for place, column in enumerate(columns) if column in _FLIGHT), None)
    if len(known) < _ENOUGH or first is None:
        return
    for place, column in enumerate(columns):
        if column not in _SAID or place < first:
            continue  # left of its flight an operator would go to the flight of the row above
        _say(rows[0][place], "")
        for row in rows[1:]:
            if _text(row[place]).strip("-/. "):
                _say(row[place], f"{_SAID[column]} {_text(row[place])};")


def _text(cell: Any) -> str:  # noqa: ANN401 - lxml's elements have no type of their own
    # A page may name by its number (&#1;) what cannot be written back into it.
    return " ".join(UNWRITABLE.sub(" ", str(cell.text_content())).split())


def _say(cell: Any, words: str) -> None:  # noqa: ANN401 - lxml's elements have no type of their own
    for child in list(cell):
        cell.remove(child)
    cell.text = words
