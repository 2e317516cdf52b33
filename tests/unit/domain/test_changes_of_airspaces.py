"""What may be said of airspaces together, and what makes anything easier there."""

from dataclasses import replace
from datetime import date

import pytest

from tests.unit.screening.world import airspace, box, caution, policy, rating
from travelrisk.domain.airspaces import Movement, Scope
from travelrisk.domain.changes import Change, check
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.loosening import loosens
from travelrisk.domain.ratings import Evidence, Rating, Record

TODAY = date(2026, 11, 23)
SOURCE = (Evidence("Notice of the authority", "notice", retrieved_on=TODAY),)
NILE = airspace("NILE", box(25, 24, 34, 32))
BELOW, ABOVE = Scope(ceiling=259), Scope(floor=260)


def rated(level: str, scope: Scope | None, name: str) -> Rating:
    return replace(rating("airspace:NILE", level, id=name, scope=scope), evidence=SOURCE)


def accepted(*opened: Record, closed: tuple[Record, ...] = (), on_record: tuple[Record, ...] = ()) -> bool:
    try:
        check(Change(opened, closed, 0), (*on_record, *closed), TODAY, policy())
    except BadInputError:
        return False
    return True


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        (BELOW, ABOVE, True),
        (BELOW, Scope(floor=259), False),
        (BELOW, None, False),
        (Scope(movement=Movement.LANDING), Scope(movement=Movement.OVERFLIGHT), True),
        (Scope(movement=Movement.LANDING), ABOVE, False),
    ],
)
def test_two_ratings_of_one_airspace_concern_other_flights(
    one: Scope | None, other: Scope | None, *, fits: bool
) -> None:
    ratings = rated("not_recommended", one, "low"), rated("recommended", other, "high")
    assert accepted(*ratings, on_record=(NILE,)) is fits
    assert accepted(*reversed(ratings), on_record=(NILE,)) is fits


def test_nothing_is_said_of_an_airspace_that_nobody_drew() -> None:
    warning = replace(caution("airspace:NILE", "review"), evidence=SOURCE)
    assert not accepted(warning)
    assert accepted(NILE, warning)
    assert not accepted(closed=(NILE,), on_record=(warning,)), "its caution would be lost"
    assert accepted(closed=(NILE, warning))


def test_what_makes_less_of_an_airspace_makes_it_easier() -> None:
    warning = replace(caution("airspace:NILE", "review", id="nile"), evidence=SOURCE)
    narrower = replace(warning, id="nile:2", scope=BELOW)
    moved = replace(NILE, id="airspace-nile:2", outline=box(26, 24, 34, 32))
    renamed = replace(NILE, id="airspace-nile:2", source="drawn anew")
    for opened, closed, is_easier in (
        ((NILE,), (), False),
        ((moved,), (NILE,), True),
        ((renamed,), (NILE,), False),
        ((narrower,), (warning,), True),
        ((replace(narrower, scope=None, id="nile:3"),), (narrower,), False),
    ):
        assert loosens(Change(opened, closed, 0), policy()) is is_easier
