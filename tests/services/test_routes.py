"""Which pairs of airports pass which airspaces is kept, and is what comparing them anew would give."""

from dataclasses import replace
from datetime import date

from tests.services.test_effect import publish
from tests.services.watching import arrive, to_addis
from tests.unit.screening.world import airspace, box
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.services.application import Application
from travelrisk.services.trips.routes import compare, touched
from travelrisk.store import routes
from travelrisk.store.database import reading

NILE = airspace("NILE", box(25, 24, 34, 32), state="EG")
MOVED = airspace("NILE", box(60, 24, 70, 32), id="nile:2", state="EG")
ON_THE_NILE = Subject(SubjectKind.AIRSPACE, "NILE")
TODAY = date(2026, 11, 23)


def _passing(app: Application) -> list[str]:
    with reading(app.engine) as c:
        return routes.passing(c, "NILE")


def _touched(app: Application, *, is_compared: bool) -> list[int]:
    with reading(app.engine) as c:
        return touched(app, c, [ON_THE_NILE], TODAY, is_compared=is_compared)


def test_a_pair_is_compared_once_and_found_by_index(app: Application) -> None:
    publish(app, (NILE,))
    stored = arrive(app, to_addis(app))
    assert _passing(app) == []
    assert _touched(app, is_compared=False) == [stored.itinerary_id]
    compare(app, 1)
    compare(app, 1)
    assert _passing(app) == ["ADD-FRA"]
    assert _touched(app, is_compared=True) == [stored.itinerary_id]


def test_an_airspace_that_moves_is_found_where_it_was_until_that_was_judged(
    app: Application,
) -> None:
    publish(app, (NILE,))
    stored = arrive(app, to_addis(app))
    compare(app, 1)
    publish(app, (MOVED,), (NILE,))
    compare(app, 2)
    assert _touched(app, is_compared=True) == [stored.itinerary_id]
    publish(app, (airspace("OTHER", box(0, 0, 1, 1)),))
    compare(app, 3)
    assert _passing(app) == []
    assert _touched(app, is_compared=True) == []


def test_another_margin_compares_all_anew(app: Application) -> None:
    near = airspace("NILE", box(29, 28, 38, 29.5))  # some 45 km beside the track
    publish(app, (near,))
    arrive(app, to_addis(app))
    compare(app, 1)
    assert _passing(app) == ["ADD-FRA"]
    policy = app.policy.policy
    narrow = replace(policy, sky=replace(policy.sky, margin_km=10))
    compare(replace(app, policy=replace(app.policy, policy=narrow)), 1)
    assert _passing(app) == []


def test_a_state_of_transit_is_looked_for_where_the_policy_judges_it(app: Application) -> None:
    publish(app, (NILE,))
    stored = arrive(app, to_addis(app))
    egypt = [Subject(SubjectKind.COUNTRY, "EG")]
    with reading(app.engine) as c:
        assert touched(app, c, egypt, TODAY) == []
    policy = app.policy.policy
    strict = replace(policy, sky=replace(policy.sky, transit=policy.sky.undrawable))
    judging = replace(app, policy=replace(app.policy, policy=strict))
    with reading(app.engine) as c:
        assert touched(judging, c, egypt, TODAY) == [stored.itinerary_id]


def test_an_alternate_concerns_flights_to_its_destination(app: Application) -> None:
    publish(app)
    stored = arrive(app, to_addis(app))
    policy = app.policy.policy
    named = replace(policy, sky=replace(policy.sky, alternates={"ADD": ("NBO",)}))
    other = replace(app, policy=replace(app.policy, policy=named))
    with reading(app.engine) as c:
        assert touched(app, c, [Subject(SubjectKind.AIRPORT, "NBO")], TODAY) == []
        assert touched(other, c, [Subject(SubjectKind.AIRPORT, "NBO")], TODAY) == [stored.itinerary_id]
