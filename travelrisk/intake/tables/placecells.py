"""Cells of a table that name an airport: ``FRA``, ``Frankfurt (FRA)``, ``FRA - Frankfurt``.

A code is taken wherever agencies put it; but ``NBO via Harare`` and ``FRA/HRE`` hold a second place, and in
SAN PEDRO SULA no San Diego is meant. So beside a code only its own place may stand.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from travelrisk.domain.codes import airport_code, folded
from travelrisk.domain.places import Airport, Atlas

_CODE_AND_NAME = re.compile(
    r".*\((?P<bracketed>[A-Z]{3,4})(?:/[A-Z]{4})?\).*|(?P<first>[A-Z]{3})\s*[-/,]\s*\w.*", re.DOTALL
)
_CODE = re.compile(r"(?<![^\W_])[A-Z]{3}(?![^\W_])")
_APART = re.compile(
    r"\s*(?:[/,;()\[\]|>]|\s[-\u2013]|[-\u2013]\s|(?<=[A-Z]{3})-(?=[A-Z]{3}\b)"
    r"|\b(?:via|or|ou|oder|over|through|par|por|[uü]ber)\b)\s*",
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"(?:t|terminal|aerogare|hall)? ?[0-9]?[a-z]?")


class PlaceCells:
    """Reads them with the tables that know airports; rows repeat a few places, so answers are kept."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self.read = lru_cache(maxsize=4096)(self._read)
        self.is_known = lru_cache(maxsize=4096)(self._is_known)
        self.is_two = lru_cache(maxsize=4096)(self._is_two)

    def _read(self, cell: str) -> tuple[str, str]:
        """Return code and name; without a code all of it is the name."""
        code = airport_code(cell)
        if code:
            return code, ""
        match = _CODE_AND_NAME.fullmatch(cell)
        return (match["bracketed"] or match["first"] if match else self._code_beside_its_name(cell)), cell

    def _code_beside_its_name(self, cell: str) -> str:
        codes = [match[0] for match in _CODE.finditer(cell) if self._atlas.candidates(match[0])]
        if len(codes) != 1 or self._atlas.named(cell):
            return ""
        meant = self._atlas.candidates(codes[0])
        rest = re.sub(rf"(?<![^\W_]){codes[0]}(?![^\W_])", ",", cell)
        parts = [part for part in _APART.split(rest) if folded(part)]
        return codes[0] if all(self._is_surely_of(part, meant) for part in parts) else ""

    def _is_known(self, cell: str) -> bool:
        """Say whether a cell names a place that the tables know."""
        code, name = self.read(cell)
        return bool(self._atlas.candidates(code) or (name and self._atlas.named(name)))

    def _is_two(self, cell: str, code: str) -> bool:
        """Say whether another place stands beside a code: ``Mogadishu (NBO)``, ``NBO via Harare``."""
        meant = self._atlas.candidates(code)
        if not meant or folded(cell) == folded(code):  # MAN is Manchester, and Man is a town
            return False
        whole = cell.replace(f"({code})", " ").strip()
        if set(self._atlas.named(whole)) & set(meant):
            return False
        return not all(self._may_be_of(part, meant) for part in _APART.split(cell))

    def _may_be_of(self, words: str, meant: Sequence[Airport]) -> bool:
        """Say whether words may go with some airports: they name one of them, its country, or no place."""
        named = {*self._atlas.named(words), *(self._atlas.candidates(words) if words.isupper() else ())}
        return not named or self._is_surely_of(words, meant)

    def _is_surely_of(self, words: str, meant: Sequence[Airport]) -> bool:
        """Say whether words name one of some airports, its city or country, or a terminal."""
        named = {*self._atlas.named(words), *(self._atlas.candidates(words) if words.isupper() else ())}
        cities = {airport.city_code or airport.code for airport in meant}
        countries = {
            folded(name) for airport in meant for name in (*airport.country.names, airport.country.code)
        }
        return (
            folded(words) in countries
            or bool(_TERMINAL.fullmatch(folded(words)))
            or any(each in meant or (each.city_code or each.code) in cities for each in named)
        )
