"""What a travel unit says of a table whose headings nobody knows: which heading stands for which field.

It is said once and holds for every table with the same headings. It only gives words a meaning: each cell is
read and doubted as under headings that are known, so what contradicts the table is told by its row.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from travelrisk.domain.codes import folded
from travelrisk.domain.errors import BadInputError

FIELDS = (
    "locator",
    "trip",
    "traveller",
    "surname",
    "given",
    "email",
    "language",
    "carrier",
    "flight",
    "operating",
    "operating_code",
    "operating_flight",
    "origin",
    "destination",
    "departs",
    "departs_at",
    "arrives",
    "arrives_at",
    "stops",
    "status",
)
"""Every field of a row, as intake's headings call them."""

OTHER = "other"
"""The meaning of a heading that stands for none of the fields, although its words are those of one."""

MOST_COLUMNS = 512
_LONGEST_HEADING = 200


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The meaning of headings.

    Attributes:
        fields: normalised heading and its field, or OTHER.
        first_is_day: whether ``12/11`` begins with the day; None = the table shows it, or it is asked.
        headings: the whole row of headings it is for, normalised; empty = any row with the headings it names.
    """

    fields: tuple[tuple[str, str], ...]
    first_is_day: bool | None = None
    headings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a mapping that could never be used, or in two ways."""
        if not self.fields:
            raise BadInputError("no column has a meaning yet: say of at least one what it holds")
        if len(self.headings) > MOST_COLUMNS or len(self.fields) > MOST_COLUMNS:
            raise BadInputError(f"a table has up to {MOST_COLUMNS} columns")
        for heading, field in self.fields:
            if field not in {*FIELDS, OTHER}:
                raise BadInputError(
                    f"column {heading}: there is no field {field!r}; choose one of "
                    f"{', '.join(FIELDS)} or {OTHER}"
                )
        named = Counter(heading for heading, _ in self.fields)
        twice = next((heading for heading, count in named.items() if count > 1), "")
        if twice:
            raise BadInputError(f"column {twice} is named twice: name it once")
        given = Counter(field for _, field in self.fields if field != OTHER)
        doubled = next((field for field, count in given.items() if count > 1), "")
        if doubled:
            where = " and ".join(heading for heading, field in self.fields if field == doubled)
            raise BadInputError(f"columns {where} are both the {doubled}: choose one of them")
        if self.headings and not {heading for heading, _ in self.fields} <= set(self.headings):
            raise BadInputError("a column is named that the table does not have")

    def meanings(self, headings: Sequence[str]) -> dict[str, str]:
        """Return what it says of a row of headings, normalised heading by heading; nothing if not for it."""
        found = normalised(headings)
        meant = dict(self.fields)
        is_for_it = found == self.headings if self.headings else meant.keys() <= set(found)
        return meant if is_for_it else {}

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the row of headings it is for."""
        return fingerprint_of(self.headings)


def normalised(headings: Sequence[str]) -> tuple[str, ...]:
    """Return headings without case, accents and signs, each another: ``datum``, ``datum 2``, ``column 3``.

    Empty cells at the end of the row do not count, as agencies' exports have any number of them.
    """
    words = [folded(heading)[:_LONGEST_HEADING] for heading in headings]
    while words and not words[-1]:
        words.pop()
    taken: set[str] = set()
    for place, word in enumerate(words):
        base = word or f"column {place + 1}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base} {count}"
        taken.add(name)
        words[place] = name
    return tuple(words)


def fingerprint_of(headings: Sequence[str]) -> str:
    """Return what tells rows of headings apart, whatever the case and the signs in them."""
    return hashlib.sha256("\n".join(normalised(headings)).encode()).hexdigest()
