"""Cells of a table that name a carrier and its flight: ``LH``, ``LH - Lufthansa``, ``LH 590 Y``."""

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import bare_number, carrier_code, flight_number
from travelrisk.domain.operators import read_operator

_CARRIER_AND_NAME = re.compile(
    r"(?P<first>[A-Z0-9]{2,3})[ ]*[-/:,][ ]*(?P<after>[^\W\d].*)"
    r"|(?P<before>[^\W\d](?:.*?[^ ])??)(?:[ ]*[-/:,(\[][ ]*|[ ]+)(?P<last>[A-Z0-9]{2,3})(?:/[A-Z]{3})?[)\]]?"
)
_WHOLE = re.compile(r"(?<=[0-9])[.,]0+\Z")
"""A number that a spreadsheet has counted with: 707.0."""
_SHARED = re.compile(
    r"(?P<carrier>[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[*][ ]?(?P<number>[0-9]{1,4}[A-Z]?)", re.IGNORECASE
)
_ANOTHER = "code-share"
_CLASS_AFTER = re.compile(r"(?<=[0-9])[ ][A-Z]\Z")


class Flight(NamedTuple):
    """A carrier's code and number, or its name."""

    code: str = ""
    number: str = ""
    name: str = ""


class CarrierCells:
    """Reads them with the table that knows carriers."""

    def __init__(self, book: CarrierBook) -> None:
        self._book = book
        self.sold = lru_cache(maxsize=4096)(self._sold)  # the rows of a table repeat a few flights
        self.flown = lru_cache(maxsize=4096)(self._flown)

    def _sold(self, carrier: str, flight: str) -> Flight:
        """Return the flight that is sold, from the cells of its carrier and its number."""
        shared = _SHARED.fullmatch(flight)
        written = f"{shared['carrier']}{shared['number']}" if shared else _WHOLE.sub("", flight)
        return _flight(self._code_of(carrier), written)

    def _flown(self, said: str, code: str, flight: str, sold: str = "") -> Flight:
        """Return the flight that is flown; a name and a code that disagree are both kept.

        Flight logs mark a code-share with an asterisk, ``SL*1508``: somebody else flies, and nobody says who.
        """
        if _SHARED.fullmatch(sold) and not (said or code or flight):
            return Flight(name=_ANOTHER)
        flown = _flight(code or said, flight)
        unnamed = next((each for each in (code, said) if each and read_operator(each).is_unknown), "")
        if unnamed:
            return Flight(name=unnamed)
        if not code or carrier_code(said) == flown.code:
            return flown
        return flown._replace(name=" / ".join(dict.fromkeys(filter(None, (said, flown.name)))))

    def _code_of(self, cell: str) -> str:
        """Return the code of ``LH - Lufthansa`` if code and name are of one carrier, else the cell."""
        match = _CARRIER_AND_NAME.fullmatch(cell)
        if match is None:
            return cell
        code, name = match["first"] or match["last"], match["after"] or match["before"]
        named = self._book.named(name, date.max)
        return code if set(named) & set(self._book.ever(code)) else cell


def _flight(carrier: str, flight: str) -> Flight:
    """Take carrier and number from two cells, or both from the second; a cell that is no code is a name."""
    code = None if read_operator(carrier).is_unknown else carrier_code(carrier)  # TBA is Tibet Airlines
    classless = _CLASS_AFTER.sub("", flight)
    flight = classless if flight_number(classless) or bare_number(classless) else flight
    designator = flight_number(flight) if bare_number(flight) is None else None
    if designator and (code is None or designator.carrier == code):
        return Flight(designator.carrier, designator.number + designator.suffix, "" if code else carrier)
    return Flight(code or "", bare_number(flight) or flight, "" if code else carrier)
