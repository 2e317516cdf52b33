"""The words after "operated by", taken apart: who flies, under which brand, with which code and number.

Only the text is read here; who bears the name is found in the CarrierBook when an itinerary is settled.
"""

import re
from typing import NamedTuple

from travelrisk.domain.codes import FlightNumber, bare_number, carrier_code, flight_number, folded
from travelrisk.domain.itineraries import Basis


class OperatorText(NamedTuple):
    """What the words say.

    Attributes:
        name: the operator's name; empty where only a code is given.
        brand: the name it flies under (``A DBA B`` -> B).
        code, number: where the words hold a code or a whole flight designator.
        is_unknown: another operator is said to exist, but not which.
        basis: how the words put it: ``dba`` or ``stated``; ``unknown`` where they name nobody.
    """

    name: str = ""
    brand: str = ""
    code: str = ""
    number: str = ""
    is_unknown: bool = False
    basis: Basis = Basis.UNKNOWN


_LABEL = re.compile(
    r"(?:(?:operated by|(?:op[ée]r|exploit|effectu)[ée] par|operad[oa] por|durchgef[üu]hrt von)[ :/-]*)+",
    re.IGNORECASE,
)
_LEG = re.compile(r" [A-Z]{3}-[A-Z]{3}$")  # Apollo ends the line with the leg it holds for
_BRAND = re.compile(
    r"(?P<name>\S.*?) (?:"
    r"d[./]?b[./]?a\b\.?(?: (?P<dba>\S.*))?"  # reservation systems cut lines, sometimes just after DBA
    r"|(?:as|for|on behalf of|doing business as|trading as"
    r"|pour (?:le )?compte de|au nom de|en nombre de|por cuenta de"
    r"|im auftrag von|em nome de) (?P<brand>\S.*))",
    re.IGNORECASE,
)
_NAME_AND_FLIGHT = re.compile(  # without brackets only with a number: "..., SA" and "..., INC" are no codes
    r"(?P<name>\S.*?)(?:, ?(?P<code>[A-Z0-9]{2,3})[ -]?(?P<number>[0-9]{1,4}[A-Z]?)"
    r"| ?\((?P<code_alone>[A-Z0-9]{2,3})(?:[ -]?(?P<number_too>[0-9]{1,4}[A-Z]?))?\))",
    re.ASCII,
)
_UNNAMED = frozenset(
    folded(text)
    for text in (
        "subsidiary/franchise",
        "code share",
        "codeshare",
        "subsidiary",
        "franchise",
        "undefined",
        "unknown",
        "n/a",
        "tba",
        "tbd",
        "tbc",
        "to be advised",
        "to be announced",
        "to be confirmed",
        "other",
        "another airline",
        "another carrier",
        "other airline",
        "other carrier",
        "partner",
        "partner airline",
        "a partner airline",
        "codeshare",
        "code share",
        "codeshare partner",
        "code share partner",
        "yes",
        "true",
        "inconnu",
        "autre compagnie",
        "une autre compagnie",
        "compagnie partenaire",
        "desconocido",
        "otra compañía",
        "otra aerolínea",
        "compañía asociada",
    )
)


def read_operator(text: str) -> OperatorText:
    """Take an operator's words apart; words that name nobody come back as ``is_unknown``."""
    words = _bare(text)
    if not folded(words):
        return OperatorText(is_unknown=bool(text.strip()))
    if folded(words) in _UNNAMED:
        return OperatorText(words, is_unknown=True)
    branded = _BRAND.fullmatch(words)
    if branded and folded(branded["name"]) not in _UNNAMED:
        brand = branded["dba"] or branded["brand"] or ""
        return _named(branded["name"])._replace(brand=brand, basis=Basis.DBA)
    return _named(words)


def read_flight(code: str, number: str) -> FlightNumber:
    """Return code and number (with its suffix letter), also where one field holds the whole designator.

    What is no code or number is kept as written, so that it can be shown and asked about.
    """
    whole = flight_number(number) if number.strip() else flight_number(code)
    if whole and (not number.strip() or (carrier_code(code) or code.strip()) in {"", whole.carrier}):
        return FlightNumber(whole.carrier, whole.number + whole.suffix)
    return FlightNumber(carrier_code(code) or code.strip(), bare_number(number) or number.strip())


def _bare(text: str) -> str:
    words = " ".join(text.split()).lstrip("/-: ")
    if label := _LABEL.match(words):
        words = words[label.end() :]
    return _LEG.sub("", words.strip("/-:* ")).strip()


def _named(words: str) -> OperatorText:
    if whole := flight_number(words):
        return OperatorText("", "", whole.carrier, whole.number + whole.suffix, basis=Basis.STATED)
    match = _NAME_AND_FLIGHT.fullmatch(words)
    code = carrier_code(match["code"] or match["code_alone"]) if match else None
    if match is None or code is None:
        return OperatorText(words, basis=Basis.STATED)
    number = bare_number(match["number"] or match["number_too"] or "") or ""
    return OperatorText(match["name"], "", code, number, basis=Basis.STATED)
