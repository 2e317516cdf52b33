"""Places in free text: codes in pairs, in brackets or standing alone, and names of cities.

Three-letter words are airports more often than not (AND, FOR and SAT are), so each word is taken only as far
as its writing and its neighbours allow.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.places import Atlas
from travelrisk.intake import words

_IATA, _ICAO = 3, 4
_LONGEST_NAME = 5
_ARROW = r"(?:[ ]?(?:-+>|=+>|[-/>→»⇒])[ ]?)"
_CHAIN = re.compile(rf"(?<![\w-])[A-Za-z]{{3}}(?:{_ARROW}[A-Za-z]{{3}}){{1,4}}(?![\w])")
_CHAIN_ICAO = re.compile(rf"(?<![\w-])[A-Z]{{4}}(?:{_ARROW}[A-Z]{{4}}){{1,4}}(?![\w-])")
_GLUED = re.compile(r"(?<![\w/])([A-Z]{3})([A-Z]{3})(?!\w)")
_BRACKETS = re.compile(r"\([ ]?(?P<code>[A-Z]{3,4})[ ]?(?:,[^()\n]{0,30}|/[A-Z]{4})?\)")
_NAME_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_a-zà-öø-ÿ][^\W\d_]*['.]?[ ,/-]{1,2}(?:(?:am|de|da|do|del|la|of|au)[ -])?){1,6}\Z"
)
_PEOPLE = frozenset({"ADT", "CHD", "INF", "PAX"})  # kinds of passengers in brackets behind their names
_LONGEST_WORDS = 60
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_LINK = re.compile(r"[ ]+|" + _ARROW)
_LEAD = re.compile(r"(?<!\w)([^\W\d_]+)[ ]?:?[ ]*(?:the |l')?\Z")
_LOOK_BACK = 20
_CALENDAR = frozenset(words.MONTHS) | frozenset(words.WEEKDAYS)
_JOINING = words.FROM | words.TO | words.VIA
_FROM_LABELS = frozenset(["origin", "departure", "depart", "abflug", "salida", "partenza", "partida"])
_TO_LABELS = frozenset(
    ["destination", "arrival", "arrivee", "ankunft", "llegada", "destino", "arrivo", "chegada"]
)


class Spot(NamedTuple):
    """A place: a code, or a name where there is no code.

    Attributes:
        start, end: where it stands.
        code: the code, in capitals, known or not.
        name: the words, if there is no code or both are given.
        role: ``from``, ``to`` or ``via``, by the word before; else empty.
        is_known: some table knows it; else only its words stand where a place should.
        is_linked: it follows the place before it directly (``FRA-ADD``, ``FRA to ADD``, ``FRA ADD``).
        cities: folded names of the cities that the code may be in.
    """

    start: int
    end: int
    code: str
    name: str = ""
    role: str = ""
    is_linked: bool = False
    is_known: bool = True
    cities: frozenset[str] = frozenset()


class _Sort(Enum):
    CODE = auto()  # a known code in capitals
    SMALL = auto()  # a known code in small letters
    SUSPECT = auto()  # a known code that is a word of every day
    STRANGE = auto()  # three capitals that no table knows
    NAME = auto()  # a name that the Atlas knows
    WORDS = auto()  # capitalised words after "from" or "to"


_SURE = {_Sort.CODE, _Sort.SMALL, _Sort.NAME}


@dataclass(slots=True)
class _Atom:
    start: int
    end: int
    text: str
    sort: _Sort
    role: str = ""
    lead: str = ""
    link: str | None = None  # what joins it to the atom before; None = nothing
    is_after_token: bool = False  # a flight or a date, already taken, stands right before it
    is_before_token: bool = False  # or right after it

    @property
    def is_firmly_linked(self) -> bool:
        return self.link is not None and self.link.strip() != ""


class SpotFinder:
    """Finds the places of a text with the help of the Atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def explicit(self, text: str, is_near: Callable[[int, int], bool]) -> Iterator[Spot]:
        """Find codes that can hardly be anything else: in brackets, in chains, and glued in pairs.

        Args:
            text: plain text in which what has been understood is replaced by NUL.
            is_near: whether a flight or a date stands near a stretch of the text.
        """
        for match in _BRACKETS.finditer(text):
            if self._knows(match["code"]) and match["code"] not in _PEOPLE:
                before = _NAME_BEFORE.search(text[max(0, match.start() - _LONGEST_WORDS) : match.start()])
                name = before[0] if before else ""
                start = match.start() - len(name)
                yield Spot(start, match.end(), match["code"], name.strip(" ,/-"), _lead(text, start))
        for pattern in (_CHAIN, _CHAIN_ICAO):
            for match in pattern.finditer(text):
                if self._is_chain(match, is_near):
                    yield from _spots_of(match, text)
        for match in _GLUED.finditer(text):
            is_word = folded(match[0]) in words.HARMLESS | words.LABELS
            is_pair = not is_word and self._knows(match[1]) and self._knows(match[2])
            # On a line without a flight or a date six letters are a record locator.
            if is_pair and "\0" in _line_around(text, *match.span()):
                yield Spot(match.start(), match.start(2), match[1], role=_lead(text, match.start()))
                yield Spot(match.start(2), match.end(), match[2], is_linked=True)

    def _knows(self, code: str) -> bool:
        return bool(self._atlas.candidates(code))

    def _is_chain(self, match: re.Match[str], is_near: Callable[[int, int], bool]) -> bool:
        codes = _WORD.findall(match[0])
        known = [self._knows(code) for code in codes]
        if all(code.isupper() for code in codes):
            if all(folded(code) in _CALENDAR for code in codes):
                return False  # MON-FRI
            return all(known) or (len(codes[0]) == _IATA and any(known) and is_near(*match.span()))
        is_word = any(code.lower() in words.LITTLE_LOWER for code in codes)
        return all(known) and not is_word and is_near(*match.span())

    def scattered(self, text: str, is_near: Callable[[int, int], bool]) -> Iterator[Spot]:
        """Find codes and names that stand among words; arguments as for `explicit`."""
        start = 0
        for line in text.split("\n"):
            if line.strip("\0 ") and is_near(start, start + len(line)):
                yield from self._in_line(line, start)
            start += len(line) + 1

    def _in_line(self, line: str, offset: int) -> Iterator[Spot]:
        atoms = list(self._merged(line, list(self._atoms(line))))
        for before, atom in zip([None, *atoms], atoms, strict=False):
            atom.link = _link(line, before, atom)
            atom.is_after_token = line[max(0, atom.start - 2) : atom.start].rstrip(" ,").endswith("\0")
            atom.is_before_token = line[atom.end : atom.end + 2].lstrip(" ,").startswith("\0")
        kept = [atom for number, atom in enumerate(atoms) if _is_kept(atoms, number)]
        for atom in kept:
            is_code = atom.sort not in {_Sort.NAME, _Sort.WORDS}
            code, name = (atom.text.upper(), "") if is_code else ("", atom.text)
            is_known = atom.sort is not _Sort.WORDS
            yield Spot(
                offset + atom.start, offset + atom.end, code, name, atom.role, atom.link is not None, is_known
            )

    def _merged(self, line: str, atoms: list[_Atom]) -> Iterator[_Atom]:
        """Make one of a name and the code of the same place: ``Paris CDG``, ``CDG, Paris``."""
        waiting = atoms[0] if atoms else None
        for atom in atoms[1:]:
            if waiting and self._are_one(waiting, atom, line[waiting.end : atom.start]):
                code = waiting if waiting.sort is _Sort.CODE else atom
                waiting = replace(waiting, end=atom.end, text=code.text, sort=_Sort.CODE)
                continue
            if waiting:
                yield waiting
            waiting = atom
        if waiting:
            yield waiting

    def _are_one(self, one: _Atom, other: _Atom, between: str) -> bool:
        if {one.sort, other.sort} == {_Sort.WORDS, _Sort.CODE}:
            return one.sort is _Sort.WORDS and between == " "
        if {one.sort, other.sort} != {_Sort.NAME, _Sort.CODE} or between.strip() not in {"", ","}:
            return False
        code, name = (one, other) if one.sort is _Sort.CODE else (other, one)
        return bool(set(self._atlas.candidates(code.text)) & set(self._atlas.named(name.text)))

    def _atoms(self, line: str) -> Iterator[_Atom]:
        found = list(_WORD.finditer(line))
        number = 0
        while number < len(found):
            atom, length = self._atom(line, found, number)
            if atom:
                yield atom
            number += length

    def _atom(self, line: str, found: list[re.Match[str]], number: int) -> tuple[_Atom | None, int]:
        word = found[number]
        if folded(word[0]) in _JOINING:
            return None, 1
        role = _lead(line, word.start())
        lead = _lead_word(line, word.start())
        sort = self._sort_of_code(word[0], lead)
        if sort:
            return _Atom(word.start(), word.end(), word[0], sort, role, lead), 1
        name, length, sort = self._name(line, found, number, lead)
        if not sort:
            return None, 1
        return _Atom(word.start(), word.start() + len(name), name, sort, role, lead), length

    def _sort_of_code(self, word: str, lead: str) -> _Sort | None:
        if not word.isascii() or len(word) not in {_IATA, _ICAO}:
            return None
        is_known = self._knows(word)
        if len(word) == _ICAO:
            is_stated = word.isupper() and is_known and lead in words.STRONG_LEADS
            return _Sort.CODE if is_stated else None
        small = word.lower()
        if not word.isupper():
            if not is_known or small in words.LITTLE or small in _CALENDAR:
                return None
            return _Sort.SUSPECT if small in words.LITTLE_LOWER else _Sort.SMALL
        if small in words.LITTLE or small in words.INITIALS or small in _CALENDAR:
            return _Sort.SUSPECT if is_known else None
        return _Sort.CODE if is_known else _Sort.STRANGE

    def _name(
        self, line: str, found: list[re.Match[str]], number: int, lead: str
    ) -> tuple[str, int, _Sort | None]:
        word = found[number]
        if not (word[0][0].isupper() or lead in words.STRONG_LEADS) or folded(word[0]) in _CALENDAR:
            return "", 1, None
        for length in range(min(_LONGEST_NAME, len(found) - number), 0, -1):
            name = line[word.start() : found[number + length - 1].end()]
            if "\0" not in name and "," not in name and self._atlas.named(name):
                return name, length, _Sort.NAME
        if lead in _JOINING and word[0][0].isupper() and folded(word[0]) not in words.LABELS:
            length = _capitalised(line, found, number)
            return line[word.start() : found[number + length - 1].end()], length, _Sort.WORDS
        return "", 1, None


def _line_around(text: str, start: int, end: int) -> str:
    begins, ends = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return text[begins : ends if ends >= 0 else len(text)]


def _capitalised(line: str, found: list[re.Match[str]], number: int) -> int:
    """Return how many words from *number* on are capitalised and stand side by side."""
    length = 1
    while number + length < len(found) and length < _LONGEST_NAME:
        before, word = found[number + length - 1], found[number + length]
        if line[before.end() : word.start()] not in {" ", "-"} or not word[0][0].isupper():
            break
        length += 1
    return length


def _is_kept(atoms: list[_Atom], number: int) -> bool:
    atom = atoms[number]
    following = atoms[number + 1] if number + 1 < len(atoms) else None
    before = atoms[number - 1] if number and atom.link is not None else None
    after = following if following and following.link is not None else None
    if atom.sort is _Sort.CODE or (atom.role and atom.sort in _SURE) or _is_in_flanked_pair(atoms, number):
        return True
    if atom.sort is _Sort.WORDS and atom.lead not in words.STRONG_LEADS:
        return bool(before and before.sort in _SURE)
    if atom.role and atom.lead in words.STRONG_LEADS:
        return atom.sort is not _Sort.SUSPECT or atom.text.isupper()
    if atom.sort in {_Sort.SUSPECT, _Sort.STRANGE}:
        is_led = before is not None and before.sort in _SURE and atom.is_firmly_linked
        return is_led or (atom.sort is _Sort.STRANGE and _completes_a_pair(atoms, number))
    return any(other and other.sort in _SURE for other in (before, after))


def _is_in_flanked_pair(atoms: list[_Atom], number: int) -> bool:
    """Say whether two codes stand alone beside a flight or a date: ``UN 123 FOR ABV``, ``12 dec fra mad``."""
    first = number - 1 if atoms[number].link is not None else number
    if first < 0 or first + 1 >= len(atoms):
        return False
    here, there = atoms[first : first + 2]
    goes_on = first + 2 < len(atoms) and atoms[first + 2].link is not None
    if there.link is None or here.link is not None or goes_on:
        return False
    codes = {_Sort.CODE, _Sort.SMALL, _Sort.SUSPECT}
    are_codes = {here.sort, there.sort} <= codes and {here.sort, there.sort} != {_Sort.SUSPECT}
    return are_codes and (here.is_after_token or there.is_before_token)


def _completes_a_pair(atoms: list[_Atom], number: int) -> bool:
    """Say whether three strange capitals stand beside a known code that has no other partner."""
    before_links = number > 0 and atoms[number].link is not None and atoms[number - 1].sort is _Sort.CODE
    if before_links:
        is_taken = number > 1 and atoms[number - 1].link is not None and atoms[number - 2].sort in _SURE
        return not is_taken
    if (
        number + 1 < len(atoms)
        and atoms[number + 1].link is not None
        and atoms[number + 1].sort is _Sort.CODE
    ):
        is_taken = number + 2 < len(atoms) and atoms[number + 2].link is not None
        return not is_taken
    return False


def _link(line: str, before: _Atom | None, atom: _Atom) -> str | None:
    if before is None:
        return None
    between = line[before.end : atom.start]
    if _LINK.fullmatch(between):
        return between
    joining = between.strip()
    return between if folded(joining) in words.TO and joining.isalpha() else None


def _lead_word(text: str, start: int) -> str:
    match = _LEAD.search(text[max(0, start - _LOOK_BACK) : start])
    return folded(match[1]) if match else ""


def _lead(text: str, start: int) -> str:
    """Return the role that the word before gives a place."""
    word = _lead_word(text, start)
    if word in words.FROM | _FROM_LABELS:
        return "from"
    if word in words.TO | _TO_LABELS:
        return "to"
    return "via" if word in words.VIA else ""


def _spots_of(match: re.Match[str], text: str) -> Iterator[Spot]:
    for number, word in enumerate(_WORD.finditer(match[0])):
        start, end = match.start() + word.start(), match.start() + word.end()
        role = "" if number else _lead(text, match.start())
        yield Spot(start, end, word[0].upper(), role=role, is_linked=number > 0)
