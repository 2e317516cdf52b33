"""Short notice: by the calendar, by the countries, and by what kind of journey it is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.unit.screening.world import AT, GOOD, itinerary, policy, segment, snapshot
from travelrisk.domain.deadlines import Calendar, LeadTime, Travel
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.engine import screen
from travelrisk.screening.explain import finding_text

WORKING = LeadTime(3, travel=Travel.INTERNAL, calendar=Calendar())
RULES = (LeadTime(7, travel=Travel.INTERNATIONAL), WORKING)


def late(*flights: DraftSegment, at: datetime = AT, rules: tuple[LeadTime, ...] = RULES) -> list[str]:
    """Return what is said about notice, in English."""
    under = replace(policy(), lead_times=rules)
    advisory = screen(itinerary(*flights), snapshot(*GOOD), under, at)
    found = [each for each in advisory.findings if each.rule == "lead_time"]
    for each in found:
        assert each.effect is Verdict.CLEARED
        assert all(finding_text(each, language) for language in LANGUAGES)
    return [finding_text(each, "en") for each in found]


def fly(day: str, places: str = "NBO WIL") -> DraftSegment:
    return segment(f"LH 100 {places} 2026-{day}T10:10 2026-{day}T12:25", operator="Lufthansa")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("11-26", []),  # from Monday to Thursday: Monday, Tuesday and Wednesday
        ("11-25", ["Short notice: 2 working days before departure, where 3 are asked for."]),
        ("11-23", ["Short notice: 0 working days before departure, where 3 are asked for."]),
    ],
)
def test_within_one_country_working_days_are_counted(day: str, said: list[str]) -> None:
    assert late(fly(day)) == said


def test_a_weekend_does_not_count() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    assert late(fly("12-01"), at=friday) == [
        "Short notice: 2 working days before departure, where 3 are asked for."
    ]
    assert late(fly("12-02"), at=friday) == []


def test_across_a_border_other_days_hold() -> None:
    assert late(fly("11-26", "FRA NBO")) == ["Short notice. Days before departure: 3; days asked for: 7."]


def test_there_and_back_across_a_border_is_not_internal_though_it_ends_where_it_began() -> None:
    assert late(fly("11-26", "FRA NBO"), fly("12-26", "NBO FRA")) != []


def test_with_a_place_that_is_not_known_the_strictest_of_both_kinds_counts() -> None:
    assert late(fly("11-26", "FRA XXX")) == ["Short notice. Days before departure: 3; days asked for: 7."]


def test_days_count_to_the_local_date_of_departure() -> None:
    """The flight leaves Addis Ababa on the 1st of December, while it is still the 30th of November in UTC."""
    leaves = segment("ET 706 ADD FRA 2026-12-01T01:00 2026-12-01T06:25")
    assert late(leaves, at=datetime(2026, 11, 24, 23, 59, tzinfo=UTC)) == []
    assert late(leaves, at=datetime(2026, 11, 25, 0, 0, tzinfo=UTC)) != []
