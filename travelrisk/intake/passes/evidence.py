"""Bar codes beside other data of the same flight: they give the operator where the data name none.

Mails of airlines carry the string of the boarding pass in ``ticketToken``. It also tells whether
``02-04-2026`` is in February or in April. Where it says something else than the data, that is told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Basis
from travelrisk.intake.passes.bcbp import Leg, passes_in
from travelrisk.intake.passes.days import day_in_year
from travelrisk.intake.passes.flights import DAMAGED

_DEEPEST = 4
_ELSEWHERE = frozenset({"Z", "+00:00", "+0000"})  # the day in UTC may be another than at the airport


class Coded(NamedTuple):
    """A leg of a bar code, and when the pass was issued."""

    leg: Leg
    issued: tuple[int, int] | None


@dataclass(slots=True)
class Evidence:
    """The legs of the bar codes in the data of a reservation; each counts for the flights it fits.

    Attributes:
        legs: those that no flight has used yet.
        against: what bar codes say otherwise than the data, and those that are cut.
    """

    legs: list[Coded]
    against: list[str]

    def confirmed(self, segment: DraftSegment, book: CarrierBook, context: date | None) -> DraftSegment:
        """Return a flight with what its bar code adds; what the bar code says against it is kept."""
        coded = next((each for each in self.legs if _is_way(each.leg, segment)), None)
        if coded is None:
            return segment
        self.legs = [each for each in self.legs if each.leg != coded.leg]
        segment, is_day = _with_day(segment, coded, context)
        if not (is_day and _is_carrier(segment, coded.leg, book)):
            self.against.append(_said(coded.leg))
        return _with_leg(segment, coded.leg)

    def told(self) -> tuple[str, ...]:
        """Return what has to be told once all flights are read: a leg that none of them is belongs to it."""
        return (*self.against, *(_said(each.leg) for each in self.legs))


def evidence_in(node: Mapping[str, object]) -> Evidence:
    """Find the bar codes in whatever field of a reservation they stand."""
    found = [each for text in _texts(node) for each in passes_in(text)]
    legs = [Coded(leg, each.boarding.issued) for each in found if each.boarding for leg in each.boarding.legs]
    is_cut = any(not each.boarding or each.boarding.announced > len(each.boarding.legs) for each in found)
    return Evidence(list(dict.fromkeys(legs)), [DAMAGED] if is_cut else [])


def _said(leg: Leg) -> str:
    return f"ticketToken: the bar code says {leg.shown}"


def _is_way(leg: Leg, segment: DraftSegment) -> bool:
    ends = ((leg.origin, segment.origin), (leg.destination, segment.destination))
    return all(not (here and there) or here == there for here, there in ends)


def _is_carrier(segment: DraftSegment, leg: Leg, book: CarrierBook) -> bool:
    """Say whether carriers agree: item 42, or item 19 where the data name the seller alone.

    The seller's code in item 42 beside an operator that the data name is usual for its own subsidiaries, and
    both are judged.
    """
    stated = _bearers(book, segment.operating_code, segment.operator)
    sellers = _bearers(book, segment.marketing_code, segment.marketing_name)
    flown, sold = _bearers(book, leg.operating), _bearers(book, leg.marketing)
    if segment.operating_code or segment.operator:
        return not flown.isdisjoint(stated | sellers)
    return not leg.operating or not sellers or not (flown | sold).isdisjoint(sellers)


def _bearers(book: CarrierBook, *words: str) -> set[str]:
    found = (each for word in words if word for each in (*book.ever(word), *book.named(word, date.max)))
    return {carrier.icao for carrier in found}


def _with_leg(segment: DraftSegment, leg: Leg) -> DraftSegment:
    segment = replace(
        segment,
        origin=segment.origin or leg.origin,
        destination=segment.destination or leg.destination,
    )
    if segment.operator or segment.operating_code or not leg.operating:
        return segment
    return replace(
        segment, operating_code=leg.operating, operating_number=leg.number, operating_basis=Basis.BARCODE
    )


def _with_day(segment: DraftSegment, coded: Coded, context: date | None) -> tuple[DraftSegment, bool]:
    """Return the flight with the day that the bar code decides, and whether it agrees with the day stated."""
    departs, day = segment.departs, coded.leg.day
    if day is None:
        return segment, True
    if departs.day is None and departs.instant is None:
        stated = day_in_year(day, coded.issued, context)
        return replace(segment, departs=replace(stated, clock=departs.clock)), True
    if departs.day is None:
        return segment, True
    right = [each for each in _readings(departs) if _day_of_year(each) == day]
    if right:
        return replace(segment, departs=right[0]), True
    near = departs.zone in _ELSEWHERE and abs((_day_of_year(departs) or day) - day) <= 1
    return segment, near or departs.year is None


def _readings(departs: DraftTime) -> Sequence[DraftTime]:
    if not departs.day_month_unsure:
        return (departs,)
    sure = replace(departs, day_month_unsure=False)
    return (sure, replace(sure, day=departs.month, month=departs.day))


def _day_of_year(moment: DraftTime) -> int | None:
    try:
        return date(moment.year or 0, moment.month or 0, moment.day or 0).timetuple().tm_yday
    except ValueError:
        return None


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list) and depth < _DEEPEST:
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each, depth + 1)
