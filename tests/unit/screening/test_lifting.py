"""What an exception would have to lift, by the records alone: never milder than what a journey is told."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from tests.factories import BOOK
from tests.unit.screening.test_laws import on_record, segments
from tests.unit.screening.world import AT, authorisation, caution, itinerary, policy, rating, snapshot
from travelrisk.domain.approvals import Threshold, approval
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Status
from travelrisk.domain.ratings import Level, Record
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import lifting
from travelrisk.screening.case import Span
from travelrisk.screening.engine import screen
from travelrisk.screening.lifting import Lifted, lifted

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)
(ETH,) = BOOK.find("ETH", FIRST)
ASKED = authorisation("ETH", office="Nairobi", since=FIRST, until=LAST)
GOOD = rating("carrier:ETH")
ON_FRA = replace(ASKED, route="ADD-FRA")


@pytest.mark.parametrize(
    ("asked", "records", "verdict"),
    [
        (ASKED, (), Verdict.REVIEW),
        (ASKED, (rating("carrier:ETH"),), Verdict.CLEARED),
        (ASKED, (rating("carrier:ETH", "conditional"),), Verdict.CONDITIONAL),
        (ASKED, (rating("carrier:ETH", "not_recommended"),), Verdict.NOT_CLEARED),
        (ASKED, (rating("carrier:ETH", until=date(2026, 12, 15)),), Verdict.REVIEW),
        (ASKED, (rating("carrier:ETH", evidence_until=date(2026, 12, 15)),), Verdict.REVIEW),
        (ASKED, (rating("carrier:ETH", review_on=date(2026, 12, 15)),), Verdict.REVIEW),
        (ASKED, (rating("carrier:ETH"), caution("state:ET", "not_cleared")), Verdict.NOT_CLEARED),
        (ASKED, (rating("carrier:ETH"), caution("state:ET", exceptions=("ETH",))), Verdict.CLEARED),
        (ASKED, (GOOD, rating("route:ETH:ADD-NBO", "not_recommended")), Verdict.NOT_CLEARED),
        (ON_FRA, (GOOD, rating("route:ETH:ADD-NBO", "not_recommended")), Verdict.CLEARED),
        (
            ON_FRA,
            (GOOD, rating("route:ETH:ADD-FRA", "not_recommended")),
            Verdict.NOT_CLEARED,
        ),
        (ASKED, (rating("carrier:KQA", "not_recommended"), rating("carrier:ETH")), Verdict.CLEARED),
    ],
)
def test_the_gravest_of_all_that_is_on_record(
    asked: Authorisation, records: tuple[Record, ...], verdict: Verdict
) -> None:
    found = lifted(asked, ETH, snapshot(*records), policy())
    assert found.verdict is verdict
    assert found.needs_exception is (verdict >= Verdict.REVIEW)


@given(segments(), on_record)
def test_it_is_never_milder_than_what_a_journey_is_told(fly: DraftSegment, on: tuple[Record, ...]) -> None:
    trip = itinerary(replace(fly, marketing_code="ET", operator="Ethiopian Airlines", status=Status.HELD))
    told = screen(trip, snapshot(*on), policy(), AT)
    about = [each for each in told.findings if each.carrier == "ETH" and "caution" not in each.code]
    about = [each for each in about if each.code.startswith(("operating.", "marketing.", "route."))]
    gravest = max((each.effect for each in about), default=Verdict.CLEARED)
    days = Span(fly_day(fly), date(2027, 3, 9))
    assert lifting.on_record(ETH, "", days, snapshot(*on), policy()).verdict >= gravest


def fly_day(fly: DraftSegment) -> date:
    return date(fly.departs.year or 0, fly.departs.month or 0, fly.departs.day or 0)


@pytest.mark.parametrize("not_recommended", [Verdict.REVIEW, Verdict.NOT_CLEARED])
@pytest.mark.parametrize("not_rated", [Verdict.REVIEW, Verdict.NOT_CLEARED])
@pytest.mark.parametrize("lifts", Verdict)
def test_not_recommended_never_needs_fewer_than_not_rated(
    not_recommended: Verdict, not_rated: Verdict, lifts: Verdict
) -> None:
    levels = {**policy().levels, Level.NOT_RECOMMENDED: not_recommended, Level.NOT_RATED: not_rated}
    own = replace(policy(), levels=levels, approvals=(Threshold(3, lifts=lifts),))

    def needed(found: Lifted) -> int:
        return approval(own.approvals, AuthorisationKind.BLANKET, found.verdict, 10).approvals

    unrated = needed(lifted(ASKED, ETH, snapshot(), own))
    refused = needed(lifted(ASKED, ETH, snapshot(rating("carrier:ETH", "not_recommended")), own))
    assert refused >= unrated
