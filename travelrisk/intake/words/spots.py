"""Places in free text: codes in pairs, in brackets or standing alone, and names of cities.

Three-letter words are airports more often than not (AND, FOR and SAT are), so each word is taken only as far
as its writing and its neighbours allow.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.places import Atlas
from travelrisk.intake.words import words
from travelrisk.intake.words.atoms import CODES, NAMES, Atom, Sort, is_kept

_IATA, _ICAO = 3, 4
_LONGEST_NAME = 5
_ARROW = r"(?:[ ]?(?:-+>|=+>|[-/>→»⇒])[ ]?)"
_CHAIN = re.compile(rf"(?<![\w-])[A-Za-z]{{3}}(?:{_ARROW}[A-Za-z]{{3}}){{1,4}}(?![\w])")
_CHAIN_ICAO = re.compile(rf"(?<![\w-])[A-Z]{{4}}(?:{_ARROW}[A-Z]{{4}}){{1,4}}(?![\w-])")
_GLUED = re.compile(r"(?<![\w/])([A-Z]{3})([A-Z]{3})(?!\w)")
_GLUED_SMALL = re.compile(  # only beside a flight or a date, which are NUL already
    r"(?:(?<=\0)|(?<=\0[ ,/])|(?=[a-z]{6}[ ,/]?\0))(?<!\w)([a-z]{3})([a-z]{3})(?!\w)"
)
_BRACKETS = re.compile(r"\([ ]?(?P<code>[A-Z]{3,4})[ ]?(?:,[^()\n]{0,30}|/[A-Z]{4})?\)")
_BRACKETS_SMALL = re.compile(
    r"(?<!\w)(?P<name>(?:[^\W\d_]+[ -]){1,4})\([ ]?(?P<code>[a-z]{3})[ ]?\)", re.IGNORECASE
)
_NAME_BEFORE = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_a-zà-öø-ÿ][^\W\d_]*['.]?[ ,/-]{1,2}(?:(?:am|de|da|do|del|la|of|au)[ -])?){1,6}\Z"
)
_PEOPLE = frozenset({"ADT", "CHD", "INF", "PAX"})  # kinds of passengers in brackets behind their names
_LONGEST_WORDS = 60
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_BEHIND = re.compile(r", ?(?P<words>[^\W\d_a-zà-öø-ÿ][^\W\d_]+(?:[ ][^\W\d_]+){0,4})")
_LINK = re.compile(r"[ ]+|" + _ARROW)
_LEAD = re.compile(r"(?<!\w)([^\W\d_]+)[ ]?:?[ ]*(?:the |l')?\Z")
_LOOK_BACK = 20
_CALENDAR = frozenset(words.MONTHS) | frozenset(words.WEEKDAYS)
_JOINING = words.FROM | words.TO | words.VIA
_WORDS = words.HARMLESS | words.LABELS | words.EVERYDAY | _CALENDAR
_WORDS |= {"unicef", "unesco", "unaids", "unitar", "closes", "change", "gauges"}
_WORDS |= {word for phrase in words.BACK + words.ROUND + words.ARRIVES for word in phrase.split()}
"""Words of six letters that hold two codes: RETOUR is no flight from Reta to Ourilandia."""
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


class SpotFinder:
    """Finds the places of a text with the help of the Atlas."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas

    def explicit(self, text: str, is_near: Callable[[int, int], bool], *, has_flight: bool) -> Iterator[Spot]:
        """Find codes that can hardly be anything else: in brackets, in chains, and glued in pairs.

        Args:
            text: plain text in which what has been understood is replaced by NUL.
            is_near: whether a flight or a date stands near a stretch of the text.
            has_flight: whether a flight stands anywhere in it; else small letters are words: half of all
                words of six letters hold two codes, and a budget of 3 March is no journey.
        """
        for match in _BRACKETS.finditer(text):
            if self._knows(match["code"]) and match["code"] not in _PEOPLE:
                before = _NAME_BEFORE.search(text[max(0, match.start() - _LONGEST_WORDS) : match.start()])
                name = before[0] if before else ""
                start = match.start() - len(name)
                yield Spot(start, match.end(), match["code"], name.strip(" ,/-"), _lead(text, start))
        yield from self._small_brackets(text)
        for pattern in (_CHAIN, _CHAIN_ICAO):
            for match in pattern.finditer(text):
                if self._is_chain(match, is_near):
                    yield from _spots_of(match, text)
        for match in chain(_GLUED.finditer(text), _GLUED_SMALL.finditer(text) if has_flight else ()):
            is_word = folded(match[0]) in _WORDS or bool(self._atlas.named(match[0]))
            is_pair = not is_word and self._knows(match[1]) and self._knows(match[2])
            # On a line without a flight or a date six letters are a record locator.
            if is_pair and "\0" in _line_around(text, *match.span()):
                here, there = match[1].upper(), match[2].upper()
                yield Spot(match.start(), match.start(2), here, role=_lead(text, match.start()))
                yield Spot(match.start(2), match.end(), there, is_linked=True)

    def _small_brackets(self, text: str) -> Iterator[Spot]:
        """Find ``frankfurt (fra)``: in small letters only behind the name of the same place."""
        for match in _BRACKETS_SMALL.finditer(text):
            meant = set(self._atlas.candidates(match["code"]))
            for word in _WORD.finditer(match["name"]):
                name = match["name"][word.start() :].strip()
                if meant & set(self._atlas.named(name)):
                    start = match.start() + word.start()
                    yield Spot(start, match.end(), match["code"].upper(), name, _lead(text, start))
                    break

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
        kept = [atom for number, atom in enumerate(atoms) if is_kept(atoms, number)]
        for atom in kept:
            is_code = atom.sort not in NAMES | {Sort.WORDS}
            code, name = (atom.text.upper(), "") if is_code else ("", atom.text)
            is_known = atom.sort is not Sort.WORDS
            yield Spot(
                offset + atom.start, offset + atom.end, code, name, atom.role, atom.link is not None, is_known
            )

    def _merged(self, line: str, atoms: list[Atom]) -> Iterator[Atom]:
        """Make one of a name and the code of the same place: ``Paris CDG``, ``CDG, Paris``."""
        waiting = atoms[0] if atoms else None
        for atom in atoms[1:]:
            if waiting and self._are_one(waiting, atom, line[waiting.end : atom.start]):
                code = waiting if waiting.sort in CODES else atom
                waiting = replace(waiting, end=atom.end, text=code.text, sort=Sort.CODE)
                continue
            if waiting:
                yield waiting
            waiting = atom
        if waiting:
            yield waiting

    def _are_one(self, one: Atom, other: Atom, between: str) -> bool:
        if {one.sort, other.sort} == {Sort.WORDS, Sort.CODE}:
            return one.sort is Sort.WORDS and between == " "
        code, name = (one, other) if one.sort in CODES else (other, one)
        if code.sort not in CODES or name.sort not in NAMES or between.strip() not in {"", ",", "/"}:
            return False
        return bool(set(self._atlas.candidates(code.text)) & set(self._atlas.named(name.text)))

    def _atoms(self, line: str) -> Iterator[Atom]:
        found = list(_WORD.finditer(line))
        number = 0
        while number < len(found):
            atom, length = self._atom(line, found, number)
            if atom:
                yield atom
            number += length

    def _atom(self, line: str, found: list[re.Match[str]], number: int) -> tuple[Atom | None, int]:
        word = found[number]
        role = _lead(line, word.start())
        lead = _lead_word(line, word.start())
        whole = self._longest_name(line, found, number, 2)  # Los Angeles and San José begin with codes
        if folded(word[0]) in _JOINING and not whole:
            return None, 1
        sort = None if whole else self._sort_of_code(word[0], lead)
        if sort:
            return Atom(word.start(), word.end(), word[0], sort, role, lead), 1
        name, length, sort = self._name(line, found, number, lead)
        if not sort:
            return None, 1
        return Atom(word.start(), word.start() + len(name), name, sort, role, lead), length

    def _sort_of_code(self, word: str, lead: str) -> Sort | None:
        if not word.isascii() or len(word) not in {_IATA, _ICAO}:
            return None
        is_known = self._knows(word)
        if len(word) == _ICAO:
            is_stated = word.isupper() and is_known and lead in words.STRONG_LEADS
            return Sort.CODE if is_stated else None
        small = word.lower()
        if not word.isupper():
            if not is_known or small in words.LITTLE or small in _CALENDAR:
                return None
            return Sort.SUSPECT if small in words.LITTLE_LOWER else Sort.SMALL
        if small in words.LITTLE or small in words.INITIALS or small in _CALENDAR:
            return Sort.SUSPECT if is_known else None
        return Sort.CODE if is_known else Sort.STRANGE

    def _longest_name(self, line: str, found: list[re.Match[str]], number: int, least: int) -> str:
        """Return the longest run of at least *least* words from *number* on that the Atlas knows."""
        start = found[number].start()
        for length in range(min(_LONGEST_NAME, len(found) - number), least - 1, -1):
            name = line[start : found[number + length - 1].end()]
            if "\0" not in name and "," not in name and self._atlas.named(name):
                return name
        return ""

    def _name(
        self, line: str, found: list[re.Match[str]], number: int, lead: str
    ) -> tuple[str, int, Sort | None]:
        word = found[number]
        if folded(word[0]) in _CALENDAR:
            return "", 1, None
        is_capital = word[0][0].isupper() or lead in words.STRONG_LEADS
        name = self._longest_name(line, found, number, 1)
        if name and (is_capital or " " in name or _may_be_small(name)):
            name += self._country_behind(name, line, word.start() + len(name))
            length = len(_WORD.findall(name))
            return name, length, Sort.NAME if is_capital else Sort.SMALL_NAME
        if lead in _JOINING and word[0][0].isupper() and folded(word[0]) not in words.LABELS:
            length = _capitalised(line, found, number)
            return line[word.start() : found[number + length - 1].end()], length, Sort.WORDS
        return "", 1, None

    def _country_behind(self, city: str, line: str, end: int) -> str:
        """Return the country behind a city that has one of that name, as it is written: ``, Costa Rica``."""
        match = _BEHIND.match(line, end)
        if match is None:
            return ""
        parts = match["words"].split(" ")
        names = (" ".join(parts[:length]) for length in range(len(parts), 0, -1))
        countries = {airport.country for airport in self._atlas.named(city)}
        found = next((name for name in names if any(each.is_called(name) for each in countries)), "")
        return line[end : match.start("words")] + found if found else ""


def _line_around(text: str, start: int, end: int) -> str:
    begins, ends = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    return text[begins : ends if ends >= 0 else len(text)]


def _may_be_small(name: str) -> bool:
    """Say whether a word in small letters may be a city: not where it is a word of every day as well."""
    word = folded(name)
    is_word = word in words.EVERYDAY | words.HARMLESS | words.LABELS or word.startswith(words.GRAVE)
    return len(word) > _IATA and not is_word


def _capitalised(line: str, found: list[re.Match[str]], number: int) -> int:
    """Return how many words from *number* on are capitalised and stand side by side."""
    length = 1
    while number + length < len(found) and length < _LONGEST_NAME:
        before, word = found[number + length - 1], found[number + length]
        if line[before.end() : word.start()] not in {" ", "-"} or not word[0][0].isupper():
            break
        length += 1
    return length


def _link(line: str, before: Atom | None, atom: Atom) -> str | None:
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
