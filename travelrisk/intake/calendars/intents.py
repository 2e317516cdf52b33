"""Events that are no flight anybody can read, and may be one all the same: ``Ethiopian to Goma``.

An event of a whole day mostly says where somebody will be, which is no flight. What its title says of flying,
and a carrier or the number of a flight anywhere in it, must not be passed over.
"""

import re
from collections.abc import Iterator
from datetime import date

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import flight_number
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import carriers_called

FLYING = re.compile(
    r"✈|🛫|🛬|\b(?:flights?|vols?|vuelos?|fl[uü]ge?|fly|flying|flies|planes?|avion|avi[oó]n|charters?)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?<![\w-])(?:[A-Z][A-Z0-9]|[0-9][A-Z])(?:[ ]?[0-9]{3,4}|[0-9]{2})[A-Z]?(?![\w-])")
_CODED = re.compile(
    r"(?<![\w-])(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])[ ]"
    r"(?:(?:to|vers|pour|a|à|para|nach|-+>?|→)[ ]?(?P<place>[^\W\d_][\w' -]{2,30})|(?P<code>[A-Z]{3})\b)"
)
_ORDINARY = re.compile(
    r"\b(?:meet\w*|calls?|workshop|training|conference|seminar|webinar|hotel|lodging|check-?in|lunch|dinner"
    r"|breakfast|office|embassy|consulate|delegation|minist\w+|holidays?|christmas|easter|new year|day"
    r"|festival|birthday|leave|planning|visa|review|interview|restaurant|school|reception|mission|visit|trip"
    r"|travel|r[eé]union|rendez-vous|appel|atelier|formation|conf[eé]rence|s[eé]minaire|h[oô]tel"
    r"|d[eé]jeuner|d[iî]ner|bureau|ambassade|d[eé]l[eé]gation|f[eê]te|f[eé]ri[eé]|jour|no[eë]l|p[aâ]ques"
    r"|anniversaire|cong[eé]s?|entretien|visite|voyage|reuni[oó]n|llamada|taller|formaci[oó]n|conferencia"
    r"|seminario|almuerzo|cena|desayuno|oficina|embajada|delegaci[oó]n|fiesta|feriado|festivo|d[ií]a|navidad"
    r"|pascua|cumplea[nñ]os|vacaciones|entrevista|misi[oó]n|visita|viaje)\b",
    re.IGNORECASE,
)
"""What an event is that shares a word with a carrier (Swiss National Day), or says where somebody will be."""
_MOVING = re.compile(
    r"(?:[ ](?:to|vers|hacia|para|nach)[ ]|[ ]?(?:-+>|→)[ ]?)(?P<place>[^\W\d_][\w' -]{2,30})"
)


def may_be_a_flight(title: str, text: str, day: date, atlas: Atlas, book: CarrierBook) -> bool:
    """Say whether an event of a whole day may be a flight.

    Args:
        title: summary and location.
        text: the title and whatever else the event says; prose, in which words for flying mean little.
        day: of the event.
        atlas: tells places.
        book: tells carriers.
    """
    if FLYING.search(title) or any(_numbered(text, book)) or sends_a_carrier(title, atlas, book):
        return True
    is_ordinary = _ORDINARY.search(title) is not None
    moves = (match["place"] for match in _MOVING.finditer(title))
    if not is_ordinary and any(_is_place(place, atlas) for place in moves):
        return True  # MONUSCO to Bunia: the operator may be one that no table knows
    if any(" " in name or not is_ordinary for name in carriers_called(title, day, book)):
        return True
    return any(" " in name for name in carriers_called(text, day, book))


def sends_a_carrier(title: str, atlas: Atlas, book: CarrierBook) -> bool:
    """Say whether a title sends a carrier's code somewhere: ``ET to Goma``, ``KQ NBO``."""
    for line in title.split("\n"):
        for match in _CODED.finditer(line):
            place = match["code"] or match["place"]
            if book.knows(match["carrier"]) and _is_place(place, atlas):
                return True
    return False


def _is_place(written: str, atlas: Atlas) -> bool:
    words = written.split()
    starts = (" ".join(words[:length]) for length in range(1, len(words) + 1))
    return any(atlas.named(each) or (each.isupper() and atlas.candidates(each)) for each in starts)


def _numbered(text: str, book: CarrierBook) -> Iterator[bool]:
    """Yield True for each flight of a known carrier; whatever is written like one may be a room or a form."""
    for match in _NUMBERED.finditer(text):
        flight = flight_number(match[0])
        if flight and book.knows(flight.carrier):
            yield True
