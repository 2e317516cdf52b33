"""Codes of carriers, airports, countries and flights: normalised, and checked character by character.

Look-alike letters of other alphabets are not codes: after NFKC only ASCII letters and digits count, so that a
Cyrillic A in ``AF`` makes it unknown and never the closest match.
"""

import re
import unicodedata
from typing import NamedTuple

_CARRIER_IATA = re.compile(r"[A-Z][A-Z0-9]|[0-9][A-Z]", re.ASCII)
_CARRIER_ICAO = re.compile(r"[A-Z]{3}", re.ASCII)
_AIRPORT_IATA = re.compile(r"[A-Z]{3}", re.ASCII)
_AIRPORT_ICAO = re.compile(r"[A-Z][A-Z0-9]{3}", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_FLIGHT = re.compile(r"([A-Z]{3}|[A-Z][A-Z0-9]|[0-9][A-Z])[ -]?0*([0-9]{1,4})([A-Z]?)", re.ASCII)
_NUMBER = re.compile(r"0*([0-9]{1,4})([A-Z]?)", re.ASCII)
_LONGEST = 64  # of the text around a code, blanks included


class FlightNumber(NamedTuple):
    """A flight designator taken apart: carrier code, digits without leading zeros, suffix or nothing."""

    carrier: str
    number: str
    suffix: str = ""


_APOSTROPHES = "'\u2019\u02bc`\u00b4"
_UNDECOMPOSED = str.maketrans(  # letters that NFKD leaves alone, as tickets write them; an apostrophe joins
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
    | dict.fromkeys(_APOSTROPHES)
)
_ASCII: dict[int, str | None] = {
    number: chr(number).lower() if chr(number).isalnum() else " " for number in range(128)
}
_ASCII |= dict.fromkeys(map(ord, "'`"))


def plain(text: str) -> str:
    """Return *text* in NFKC, stripped and in upper case; full-width letters become plain ones."""
    return unicodedata.normalize("NFKC", text).strip().upper()


def folded(text: str) -> str:
    """Return *text* for comparing names: no accents, no case, single blanks, letters and digits."""
    if text.isascii():  # the same in one step, as most words of a long mail are
        return " ".join(text.translate(_ASCII).split())
    bare = unicodedata.normalize("NFKD", text).casefold().translate(_UNDECOMPOSED)
    kept = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return " ".join(kept.split())


def _short(text: str) -> str:
    """Return *text* plainly written, or nothing where it is too long for a code or holds other letters.

    Looked at before the case is changed: the upper case of a dotless i, and of a sharp s, is plain ASCII.
    """
    if len(text) > _LONGEST:
        return ""
    if text.isascii():  # as nearly all are: nothing to normalise
        return text.strip().upper()
    written = unicodedata.normalize("NFKC", text.strip())
    return written.strip().upper() if written.isascii() else ""


def carrier_code(text: str) -> str | None:
    """Return an IATA (``ET``, ``3U``) or ICAO (``ETH``) carrier code, or None if *text* is neither."""
    code = _short(text)
    return code if _CARRIER_IATA.fullmatch(code) or _CARRIER_ICAO.fullmatch(code) else None


def airport_code(text: str) -> str | None:
    """Return an IATA (``ADD``) or ICAO (``HAAB``) airport code, or None if *text* is neither."""
    code = _short(text)
    return code if _AIRPORT_IATA.fullmatch(code) or _AIRPORT_ICAO.fullmatch(code) else None


def country_code(text: str) -> str | None:
    """Return an ISO 3166-1 alpha-2 code in upper case, or None."""
    code = _short(text)
    return code if _COUNTRY.fullmatch(code) else None


def flight_number(text: str) -> FlightNumber | None:
    """Take ``ET0707``, ``ET 707A`` or ``ETH707`` apart; None if it is no flight designator."""
    match = _FLIGHT.fullmatch(_short(text))
    return FlightNumber(*match.groups()) if match and match[2] != "0" else None


def bare_number(text: str) -> str | None:
    """Return ``707`` for ``0707`` and ``707A`` for ``707a``; None if *text* is no flight number."""
    match = _NUMBER.fullmatch(_short(text))
    return match[1] + match[2] if match and match[1] != "0" else None
