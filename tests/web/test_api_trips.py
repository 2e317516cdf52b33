"""Trips that programs put and read: by an id of theirs, of their office alone, and no edit is lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.web.calling import OFFICE, Caller, air, caller, service
from travelrisk.domain.programs import Kind
from travelrisk.services.application import Application
from travelrisk.services.trips import cancelling, upserting
from travelrisk.store import lookups, tables, trips
from travelrisk.store.database import reading
from travelrisk.web.api.models import trips as models

PLACE = "/trips/concur/A-1"
ALICE = {"name": "EXAMPLE/ALICE", "email": "alice@example.org"}


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Iterator[Application]:
    with service(app, tmp_path) as own:
        yield own


@pytest.fixture
def tool(own: Application) -> Caller:
    return caller(own)


def count(app: Application, table: str) -> int:
    with reading(app.engine) as c:
        return c.scalar(select(func.count()).select_from(tables.METADATA.tables[table])) or 0


def booking(**fields: object) -> dict[str, Any]:
    return {"segments": [air(**fields)], "travellers": [ALICE], "record_locator": "ABC234"}


def put(tool: Caller, body: object, path: str = PLACE, **headers: str) -> TestResponse:
    return tool.call("PUT", path, json=body, headers=headers)


def told(answer: TestResponse, model: type[BaseModel] = models.Trip) -> dict[str, Any]:
    """Return an answer that is as the document says, to the last field."""
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    assert set(model.model_validate(found).model_dump()) == set(found)
    return found


def code_of(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["type"].rpartition("/")[2]


def test_a_trip_is_put_once_and_changed_by_what_changes(own: Application, tool: Caller) -> None:
    made = told(put(tool, booking()), models.PutTrip)
    assert (made["change"], made["verdict"], made["letters"]) == ("created", "cleared", 1)
    again = told(put(tool, booking()), models.PutTrip)
    assert (again["change"], again["letters"]) == ("unchanged", 0)
    assert again["screening_id"] == made["screening_id"]
    worse = told(put(tool, booking(origin="QQQ")), models.PutTrip)
    assert (worse["change"], worse["verdict"], worse["letters"]) == ("changed", "review", 1)
    back = told(put(tool, booking()), models.PutTrip)
    assert (back["change"], back["verdict"]) == ("changed", "cleared")  # and not the answer on the one before
    assert {each["reference"] for each in (made, again, worse, back)} == {made["reference"]}
    assert [count(own, table) for table in ("trips", "itineraries", "advisories")] == [1, 3, 3]


def test_what_is_read_is_what_was_put(own: Application, tool: Caller) -> None:
    made = put(tool, booking(origin="QQQ"))
    reference = made.get_json()["reference"]
    now = told(tool.get(f"/trips/{reference.lower()}"))
    assert (now["reference"], now["system"], now["ext_id"]) == (reference, "concur", "A-1")
    assert {key: made.get_json()[key] for key in now if key in made.get_json()} == {
        key: value for key, value in now.items() if key in made.get_json()
    }
    assert "QQQ" in json.dumps(now["findings"])
    (screening,) = told(tool.get(f"/trips/{reference}/screenings"), models.Screenings)["screenings"]
    assert (screening["id"], screening["findings"]) == (now["screening_id"], now["findings"])
    (letter,) = told(tool.get(f"/trips/{reference}/messages"), models.Messages)["messages"]
    assert (letter["letter"], letter["recipient"], letter["state"]) == (
        "review",
        "alice@example.org",
        "queued",
    )
    events = told(tool.get(f"/trips/{reference}/timeline"), models.Timeline)["events"]
    assert {each["kind"] for each in events} == {"received", "judged", "letter"}
    with reading(own.engine) as c:
        trip = trips.by_reference(c, reference)
        assert trip is not None
        looks = lookups.of_trip(c, trip.id)
    assert len(looks) == 5
    assert {(each.actor, each.office, each.purpose) for each in looks} == {
        (tool.given.program.actor, OFFICE, "api")
    }


@pytest.mark.threat(1)
@pytest.mark.parametrize("below", ["", "/screenings", "/timeline", "/messages"])
def test_another_office_gets_the_answer_of_what_is_not_there(
    own: Application, tool: Caller, below: str
) -> None:
    reference = put(tool, booking()).get_json()["reference"]
    other = caller(own, office="Another office", pages=tool.pages)
    assert tool.get(f"/trips/{reference}{below}").status_code == 200
    mine, nobodys = (other.get(f"/trips/{each}{below}") for each in (reference, "TR-222222"))
    assert code_of(mine) == code_of(nobodys) == (404, "not_found")
    assert mine.get_json()["detail"].replace(reference, "") == nobodys.get_json()["detail"].replace(
        "TR-222222", ""
    )


def test_the_same_name_of_two_offices_is_two_trips(own: Application, tool: Caller) -> None:
    other = caller(own, office="Another office", pages=tool.pages)
    made = [put(each, booking()).get_json() for each in (tool, other)]
    assert [each["change"] for each in made] == ["created", "created"]
    assert made[0]["reference"] != made[1]["reference"]


def test_a_booking_that_came_another_way_is_the_same_trip(own: Application, tool: Caller) -> None:
    stored = tool.screen(booking(), "?store=true", headers={"Idempotency-Key": "one"})
    reference = stored["answers"][0]["trip"]["reference"]
    assert put(tool, booking()).get_json()["reference"] == reference
    second = put(tool, booking(), "/trips/concur/A-2").get_json()
    assert second["reference"] != reference  # that one has a name already, and would change with two of them
    assert count(own, "trips") == 2


def test_no_edit_is_lost(tool: Caller) -> None:
    first = put(tool, booking(), **{"If-Match": "*"})
    assert code_of(first) == (412, "changed_meanwhile")  # it is not there yet
    tag = put(tool, booking()).headers["ETag"]
    changed = put(tool, booking(flight_number="402"), **{"If-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag
    for header in (tag, '"x', "", "W/" + changed.headers["ETag"]):
        late = put(tool, booking(flight_number="404"), **{"If-Match": header})
        assert code_of(late) == (412, "changed_meanwhile"), header
    segments = tool.get(f"/trips/{changed.get_json()['reference']}").get_json()["understood"]["segments"]
    assert segments[0]["marketing"]["number"] == "402"


@pytest.mark.parametrize("below", ["", "/screenings", "/timeline", "/messages"])
def test_what_somebody_has_is_not_sent_again(tool: Caller, below: str) -> None:
    reference = put(tool, booking()).get_json()["reference"]
    known = tool.get(f"/trips/{reference}{below}")
    same = tool.get(f"/trips/{reference}{below}", headers={"If-None-Match": known.headers["ETag"]})
    assert (same.status_code, same.get_data(), same.headers["ETag"]) == (304, b"", known.headers["ETag"])
    put(tool, booking(origin="QQQ"))
    after = tool.get(f"/trips/{reference}{below}", headers={"If-None-Match": known.headers["ETag"]})
    assert after.status_code == 200


def test_a_trip_that_was_called_off_is_no_clearance_and_comes_back_when_it_is_put(
    own: Application, tool: Caller
) -> None:
    reference = put(tool, booking()).get_json()["reference"]
    with reading(own.engine) as c:
        trip = trips.by_reference(c, reference)
    assert trip is not None
    assert cancelling.cancel(own, trip.token)
    off = told(tool.get(f"/trips/{reference}"))
    assert (off["is_cancelled"], off["verdict"], off["next_step"]) == (True, "review", "send_again")
    again = told(put(tool, booking()), models.PutTrip)
    assert (again["change"], again["verdict"], again["is_cancelled"]) == ("changed", "cleared", False)


def test_what_a_killed_process_left_unjudged_is_no_clearance(
    own: Application, tool: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> Any:  # noqa: ANN401 - never returns
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(upserting, "judge", killed)
        with pytest.raises(KeyboardInterrupt):
            put(tool, booking())
    with reading(own.engine) as c:
        reference = c.scalar(select(tables.trips.c.reference))
    waiting = told(tool.get(f"/trips/{reference}"))
    assert (waiting["verdict"], waiting["next_step"], waiting["screening_id"]) == (
        "review",
        "send_again",
        None,
    )
    again = told(put(tool, booking()), models.PutTrip)
    assert (again["change"], again["verdict"], again["letters"]) == ("unchanged", "cleared", 1)


def test_letters_go_to_the_address_that_stands_in_the_booking_now(tool: Caller) -> None:
    put(tool, booking())
    moved = booking(flight_number="402") | {"travellers": [ALICE | {"email": "alice@example.net"}]}
    put(tool, moved)
    broken = booking(flight_number="404") | {"travellers": [ALICE | {"email": "alice"}]}
    reference = put(tool, broken).get_json()["reference"]
    letters = tool.get(f"/trips/{reference}/messages").get_json()["messages"]
    assert [each["recipient"] for each in letters] == [
        "alice@example.org",
        "alice@example.net",
        "alice@example.net",
    ]


def test_keys_that_make_nothing_make_nothing(own: Application, tool: Caller) -> None:
    trial = caller(own, Kind.TEST, pages=tool.pages)
    tried = told(put(trial, booking()), models.PutTrip)
    assert (tried["change"], tried["verdict"], tried["reference"]) == ("not_stored", "cleared", None)
    assert code_of(put(caller(own, Kind.LIVE_READ, pages=tool.pages), booking())) == (403, "scope")
    assert [count(own, table) for table in ("trips", "originals", "outbox", "external_trips")] == [0] * 4
    reference = put(tool, booking()).get_json()["reference"]
    for below in ("", "/screenings", "/timeline", "/messages"):
        seen, nobodys = (trial.get(f"/trips/{each}{below}") for each in (reference, "TR-222222"))
        assert code_of(seen) == code_of(nobodys) == (403, "scope")


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/trips/con cur/A-1", booking(), "not_found"),
        (f"/trips/concur/{'x' * 129}", booking(), "not_found"),
        (PLACE, {"text": "LH 400 FRA JFK 12 Dec"}, "validation"),
        (PLACE, {"segments": []}, "validation"),
        (PLACE, booking() | {"passport": "X1"}, "validation"),
        (PLACE, booking() | {"record_locator": "\ud800"}, "validation"),
    ],
)
def test_what_cannot_be_put_is_refused_and_not_half_kept(
    own: Application, tool: Caller, path: str, body: object, code: str
) -> None:
    assert code_of(put(tool, body, path))[1] == code
    assert count(own, "trips") == 0
