"""Screening by programs: the same judgement as everywhere, nothing is cleared by default."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.web.calling import OFFICE, Caller, air, caller, service
from travelrisk.cli.shapes import checked_shape
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.programs import Kind
from travelrisk.domain.texts import Texts
from travelrisk.services.application import Application
from travelrisk.services.programs import keys
from travelrisk.services.trips import checking
from travelrisk.services.trips.known_routes import import_routes
from travelrisk.store import lookups, ratings, tables, trips
from travelrisk.store.database import reading, writing
from travelrisk.web.api import examples, screening
from travelrisk.web.api.models import screening as models
from travelrisk.web.app import create_app


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


def kept(**more: str) -> dict[str, str]:
    return {"headers": {"Idempotency-Key": more.get("key", "one")}}  # type: ignore[dict-item] # as the caller takes it


def test_a_stated_journey_is_cleared(tool: Caller) -> None:
    found = tool.screen({"segments": [air()]})
    assert (found["status"], found["verdict"], found["outcome"]) == (200, "cleared", "complete")
    assert (found["next_step"], found["missing"]) == ("book", [])
    (answer,) = found["answers"]
    assert answer["understood"]["segments"][0]["operating"]["basis"] == "same_as_marketing_stated"
    assert {each["effect"] for each in answer["findings"]} == {"cleared"}


def test_the_seller_is_only_assumed_to_fly(tool: Caller) -> None:
    said = {"origin": "JFK", "destination": "MIA", "departs_local": "2026-12-12T10:20"}
    found = tool.screen({"segments": [air(**said, operating_carrier=None)]})
    (answer,) = found["answers"]
    assert answer["understood"]["segments"][0]["operating"]["basis"] == "assumed"
    assert found["verdict"] != "cleared"
    assert found["missing"] == ["segments[0].operating_carrier"]


@pytest.mark.parametrize(
    ("lacks", "missing"),
    [
        ({"departs_local": None}, "departs_local"),
        ({"departs_local": "2026-02-30"}, "departs_local"),
        ({"origin": None}, "origin"),
        ({"destination": None}, "destination"),
        ({"marketing_carrier": None, "operating_carrier": None}, "operating_carrier"),
        ({"operating_carrier": "ZZ9"}, None),
        ({"origin": "QQQ"}, None),
        ({"flight_number": "UA 400"}, None),
        ({"stops": ["QQQ"]}, None),
        ({"aircraft_owner": "Nobody Air"}, None),
        ({"marketing_carrier": "\u0410F", "operating_carrier": None}, None),  # a Cyrillic letter
    ],
)
def test_what_is_not_known_is_never_cleared(
    tool: Caller, lacks: dict[str, object], missing: str | None
) -> None:
    found = tool.screen({"segments": [air(**lacks)]})
    assert found["verdict"] in {"review", "not_cleared"}
    assert found["next_step"] in {"ask_focal_point", "do_not_book"}
    assert found["outcome"] != "complete" or missing is None
    if missing:
        assert f"segments[0].{missing}" in found["missing"]


@pytest.mark.parametrize(
    "said", [{"flight_number": "LH400"}, {"marketing_carrier": "DLH", "flight_number": "LH 400"}]
)
def test_a_number_may_bring_the_code_of_its_seller_along(tool: Caller, said: dict[str, object]) -> None:
    assert tool.screen({"segments": [air(**said)]})["verdict"] == "cleared"


def test_one_bad_segment_decides(tool: Caller) -> None:
    found = tool.screen({"segments": [air(), air(origin="QQQ", departs_local="2026-12-13T10:20")]})
    assert found["verdict"] == "review"
    assert found["answers"][0]["segments"] == ["cleared", "review"]


@pytest.mark.parametrize(
    "query",
    [
        {"text": "hello"},
        {"document": {"content": "AAAA", "name": "x.bin"}},
        {"document": {"content": "=A="}},
        {"segments": [{"kind": "rail", "origin": "FRA", "destination": "JFK"}]},
    ],
)
def test_nothing_understood_is_no_clearance(tool: Caller, query: Mapping[str, object]) -> None:
    found = tool.screen(query)
    assert found["verdict"] == "review"
    assert found["answers"][0]["reason"] or found["answers"][0]["findings"]


def same(tool: Caller, query: Mapping[str, object], text: str) -> None:
    """Hold the answer to a query against what the terminal prints of a text, word for word."""
    app = tool.pages.extensions["travelrisk"]
    printed = json.loads(json.dumps(checked_shape(checking.check(app, text), demo=True)))
    found = tool.screen(query)
    assert (found["verdict"], found["outcome"]) == (printed["verdict"], printed["outcome"])
    for mine, theirs in zip(found["answers"], printed["answers"], strict=True):
        assert mine["findings"] == theirs["advisory"]["findings"]
        assert mine["segments"] == theirs["advisory"]["segments"]


TEXT = "ET707 FRA ADD 12 Dec 2026 operated by Ethiopian Airlines"


def test_api_terminal_and_page_say_the_same(tool: Caller) -> None:
    content = base64.b64encode(TEXT.encode()).decode()
    for query in ({"text": TEXT}, {"document": {"content": content, "name": "x.txt"}}):
        same(tool, query, TEXT)
    segment = air(
        marketing_carrier="ET",
        flight_number="707",
        operating_carrier="Ethiopian Airlines",
        destination="ADD",
        departs_local="2026-12-12",
    )
    same(tool, {"segments": [segment]}, TEXT)
    found = tool.screen({"segments": [segment]})
    page = tool.pages.test_client().post("/check", data={"text": TEXT}).get_data(as_text=True)
    assert f'data-tr-verdict="{found["verdict"]}"' in page or "Review needed" in page
    reasons = [each for each in found["answers"][0]["findings"] if each["effect"] != "cleared"]
    assert reasons
    assert all(each["code"] for each in reasons)


def test_the_examples_of_the_document_are_answered(tool: Caller) -> None:
    answer = tool.post("/screen", examples.SCREEN).get_json()
    assert {key: each["status"] for key, each in answer["responses"].items()} == {"pnr-1": 200, "pnr-2": 200}
    assert answer["edition"] == 1
    assert answer["stored"] is False
    assert "Demonstration" in answer["notice"]


def test_the_example_of_a_document_is_read_by_its_content(tool: Caller) -> None:
    (found,) = tool.post("/screen", examples.DOCUMENT).get_json()["responses"].values()
    assert (found["status"], found["outcome"], found["answers"][0]["form"]) == (200, "complete", "text")
    assert len(found["answers"][0]["understood"]["segments"]) == 1


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", ("up to 10 MB", "up to 7 MB", "up to 100 itineraries", "200 bookings", "100,000 characters")),
        (
            "/fr",
            (
                "10 Mo au plus",
                "7 Mo au plus",
                "100 itinéraires",
                "200 réservations",
                "100\u202f000 caractères",
            ),
        ),
        (
            "/es",
            ("hasta 10 MB", "hasta 7 MB", "hasta 100 itinerarios", "200 reservas", "100\u00a0000 caracteres"),
        ),
    ],
)
def test_the_page_of_the_calls_says_their_limits(tool: Caller, prefix: str, said: tuple[str, ...]) -> None:
    page = tool.pages.test_client().get(f"{prefix}/docs").get_data(as_text=True)
    assert [each for each in said if each not in page] == []


def test_a_hundred_keep_their_keys(tool: Caller) -> None:
    queries = {f"trip:{number}": {"segments": [air(flight_number=str(number + 1))]} for number in range(100)}
    responses = tool.post("/screen", {"queries": queries}).get_json()["responses"]
    understood = {key: each["answers"][0]["understood"]["segments"] for key, each in responses.items()}
    numbers = {key: found[0]["marketing"]["number"] for key, found in understood.items()}
    assert numbers == {f"trip:{number}": str(number + 1) for number in range(100)}


def test_a_large_answer_leaves_piece_by_piece(tool: Caller) -> None:
    queries = {str(number): {"segments": [air(flight_number=str(number + 1))]} for number in range(100)}
    answer = tool.post("/screen", {"queries": queries}, buffered=False)
    pieces = [piece for piece in answer.response if isinstance(piece, bytes)]
    assert len(pieces) > 1
    assert max(map(len, pieces)) < 300_000
    assert sum(map(len, pieces)) == int(answer.headers["Content-Length"])
    assert json.loads(b"".join(pieces))["responses"].keys() == queries.keys()


def test_nothing_is_stored_unasked(own: Application, tool: Caller) -> None:
    tool.screen({"segments": [air()]})
    tool.screen({"text": TEXT})
    assert [count(own, table) for table in ("trips", "originals", "outbox", "program_answers")] == [
        0,
        0,
        0,
        0,
    ]


def test_by_what_was_known_then(own: Application, tool: Caller) -> None:
    later = replace(own, clock=lambda: own.clock() + timedelta(days=2))
    pages = create_app(later)
    tool = Caller(pages, tool.given)
    before = own.clock() - timedelta(hours=1)
    found = tool.post(f"/screen?as_of={before:%Y-%m-%dT%H:%M}Z", {"queries": {"one": {"segments": [air()]}}})
    assert found.get_json()["edition"] == 0
    assert found.get_json()["responses"]["one"]["verdict"] == "review"
    assert tool.screen({"segments": [air()]}, f"?as_of={own.clock():%Y-%m-%dT%H:%M}Z")["verdict"] == "cleared"


@pytest.mark.parametrize("as_of", ["2026-11-24T00:00Z", "2026-02-30T00:00Z"])
def test_of_a_moment_that_is_not_there_nothing_is_said(tool: Caller, as_of: str) -> None:
    answer = tool.post(f"/screen?as_of={as_of}", {"queries": {"one": {"segments": [air()]}}})
    assert answer.status_code == 404
    assert answer.get_json()["type"].endswith("/problems/moment")


def test_trips_are_made_of_the_office_of_the_key(own: Application, tool: Caller) -> None:
    traveller = {"name": "EXAMPLE/ALICE", "email": "alice@example.org", "language": "fr"}
    query = {"segments": [air(origin="QQQ")], "travellers": [traveller], "record_locator": "abc234"}
    found = tool.screen(query, "?store=true", **kept())
    trip = found["answers"][0]["trip"]
    assert (trip["is_new"], trip["letters"], trip["nobody_written_to"]) == (True, 1, "")
    with reading(own.engine) as c:
        stored = trips.by_reference(c, trip["reference"])
        assert stored is not None
        assert (stored.office, stored.contact, stored.language) == (OFFICE, "alice@example.org", "fr")
        looks = lookups.of_trip(c, stored.id)
    assert [(each.actor, each.office, each.purpose) for each in looks] == [
        (tool.given.program.actor, OFFICE, "api")
    ]


def test_a_stored_query_is_judged_like_a_shown_one(tool: Caller) -> None:
    for query in ({"segments": [air(operating_carrier=None)]}, {"text": TEXT}):
        shown = tool.screen(query)
        made = tool.screen(query, "?store=true", **kept(key=str(query)[:9].strip("{': ")))
        assert [each["findings"] for each in made["answers"]] == [
            each["findings"] for each in shown["answers"]
        ]


def test_a_test_key_makes_nothing(own: Application) -> None:
    trial = caller(own, Kind.TEST)
    sent = {"queries": {"one": {"segments": [air()], "travellers": [{"email": "alice@example.org"}]}}}
    answer = trial.post("/screen?store=true", sent, **kept()).get_json()
    assert answer["stored"] is False
    assert answer["responses"]["one"]["answers"][0]["trip"] is None
    assert [count(own, table) for table in ("trips", "originals", "outbox")] == [0, 0, 0]


def test_a_key_that_reads_makes_nothing(own: Application) -> None:
    reads = caller(own, Kind.LIVE_READ)
    answer = reads.post("/screen?store=true", {"queries": {"one": {"segments": [air()]}}}, **kept())
    assert answer.status_code == 403
    assert answer.get_json()["type"].endswith("/problems/scope")
    assert reads.screen({"segments": [air()]})["verdict"] == "cleared"
    assert count(own, "trips") == 0


def test_the_same_query_of_two_offices_is_two_trips(own: Application, tool: Caller) -> None:
    other = caller(own, office="Another office", pages=tool.pages)
    query = {"segments": [air()], "travellers": [{"email": "alice@example.org"}], "record_locator": "ABC234"}
    made = [each.screen(query, "?store=true", **kept())["answers"][0]["trip"] for each in (tool, other, tool)]
    assert made[0]["reference"] != made[1]["reference"]
    assert made[0] == made[2]
    with reading(own.engine) as c:
        offices = {each["reference"]: trips.by_reference(c, each["reference"]) for each in made}
    assert {each.office for each in offices.values() if each} == {OFFICE, "Another office"}


def test_two_travellers_alike_are_two_trips(tool: Caller) -> None:
    queries = {key: {"segments": [air()]} for key in ("pnr-1", "pnr-2")}
    answer = tool.post("/screen?store=true", {"queries": queries}, **kept()).get_json()
    made = {each["answers"][0]["trip"]["reference"] for each in answer["responses"].values()}
    assert len(made) == 2


def test_an_idempotency_key_makes_a_trip_once(own: Application, tool: Caller) -> None:
    sent = {"queries": {"one": {"segments": [air()]}}}
    first = tool.post("/screen?store=true", sent, **kept())
    again = tool.post("/screen?store=true", sent, **kept())
    assert first.get_data() == again.get_data()
    assert again.headers["Idempotent-Replayed"] == "true"
    other = tool.post("/screen?store=true", {"queries": {"two": {"segments": [air()]}}}, **kept())
    assert other.get_json()["type"].endswith("/problems/idempotency_key_reused")
    assert other.status_code == 422
    lacking = tool.post("/screen?store=true", sent)
    assert (lacking.status_code, lacking.get_json()["type"].rpartition("/")[2]) == (
        400,
        "idempotency_key_missing",
    )
    assert count(own, "trips") == 1


def test_as_of_and_store_do_not_go_together(tool: Caller) -> None:
    sent = {"queries": {"one": {"segments": [air()]}}}
    answer = tool.post("/screen?store=true&as_of=2026-11-01T00:00Z", sent, **kept())
    assert answer.status_code == 409


def test_an_exception_of_the_office_holds_for_its_key_alone(own: Application, tool: Caller) -> None:
    allowed = Authorisation(
        id="blanket-1",
        carrier="AZW",
        kind=AuthorisationKind.BLANKET,
        valid_from=date(2026, 12, 1),
        valid_until=date(2026, 12, 31),
        set_by="p-heidi",
        set_on=date(2026, 11, 20),
        approved_by="p-frank",
        need="n",
        alternatives_tried="a",
        mitigation="m",
        conditions=Texts("Daylight only."),
        office=OFFICE,
    )
    with writing(own.engine) as c:
        ratings.publish(c, opened=[allowed], closed=[], actor="test", note="test", at=own.clock())
    segment = air(marketing_carrier="UM", operating_carrier="UM", origin="HRE", destination="JNB")
    other = caller(own, office="Another office", pages=tool.pages)

    def records(each: Caller) -> set[str]:
        found = each.screen({"segments": [segment]})["answers"][0]["findings"]
        return {finding["record"]["id"] for finding in found if finding["record"]}

    assert "blanket-1" in records(tool)
    assert "blanket-1" not in records(other)
    assert OFFICE not in json.dumps(other.screen({"segments": [segment]}))


def test_better_rated_ways_are_looked_for_where_somebody_asks(
    own: Application, tool: Caller, tmp_path: Path
) -> None:
    table = tmp_path / "routes.csv"
    table.write_text("carrier,from,to,source\nKQ,HRE,JNB,for show\nUM,HRE,JNB,for show\n", "utf-8")
    import_routes(own, table)
    booked = {
        "segments": [
            air(marketing_carrier="UM", operating_carrier="UM", origin="HRE", destination="JNB"),
        ]
    }
    (answer,) = tool.screen(booked)["answers"]
    assert (answer["verdict"], answer["alternatives"]) == ("not_cleared", None)
    (asked,) = tool.screen(booked, "?alternatives=true")["answers"]
    assert asked == answer | {"alternatives": asked["alternatives"]}
    (part,) = asked["alternatives"]
    assert (part["from"], part["to"], part["verdict"], part["segments"]) == ("HRE", "JNB", "not_cleared", [0])
    (way,) = part["ways"]
    assert (way["verdict"], way["reasons"]) == ("cleared", [])
    assert [(each["operating_carrier"], each["source"]) for each in way["flights"]] == [("KQA", "for show")]
    models.Answer.model_validate_json(json.dumps(asked), strict=True)
    (cleared,) = tool.screen({"segments": [air()]}, "?alternatives=true")["answers"]
    assert cleared["alternatives"] == []
    both = tool.post(
        "/screen?alternatives=true&as_of=2026-11-01T00:00Z", {"queries": {"one": {"segments": [air()]}}}
    )
    assert both.get_json()["type"].endswith("/problems/not_together")


def test_what_there_was_no_time_for_is_no_clearance(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_PATIENCE_S", -1)
    found = tool.screen({"segments": [air()]})
    assert (found["status"], found["verdict"], found["next_step"]) == (503, "review", "send_again")


HEADINGS = "Name,Airline,Flight,From,To,Date\n"
ROW = "Alice Example,LH,400,FRA,JFK,2026-12-12\n"


@pytest.mark.threat(48)
@pytest.mark.parametrize("ask", ["", "?store=true"])
def test_more_bookings_than_a_call_takes_are_refused_whole(
    own: Application, tool: Caller, monkeypatch: pytest.MonkeyPatch, ask: str
) -> None:
    monkeypatch.setattr(screening, "MOST_BOOKINGS", 3)

    def table(rows: int) -> dict[str, object]:
        text = HEADINGS + "".join(ROW.replace("400", str(400 + number)) for number in range(rows))
        return {"document": {"content": base64.b64encode(text.encode()).decode(), "name": "trips.csv"}}

    few = tool.screen(table(3), ask, **kept(key="a"))
    assert len(few["answers"]) == 3
    before = count(own, "trips")
    found = tool.screen(table(4), ask, **kept(key="b"))
    assert (found["status"], found["verdict"], found["next_step"]) == (422, "review", "send_again")
    assert "bookings" in found["answers"][0]["reason"]
    assert count(own, "trips") == before


@pytest.mark.threat(41)
def test_a_failure_clears_nothing(tool: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:  # noqa: ANN401 - never returns
        raise RuntimeError("ZZCANARY in the message")

    monkeypatch.setattr(screening, "judged", broken)
    answer = tool.post("/screen", {"queries": {"one": {"segments": [air()]}}})
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "ZZCANARY" not in text
    assert '"cleared"' not in text
    assert answer.content_type == "application/problem+json"


def test_a_batch_counts_as_its_itineraries(own: Application) -> None:
    small = caller(own, calls_a_day=3)
    queries = {key: {"segments": [air()]} for key in "ab"}
    assert small.post("/screen", {"queries": queries}).status_code == 200
    refused = small.post("/screen", {"queries": queries})
    assert refused.status_code == 429
    assert refused.get_json()["type"].endswith("/problems/quota")
    assert int(refused.headers["Retry-After"]) == 6 * 3600
    assert keys.calls_today(own)[small.given.program.id] <= 3
