"""Where somebody lands after signing in, and the way from there to every place of the desk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.desk import Desk, desk_of, sign_in_as
from travelrisk.domain.people import Role
from travelrisk.services.application import Application

HOMES = {
    Role.FOCAL_POINT: "/queue",
    Role.ALTERNATE: "/queue",
    Role.APPROVER: "/queue",
    Role.AUDITOR: "/history",
    Role.ADMIN: "/people",
    Role.TRAVEL_UNIT: "/desk",
    Role.TRAVELLER: "/exceptions",
}
OF_THE_DESK = ["/queue", "/changes", "/history", "/exceptions", "/export"]
PLACES = [*OF_THE_DESK, "/import", "/history/news", "/account", "/account/delegations", "/report"]


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a service with one person a role."""
    with desk_of(app, tmp_path, **{role.value.replace("_", "-"): role for role in Role}) as desk:
        yield desk


@pytest.mark.parametrize("role", Role)
def test_everybody_lands_where_their_work_waits(role: Role, desk: Desk) -> None:
    visitor = desk.visitor()
    landed = sign_in_as(visitor, role.value.replace("_", "-"), path="/fr/sign-in")
    assert landed.response.headers["Location"] == "/fr" + HOMES[role]
    assert visitor.get("/fr" + HOMES[role]).status == 200
    assert visitor.get("/sign-in").response.headers["Location"] == HOMES[role], "from the travellers' pages"


@pytest.mark.parametrize("place", PLACES)
def test_every_place_of_the_desk_is_one_step_away(place: str, desk: Desk) -> None:
    page = desk.visitor("focal-point").get(place)
    ways = page.all("//header//nav[contains(@class, 'tr-places')]//a/@href")
    assert {*OF_THE_DESK, "/import", "/account"} <= set(ways)
    assert len(page.all("//header//nav[contains(@class, 'tr-places')]//a[@aria-current]")) == 1


def test_nobody_is_shown_a_way_that_is_closed_to_them(desk: Desk) -> None:
    for name, closed in (("auditor", "/import"), ("traveller", "/queue"), ("admin", "/exceptions")):
        visitor = desk.visitor(name)
        ways = visitor.get("/account").all("//header//a/@href")
        assert closed not in ways
        assert all(visitor.get(way).status == 200 for way in ways)
