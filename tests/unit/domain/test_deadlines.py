"""Lead times: days and working days, countries and kinds of travel, and the step that has come."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travelrisk.domain.deadlines import WEEKDAYS, Calendar, LeadTime, Travel, steps_come, strictest
from travelrisk.domain.errors import BadInputError

MONDAY = date(2026, 11, 23)
OFFICE = Calendar(holidays=frozenset({date(2026, 11, 26)}), yearly=frozenset({(12, 25)}))
THREE = LeadTime(3, calendar=OFFICE)
INTERNAL, INTERNATIONAL = Travel.INTERNAL, Travel.INTERNATIONAL


@pytest.mark.parametrize(
    ("departs", "latest"),
    [
        (date(2026, 11, 25), date(2026, 11, 20)),  # Wednesday: Tuesday, Monday, and Friday before the weekend
        (date(2026, 11, 27), date(2026, 11, 23)),  # Friday after a holiday: Wednesday, Tuesday, Monday
        (date(2026, 11, 29), date(2026, 11, 24)),  # departure on a Sunday: Friday, Wednesday, Tuesday
        (date(2026, 12, 28), date(2026, 12, 22)),  # a holiday that returns each year
    ],
)
def test_working_days_are_counted_back_from_the_day_of_departure(departs: date, latest: date) -> None:
    assert THREE.latest(departs) == latest
    assert THREE.left(latest, departs) == 3
    assert THREE.left(latest + timedelta(days=1), departs) == 2


def test_a_weekend_is_what_the_calendar_says() -> None:
    gulf = replace(THREE, calendar=Calendar(frozenset({"friday", "saturday"})))
    assert gulf.latest(MONDAY) == date(2026, 11, 18)  # Sunday, Thursday, Wednesday


@given(
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 60),
    st.integers(0, 30),
    st.one_of(st.none(), st.builds(Calendar, st.frozensets(st.sampled_from(WEEKDAYS), max_size=6))),
)
def test_late_is_who_has_fewer_days_left_than_are_asked_for(
    departs: date, ahead: int, days: int, calendar: Calendar | None
) -> None:
    known, rule = departs - timedelta(days=ahead), LeadTime(days, calendar=calendar)
    assert (known > rule.latest(departs)) == (rule.left(known, departs) < days)


@pytest.mark.parametrize("weekend", [frozenset(WEEKDAYS), frozenset({"Saturday"})])
def test_a_calendar_that_cannot_be_used_is_refused(weekend: frozenset[str]) -> None:
    with pytest.raises(BadInputError, match="weekend: "):
        Calendar(weekend)


GENERAL, OWN = LeadTime(7), LeadTime(3, ("ID",), travel=INTERNAL, calendar=Calendar())


@pytest.mark.parametrize(
    ("visited", "kinds", "wanted"),
    [
        ({"DE"}, [INTERNATIONAL], GENERAL),
        ({"ID"}, [INTERNAL], OWN),
        ({"ID"}, [INTERNATIONAL], GENERAL),  # what its own row says is about other journeys
        ({"ID"}, [INTERNAL, INTERNATIONAL], GENERAL),  # not known: the strictest
        ({"ID", "DE"}, [INTERNATIONAL], GENERAL),
        (set(), [INTERNATIONAL], GENERAL),
    ],
)
def test_no_journey_falls_between_two_rules(visited: set[str], kinds: list[Travel], wanted: LeadTime) -> None:
    for rules in ((GENERAL, OWN), (OWN, GENERAL)):
        assert strictest(rules, visited, kinds, MONDAY) == wanted


def test_without_a_rule_nothing_is_asked_for() -> None:
    assert strictest((), {"DE"}, [INTERNATIONAL], MONDAY) is None
    assert strictest((OWN,), {"DE"}, [INTERNATIONAL], MONDAY) is None


@pytest.mark.parametrize(("left", "step"), [(8, None), (7, 7), (4, 7), (3, 3), (0.5, 1), (-2, 1)])
def test_steps_that_were_missed_collapse_into_the_nearest_one(left: float, step: int | None) -> None:
    come = steps_come(left, (7, 3, 1))
    assert next(iter(come), None) == step
    assert [each for each in (1, 3, 7) if left <= each] == list(come)
