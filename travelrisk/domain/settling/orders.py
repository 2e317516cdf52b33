"""An answer to "day or month first?" holds for every date that stands in the same order."""

from dataclasses import replace

from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Claim


def in_order_of(was: DraftSegment, answered: DraftSegment, other: DraftSegment, claim: Claim) -> DraftSegment:
    """Return another segment with its dates in the order that an answer shows; *claim* is that answer.

    Args:
        was: the segment that was asked about.
        answered: the same with the answer in it.
        other: any segment of the same table, which may be the same one.
        claim: what the answer rests on.
    """
    said = (answered.departs.month, answered.departs.day)
    if said == (was.departs.month, was.departs.day):
        decided = replace(other, departs=_sure(other.departs), arrives=_sure(other.arrives))
    elif said == (was.departs.day, was.departs.month):
        decided = replace(other, departs=_swapped(other.departs), arrives=_swapped(other.arrives))
    else:
        return other
    return other if decided == other else replace(decided, claims=(*other.claims, claim))


def _sure(moment: DraftTime) -> DraftTime:
    return replace(moment, day_month_unsure=False)


def _swapped(moment: DraftTime) -> DraftTime:
    if not moment.day_month_unsure:
        return moment
    return replace(moment, month=moment.day, day=moment.month, day_month_unsure=False)
