"""The audit trail for programs: with a key that audits, of its own office alone, and to the last byte."""

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.web.calling import Caller, Sight, caller, service
from tests.web.test_api_trips import booking, code_of, put
from travelrisk.domain.programs import Kind
from travelrisk.services.application import Application
from travelrisk.services.privacy import office_trail
from travelrisk.store import audit
from travelrisk.store.database import reading, writing
from travelrisk.web.api.models.audit import Audit

TAG = b"travelrisk-audit-v1\0"


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Iterator[Application]:
    with service(app, tmp_path) as own:
        yield own


@pytest.fixture
def tool(own: Application) -> Caller:
    return caller(own)


@pytest.fixture
def auditor(own: Application, tool: Caller) -> Caller:
    return caller(own, Kind.LIVE_READ, pages=tool.pages, sight=Sight.AUDIT)


def asked(auditor: Caller, query: str = "") -> dict[str, Any]:
    answer = auditor.get(f"/audit{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    Audit.model_validate(found)
    return found


def note(app: Application, subject: str, kind: str = "test.noted", actor: str = "worker") -> int:
    with writing(app.engine) as c:
        return audit.append(c, kind=kind, actor=actor, at=app.clock(), subject=subject, body={"a": "b"})


def test_only_a_key_that_audits_sees_the_trail(own: Application, tool: Caller, auditor: Caller) -> None:
    assert asked(auditor)["entries"]
    for kind, sight in (
        *((kind, Sight.UNIT) for kind in (Kind.LIVE_READ, Kind.LIVE_WRITE)),
        (Kind.LIVE_WRITE, Sight.DESK),
        (Kind.TEST, Sight.AUDIT),
    ):
        other = caller(own, kind, pages=tool.pages, sight=sight)
        assert code_of(other.get("/audit")) == (403, "scope")


def test_what_a_program_did_is_told_as_it_is_chained(tool: Caller, auditor: Caller) -> None:
    put(tool, booking())
    found = asked(auditor)["entries"]
    kinds = [each["kind"] for each in found]
    assert {"program.added", "document.received", "advisory.recorded"} <= set(kinds)
    assert [each["seq"] for each in found] == sorted(each["seq"] for each in found)
    for each in found:
        text = json.loads(each["text"])
        assert {name: each[name] for name in ("at", "kind", "actor", "subject", "body")} == text
        linked = TAG + bytes.fromhex(each["prev_hash"]) + hashlib.sha256(each["text"].encode()).digest()
        assert hashlib.sha256(linked).hexdigest() == each["hash"]


def test_another_office_and_what_is_nobody_s_are_not_there(
    own: Application, tool: Caller, auditor: Caller
) -> None:
    other = caller(own, office="Elsewhere", pages=tool.pages)
    put(other, booking())
    before = asked(auditor)["entries"]
    assert {each["subject"] for each in before} == {
        f"program:{each.given.program.id}" for each in (tool, auditor)
    }
    hidden = [
        note(own, each)
        for each in (
            *("trip:1", "itinerary:1", "advisory:1", "letter:1", "office:Elsewhere", "edition:2"),
            *("person:p-alice", "feed:easa", "database", "trip:", "trip:99", "trip:1:2", "trip:x", "office:"),
            *("trip:9999999999999999999999", "letter:-1", "batch:BA-222222", "programs", "key:worker"),
        )
    ]
    shown = note(own, "anything", actor=tool.given.program.actor)
    seen = {each["seq"] for each in asked(auditor)["entries"]} - {each["seq"] for each in before}
    assert not seen & set(hidden)
    assert seen == {shown}
    mine = caller(own, Kind.LIVE_READ, "Elsewhere", tool.pages, sight=Sight.AUDIT)
    theirs = {each["seq"] for each in asked(mine)["entries"]}
    assert theirs & set(hidden) == set(hidden[:5])
    assert shown not in theirs


def test_a_letter_that_came_back_is_not_taken_for_the_trip_of_its_number(
    own: Application, tool: Caller, auditor: Caller
) -> None:
    """Its subject is trip:1 for letter 1, and trip 1 may be one of another office."""
    other = caller(own, office="Elsewhere", pages=tool.pages)
    put(other, booking())  # trip 1, letter 1
    put(other, booking(origin="QQQ"))  # trip 1, letter 2
    put(tool, booking())  # trip 2, letter 3
    theirs, mine = (note(own, f"trip:{number}", "letter.bounced", "mail") for number in (2, 3))
    unknown = note(own, "desk:3", "letter.bounced", "mail")
    seen = {each["seq"] for each in asked(auditor)["entries"]}
    assert (theirs in seen, mine in seen, unknown in seen) == (False, True, False)


def test_the_trail_comes_page_by_page_and_goes_on_where_it_was_left(
    own: Application, tool: Caller, auditor: Caller
) -> None:
    for number in range(5):
        put(tool, booking(), f"/trips/concur/A-{number}")
    whole = asked(auditor, "?limit=500")
    assert not whole["has_more"]
    found, query = [], "?limit=4"
    while True:
        page = asked(auditor, query)
        found += page["entries"]
        query = f"?limit=4&cursor={page['cursor']}"
        if not page["has_more"]:
            break
        assert len(page["entries"]) == 4
    assert found == whole["entries"]
    later = note(own, "anything", actor=tool.given.program.actor)
    assert [each["seq"] for each in asked(auditor, query)["entries"]] == [later]
    assert code_of(auditor.get("/audit?cursor=abc")) == (404, "cursor")


def test_a_page_ends_although_it_holds_nothing_and_says_that_there_is_more(
    own: Application, auditor: Caller, tool: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office_trail, "_AT_ONCE", 2)
    monkeypatch.setattr(office_trail, "_MOST_READ", 4)
    with reading(own.engine) as c:
        start = audit.head(c).seq
    for _ in range(9):
        note(own, "edition:1")
    last = note(own, "anything", actor=tool.given.program.actor)
    page = asked(auditor)
    assert page["has_more"]
    pages, seen = 1, [*page["entries"]]
    while page["has_more"]:
        page = asked(auditor, f"?cursor={page['cursor']}")
        pages, seen = pages + 1, [*seen, *page["entries"]]
    assert pages >= (10 + start) / 4
    assert seen[-1]["seq"] == last


def test_moments_and_forms(own: Application, tool: Caller, auditor: Caller) -> None:
    put(tool, booking())
    now = own.clock()
    stamps = {
        name: f"{now + timedelta(hours=hours):%Y-%m-%dT%H:%M}Z" for name, hours in (("a", -1), ("b", 1))
    }
    every = asked(auditor)["entries"]
    assert asked(auditor, f"?from={stamps['a']}&to={stamps['b']}")["entries"] == every
    assert asked(auditor, f"?to={stamps['a']}")["entries"] == []
    assert asked(auditor, f"?from={stamps['b']}")["entries"] == []
    lines = auditor.get("/audit?format=jsonl")
    assert lines.headers["Content-Type"] == "application/x-ndjson"
    shown = [json.loads(each) for each in lines.get_data(as_text=True).splitlines()]
    assert [(each["seq"], each["body"], each["hash"]) for each in shown] == [
        (each["seq"], each["text"], each["hash"]) for each in every
    ]
    table = auditor.get("/audit?format=csv&limit=2")
    rows = list(csv.reader(io.StringIO(table.get_data(as_text=True))))
    assert [row[0] for row in rows] == ["seq", *(str(each["seq"]) for each in every[:2])]
    more = auditor.get(table.headers["Link"].partition(">")[0].removeprefix("</api/v1"))
    rows = list(csv.reader(io.StringIO(more.get_data(as_text=True))))
    assert [row[0] for row in rows[1:]] == [str(each["seq"]) for each in every[2:4]]
    assert code_of(auditor.get("/audit?from=2026-02-31T00:00Z")) == (404, "moment")
    assert code_of(auditor.get("/audit?format=xml")) == (422, "validation")
