"""Ratings for programs: page by page, as of a moment, since a cursor; how much is told depends on the key."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.calling import Caller, Sight, caller, service
from travelrisk.domain.programs import Kind
from travelrisk.domain.ratings import Evidence, Level, Rating, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.services.application import Application
from travelrisk.store import ratings
from travelrisk.store.database import writing

CANARY = Rating(
    id="canary-1",
    subject=Subject(SubjectKind.CARRIER, "AZW"),
    level=Level.CONDITIONAL,
    valid_from=date(2026, 1, 1),
    valid_until=date(2026, 12, 31),
    set_by="ZZCANARY set by",
    set_on=date(2026, 11, 3),
    reason=Texts("ZZCANARY reason", "ZZCANARY raison", "ZZCANARY razón"),
    condition=Texts("Daylight only."),
    aoc="ZZCANARY aoc",
    evidence=(
        Evidence("ZZCANARY title", "k", "https://zzcanary.example", note="ZZCANARY note", value="ZZCANARY"),
    ),
)


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Iterator[Application]:
    with service(app, tmp_path, rated=False) as own:
        publish(own, replace(CANARY, id="older-1", level=Level.RECOMMENDED))
        publish(own, CANARY, closed=["older-1"], at=1)
        yield own


def publish(app: Application, record: Rating, closed: list[str] | None = None, at: int = 0) -> None:
    moment = app.clock() - timedelta(hours=5 - at)
    with writing(app.engine) as c:
        ratings.publish(c, opened=[record], closed=closed or [], actor="bob", note="n", at=moment)


@pytest.fixture
def tool(own: Application) -> Caller:
    return caller(own, Kind.LIVE_READ)


def everything(tool: Caller) -> list[dict[str, Any]]:
    paths = ("/ratings", "/changes", "/carriers?q=UM", "/carriers/AZW/ratings", "/carriers/UM/ratings")
    answers = [tool.get(path) for path in paths]
    assert [each.status_code for each in answers] == [200] * len(paths)
    return [each.get_json() for each in answers]


@pytest.mark.threat(2)
def test_a_key_of_a_travel_unit_sees_no_reason_and_no_evidence(tool: Caller) -> None:
    told = everything(tool)
    assert "zzcanary" not in json.dumps(told, ensure_ascii=False).lower()
    assert told[0]["ratings"][0]["level"] == "conditional"
    assert told[0]["ratings"][0]["condition"]["en"] == "Daylight only."


def test_a_key_of_the_desk_sees_them(own: Application) -> None:
    told = everything(caller(own, Kind.LIVE_READ, sight=Sight.DESK))
    desk = told[0]["ratings"][0]["desk"]
    assert desk["reason"]["fr"] == "ZZCANARY raison"
    assert desk["evidence"][0]["note"] == "ZZCANARY note"


def test_a_history_holds_what_was_closed(tool: Caller) -> None:
    told = tool.get("/carriers/AZW/ratings").get_json()
    assert [(each["id"], each["state"]) for each in told["ratings"]] == [
        ("canary-1", "in_force"),
        ("older-1", "closed"),
    ]
    assert told["carrier"]["level"] == "conditional"


def test_a_carrier_that_nobody_rated_is_not_rated(tool: Caller) -> None:
    told = tool.get("/carriers/ETH/ratings").get_json()
    assert (told["ratings"], told["carrier"]["level"]) == ([], "not_rated")
    assert tool.get("/carriers?q=nobody").get_json()["carriers"] == []


def test_the_ratings_of_a_moment(own: Application, tool: Caller) -> None:
    def at(hours: float) -> list[str]:
        moment = own.clock() - timedelta(hours=hours)
        answer = tool.get(f"/ratings?as_of={moment:%Y-%m-%dT%H:%M}Z").get_json()
        return [each["id"] for each in answer["ratings"]]

    assert (at(6), at(5), at(4.5), at(4), at(0)) == ([], ["older-1"], ["older-1"], ["canary-1"], ["canary-1"])


def test_a_list_goes_on_where_it_ended_whatever_is_published_meanwhile(
    own: Application, tool: Caller
) -> None:
    for number in range(5):
        publish(
            own, replace(CANARY, id=f"more-{number}", subject=Subject(SubjectKind.AIRPORT, f"AA{number}"))
        )
    seen: list[str] = []
    path = "/ratings?limit=2"
    while path:
        answer = tool.get(path)
        told = answer.get_json()
        seen += [each["id"] for each in told["ratings"]]
        assert ('rel="next"' in answer.headers.get("Link", "")) == bool(told["cursor"])
        path = f"/ratings?limit=2&cursor={told['cursor']}" if told["cursor"] else ""
        publish(own, replace(CANARY, id=f"late-{len(seen)}"), closed=[])
    assert seen == ["canary-1", *(f"more-{number}" for number in range(5))]


def test_changes_come_once_each_and_the_cursor_waits_for_more(own: Application, tool: Caller) -> None:
    seen: list[tuple[int, str, str]] = []
    cursor = ""
    for _ in range(10):
        told = tool.get(f"/changes?limit=1&cursor={cursor}").get_json()
        seen += [(each["edition"], each["change"], each["rating"]["id"]) for each in told["changes"]]
        cursor = told["cursor"]
        if not told["has_more"]:
            break
    assert seen == [(1, "opened", "older-1"), (2, "closed", "older-1"), (2, "opened", "canary-1")]
    assert tool.get(f"/changes?cursor={cursor}").get_json() == {
        "changes": [],
        "cursor": cursor,
        "has_more": False,
    }
    publish(own, replace(CANARY, id="newest-1", subject=Subject(SubjectKind.AIRPORT, "AAA")), at=2)
    told = tool.get(f"/changes?cursor={cursor}").get_json()
    assert [each["rating"]["id"] for each in told["changes"]] == ["newest-1"]


def test_rules_and_findings_are_told(tool: Caller) -> None:
    told = tool.get("/rules").get_json()
    assert {"operating_carrier", "dates"} <= {each["code"] for each in told["rules"]}
    finding = next(each for each in told["findings"] if each["code"] == "operating.not_recommended")
    assert all(finding["message"].values())
    assert tool.get("/rules/dates").get_json()["rule"]["title"]
    assert tool.get("/rules/operating.not_recommended").get_json()["finding"] == finding


def test_the_catalog_names_what_answers_rest_on(own: Application, tool: Caller) -> None:
    told = tool.get("/catalog").get_json()
    assert (told["edition"], told["policy_version"]) == (2, own.policy.policy.version)
