"""What the desk and a file both changed, and what a file ends: decided row by row, on what was looked at."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.test_exchange_faults import COLUMNS, rows
from tests.web.conftest import NOW
from tests.web.desk import Desk, csrf
from tests.web.tables import (
    WHY,
    address,
    brought,
    edited,
    numbers,
    proposed,
    rated,
    rated_desk,
    row_of,
    worse,
)
from travelrisk.domain.ratings import Rating
from travelrisk.services.desk import lookups as services
from travelrisk.services.exchange.writing import csv_bytes
from travelrisk.store import ratings as stored
from travelrisk.store.database import writing


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with rated_desk(tmp_path) as made:
        yield made


def on_the_desk(desk: Desk, change: Callable[[Rating], Rating] | None) -> None:
    """Change the rating behind the back of a file, or end it."""
    now = rated(desk)
    with writing(desk.app.engine) as c:
        opened = [replace(change(now), id=f"{now.id}:2", set_by="Bob")] if change else []
        stored.publish(c, opened=opened, closed=[now.id], actor="Bob", note="desk", at=NOW)


def test_what_the_desk_set_since_is_overwritten_only_where_that_is_confirmed(desk: Desk) -> None:
    content, base = worse(desk), rated(desk).id
    on_the_desk(desk, lambda rating: replace(rating, aoc="D-1"))
    page = brought(desk, content)
    assert "Set since by Bob, in edition 2:" in page.words
    assert "D-1" in page.words
    assert "What cannot be used" not in page.words, "it is told once, where it is decided"
    assert page.all("//h2[@id='problems']")
    (box,) = page.all("//input[@name='over']")
    assert (box.get("value"), box.get("checked")) == (f"{base}:2", None)
    assert not page.all("//form[@method='post']"), "nothing else changes, so there is nothing to propose"
    again = desk.visitor("alice").get(f"{page.response.request.path}?over={base}:2")
    assert again.all("//input[@name='over']/@checked")
    assert numbers(again)["Changed"] == "1"
    sent = proposed(desk, f"{page.response.request.path}?over={base}:2", reason=WHY)
    assert sent.status == 303
    (proposal,) = services.open_proposals(desk.app)
    assert [each.id for each in proposal.content.wanted] == [base]


def test_a_confirmation_holds_for_the_version_that_was_looked_at(desk: Desk) -> None:
    content, base = worse(desk), rated(desk).id
    on_the_desk(desk, lambda rating: replace(rating, aoc="D-1"))
    where = address(desk, content, over=f"{base}:2")
    now = rated(desk)
    with writing(desk.app.engine) as c:
        later = replace(now, id=f"{base}:3", aoc="D-2")
        stored.publish(c, opened=[later], closed=[now.id], actor="Bob", note="desk", at=NOW)
    page = desk.visitor("alice").get(where)
    assert not page.all("//input[@name='over']/@checked")
    assert numbers(page)["Changed"] == "0"


def test_what_the_desk_ended_comes_back_only_where_that_is_confirmed(desk: Desk) -> None:
    content, base = worse(desk), rated(desk).id
    on_the_desk(desk, None)
    page = brought(desk, content)
    assert "It was ended since." in page.words
    again = desk.visitor("alice").get(f"{page.response.request.path}?over={base}:ended")
    assert numbers(again)["New"] == "1"


def without(desk: Desk, base: str) -> bytes:
    return edited(desk, lambda every: every.remove(row_of(every, base)))


def test_a_file_that_is_everything_ends_what_it_leaves_out(desk: Desk) -> None:
    base = rated(desk).id
    content = without(desk, base)
    assert "changes nothing" in brought(desk, content).words, "otherwise it stays as it is"
    page = brought(desk, content, complete="1")
    assert numbers(page)["Ended"] == "1"
    assert "It ends." in page.words or base in page.words
    where = f"{page.response.request.path}?complete=1"
    assert proposed(desk, where, reason=WHY).status == 303
    (proposal,) = services.open_proposals(desk.app)
    assert (proposal.content.wanted, proposal.content.ended) == ((), (base,))


def test_what_was_set_since_the_export_is_not_ended(desk: Desk) -> None:
    content = without(desk, rated(desk).id)
    on_the_desk(desk, lambda rating: replace(rating, aoc="D-1"))
    page = brought(desk, content, complete="1")
    assert numbers(page)["Ended"] == "0"
    assert numbers(page)["Stay as they were set since"] == "1"


def test_a_file_that_ends_something_is_taken_as_a_whole(desk: Desk) -> None:
    base = rated(desk).id

    def edit(every: list[dict[str, str]]) -> None:
        every.remove(row_of(every, base))
        every[0]["valid_from"] = "soon"

    page = brought(desk, edited(desk, edit), complete="1")
    assert "taken as a whole or not at all" in page.words
    visitor = desk.visitor("alice")
    fields = {"reason": WHY, "skip": "1", "edition": "1", "csrf_token": csrf(visitor.get("/import"))}
    refused = visitor.post(f"{page.response.request.path}?complete=1", data=fields)
    assert refused.status == 422
    assert services.open_proposals(desk.app) == ()


def test_a_file_without_editions_cannot_be_everything(desk: Desk) -> None:
    page = brought(desk, csv_bytes(COLUMNS, rows()[5:8]), complete="1")
    assert page.status == 422
    assert "no row says from which edition it was exported" in page.words
