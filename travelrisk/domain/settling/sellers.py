"""The marketing carrier: by its code as of the day of travel, by its name, and where the two disagree."""

from datetime import date
from typing import NamedTuple

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import carrier_code, flight_number, folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Marketing, Severity
from travelrisk.domain.operators import read_flight
from travelrisk.domain.settling.asking import Asked, ask, carrier_choice

# Words that tell no carrier from another; EXPRESS, REGIONAL or CARGO would, and are not among them.
_COMMON_WORDS = frozenset(
    (  # noqa: SIM905 - thirty quoted words read worse
        "air airline airlines airways aviation company group line lineas lines linhas and de del et la le "
        "les of the y ag co gmbh inc limited llc ltd plc pvt pty sa spa"
    ).split()
)


class Seller(NamedTuple):
    """The marketing carrier, and the carriers that a name beside its code means if they are others.

    Systems write the operator's name beside the seller's code, so *others* are taken for the operator.
    """

    marketing: Marketing
    others: tuple[Carrier, ...] = ()


def settle_seller(draft: DraftSegment, day: date, book: CarrierBook, asked: Asked) -> Seller:
    """Find who sells the seat as of *day*."""
    code, number, _ = read_flight(draft.marketing_code, draft.marketing_number)
    name = draft.marketing_name.strip()
    if code and not carrier_code(code) and not name:
        code, name = "", code  # a name in the field for the code
    coded, named = _coded(code, number, day, book), book.named(name, day)
    others: tuple[Carrier, ...] = ()
    if coded and name:
        coded, others = _confronted(coded, named, name, asked)
    found = coded if code else named
    if len(found) == 1:
        carrier = found[0]
        name = carrier.name if others else name or carrier.name
        return Seller(Marketing(code or carrier.code, number, name, carrier), others)
    if code or name:  # without any seller it depends on the operator what is asked
        _ask_who((code, number, name), found or named, (day, book), asked)
    return Seller(Marketing(code, number, name, None, found or named), others)


def is_called_like(name: str, carrier: Carrier) -> bool:
    """Say whether every telling word of *name* belongs to the carrier: ``Ethiopian Airlines Group``.

    A word too many tells another one: ``United Express`` is not United.
    """
    known = (*carrier.former_names, carrier.name, carrier.iata, carrier.icao)
    own = {word for each in known for word in folded(each).split()}
    telling = {word for word in folded(name).split() if len(word) > 1} - _COMMON_WORDS
    return bool(telling) and telling <= own


def _coded(code: str, number: str, day: date, book: CarrierBook) -> tuple[Carrier, ...]:
    """Return who bears the code, and who bears the code that the number may hold (``AF`` and ``KL 1234``)."""
    other = flight_number(number)
    found = book.find(code, day) if code else ()
    also = book.find(other.carrier, day) if other and found else ()
    return tuple(dict.fromkeys((*found, *also)))


def _confronted(
    coded: tuple[Carrier, ...], named: tuple[Carrier, ...], name: str, asked: Asked
) -> tuple[tuple[Carrier, ...], tuple[Carrier, ...]]:
    """Hold the name against the code: it may choose among holders, be unheard of, or be another carrier's."""
    agreed = tuple(each for each in coded if each in named)
    if agreed:
        return agreed, ()
    if named:
        return coded, named
    if not any(is_called_like(name, each) for each in coded):
        ask(asked, Severity.ASK, "carrier_name", name, map(carrier_choice, coded))
    return coded, ()


def _ask_who(
    written: tuple[str, str, str], found: tuple[Carrier, ...], when: tuple[date, CarrierBook], asked: Asked
) -> None:
    code, text = written[0], " ".join(written)
    day, book = when
    if code and not book.find(code, day):
        holders = book.ever(code)
        known = "carrier_defunct" if holders else "carrier_unknown"
        ask(asked, Severity.BLOCK, known, text, map(carrier_choice, holders or found))
    elif found:
        ask(asked, Severity.ASK, "carrier_ambiguous", text, map(carrier_choice, found))
    else:
        ask(asked, Severity.BLOCK, "carrier_unknown", text)
