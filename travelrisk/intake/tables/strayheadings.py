"""What headings say of cells that no column takes: that they are harmless, or may change a flight."""

import re
from functools import lru_cache
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.intake.words.headings import column_of

NOTHING = frozenset(
    {"", "0", "n", "no", "none", "non", "nil", "nein", "n a", "direct", "nonstop", "non stop", "false"}
)
"""Folded words for an empty cell: no stops, no return, no remarks. NA is a carrier; N/A is none."""

_NO_CARRIER = frozenset({"", "n a", "none"})  # NO is a carrier
_CARRIER_LIKE = re.compile(r"\b(?:oper\w*|carriers?|airlines?|flown|aerol\w*|compag\w*|compania\w*)")
_PERSONAL = {"locator", "trip", "traveller", "surname", "given", "email", "language"}  # change no flight
_FLIGHTLIKE = re.compile(
    r"\b(?:oper\w*|ausfuhr\w*|durchgefuhr\w*|carriers?|airlines?|flown|aerol\w*|compag\w*|compania\w*"
    r"|\w*gesellschaft|via|stop\w*|escal\w*|zwischen\w*|umst\w*|layover\w*|transit\w*|return\w*|retour\w*|regreso"
    r"|vuelta|ruckf\w*|ruckr\w*|legs?|segments?|segmentos?|tramos?|flights?|flt|vols?|vuelos?|flug\w*|connect\w*"
    r"|correspond\w*|conexion\w*|status|state|estado|estatus|statut|etat|remark\w*|remarques?|notes?|notas?"
    r"|comment\w*|comentario\w*|observ\w*|bemerk\w*|anmerk\w*|hinweis\w*"
    r"|stand ?by|option\w*|wait ?list\w*"
    r"|cancel+ed|cancel\w* date|annule\w*|cancelad\w*|storniert|void(?:ed)?|changed|modifie|cambiado|geandert"
    r"|rebook\w*|replac\w*|charter\w*|new|nouvel\w*|nouveau|nuev[oa]|neue[rs]?|revised"
    r"|onward\w*|divert\w*|transfer\w*|change of|codeshare|code share|lessor|leas(?:e|ed|ing)|aoc|metal"
    r"|(?:aircraft|plane) owner|owner of the (?:aircraft|plane)|proprietaire de l (?:avion|aeronef)"
    r"|propietario de(?:l avion| la aeronave))\b"
)
_HARMLESS = re.compile(
    r"\b(?:\w*class|classe|clase|\w*klasse|cabin\w*|fares?|tarif\w*|seats?|asiento|siege|meals?|baggage|luggage"
    r"|price|prix|precio|cost|amount|tax|taxes|currency|tickets?|billet|billete|miles|distance|duration|duree"
    r"|duracion|types?|aircraft|plane|ids?|oid|reason|equipment|department|dept|phone|mobile|tel\w*|terminal|gate|budget|project|fees?"
    r"|employee|staff|approv\w*|centre|center|fund|account|invoice|nationality|passport|visa|birth|hotel"
    r"|validating|plating|issuing|alliance)\b"
)
_NEVER_HARMLESS = re.compile(
    r"\b(?:oper\w*|via|stop\w*|layover\w*|status|remark\w*|notes?|comment\w*|lessor|leas(?:e|ed|ing)"
    r"|owner|proprietaire|propietario)\b"
)
_AIRCRAFT = re.compile(r"\b(?:aircraft|equipment|plane|avion|aeronef|aeronave)\b")
_REMARK = re.compile(r"\b(?:remark\w*|notes?|notas?|comment\w*|observ\w*|bemerk\w*|anmerk\w*|hinweis\w*)\b")
_OPERATOR_IF_CARRIER = frozenset({"op", "oc", "oa", "supplier"})  # an order number or an office as well
_COUNTING = re.compile(r"\b(?:legs?|segments?|segmentos?|tramos?)\b")
_OF_FLIGHT = re.compile(r"\b(?:\w*class|classe|clase|cabin\w*|fares?|seats?|aircraft|equipment|ids?|oid)\b")
_CODED = re.compile(
    r"\b(?:lang\w*|idioma|countr\w*|pays|pais|land|nation\w*|card|pay\w*|paiement|pago|curren\w*|title|grade"
    r"|regions?|office|oficina|bureau|initials|gender|state|province|unit|agen\w*)\b"
)
"""What has codes of two letters as well: countries, languages, cards, grades, offices."""
_HELD = frozenset(
    {"confirmed", "active", "valid", "booked", "held", "confirme", "actif", "valide", "confirmado"}
)


class Heading(NamedTuple):
    """What stands over a column, and what follows for a cell under it.

    Attributes:
        text: as it stands in the table.
        words: the same, folded.
        column: the column it stands for, or None.
        nothing: folded words that mean an empty cell here.
        is_personal: it tells who travels, and nothing of the flight.
        is_numbered_column: such as "Flight 2", which is a column once more.
        is_harmless, is_comfort, is_counting, is_flightlike, is_coded: what its words are about.
        is_of_aircraft, is_of_flight: what may name another carrier all the same.
        is_held: "confirmed", under which "no" says much.
        is_operator_if_carrier: an order number or an office as well.
    """

    text: str
    words: str
    column: str | None
    nothing: frozenset[str]
    is_personal: bool
    is_numbered_column: bool
    is_harmless: bool
    is_comfort: bool
    is_counting: bool
    is_flightlike: bool
    is_coded: bool
    is_of_aircraft: bool
    is_of_flight: bool
    is_held: bool
    is_operator_if_carrier: bool


@lru_cache(maxsize=1024)
def heading_of(text: str, column: str | None) -> Heading:
    """Return what a heading says, given the column that it stands for."""
    words = folded(text)
    unnumbered = re.sub(r"[0-9]+", " ", words)
    return Heading(
        text=text,
        words=words,
        column=column,
        nothing=_NO_CARRIER if _CARRIER_LIKE.search(words) else NOTHING,
        is_personal=column in _PERSONAL,
        is_numbered_column=unnumbered != words and column_of(unnumbered) not in {None, *_PERSONAL},
        is_harmless=bool(_HARMLESS.search(words)) and not _NEVER_HARMLESS.search(words),
        is_comfort=bool(_REMARK.search(words)),
        is_counting=bool(_COUNTING.search(words)),
        is_flightlike=bool(_FLIGHTLIKE.search(words)),
        is_coded=bool(_CODED.search(words)),
        is_of_aircraft=bool(_AIRCRAFT.search(words)),
        is_of_flight=bool(_OF_FLIGHT.search(words)),
        is_held=words in _HELD,
        is_operator_if_carrier=words in _OPERATOR_IF_CARRIER,
    )
