"""Words of a line that may be places, and which of them are, by their writing and their neighbours."""

from dataclasses import dataclass
from enum import Enum, auto

from travelrisk.intake.words import words


class Sort(Enum):
    """What a word may be, by its writing and the tables."""

    CODE = auto()  # a known code in capitals
    SMALL = auto()  # a known code in small letters
    SUSPECT = auto()  # a known code that is a word of every day
    STRANGE = auto()  # three capitals that no table knows
    NAME = auto()  # a name that the Atlas knows
    SMALL_NAME = auto()  # the same in small letters
    WORDS = auto()  # capitalised words after "from" or "to"


SURE = {Sort.CODE, Sort.SMALL, Sort.NAME}
NAMES = {Sort.NAME, Sort.SMALL_NAME}
CODES = {Sort.CODE, Sort.SMALL}


@dataclass(slots=True)
class Atom:
    """A word or a name that may be a place."""

    start: int
    end: int
    text: str
    sort: Sort
    role: str = ""
    lead: str = ""
    link: str | None = None  # what joins it to the atom before; None = nothing
    is_after_token: bool = False  # a flight or a date, already taken, stands right before it
    is_before_token: bool = False  # or right after it

    @property
    def is_firmly_linked(self) -> bool:
        """Say whether an arrow or a word such as "to" joins it to the one before."""
        return self.link is not None and self.link.strip() != ""


def is_kept(atoms: list[Atom], number: int) -> bool:
    """Say whether one of the atoms of a line is a place."""
    atom = atoms[number]
    following = atoms[number + 1] if number + 1 < len(atoms) else None
    before = atoms[number - 1] if number and atom.link is not None else None
    after = following if following and following.link is not None else None
    if atom.sort is Sort.CODE or (atom.role and atom.sort in SURE) or _is_in_flanked_pair(atoms, number):
        return True
    if atom.sort is Sort.WORDS and atom.lead not in words.STRONG_LEADS:
        return bool(before and before.sort in SURE)
    if atom.role and atom.lead in words.STRONG_LEADS:
        return atom.sort is not Sort.SUSPECT or atom.text.isupper()
    if atom.sort in {Sort.SUSPECT, Sort.STRANGE}:
        is_led = before is not None and before.sort in SURE and atom.is_firmly_linked
        return is_led or (atom.sort is Sort.STRANGE and _completes_a_pair(atoms, number))
    beside = SURE | {atom.sort}  # two cities side by side need no capitals
    return any(other and other.sort in beside for other in (before, after))


def _is_in_flanked_pair(atoms: list[Atom], number: int) -> bool:
    """Say whether two codes stand alone beside a flight or a date: ``UN 123 FOR ABV``, ``12 dec fra mad``."""
    first = number - 1 if atoms[number].link is not None else number
    if first < 0 or first + 1 >= len(atoms):
        return False
    here, there = atoms[first : first + 2]
    goes_on = first + 2 < len(atoms) and atoms[first + 2].link is not None
    if there.link is None or here.link is not None or goes_on:
        return False
    codes = {Sort.CODE, Sort.SMALL, Sort.SUSPECT}
    are_codes = {here.sort, there.sort} <= codes and {here.sort, there.sort} != {Sort.SUSPECT}
    return are_codes and (here.is_after_token or there.is_before_token)


def _completes_a_pair(atoms: list[Atom], number: int) -> bool:
    """Say whether three strange capitals stand beside a known code that has no other partner."""
    before_links = number > 0 and atoms[number].link is not None and atoms[number - 1].sort is Sort.CODE
    if before_links:
        is_taken = number > 1 and atoms[number - 1].link is not None and atoms[number - 2].sort in SURE
        return not is_taken
    if number + 1 < len(atoms) and atoms[number + 1].link is not None and atoms[number + 1].sort is Sort.CODE:
        is_taken = number + 2 < len(atoms) and atoms[number + 2].link is not None
        return not is_taken
    return False
