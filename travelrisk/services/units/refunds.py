"""Why a ticket that was bought in good faith may have to be given back, and what the airline may owe then.

A hint for whoever calls the airline, and no legal advice. Where the law of the European Union on the identity
of the operating carrier holds, passengers may have their money back or go another way once a carrier was put
on its air safety list; of a change of the operating carrier they are told at the latest when they board.
"""

from enum import StrEnum
from typing import Final

from travelrisk.domain.advisories import Advisory, Finding, told
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Caution, Rating
from travelrisk.store.units import Ahead, Good

_EU_LIST: Final = "eu_air_safety_list"


class Refund(StrEnum):
    """A reason to ask for the money, or for another way.

    EU_LIST: what is new rests on the air safety list of the European Union. OPERATOR: another carrier
    operates a flight than was cleared. RATING: a rating of ours changed, for which no airline answers.
    """

    EU_LIST = "eu_list"
    OPERATOR = "operator"
    RATING = "rating"


def refunds(good: Good, now: Ahead) -> tuple[Refund, ...]:
    """Return why a ticket may have to be given back, since the answer with which it was bought."""
    if now.advisory is None:
        return ()
    new = _new(good.advisory, now.advisory)
    found = []
    if any(_rests_on_list(each) for each in new):
        found.append(Refund.EU_LIST)
    if _operators_differ(good.itinerary, now.itinerary):
        found.append(Refund.OPERATOR)
    if not found and any(each.record is not None for each in new):
        found.append(Refund.RATING)
    return tuple(found)


def _new(was: Advisory, now: Advisory) -> list[Finding]:
    known = {told(each) for each in was.reasons()}
    return [each for each in now.reasons() if told(each) not in known]


def _rests_on_list(finding: Finding) -> bool:
    record = finding.record
    return isinstance(record, Rating | Caution) and any(each.kind == _EU_LIST for each in record.evidence)


def _operators_differ(was: Itinerary, now: Itinerary) -> bool:
    """Say whether a flight of the same number and day is operated by another carrier than before."""
    before = {(each.flight, each.departs.day): each.operators for each in was.segments if each.flight}
    return any(
        not set(each.operators) <= set(before[key])
        for each in now.segments
        if (key := (each.flight, each.departs.day)) in before and each.operators and before[key]
    )
