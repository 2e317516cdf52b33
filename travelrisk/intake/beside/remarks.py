"""What stands beside a flight without a word that explains it: ``LH590 FRA-NBO (JM)``, ``Stops: 1``, ``UC1``.

The code or the name of a carrier may be the operator's. It is not taken for it, since no word says so, and it
is not passed over either. What the flight itself explains is none: its carriers, countries and places.
"""

import re
from collections.abc import Iterator, Sequence

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import bare_number
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.places import Airport, Atlas
from travelrisk.intake.beside.accounted import accounted
from travelrisk.intake.beside.mentions import Mentions
from travelrisk.intake.words import words

_PROSE_WORDS = 6
_IATA = 2
_LONGEST = 160
_MARKED = re.compile(r"[(\[{*][ ]?(?P<code>[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ ]?[)\]}*]")
_BARE = re.compile(r"(?<![\w.@'&-])(?P<code>[A-Z]{2})(?![\w.@'&-]|[ ]?[0-9])")
_SMALL = re.compile(r"(?<![^\W_])[^\W\d_A-ZÀ-Þ][^\W\d_]+")
_BESIDE = re.compile(r"(?:[0-9]|\b[A-Z]{3})[ ]?\Z")
_BEHIND_A_NAME = re.compile(r"[^\W\d_A-ZÀ-Þ]\w*[ ]?[,/-]?[ ]?\Z")
_STATE = re.compile(
    r"\b(?:status|statut|estado|class|classe|clase|cabin\w*|rbd|fare|tarif\w*|tarifa)\W{0,3}\Z", re.IGNORECASE
)
_LED = re.compile(
    r"(?<!\w)(?i:opb|opr?|oper|o/b|metal|fly|flies|dba|d/b/a|by|with|par|avec|por|con|mit|von|operator|operating|carrier"
    r"|airline|exploitant|transporteur|compagnie|operador|compa[ñn][íi]a|aerol[íi]nea|betreiber"
    r"|fluggesellschaft)[.:]?[ ]?[:-]?[ ]?(?P<code>[A-Z][A-Z0-9]|[0-9][A-Z])(?![\w']|[ ]?[0-9])"
)
_VALUE = re.compile(r"^[^\w\n]*[^\W\d][^:\n]{1,30}:[^\w\n]*(?P<code>[A-Z][A-Z0-9]|[0-9][A-Z])[^\w\n]*$")
_OWNER = re.compile(r"(?<![\w.@'&-])(?P<code>[A-Z]{2})[ ](?i:metal|aircraft|airplane|plane|crew)\b")
"""All that a label leads to, or whose aircraft it is."""
_PERSONAL = re.compile(
    r"\b(?:lang\w*|idioma|countr\w*|pays|pa[íi]s|national\w*|card|payment|paiement|pago|meal|repas|comida|ssr"
    r"|title|grade|region|office|initials|ref\w*)\b",
    re.IGNORECASE,
)
"""Labels of what has codes of two letters as well: languages, countries, cards, meals, grades."""
_NOT_HELD = re.compile(
    r"(?<!\w)(?:UC|UN|US|NO|HX|XX|XL|XK|WK|HL|LL|UU|WL|NN|PN|TK|TN|TL)[0-9](?!\w)|(?<![\w/])XX(?![\w/])"
    r"|\b(?i:status|statut|estado)\b[ ]?:?[ ]?(?:UC|UN|US|NO|HX|XX|XL|XK|WK|HL|LL|UU|WL|NN|PN|TK|TN|TL)(?!\w)"
)
"""States that say that a seat is refused, waited for, or was moved to another time."""
_STOPS = re.compile(
    r"\b(?:(?:stops?|escales?|escalas?|arr[eê]ts?|paradas?|stopps?|zwischenstopps?)[ ]?:?[ ]?[1-9](?![\w:])"
    r"|[1-9][ ](?:stops?|escales?|escalas?|arr[eê]ts?|paradas?|stopps?|zwischenstopps?))(?!\w)",
    re.IGNORECASE,
)
_LOYALTY = re.compile(
    r"frequent|miles|loyalty|member|fid[eé]li|fidelidad|frecuente|vielflieger", re.IGNORECASE
)
_SITE = re.compile(r"\b(?:www\.)?([a-z-]{3,30})\.(?:com|aero|net|org|co|[a-z]{2})(?!\w)")
_NAME = r"(?<!\w)[^\W\d_a-z]\w*(?:[ ][^\W\d_a-z]\w*){0,4}[ ]?"
"""Up to five words with a capital; each begins where a word does, or a long one is tried at every letter."""
_NO_CARRIERS = frozenset({"HK", "OK", "AM", "PM", "LT", "PC", "KG"})
"""States of a reservation, times of day and pieces of baggage, which stand on the line of every flight."""
_FEDERAL = frozenset({"US", "CA", "AU", "BR"})
"""Countries whose places are written with a state: Chicago, IL."""


class Remarks:
    """Finds codes of carriers on the lines of some flights, with the tables that know them."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book
        self._mentions = Mentions(atlas, book)

    def among(
        self, text: str, flights: Sequence[DraftSegment], *, is_about_them: bool = False
    ) -> Iterator[str]:
        """Yield the lines beside some flights that say more than those, and no word says what.

        Args:
            text: in which they stand.
            flights: that were read.
            is_about_them: every line is about them, also those in which none stands: a title, an event.
        """
        everywhere = flights if is_about_them else ()
        beside: Sequence[DraftSegment] = everywhere
        for line in text.split("\n"):
            named = [flight for flight in flights if is_named(line, flight)]
            beside = named or (beside if line.strip() else everywhere)
            if beside and self._says_more(line, beside, is_named=bool(named), is_only=len(flights) == 1):
                yield " ".join(line.split()).strip("> *_")[:_LONGEST]

    def _says_more(
        self, line: str, flights: Sequence[DraftSegment], *, is_named: bool, is_only: bool
    ) -> bool:
        is_prose = len(_SMALL.findall(line)) >= _PROSE_WORDS
        if any(
            self._is_remark(match, flights) for match in _codes(line, is_named=is_named, is_prose=is_prose)
        ):
            return True
        if is_prose or _LOYALTY.search(line):
            return False
        is_stop = (is_named or is_only) and _STOPS.search(line) and not any(each.stops for each in flights)
        return bool(is_stop) or bool(_NOT_HELD.search(line)) or self._has_other_name(line, flights)

    def _has_other_name(self, line: str, flights: Sequence[DraftSegment]) -> bool:
        known = accounted(flights, self._atlas, self._book)
        own = "|".join(re.escape(flight.marketing_code) for flight in flights if flight.marketing_code)
        bare = re.sub(rf"{_NAME}\((?:{own})\)", " ", line) if own else line
        written = _SITE.sub(lambda match: match[1].capitalize(), bare)
        return self._mentions.other_carrier(written, known, travels=True)

    def _is_remark(self, match: re.Match[str], flights: Sequence[DraftSegment]) -> bool:
        code, before = match["code"], match.string[: match.start()]
        if (
            code in _NO_CARRIERS
            or _STATE.search(before)
            or self._is_word(code, is_marked=match.re is not _BARE)
        ):
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


def is_named(line: str, flight: DraftSegment) -> bool:
    """Say whether a line names a flight: its number, or both its ends."""
    number = bare_number(flight.marketing_number)
    if number and re.search(rf"(?<!\w){re.escape(flight.marketing_code)}[ -]?0*{number}(?!\d)", line):
        return True
    return bool(flight.origin and flight.destination) and all(
        re.search(rf"(?<![A-Z]){re.escape(code)}(?![A-Z])", line)
        for code in (flight.origin, flight.destination)
    )


def _codes(line: str, *, is_named: bool, is_prose: bool) -> Iterator[re.Match[str]]:
    """Find what is written like a code; in prose only where it stands right behind a number or an airport."""
    for match in _MARKED.finditer(line):
        if not is_prose or (is_named and _BESIDE.search(line[: match.start()])):
            yield match
    if not is_prose:
        yield from _LED.finditer(line)
        if not _PERSONAL.search(line):
            yield from _VALUE.finditer(line)
            yield from _OWNER.finditer(line)
    if is_named and not is_prose:
        yield from _BARE.finditer(line)
