"""A warning that a program stores without an address is somebody's task, and the timeline says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.calling import OFFICE, Caller, air, caller, service
from travelrisk.domain.programs import Kind
from travelrisk.services.application import Application
from travelrisk.services.letters.undelivered import sweep, told, waiting
from travelrisk.services.trips.addressing import Wanted, give, seen
from travelrisk.web.api.models import trips as models

KEY = {"Idempotency-Key": "unaddressed-1"}
WARNED, CLEARED = air(origin="QQQ"), air()
ALICE = {"name": "EXAMPLE/ALICE"}


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Iterator[Application]:
    with service(app, tmp_path) as own:
        yield own


@pytest.fixture
def tool(own: Application) -> Caller:
    return caller(own)


def put(tool: Caller, segment: dict[str, object], number: int = 1, **traveller: str) -> Any:  # noqa: ANN401 - of JSON
    body = {"segments": [segment], "travellers": [ALICE | traveller], "record_locator": "ABC234"}
    answer = tool.call("PUT", f"/trips/concur/A-{number}", json=body)
    assert answer.status_code in {200, 403}, answer.get_data(as_text=True)
    return answer.get_json()


def tasks(app: Application, office: str | None = None) -> list[tuple[str, str]]:
    return [(each.task.reference, each.task.reason) for each in waiting(app, office)]


def test_a_trip_that_is_put_without_an_address_is_a_task_of_its_office(
    own: Application, tool: Caller
) -> None:
    made = put(tool, WARNED)
    assert (made["verdict"], made["letters"]) == ("review", 0)
    assert "nobody was written to" in made["nobody_written_to"]
    put(tool, WARNED)
    put(tool, CLEARED, 2)
    put(tool, WARNED, 3, email="alice@example.org")
    sweep(own)
    assert tasks(own, OFFICE) == [(made["reference"], "unaddressed")]
    assert tasks(own, "Another office") == []
    known = tool.get(f"/trips/{made['reference']}")
    assert models.Trip.model_validate(known.get_json()).nobody_written_to == made["nobody_written_to"]
    with_address = put(tool, WARNED, email="alice@example.org")
    assert (with_address["change"], with_address["letters"]) == ("changed", 1)
    assert tasks(own) == []
    assert tool.get(f"/trips/{made['reference']}").get_json()["nobody_written_to"] == ""


def test_the_timeline_tells_of_it_until_the_traveller_knows(own: Application, tool: Caller) -> None:
    reference = put(tool, WARNED)["reference"]
    (untold,) = waiting(own)
    told(own, untold.task.advisory_id, by="p-heidi", note="called at noon")
    answer = tool.get(f"/trips/{reference}/timeline")
    found = models.Timeline.model_validate(answer.get_json())
    assert [each.kind for each in found.events] == ["told", "unaddressed", "judged", "received"]
    of_warning = [(each.screening_id, each.verdict, each.edition) for each in found.events[:3]]
    assert of_warning == [(untold.task.advisory_id, "review", 1)] * 3
    assert "noon" not in answer.get_data(as_text=True)
    assert "heidi" not in answer.get_data(as_text=True)


def test_what_is_screened_and_stored_without_an_address_is_a_task(own: Application, tool: Caller) -> None:
    query = {"segments": [WARNED], "travellers": [ALICE]}
    (answer,) = tool.screen(query, "?store=true", headers=KEY)["answers"]
    assert answer["trip"]["nobody_written_to"]
    again = tool.screen(query, "?store=true", headers=KEY)["answers"][0]
    assert again["trip"]["reference"] == answer["trip"]["reference"]
    tool.screen({"segments": [CLEARED]}, "?store=true", headers={"Idempotency-Key": "unaddressed-2"})
    assert tasks(own) == [(answer["trip"]["reference"], "unaddressed")]


@pytest.mark.parametrize("kind", [Kind.TEST, Kind.LIVE_READ])
def test_a_key_that_makes_nothing_makes_no_task(own: Application, kind: Kind) -> None:
    program = caller(own, kind)
    put(program, WARNED)
    program.post("/screen?store=true", {"queries": {"one": {"segments": [WARNED]}}}, headers=KEY)
    program.screen({"segments": [WARNED]})
    sweep(own)
    assert tasks(own) == []


def test_the_timeline_tells_that_an_address_was_given_and_not_which(own: Application, tool: Caller) -> None:
    reference = put(tool, WARNED)["reference"]
    wanted = Wanted("alice@example.org", "fr", "")
    assert give(own, seen(own, reference, OFFICE), wanted, "p-heidi") is None
    answer = tool.get(f"/trips/{reference}/timeline")
    found = models.Timeline.model_validate(answer.get_json())
    assert "addressed" in [each.kind for each in found.events]
    assert "alice" not in answer.get_data(as_text=True)
    assert tool.get(f"/trips/{reference}").get_json()["nobody_written_to"] == ""
