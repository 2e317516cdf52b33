"""What a figure is: a table with a heading of keys, how it is drawn, and what is left out of it and why.

The words for keys and phrases stand in the texts of ``telling.reports``. Names in cells are those of offices,
carriers, airports and approvers; there is no place for a traveller.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

from travelrisk.domain.verdicts import Verdict

FEWEST: Final = 5
"""Groups that are smaller are not told by office: of one or two journeys people know whose they are."""

Drawn = Literal["bars", "columns", "lines"]


class Phrase(NamedTuple):
    """A text of the report, by its key; a number may stand in it."""

    key: str
    slots: tuple[tuple[str, int], ...] = ()


class Share(float):
    """A part of the whole, from 0 to 1."""

    __slots__ = ()


Cell = Phrase | Verdict | Share | str | int | date | timedelta | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Attributes:
        key: what it is called; ``<key>_title`` and ``<key>_lead`` are its texts.
        columns: keys of the headings.
        rows: a cell for each column, the first one says what the row is about.
        drawn: how; *measures* are the columns that are drawn.
        total: whether the last row is about all of the others.
        note: key of what has to be said of it; empty = nothing.
    """

    key: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    drawn: Drawn = "bars"
    measures: tuple[int, ...] = (1,)
    total: bool = False
    note: str = ""

    @property
    def parts(self) -> tuple[Row, ...]:
        """The rows without the total."""
        return self.rows[:-1] if self.total else self.rows


def share(part: int, whole: int) -> Share:
    """Return what part of the whole it is; nothing of nothing is none of it."""
    return Share(part / whole if whole else 0.0)


def by_office(key: str, measure: str, counts: Mapping[str, int], *, is_own: bool = False) -> Figure:
    """Return counts by office, the largest first; small offices are told together unless they are one's own.

    Where the small ones together are few as well, the next larger one joins them: else they could be had by
    taking the others from the sum.
    """
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    shown, together = _apart(ranked, 1 if is_own else FEWEST)
    whole = sum(counts.values())
    rows: list[Row] = [
        (name or Phrase("office_unknown"), count, share(count, whole)) for name, count in shown
    ]
    if together:
        rows.append((Phrase("offices_small"), together, share(together, whole)))
    return Figure(key, ("office", measure, "share"), tuple(rows), note="offices_note" if together else "")


def _apart(ranked: Sequence[tuple[str, int]], fewest: int) -> tuple[Sequence[tuple[str, int]], int]:
    """Return the offices that may be told by themselves, and the sum of all others."""
    shown = [each for each in ranked if each[1] >= fewest]
    together = sum(count for _, count in ranked) - sum(count for _, count in shown)
    while 0 < together < fewest and shown:
        together += shown.pop()[1]
    return shown, together
