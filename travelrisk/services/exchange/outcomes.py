"""What becomes of the rows of a file: what they open and end, what is wrong, and what two people changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from travelrisk.domain.changes import base_id
from travelrisk.domain.ratings import Record


class Outcome(Enum):
    """What becomes of a row."""

    OPENED = auto()
    UNCHANGED = auto()
    KEPT = auto()  # the desk changed the record since, and the row did not
    BAD = auto()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row, and what to do.

    Attributes:
        row: its number in the file, as a spreadsheet counts.
        column: empty where it is about the whole row.
        other_row: another row that is in question with it, where there is one.
    """

    row: int
    column: str
    reason: str
    advice: str
    other_row: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A record that the desk and the file both changed; *theirs* is None where the desk ended it.

    Attributes:
        is_confirmed: whoever imports has seen both, and takes the version of the file.
    """

    row: int
    exported: Record
    theirs: Record | None
    mine: Record
    is_confirmed: bool = False

    @property
    def key(self) -> str:
        """What is confirmed: the version of the desk that was looked at, so that no later one is lost."""
        return self.theirs.id if self.theirs else f"{base_id(self.exported.id)}:ended"


@dataclass(frozen=True, slots=True)
class Compared:
    """What the rows come to; *opened* and *was* are by base id, *lines* says in which row each id stands.

    Attributes:
        ended: by base id, what a file that is everything leaves out.
        kept: how many records the desk set since and the file says nothing against.
    """

    opened: Mapping[str, Record]
    was: Mapping[str, Record]
    ended: Mapping[str, Record]
    lines: Mapping[str, int]
    unchanged: int
    kept: int
    problems: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]
