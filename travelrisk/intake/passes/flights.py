"""Drafts of what bar codes say: who flies is stated there, and when is a day without an hour."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Basis, Evidence, Locator, elsewhere
from travelrisk.intake.passes.bcbp import Leg, Pass
from travelrisk.intake.passes.days import day_in_year
from travelrisk.intake.words.names import traveller_named

DAMAGED = "A bar code of a boarding pass that is cut or damaged: send the boarding pass itself"


def draft_of(boarding: Pass, context: date | None) -> Draft:
    """Return the booking of a pass; *context* chooses the year where the pass does not say it."""
    segments = tuple(_segment(leg, boarding, context) for leg in boarding.legs)
    locators = dict.fromkeys(Locator(leg.locator, leg.operating) for leg in boarding.legs if leg.locator)
    people = (traveller_named(boarding.name),) if boarding.name else ()
    return Draft(segments, people, tuple(locators), unread=tuple(_doubts(boarding)))


def _segment(leg: Leg, boarding: Pass, context: date | None) -> DraftSegment:
    """Return a leg; its number is the operating carrier's, and so the seller's only where it is the same."""
    is_own = leg.marketing in {"", leg.operating}
    return DraftSegment(
        marketing_code=leg.operating if is_own else leg.marketing,
        marketing_number=leg.number if is_own else "",
        operating_code=leg.operating,
        operating_number=leg.number,
        operating_basis=Basis.BARCODE if leg.operating else Basis.UNKNOWN,
        origin=leg.origin,
        destination=leg.destination,
        departs=day_in_year(leg.day, boarding.issued, context),
        source=f"bar code: {leg.shown}",
    )


def _doubts(boarding: Pass) -> Iterator[str]:
    if boarding.announced > len(boarding.legs):
        last = boarding.legs[-1].shown
        yield f"The bar code holds {boarding.announced} flights, and is cut off after {last}"


def joined(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return one draft for each booking: passes that share a record locator, or the name where one has none.

    Each flight of a journey has a pass of its own, and so has each person on a flight.
    """
    bookings: list[Draft] = []
    for draft in drafts:
        place = next((n for n, known in enumerate(bookings) if _is_of(known, draft)), None)
        if place is None:
            bookings.append(draft)
        else:
            bookings[place] = _together(bookings[place], draft)
    return tuple(bookings)


def _bare(segment: DraftSegment) -> DraftSegment:
    """Return a flight without the places it was read from."""
    return replace(segment, part="", also=())


def _is_of(known: Draft, draft: Draft) -> bool:
    mine, theirs = ({each.code for each in one.locators} for one in (known, draft))
    if mine and theirs and mine & theirs:
        return True
    names = ({each.raw_name for each in one.travellers} for one in (known, draft))
    return bool(set.intersection(*names))


def _together(known: Draft, draft: Draft) -> Draft:
    segments = list(known.segments)
    for segment in draft.segments:
        place = next((n for n, each in enumerate(segments) if _bare(each) == _bare(segment)), None)
        if place is None:
            segments.append(segment)
        else:
            first = segments[place]
            also = elsewhere(Evidence(first.part, first.source), (*first.also, *segment.evidence))
            segments[place] = replace(first, also=also)
    return replace(
        known,
        segments=tuple(segments),
        travellers=tuple(dict.fromkeys((*known.travellers, *draft.travellers))),
        locators=tuple(dict.fromkeys((*known.locators, *draft.locators))),
        unread=tuple(dict.fromkeys((*known.unread, *draft.unread))),
    )
