"""Who is named in a node of structured data: the seller of a flight, and who flies it."""

import re
from typing import NamedTuple

from travelrisk.domain.codes import FlightNumber
from travelrisk.intake.decoding import plain_text
from travelrisk.intake.pages.webpages import Node
from travelrisk.intake.words import words

_OPERATED = re.compile(
    rf"^(?P<seller>.*?)[ ,(/-]*\b(?:{words.any_of(words.OPERATED_BY)}|operador|operator)\b[ ]?:?[ ]*"
    r"(?P<operator>.+?)\)?$",
    re.IGNORECASE,
)
_LONGEST = 200


def text_of(value: object) -> str:
    """Return a value as one line of plain text; numbers as written, anything else as nothing."""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(plain_text(str(value)).split())[:_LONGEST]


def listed(value: object) -> list[object]:
    """Return a value as a list, as which schema.org may write any."""
    return value if isinstance(value, list) else [value] if value is not None else []


class Party(NamedTuple):
    """A carrier, or whoever else is named: code and name, each empty where there is none."""

    code: str = ""
    name: str = ""


def party_of(value: object) -> Party:
    """Return who is named, by an object or in words; the first where there are several."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        return Party(text_of(value.get("iataCode")).upper(), text_of(value.get("name")))
    return Party(name=text_of(value))


def seller_of(flight: Node, designator: FlightNumber | None) -> Party:
    """Return whose number it is: that of `airline`, else of the number itself, else of the older fields.

    Who only provides the flight sells it under that number; that it flies it too is not said.
    """
    airline = party_of(flight.get("airline"))
    if any(airline):
        return airline
    if designator:
        return Party(designator.carrier)
    named = (party_of(flight.get(name)) for name in ("provider", "carrier"))
    return next((each for each in named if any(each)), airline)


def operators_of(value: object) -> Party:
    """Return who flies; where several are named nobody decides between them, so all their names are kept."""
    parties = {party.code or party.name: party for party in map(party_of, listed(value)) if any(party)}
    if len(parties) <= 1:
        return next(iter(parties.values()), Party())
    return Party(name=" / ".join(party.name or party.code for party in parties.values()))


def operating_of(flight: Node, airline: Party) -> Party:
    """Return the operator: `operatedBy`, or an older field where it differs from the airline.

    Many senders fill `provider` and `carrier` with the airline itself; that is no statement about who flies.
    """
    stated = operators_of(flight.get("operatedBy"))
    for name in ("provider", "carrier"):
        party = operators_of(flight.get(name))
        if not any(party) or not any(airline) or _is_same(party, airline):
            continue
        if not any(stated):
            return party
        if not _is_same(party, stated):
            return operators_of([flight.get("operatedBy"), flight.get(name)])
    return stated


def _is_same(one: Party, other: Party) -> bool:
    return one.code == other.code if one.code and other.code else one.name == other.name


def split_operator(name: str) -> tuple[str, str]:
    """Return the seller's and the operator's name: "OPERADOR X" stands in for some airlines."""
    match = _OPERATED.match(name)
    return (match["seller"].strip(), match["operator"].strip()) if match else (name, "")
