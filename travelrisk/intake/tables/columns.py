"""Where what stands in a table: its row of headings, and the column that each of them stands for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.columns import OTHER, ColumnMapping, normalised
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.words.headings import column_of

Row = tuple[int, list[str]]
"""The number of a row as people count, from 1, and its cells."""

Meanings = tuple[str | None, ...]
"""For each heading the column that it stands for, or None."""

_NEEDED = ("origin", "destination", "departs")
_CALLED = {"departs": "departure date", "flight": "carrier or flight number"}
_GRAVE = frozenset({"operating", "operating_code", "operating_flight", "stops", "status"})
"""A mapping may not take these from under headings that say them: who flies would be lost in silence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands.

    Attributes:
        row: number of the row of headings.
        headings: as they stand there.
        meanings: what each of them stands for by its words, or as somebody said.
        places: column -> position, counted from 0.
        declared: positions of the columns to which somebody gave another meaning than their words have.
        mapping: what somebody said of these headings, if anybody did.
    """

    row: int
    headings: tuple[str, ...]
    meanings: Meanings
    places: dict[str, int]
    declared: frozenset[int] = frozenset()
    mapping: ColumnMapping | None = None

    @property
    def complaint(self) -> str:
        """Say which columns are missing and which were found; empty if nothing is missing."""
        missing = missing_among(self.places)
        if not missing:
            return ""
        wanted = ", ".join(missing)
        found = ", ".join(filter(None, self.headings)) or "nothing"
        noun = "a column" if len(missing) == 1 else "columns"
        return (
            f"lacks {noun} for: {wanted} (row {self.row} has: {found}): add what is missing and send it again"
        )

    def cell(self, row: Sequence[str], column: str) -> str:
        """Return a cell, empty where the row or the table has none."""
        place = self.places.get(column)
        return row[place].strip() if place is not None and place < len(row) else ""


def missing_among(columns: Iterable[str]) -> list[str]:
    """Return in words which columns a table lacks that has these; none if it can be read."""
    known = set(columns)
    missing = [column for column in _NEEDED if column not in known]
    if not {"carrier", "flight", "operating", "operating_code"} & known:
        missing.append("flight")
    return [_CALLED.get(column, column) for column in missing]


class Meant(NamedTuple):
    """What a row of headings stands for.

    Attributes:
        meanings: for each heading its column.
        said: the positions of those that a mapping names.
        declared: the positions of those to which it gives another meaning than their words have.
        mapping: the first that is for this row, if any.
    """

    meanings: Meanings
    said: frozenset[int] = frozenset()
    declared: frozenset[int] = frozenset()
    mapping: ColumnMapping | None = None


def meant_by(headings: Sequence[str], mappings: Iterable[ColumnMapping]) -> Meant:
    """Return what headings stand for: as the first mapping for them says, else by their words.

    Raises:
        BadInputError: the mapping takes from a heading what may not be lost.
    """
    words = tuple(column_of(heading) for heading in headings)
    for mapping in mappings:
        said = mapping.meanings(headings)
        if said:
            return _said(headings, words, said)._replace(mapping=mapping)
    return Meant(words)


def _said(headings: Sequence[str], words: Meanings, said: dict[str, str]) -> Meant:
    names = normalised(headings)
    named = {place: said[name] for place, name in enumerate(names) if name in said}
    for place, column in named.items():
        if words[place] in _GRAVE and column not in _GRAVE:
            raise BadInputError(
                f"column {names[place]} is known to hold the {words[place]}: leave it out of the mapping"
            )
    # A second "Tag" that nobody spoke of means what the first one does, and is told where it differs.
    again = [word or said.get(folded(heading)) for word, heading in zip(words, headings, strict=True)]
    meanings = [named.get(place, column) for place, column in enumerate(again)]
    kept = tuple(None if column == OTHER else column for column in meanings)
    declared = (place for place in named if kept[place] != words[place])
    return Meant(kept, frozenset(named), frozenset(declared))
