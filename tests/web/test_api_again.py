"""The same flights asked about again: known answers are those that would be given anew."""

import hashlib
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.calling import Caller, air, caller, service
from travelrisk.services.application import Application
from travelrisk.store import ratings
from travelrisk.store.database import reading, writing
from travelrisk.web.api import again, bodies, screening
from travelrisk.web.api.again import Again
from travelrisk.web.api.bodies import Bodies
from travelrisk.web.api.contract import routing
from travelrisk.web.app import create_app

PLACE, BODIES = "travelrisk_again", "travelrisk_bodies"
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
    kept = tool.pages.extensions
    memory, bodies = kept[PLACE], kept[BODIES]
    kept[PLACE], kept[BODIES] = Again(), Bodies()
    found = tool.screen(query)
    kept[PLACE], kept[BODIES] = memory, bodies
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
    fresh = create_app(own(tool)).extensions
    assert not fresh[PLACE].known
    assert not fresh[BODIES].known


KEYS = ("air", "segments", "queries", "kind", "LH", "400", "FRA", "1", "one", "a.b-c:d_e", "CANARY-LOCATOR")
"""Keys of a caller: those that stand elsewhere in a body, and one that tells something."""


def sent(queries: Mapping[str, object]) -> bytes:
    return json.dumps({"queries": queries}).encode()


def ask(tool: Caller, body: bytes, path: str = "/screen", **headers: str) -> dict[str, Any]:
    answer = tool.call("POST", path, data=body, headers={"Content-Type": "application/json"} | headers)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    return found


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what makes every later reading of a body fail."""

    def nothing(*_arguments: object) -> None:
        raise AssertionError("it was read again")

    return lambda: monkeypatch.setattr(routing, "body_of", nothing)


def test_a_body_that_was_answered_is_not_read_again(tool: Caller, unread: Callable[[], None]) -> None:
    queries = {key: {"segments": [air(flight_number=f"4{number}")]} for number, key in enumerate(KEYS)}
    first = ask(tool, sent(queries))
    assert list(first["responses"]) == list(KEYS)
    unread()
    assert ask(tool, sent(queries)) == first
    other = caller(own(tool), office="Another office", pages=tool.pages)
    reading = other.call("POST", "/screen", data=sent(queries), content_type="application/json")
    assert reading.status_code == 500  # for there its answers are not known, and it would be read


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(KEYS), st.integers(1, len(KEYS)), st.sampled_from([None, 1, "\t"]))
def test_known_bodies_are_answered_as_others(
    tool: Caller, keys: list[str], many: int, indent: int | str | None
) -> None:
    queries = {key: {"segments": [air(flight_number=str(100 + number))]} for number, key in enumerate(keys)}
    body = json.dumps({"queries": dict(list(queries.items())[:many])}, indent=indent).encode()
    first = ask(tool, body)
    assert ask(tool, body) == first
    flights = {key: each["answers"][0]["understood"] for key, each in first["responses"].items()}
    assert {key: each["segments"][0]["marketing"]["number"] for key, each in flights.items()} == {
        key: str(100 + number) for number, key in enumerate(keys[:many])
    }


def test_a_key_that_is_written_in_another_way_is_read_each_time(tool: Caller) -> None:
    body = sent({"one": {"segments": [air()]}}).replace(b'"one"', b'"\\u006fne"')
    assert list(ask(tool, body)["responses"]) == list(ask(tool, body)["responses"]) == ["one"]
    assert not tool.pages.extensions[BODIES].known


def test_a_body_with_people_a_text_or_parameters_is_read_each_time(tool: Caller) -> None:
    for query in QUERIES[-3:]:
        ask(tool, sent({"one": query}))
    ask(tool, sent({"one": QUERIES[0], "two": QUERIES[-1]}))
    assert not tool.pages.extensions[BODIES].known
    body = sent({"one": QUERIES[0]})
    ask(tool, body)
    assert len(tool.pages.extensions[BODIES].known) == 1
    ways = ask(tool, body, "/screen?alternatives=true")["responses"]["one"]["answers"][0]
    assert ways["alternatives"] is not None
    trip = ask(tool, body, "/screen?store=true", **{"Idempotency-Key": "one"})
    assert trip["responses"]["one"]["answers"][0]["trip"]["is_new"]
    assert (
        tool.call("POST", "/screen?stored=true", data=body, content_type="application/json").status_code
        == 422
    )
    assert tool.call("POST", "/screen", data=body, content_type="text/plain").status_code == 415
    replayed = {"Idempotency-Key": "two", "Content-Type": "application/json"}
    again = [tool.call("POST", "/screen", data=body, headers=replayed) for _ in range(2)]
    assert [each.headers.get("Idempotent-Replayed") for each in again] == [None, "true"]


def test_a_known_body_counts_as_many_calls_as_it_asks(tool: Caller) -> None:
    body = sent(dict.fromkeys(KEYS[:3], QUERIES[0]))
    ask(tool, body)
    few = caller(own(tool), calls_a_day=5, pages=tool.pages)
    ask(few, body)
    refused = few.call("POST", "/screen", data=body, content_type="application/json")
    assert refused.status_code == 429
    assert refused.get_json()["type"].endswith("/problems/quota")


def test_no_byte_of_a_body_is_kept(tool: Caller) -> None:
    body = sent({"CANARY-LOCATOR": {"segments": [air(operating_carrier="CANARY passport L01X00T47")]}})
    ask(tool, body)
    memory: Bodies = tool.pages.extensions[BODIES]
    ((name, queries),) = memory.known.items()
    assert name not in {hashlib.blake2b(body, digest_size=32).digest(), hashlib.sha256(body).digest()}
    assert [each.key_in(body) for each in queries] == [b'"CANARY-LOCATOR"']
    assert b"CANARY" not in pickle.dumps((name, queries))


def test_the_memory_for_bodies_has_an_end(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_QUERIES", 4)
    memory: Bodies = tool.pages.extensions[BODIES]
    for many in (1, 2, 3, 1, 4):
        ask(tool, sent(dict.fromkeys(KEYS[:many], QUERIES[0])))
        assert memory.size == sum(map(len, memory.known.values())) <= 4
    assert [len(each) for each in memory.known.values()] == [4]
