"""Webhooks and certificates over the API: of the key's office alone, and a secret is shown once."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import KeySet
from sqlalchemy import select

from tests.web.calling import SECRET, Caller, caller, service
from tests.web.test_api_trips import booking, code_of, put
from travelrisk.domain.programs import Kind
from travelrisk.services.application import Application
from travelrisk.services.webhooks import sending
from travelrisk.services.webhooks.sending import send_due
from travelrisk.store import tables
from travelrisk.store.database import reading
from travelrisk.web.api.models import certificates, webhooks

URL = "https://booking.example.org:10443/travelrisk?tool=1"


@pytest.fixture
def own(app: Application, tmp_path: Path) -> Iterator[Application]:
    with service(app, tmp_path) as own:
        yield replace(own, facts=replace(own.facts, secret=SECRET))


@pytest.fixture
def tool(own: Application) -> Caller:
    return caller(own)


def added(tool: Caller, url: str = URL) -> dict[str, Any]:
    answer = tool.post("/webhooks", {"url": url})
    assert answer.status_code == 201
    found: dict[str, Any] = answer.get_json()
    assert set(webhooks.WebhookWithSecret.model_validate(found).model_dump()) == set(found)
    return found


def test_a_secret_is_shown_when_it_is_made_and_not_again(tool: Caller) -> None:
    made = added(tool)
    assert made["secret"].startswith("whsec_")
    turned = tool.post(f"/webhooks/{made['id']}/rotate", None).get_json()
    assert turned["secret"] not in {made["secret"], ""}
    listed = tool.get("/webhooks")
    assert "whsec_" not in listed.get_data(as_text=True)
    (found,) = webhooks.Webhooks.model_validate(listed.get_json()).webhooks
    assert (found.id, found.url, found.ended_at) == (made["id"], URL, None)


def test_an_address_that_is_added_twice_with_one_key_is_one_address(own: Application, tool: Caller) -> None:
    once = {"Idempotency-Key": "start-1"}
    first, again = (tool.post("/webhooks", {"url": URL}, headers=once) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(tool.get("/webhooks").get_json()["webhooks"]) == 1
    with reading(own.engine) as c:
        (kept,) = c.scalars(select(tables.program_answers.c.body))
    assert b"whsec_" not in kept, "no row holds a secret"
    number = first.get_json()["id"]
    tool.post(f"/webhooks/{number}/rotate", None)
    assert tool.post("/webhooks", {"url": URL}, headers=once).get_json() == first.get_json()
    other = tool.post("/webhooks", {"url": f"{URL}&more=1"}, headers=once)
    assert code_of(other) == (422, "idempotency_key_reused")
    assert added(tool)["id"] != number, "without a key it is another one"


def test_a_trip_is_told_of_and_a_message_is_sent_again(
    own: Application, tool: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = f"/webhooks/{added(tool)['id']}"
    reference = put(tool, booking()).get_json()["reference"]
    (message,) = tool.get(f"{hook}/deliveries").get_json()["deliveries"]
    webhooks.Delivery.model_validate(message)
    about = message["message"]["data"]
    assert (message["state"], about["trip_id"], about["verdict"]) == ("queued", reference, "cleared")
    assert tool.get(about["url"].partition("/api/v1")[2]).status_code == 200  # it leads to what it tells of

    def arrived(*_: object) -> SimpleNamespace:
        return SimpleNamespace(status=204, words="answers 204", wait=None)

    monkeypatch.setattr(sending, "_posted", arrived)
    assert send_due(own).done == 1
    assert tool.post(f"{hook}/deliveries/{message['id']}/replay", None).status_code == 202
    assert tool.post(f"{hook}/test", None).status_code == 202
    after = tool.get(f"{hook}/deliveries").get_json()["deliveries"]
    assert [each["message"]["type"] for each in after] == ["test", "screening.completed"]
    assert (after[1]["state"], after[1]["message_id"]) == ("queued", message["message_id"])
    gone = tool.call("DELETE", hook).get_json()
    assert (gone["ended_why"], gone["id"]) == ("removed", int(hook.rpartition("/")[2]))
    assert tool.call("DELETE", hook).get_json() == gone
    assert code_of(tool.post(f"{hook}/test", None)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("DELETE", ""),
        ("POST", "/rotate"),
        ("POST", "/test"),
        ("GET", "/deliveries"),
        ("POST", "/deliveries/1/replay"),
    ],
)
def test_another_office_gets_the_answer_of_what_is_not_there(
    own: Application, tool: Caller, method: str, below: str
) -> None:
    number = added(tool)["id"]
    tool.post(f"/webhooks/{number}/test", None)
    other = caller(own, office="Another office", pages=tool.pages)
    mine, nobodys = (other.call(method, f"/webhooks/{each}{below}") for each in (number, 999))
    assert code_of(mine) == code_of(nobodys) == (404, "not_found")
    assert other.get("/webhooks").get_json() == {"webhooks": []}
    assert tool.get("/webhooks").get_json()["webhooks"][0]["ended_at"] is None


@pytest.mark.parametrize(
    "url",
    [
        "http://booking.example.org/",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://2130706433/",
        "https://user@booking.example.org/",
        "https://booking.example.org/#x",
        "file:///etc/passwd",
    ],
)
def test_only_an_https_address_by_name_is_told(tool: Caller, url: str) -> None:
    refused = tool.post("/webhooks", {"url": url})
    assert code_of(refused) == (422, "validation")
    assert refused.get_json()["errors"][0]["pointer"] == "/url"
    assert tool.get("/webhooks").get_json() == {"webhooks": []}


def test_keys_that_make_nothing_make_nothing(own: Application, tool: Caller) -> None:
    assert code_of(caller(own, Kind.TEST, pages=tool.pages).get("/webhooks")) == (403, "scope")
    for kind in (Kind.TEST, Kind.LIVE_READ):
        other = caller(own, kind, pages=tool.pages)
        assert code_of(other.post("/webhooks", {"url": URL})) == (403, "scope")
        assert code_of(other.post("/trips/TR-222222/certificate", None)) == (403, "scope")
    assert tool.get("/webhooks").get_json() == {"webhooks": []}


def test_an_office_has_so_many_addresses(tool: Caller) -> None:
    for number in range(20):
        added(tool, f"https://booking.example.org/{number}")
    assert code_of(tool.post("/webhooks", {"url": URL})) == (409, "full")


def test_a_certificate_is_issued_once_and_checked_without_a_name(own: Application, tool: Caller) -> None:
    reference = put(tool, booking()).get_json()["reference"]
    issued = tool.post(f"/trips/{reference}/certificate", None)
    found = certificates.Certificate.model_validate(issued.get_json())
    assert (found.standing, found.verdict, found.last_day) == ("valid", "cleared", "2026-12-12")
    assert found.flights[0].model_dump() == {
        "flight": "LH 400",
        "operating": "LH",
        "origin": "FRA",
        "destination": "JFK",
        "departs": "2026-12-12T10:20",
    }
    assert tool.post(f"/trips/{reference}/certificate", None).get_json() == issued.get_json()
    other = caller(own, Kind.LIVE_READ, office="Another office", pages=tool.pages)
    checked = other.get(f"/certificates/{found.code.lower()}")
    assert checked.get_json() == issued.get_json()
    for secret in ("ALICE", "alice", "Alice", "ABC234", reference):
        assert secret not in checked.get_data(as_text=True)
    keys = json.loads(tool.pages.test_client().get("/.well-known/jwks.json").data)
    assert found.jws
    claims = json.loads(
        jws.deserialize_compact(
            found.jws, KeySet.import_key_set(keys), algorithms=["Ed25519", "EdDSA"]
        ).payload
    )
    assert claims["jti"] == found.code
    put(tool, booking(origin="QQQ"))
    assert tool.get(f"/certificates/{found.code}").get_json()["standing"] == "withdrawn"
    assert code_of(tool.post(f"/trips/{reference}/certificate", None)) == (409, "no_certificate")
    writer = caller(own, office="Another office", pages=tool.pages)
    assert code_of(writer.post(f"/trips/{reference}/certificate", None)) == (404, "not_found")
    assert code_of(tool.get("/certificates/2222222222")) == (404, "not_found")
