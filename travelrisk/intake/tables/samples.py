"""What stands in a table that nobody can read yet: headings and first rows, for somebody to explain."""

from itertools import islice

from travelrisk.domain.columns import MOST_COLUMNS
from travelrisk.intake.document import Sample
from travelrisk.intake.tables.columns import Columns
from travelrisk.intake.tables.sheets import HEAD_ROWS, HEADINGS, Sheet, columns_at

_MOST_ROWS = 5
_LONGEST = 100


def sample_of(sheet: Sheet) -> Sample | None:
    """Return a sample of a sheet; None of an empty one.

    Where hardly any heading is known, the fullest of the first rows is taken for them.
    """
    columns = sheet.columns
    is_known = columns is not None and (columns.mapping or len(columns.places) >= HEADINGS)
    if columns is None or not is_known:
        columns = _fullest(sheet)
    if columns is None:
        return None
    below = (cells for number, cells in sheet.rows() if number > columns.row and any(map(str.strip, cells)))
    meant = {place: column for column, place in columns.places.items()}
    headings = columns.headings[:MOST_COLUMNS]
    return Sample(
        columns.row,
        tuple(heading[:_LONGEST] for heading in headings),
        tuple(meant.get(place, "") for place in range(len(headings))),
        tuple(tuple(cell[:_LONGEST] for cell in row[:MOST_COLUMNS]) for row in islice(below, _MOST_ROWS)),
    )


def _fullest(sheet: Sheet) -> Columns | None:
    filled = [
        (sum(map(bool, map(str.strip, cells))), -number) for number, cells in islice(sheet.rows(), HEAD_ROWS)
    ]
    count, number = max(filled, default=(0, 0))
    return columns_at(sheet, -number) if count else None
