"""What the direct track between two airports passes, and that nobody takes an unknown for nothing."""

from dataclasses import replace
from typing import Any

import pytest

from tests.factories import ATLAS
from tests.unit.screening.world import (
    AT,
    LONG_AGO,
    airspace,
    box,
    caution,
    itinerary,
    policy,
    segment,
    snapshot,
)
from travelrisk.domain.airspaces import EVERY_FLIGHT, Movement, Scope
from travelrisk.domain.cruising import Cruise, SkyPolicy
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.places import Airport
from travelrisk.domain.sky import NOTHING_DRAWN, Sky
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.engine import screen

NILE = airspace("NILE", box(25, 24, 34, 32))
HOME = airspace("HOME", box(5, 48, 12, 52))
FAR = airspace("FAR", box(100, -10, 110, 10))


def airport(code: str) -> Airport:
    found = ATLAS.airport(code)
    assert found is not None
    return found


FRA, ADD = airport("FRA"), airport("ADD")
OPPOSITE = replace(FRA, iata="QQA", icao="", longitude=FRA.longitude - 180, latitude=-FRA.latitude)


def test_what_is_passed_comes_in_the_order_of_the_journey() -> None:
    sky = Sky((NILE, FAR, HOME))
    there, back = sky.passed(FRA, ADD, 0), sky.passed(ADD, FRA, 0)
    assert there is not None
    assert back is not None
    assert [each.airspace.key for each in there] == ["HOME", "NILE"]
    assert [each.airspace.key for each in back] == ["NILE", "HOME"]
    assert (there[0].passage.starts_inside, there[0].passage.ends_inside) == (True, False)
    assert 900 < there[1].passage.inside_km < 1100


def test_an_airport_to_itself_is_where_it_lies() -> None:
    passed = Sky((NILE, HOME)).passed(FRA, FRA, 0)
    assert passed is not None
    assert [each.airspace.key for each in passed] == ["HOME"]


def test_between_opposite_points_nothing_is_known() -> None:
    assert Sky((NILE,)).passed(FRA, OPPOSITE, 50) is None
    assert NOTHING_DRAWN.passed(FRA, OPPOSITE, 50) == ()


def test_a_track_that_cannot_be_drawn_is_a_review() -> None:
    trip = itinerary(
        segment("ET 707 FRA ADD 2026-12-12T10:20 2026-12-12T19:50", operator="Ethiopian Airlines")
    )
    (flown,) = trip.segments
    far = replace(trip, segments=(replace(flown, destination=replace(flown.destination, airport=OPPOSITE)),))
    known = snapshot(NILE, caution("airspace:NILE", "conditional"))
    found = [each for each in screen(far, known, policy(), AT).findings if each.code == "airspace.undrawable"]
    assert [each.effect for each in found] == [Verdict.REVIEW]


def test_skies_of_equal_airspaces_are_equal() -> None:
    assert Sky((NILE, HOME)) == Sky((HOME, NILE))
    assert Sky((NILE,)) != Sky((HOME,))
    assert [bool(NOTHING_DRAWN), bool(Sky((NILE,)))] == [False, True]


def test_an_airspace_may_have_one_outline_after_the_other() -> None:
    later = airspace("NILE", box(0, 0, 1, 1), id="nile-2", since=LONG_AGO)
    assert [each.id for each in Sky((later, NILE)).of_key("NILE")] == ["airspace-nile", "nile-2"]
    assert Sky((NILE,)).of_key("OTHER") == ()


@pytest.mark.parametrize(
    ("scope", "lowest", "highest", "meets"),
    [
        (EVERY_FLIGHT, 350, 350, True),
        (Scope(ceiling=259), 320, 430, False),
        (Scope(ceiling=320), 320, 430, True),
        (Scope(floor=431), 320, 430, False),
        (Scope(floor=430), 320, 430, True),
        (Scope(ceiling=0), 0, 430, True),
    ],
)
def test_levels_meet_with_both_ends_included(scope: Scope, lowest: int, highest: int, *, meets: bool) -> None:
    assert scope.meets(lowest, highest) is meets


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        (EVERY_FLIGHT, Scope(ceiling=259), True),
        (Scope(ceiling=259), EVERY_FLIGHT, False),
        (Scope(ceiling=259), Scope(ceiling=200), True),
        (Scope(floor=100), Scope(floor=200), True),
        (Scope(floor=200), Scope(floor=100), False),
        (EVERY_FLIGHT, Scope(movement=Movement.LANDING), True),
        (Scope(movement=Movement.LANDING), Scope(movement=Movement.OVERFLIGHT), False),
        (EVERY_FLIGHT, Scope(airports=("BEY",)), True),
        (Scope(airports=("BEY",)), EVERY_FLIGHT, False),
    ],
)
def test_a_scope_holds_another_only_with_all_its_flights(wide: Scope, narrow: Scope, *, holds: bool) -> None:
    assert wide.holds(narrow) is holds


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"cruises": ()}, "begin at 0 km"),
        ({"cruises": (Cruise(100, 0, 10, 5),)}, "begin at 0 km"),
        ({"cruises": (Cruise(0, 0, 10, 5), Cruise(0, 0, 10, 5))}, "begin at 0 km"),
        ({"cruises": (Cruise(0, 0, 10, 11),)}, "between lowest and highest"),
        ({"undrawable": Verdict.CONDITIONAL}, "undrawable"),
    ],
)
def test_a_policy_that_could_not_be_applied_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        SkyPolicy(**options)


def test_the_longer_the_flight_the_higher_it_cruises() -> None:
    sky = SkyPolicy()
    assert [sky.cruise(km).usual for km in (0, 399, 400, 1000, 12_000)] == [180, 180, 300, 350, 350]
