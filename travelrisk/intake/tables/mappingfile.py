"""A mapping of columns as people write it: a TOML file with headings and what stands under them.

dates = "day-month-year"

[columns]
"Vuelo Nr" = "flight"
"Tag" = "departs"
"""

import tomllib
from typing import Final

from travelrisk.domain.columns import FIELDS, OTHER, ColumnMapping, normalised
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.words.headings import column_of

ORDERS: Final[dict[str, bool]] = {"day-month-year": True, "month-day-year": False}
"""What may be said of the order of dates, and whether the day comes first in it."""


def mapping_from(text: str) -> ColumnMapping:
    """Return the mapping that a file holds.

    Raises:
        BadInputError: the file is no TOML, or holds something else; the message names the line or the key.
    """
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInputError(
            f'this is no TOML ({error}): write [columns], then "heading" = "field"'
        ) from error
    unknown = sorted(written.keys() - {"dates", "columns"})
    if unknown:
        raise BadInputError(f"{unknown[0]}: there is no such key; there are dates and [columns]")
    columns = written.get("columns")
    if not isinstance(columns, dict):
        raise BadInputError('columns: name the columns of the table, such as "Vuelo Nr" = "flight"')
    return ColumnMapping(tuple(_field(*each) for each in columns.items()), order_from(written.get("dates")))


def order_from(written: object) -> bool | None:
    """Return whether the day comes first; None where nothing is said.

    Raises:
        BadInputError: something else is said.
    """
    if written is None or written == "":
        return None
    if not isinstance(written, str) or written not in ORDERS:
        raise BadInputError(f"dates: write {' or '.join(ORDERS)}, or leave it out")
    return ORDERS[written]


def _field(heading: str, field: object) -> tuple[str, str]:
    (name, *_) = normalised([heading]) or ("",)
    if not name:
        raise BadInputError('columns: a heading is empty; name it by its place, such as "column 3"')
    if not isinstance(field, str):
        raise BadInputError(f"columns, {heading}: write one of {', '.join(FIELDS)} or {OTHER}")
    return name, field if field in {*FIELDS, OTHER} else column_of(field) or field
