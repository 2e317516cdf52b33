"""Codes of carriers beside a flight that no word explains: ``LH590 FRA-NBO (JM)``, ``LH590 FRA NBO JM``.

Such a code may be the operator's. It is not taken for it, since no word says so, and it is not passed over
either. What the flight itself explains is none: its carriers, its countries, and the state of a reservation.
"""

import re
from collections.abc import Iterator, Sequence

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import bare_number
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.places import Airport, Atlas
from travelrisk.intake import words
from travelrisk.intake.accounted import accounted

_PROSE_WORDS = 6
_IATA = 2
_LONGEST = 160
_MARKED = re.compile(r"[(\[{*][ ]?(?P<code>[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ ]?[)\]}*]")
_BARE = re.compile(r"(?<![\w.@'&-])(?<![0-9][ ])(?P<code>[A-Z]{2})(?![\w.@'&-]|[ ]?[0-9])")
_SMALL = re.compile(r"(?<![^\W_])[^\W\d_A-ZÀ-Þ][^\W\d_]+")
_BESIDE = re.compile(r"(?:[0-9]|\b[A-Z]{3})[ ]?\Z")
_BEHIND_A_NAME = re.compile(r"[^\W\d_A-ZÀ-Þ]\w*[ ]?[,/-]?[ ]?\Z")
_STATE = re.compile(
    r"\b(?:status|statut|estado|class|classe|clase|cabin\w*|rbd|fare|tarif\w*|tarifa)\W{0,3}\Z", re.IGNORECASE
)
_STATES = frozenset({"HK", "OK", "AM", "PM"})
_FEDERAL = frozenset({"US", "CA", "AU", "BR"})
"""Countries whose places are written with a state: Chicago, IL."""


class Remarks:
    """Finds codes of carriers on the lines of some flights, with the tables that know them."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book

    def among(self, text: str, flights: Sequence[DraftSegment]) -> Iterator[str]:
        """Yield the lines in which a carrier stands that is none of their flights', and no word says why."""
        beside: list[DraftSegment] = []
        for line in text.split("\n"):
            named = [flight for flight in flights if _names(line, flight)]
            beside = named or (beside if line.strip() else [])
            if beside and any(self._is_remark(match, beside) for match in _codes(line, is_named=bool(named))):
                yield " ".join(line.split())[:_LONGEST]

    def _is_remark(self, match: re.Match[str], flights: Sequence[DraftSegment]) -> bool:
        code, before = match["code"], match.string[: match.start()]
        if code in _STATES or _STATE.search(before) or self._is_word(code, is_marked=match.re is _MARKED):
            return False
        known = accounted(flights, self._atlas, self._book)
        if known.has_carrier(self._book.ever(code)) or known.has_operator(code):
            return False
        countries = {airport.country.code for flight in flights for airport in self._ends(flight)}
        is_of_place = code in countries or not countries.isdisjoint(_FEDERAL)
        return not (is_of_place and _BEHIND_A_NAME.search(before))

    def _is_word(self, code: str, *, is_marked: bool) -> bool:
        """Say whether a code is no carrier's, or is a word or an airport rather than one."""
        word = code.lower()
        if not self._book.knows(code) or (word in words.ORDINARY_PAIRS and not is_marked):
            return True
        is_short = len(code) == _IATA
        is_other = word in words.LITTLE or word in words.INITIALS or word in words.NOT_A_CARRIER
        return not is_short and (is_other or bool(self._atlas.candidates(code)))

    def _ends(self, flight: DraftSegment) -> Iterator[Airport]:
        for code, name in (
            (flight.origin, flight.origin_name),
            (flight.destination, flight.destination_name),
        ):
            yield from self._atlas.candidates(code) or self._atlas.named(name)


def _names(line: str, flight: DraftSegment) -> bool:
    """Say whether a line names a flight: its number, or both its ends."""
    number = bare_number(flight.marketing_number)
    if number and re.search(rf"(?<!\w){re.escape(flight.marketing_code)}[ -]?0*{number}(?!\d)", line):
        return True
    return bool(flight.origin and flight.destination) and all(
        re.search(rf"(?<![A-Z]){code}(?![A-Z])", line) for code in (flight.origin, flight.destination)
    )


def _codes(line: str, *, is_named: bool) -> Iterator[re.Match[str]]:
    """Find what is written like a code; in prose only where it stands right behind a number or an airport."""
    is_prose = len(_SMALL.findall(line)) >= _PROSE_WORDS
    for match in _MARKED.finditer(line):
        if not is_prose or (is_named and _BESIDE.search(line[: match.start()])):
            yield match
    if is_named and not is_prose:
        yield from _BARE.finditer(line)
