"""The same flights asked about again: known answers are those that would be given anew."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.calling import Caller, air, caller, service
from travelrisk.services.application import Application
from travelrisk.store import ratings
from travelrisk.store.database import reading, writing
from travelrisk.web.api import again, screening
from travelrisk.web.api.again import Again
from travelrisk.web.app import create_app

PLACE = "travelrisk_again"
BOB = {"name": "CANARY/BOB MR", "email": "bob.canary@example.org"}
QUERIES: tuple[dict[str, Any], ...] = (
    {"segments": [air()]},
    {
        "segments": [
            air(),
            air(flight_number="401", origin="JFK", destination="FRA", departs_local="2026-12-20"),
        ]
    },
    {"segments": [air(operating_carrier=None, stops=["KEF"])]},
    {"segments": [air(origin="QQQ", departs_local=None)]},
    {"segments": [air(flight_number="UA 400")]},
    {"segments": [air(departs_local="2026-11-24T23:30")]},
    {"segments": [{"kind": "rail", "origin": "FRA", "destination": "JFK"}]},
    {
        "segments": [air()],
        "travellers": [BOB, BOB, {"name": "passport L01X00T47"}],
        "record_locator": " abc234 ",
    },
    {"segments": [air()], "record_locator": "ABC234 passport L01X00T47"},
    {"text": "LH400 FRA JFK 12 Dec 2026 operated by Lufthansa"},
)


class Days:
    """A clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.now


@pytest.fixture
def days(app: Application) -> Days:
    return Days(app.clock())


@pytest.fixture
def tool(app: Application, tmp_path: Path, days: Days) -> Iterator[Caller]:
    with service(app, tmp_path) as own:
        yield caller(replace(own, clock=days))


def own(tool: Caller) -> Application:
    found: Application = tool.pages.extensions["travelrisk"]
    return found


def anew(tool: Caller, query: Mapping[str, object]) -> dict[str, Any]:
    """Ask a service that remembers nothing."""
    memory = tool.pages.extensions[PLACE]
    tool.pages.extensions[PLACE] = Again()
    found = tool.screen(query)
    tool.pages.extensions[PLACE] = memory
    return found


def look(tool: Caller) -> None:
    """Let the service see the newest edition, as it does every second."""
    app = own(tool)
    with reading(app.engine) as c:
        app.shelf.newest(c)


def test_whatever_happens_meanwhile_the_answer_is_the_one_of_now(tool: Caller, days: Days) -> None:
    for query in QUERIES:
        tool.screen(query)
    departs = datetime(2026, 12, 12, 9, 20, tzinfo=UTC)
    for moment in (
        days.now,
        days.now + timedelta(seconds=59),
        datetime(2026, 11, 24, 22, 29, 59, tzinfo=UTC),
        datetime(2026, 11, 24, 22, 30, 1, tzinfo=UTC),  # a flight has left
        datetime(2026, 11, 25, tzinfo=UTC),
        departs,
        departs + timedelta(seconds=1),
        departs + timedelta(days=30),
        days.now,  # and the clock is set back
    ):
        days.now = moment
        for query in QUERIES:
            assert tool.screen(query) == anew(tool, query) == tool.screen(query), (moment, query)


def test_a_new_edition_is_not_answered_from_memory(tool: Caller) -> None:
    query = QUERIES[0]
    assert tool.screen(query)["verdict"] == "cleared"
    app = own(tool)
    with writing(app.engine) as c:
        closed = [each.id for each in ratings.in_force(c)]
        ratings.publish(c, opened=[], closed=closed, actor="test", note="test", at=app.clock())
    look(tool)
    assert tool.screen(query)["verdict"] == "review"
    assert tool.screen(query) == anew(tool, query)


def test_each_office_is_answered_for_itself(tool: Caller) -> None:
    other = caller(own(tool), office="Another office", pages=tool.pages)
    for query in QUERIES:
        tool.screen(query)
        assert other.screen(query) == anew(other, query)
    assert {office for office, _ in tool.pages.extensions[PLACE].known} == {"Field office", "Another office"}


def test_what_is_known_is_not_worked_out_again(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [query for query in QUERIES if "segments" in query]
    first = [tool.screen(query) for query in known]

    def nothing(*_arguments: object) -> None:
        raise AssertionError("it was worked out again")

    monkeypatch.setattr(screening, "understand_query", nothing)
    assert [tool.screen(query) for query in known] == first


def test_looking_back_and_storing_are_always_worked_out(tool: Caller, days: Days) -> None:
    tool.screen(QUERIES[0])
    before = f"{days.now - timedelta(hours=1):%Y-%m-%dT%H:%M}Z"
    assert tool.screen(QUERIES[0], f"?as_of={before}")["verdict"] == "review"
    kept = {"headers": {"Idempotency-Key": "one"}}
    assert tool.screen(QUERIES[0], "?store=true", **kept)["answers"][0]["trip"]["is_new"]
    assert tool.screen(QUERIES[0])["verdict"] == "cleared"


def test_nobodys_name_is_remembered(tool: Caller) -> None:
    for query in QUERIES:
        tool.screen(query)
    tool.screen({"segments": [air(operating_carrier="CANARY passport L01X00T47")]})
    memory: Again = tool.pages.extensions[PLACE]
    whole = b"".join(b"".join((key, *known.parts)) for (_, key), known in memory.known.items())
    assert b"LH" in whole
    assert not [each for each in (b"BOB", b"bob.canary", b"ABC234", b"L01X00T47") if each in whole]


def test_the_memory_has_an_end(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    tool.screen(QUERIES[0])
    memory: Again = tool.pages.extensions[PLACE]
    monkeypatch.setattr(again, "MOST_BYTES", 3 * memory.size)
    for number in range(1, 20):
        tool.screen({"segments": [air(flight_number=str(number))]})
        assert memory.size <= again.MOST_BYTES
        assert memory.size == sum(len(part) for known in memory.known.values() for part in known.parts)
    assert 1 < len(memory.known) < 5


def test_another_service_remembers_nothing_of_this_one(tool: Caller) -> None:
    tool.screen(QUERIES[0])
    assert not create_app(own(tool)).extensions[PLACE].known
