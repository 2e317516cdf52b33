"""Codes, numbers and names of carriers, as the fields of an interface write them."""

from collections.abc import Iterator

from travelrisk.domain.codes import bare_number, flight_number, folded
from travelrisk.intake.partners.place import Place
from travelrisk.intake.partners.source import Carried, Paths


def bare(number: str) -> str:
    """Return a flight number for comparing: without zeros in front, and without the carrier."""
    whole = None if bare_number(number) else flight_number(number)
    return whole.number + whole.suffix if whole else bare_number(number) or number


def carrier_at(place: Place, carried: Carried) -> tuple[str, str, str]:
    """Return code, number and name; a number with the code in front gives both."""
    written = place.text(carried.number)
    designator = flight_number(written) if bare_number(written) is None else None
    number = designator.number + designator.suffix if designator else bare_number(written) or written
    code = place.text(carried.code).upper() or (designator.carrier if designator else "")
    return code, number, place.text(carried.name)


def others_at(place: Place, paths: Paths) -> Iterator[str]:
    """Yield what later fields say otherwise than the first; a name may be longer, a number have zeros."""
    said = [text for path in paths for text in place.all((path,))]
    first = folded(bare(said[0])) if said else ""
    for other in said[1:]:
        again = folded(bare(other))
        if first not in again and again not in first:
            yield other
