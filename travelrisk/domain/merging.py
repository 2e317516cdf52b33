"""The same booking, arrived again: does what arrives replace what is known?

Only a whole replacement counts. A second mail of the same booking may hold other flights of it; if that
replaced the first, a warning about the first flights would be withdrawn by an answer that never looked at
them.
"""

from dataclasses import replace

from travelrisk.domain.codes import folded, plain
from travelrisk.domain.itineraries import Itinerary


def replaces(arriving: Itinerary, known: Itinerary) -> bool:
    """Say whether *arriving* is a later state of the booking *known*.

    It must share a record locator, name the same travellers (unless one of them names none), and go wherever
    the known one goes; cancelled segments count, for they say what became of a flight.
    """
    if not _locators(arriving) & _locators(known):
        return False
    here, there = _people(arriving), _people(known)
    if here and there and here != there:
        return False
    return _pairs(known) <= _pairs(arriving)


def unplaced(itinerary: Itinerary) -> Itinerary:
    """Return what a booking says, without where and when it was read: two that agree are the same booking."""
    segments = tuple(replace(each, source="", part="", also=()) for each in itinerary.segments)
    return replace(itinerary, segments=segments, context_date=None)


def _locators(itinerary: Itinerary) -> frozenset[str]:
    return frozenset(plain(each.code) for each in itinerary.locators) - {""}


def _people(itinerary: Itinerary) -> frozenset[str]:
    """Return the names, whatever the order of their parts."""
    names = (" ".join(sorted(folded(each.raw_name).split())) for each in itinerary.travellers)
    return frozenset(names) - {""}


def _pairs(itinerary: Itinerary) -> frozenset[tuple[str, str]]:
    return frozenset((each.origin.code, each.destination.code) for each in itinerary.segments)
