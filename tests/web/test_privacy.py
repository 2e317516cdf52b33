"""The trail for auditors, forgetting for administrators, and what travellers are told of what is kept."""

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.conftest import NOW, REVIEW, Visitor
from tests.web.desk import Desk, csrf, desk_of, send
from travelrisk.domain.people import Role, Viewer
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose, looked
from travelrisk.services.trips.receiving import receive
from travelrisk.store import audit
from travelrisk.store.database import reading
from travelrisk.store.trips import Trip
from travelrisk.web.app import create_app

ALICE = "alice.zzcanary@example.org"


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    roles = {"dora": Role.ADMIN, "gina": Role.AUDITOR, "bob": Role.FOCAL_POINT, "ursa": Role.TRAVEL_UNIT}
    with desk_of(app, tmp_path, **roles) as desk:
        yield desk


@pytest.fixture
def trip(desk: Desk) -> Trip:
    (received,) = receive(desk.app, Document(REVIEW.encode(), "trip.txt"), recipient=ALICE, office="UNIT-X")
    assert received.trip is not None
    return received.trip


@pytest.mark.parametrize("path", ["/audit", "/audit/export?form=csv", "/forget"])
@pytest.mark.parametrize("name", ["bob", "ursa"])
def test_nobody_else_finds_these_pages(desk: Desk, path: str, name: str) -> None:
    assert desk.visitor(name).get(path).status == 404


def test_an_auditor_proves_the_trail_and_erases_nothing(desk: Desk, trip: Trip) -> None:
    gina = desk.visitor("gina")
    with reading(desk.app.engine) as c:
        head = audit.head(c)
    line = f"{head.seq}:{head.hash[:32]}"
    assert line in gina.get("/audit").words
    assert "The chain is whole" in send(gina, "/audit", anchors=f"{line}\n").words
    broken = send(gina, "/audit", anchors=f"{line[:-1]}{'0' if line[-1] != '0' else '1'}")
    assert f"broken at entry {head.seq}" in broken.words
    assert "broken" in send(gina, "/audit", anchors=f"{head.seq + 9}:{head.hash[:32]}").words, "a cut tail"
    unusable = send(gina, "/audit", anchors="what?")
    assert unusable.status == 422
    assert unusable.all("//textarea[@id='anchors'][@aria-invalid='true']")
    assert gina.get("/forget").status == 404
    assert trip.reference


def test_the_trail_is_given_as_a_file(desk: Desk, trip: Trip) -> None:
    gina = desk.visitor("gina")
    lines = gina.look("/audit/export?form=jsonl").get_data(as_text=True).splitlines()
    assert [json.loads(line)["seq"] for line in lines] == list(range(1, len(lines) + 1))
    table = gina.look("/audit/export?form=csv")
    assert "document.received" in table.get_data(as_text=True)
    assert ALICE not in table.get_data(as_text=True)
    assert table.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    later = gina.look("/audit/export?form=jsonl&since=2099-01-01").get_data()
    assert later == b""
    assert gina.get("/audit/export?form=jsonl&since=tomorrow").status == 422
    assert gina.get("/audit/export?form=pdf").status == 422
    assert trip.reference


def test_a_signed_checkpoint_is_given_and_held_against_the_trail(desk: Desk, trip: Trip) -> None:
    assert trip.reference
    assert desk.visitor("gina").get("/audit/export?form=checkpoint").status == 422
    signing = replace(desk.app, facts=replace(desk.app.facts, secret="a secret of this test"))  # noqa: S106
    gina = Desk(signing, create_app(signing)).visitor("gina")
    given = gina.look("/audit/export?form=checkpoint")
    assert given.headers["Content-Disposition"] == 'attachment; filename="audit-checkpoint.jws"'
    checkpoint = given.get_data(as_text=True)
    assert gina.get("/audit").all("//button[@value='checkpoint']")
    assert "The chain is whole" in send(gina, "/audit", anchors=checkpoint).words
    assert send(gina, "/audit", anchors=f"A{checkpoint}").status == 422


def test_an_administrator_looks_first_and_then_erases(desk: Desk, trip: Trip) -> None:
    dora = desk.visitor("dora")
    seen = send(dora, "/forget", whom=ALICE)
    assert trip.reference in seen.words
    assert "Still ahead" in seen.words
    form = {"csrf_token": csrf(seen), "whom": ALICE, "erase": "1"}
    refused = dora.post("/forget", data=form)
    assert refused.status == 422
    assert {"call_off", "sure"} == {each.get("id") for each in refused.all("//input[@aria-invalid='true']")}
    assert dora.post("/forget", data=form | {"sure": "1"}).status == 422, "nobody is forgotten unawares"
    assert Visitor(desk.pages).get(f"/trips/{trip.token}").status == 200
    assert dora.post("/forget", data=form | {"sure": "1", "call_off": "1"}).status == 303
    assert "Erased" in dora.get("/forget").words
    assert Visitor(desk.pages).get(f"/trips/{trip.token}").status == 404
    assert "Nothing is kept" in send(dora, "/forget", whom=ALICE).words
    bob = desk.visitor("bob")
    gone = bob.get(f"/history/trips/{trip.reference}")
    assert (gone.status, "This was erased" in gone.words) == (410, True)
    assert bob.get(f"/history/trips?reference={trip.reference}").status == 410
    assert bob.get(f"/replies/{trip.reference}").status == 200
    with reading(desk.app.engine) as c:
        assert audit.verify(c).ok


@pytest.mark.parametrize("whom", ["", "nobody@example.org", "TR-AAAAAA", "alice", "x" * 9000])
def test_whoever_is_not_there_cannot_be_forgotten(desk: Desk, whom: str) -> None:
    assert send(desk.visitor("dora"), "/forget", whom=whom).status == 422


def test_erasing_asks_for_a_fresh_sign_in(desk: Desk) -> None:
    dora = desk.visitor("dora")
    later = replace(desk.app, clock=lambda: NOW + timedelta(hours=1))
    desk.pages.extensions["travelrisk"] = later
    page = dora.get("/forget")
    assert (page.status, "/sign-in" in page.response.headers["Location"]) == (303, True)


@pytest.mark.threat(51)
def test_a_traveller_sees_who_looked_and_takes_a_copy(desk: Desk, trip: Trip) -> None:
    page = f"/trips/{trip.token}/kept"
    visitor = desk.visitor()
    assert "Nobody has looked" in visitor.get(page).words
    looked(desk.app, Viewer("p-ursa", "UNIT-X"), Purpose.SEARCH, [trip.id])
    told = visitor.get(page)
    assert "UNIT-X, search" in told.words
    assert "Ursa" not in told.words
    assert "p-ursa" not in told.words
    form = {"csrf_token": csrf(told)}
    copy = visitor.client.post(page, data=form)
    with zipfile.ZipFile(io.BytesIO(copy.get_data())) as packed:
        names = packed.namelist()
        everything = b"".join(packed.read(name) for name in names)
    assert f"{trip.reference}/itineraries.json" in names
    assert b"p-ursa" not in everything
    assert b'"token"' not in everything


@pytest.mark.parametrize("language", ["", "/fr", "/es"])
def test_the_pages_speak_three_languages(desk: Desk, trip: Trip, language: str) -> None:
    dora = desk.visitor("dora")
    for path in ("/audit", "/forget", f"/trips/{trip.token}/kept"):
        assert dora.get(f"{language}{path}").status == 200
    assert send(dora, f"{language}/forget", whom=trip.reference).status == 200
