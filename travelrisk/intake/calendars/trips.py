"""The flights of a calendar become trips: one for each record locator, and the others as far as they are one.

A calendar may hold a whole year. Flights without a locator are parted only where a traveller has come home
and leaves home again after a long time; where that is not sure they stay together, so that none is judged
without another that belongs to it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Locator
from travelrisk.domain.places import Atlas
from travelrisk.intake.merging.folding import fold

_LONG = timedelta(days=14)  # nobody waits so long at home within one trip


def trips_of(drafts: Iterable[Draft], atlas: Atlas) -> tuple[Draft, ...]:
    """Join the events of one booking: those with the same record locator, and those without any."""
    groups: dict[tuple[Locator, ...], Draft] = {}
    for draft in drafts:
        key = draft.locators[:1]
        folded = fold([groups[key]], [draft]) if key in groups else (draft,)
        segments = tuple(segment for each in folded for segment in each.segments)
        people = dict.fromkeys(person for each in folded for person in each.travellers)
        unread = dict.fromkeys(line for each in folded for line in each.unread)
        groups[key] = replace(folded[0], segments=segments, travellers=tuple(people), unread=tuple(unread))
    return tuple(trip for draft in groups.values() for trip in _parted(draft, atlas))


def _parted(draft: Draft, atlas: Atlas) -> Iterator[Draft]:
    """Yield the trips of a draft; what is unread may belong to any of them."""
    dated = [(day, segment) for segment in draft.segments if (day := _day(segment.departs))]
    if draft.locators or len(dated) < len(draft.segments):
        yield draft
        return
    dated.sort(key=lambda pair: pair[0])
    begins = 0
    for number in range(1, len(dated)):
        (before, last), (after, following) = dated[number - 1 : number + 1]
        home = _origin(dated[begins][1], atlas)
        is_home = home & _destination(last, atlas) & _origin(following, atlas)
        if is_home and after - before >= _LONG:
            yield _trip(draft, dated[begins:number])
            begins = number
    yield _trip(draft, dated[begins:]) if begins else draft


def _trip(draft: Draft, dated: Iterable[tuple[date, DraftSegment]]) -> Draft:
    return replace(draft, segments=tuple(segment for _, segment in dated))


def _day(moment: DraftTime) -> date | None:
    if moment.instant:
        return moment.instant.date()
    try:
        return date(moment.year or 0, moment.month or 0, moment.day or 0)
    except ValueError:
        return None


def _origin(segment: DraftSegment, atlas: Atlas) -> frozenset[str]:
    return _cities(segment.origin, segment.origin_name, atlas)


def _destination(segment: DraftSegment, atlas: Atlas) -> frozenset[str]:
    return _cities(segment.destination, segment.destination_name, atlas)


def _cities(code: str, name: str, atlas: Atlas) -> frozenset[str]:
    """Return the cities that a place may be; none if no table knows it."""
    found = atlas.candidates(code) if code else atlas.named(name)
    return frozenset(airport.city_code or airport.code for airport in found)
