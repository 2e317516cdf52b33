"""A travel unit explains a table on its page; nobody else sees the table, nor what was said of it."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.web.conftest import Page
from tests.web.desk import Desk, csrf, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips.receiving import receive
from travelrisk.store import people
from travelrisk.store.database import writing

FIELDS = ("locator", "traveller", "flight", "origin", "destination", "departs", "operating")
TABLE = (
    b"Localiz.;Quien;Vuelo Nr;Desde ciudad;Hasta ciudad;Tag;Vuela\n"
    b"ABC123;Doe/Alice;ET 707;FRA;ADD;05/12/2026;ET\n"
)
SAID = {f"c{place}": field for place, field in enumerate(FIELDS)} | {"dates": "day-first"}


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with two travel units, and somebody of none."""
    with desk_of(app, tmp_path, heidi=Role.TRAVEL_UNIT, ivan=Role.TRAVEL_UNIT, judy=Role.TRAVEL_UNIT) as desk:
        with writing(desk.app.engine) as c:
            for name, unit in (("heidi", "OFFICE A"), ("ivan", "OFFICE B"), ("judy", "")):
                people.save(c, replace(people.by_id(c, f"p-{name}"), unit=unit))
        yield desk


def bring(desk: Desk, name: str, content: bytes = TABLE) -> Page:
    visitor = desk.visitor(name)
    token = csrf(visitor.get("/tables"))
    file = (io.BytesIO(content), "agency.csv")
    return visitor.post(
        "/tables", data={"csrf_token": token, "file": file}, content_type="multipart/form-data"
    )


def test_a_table_is_explained_looked_at_and_saved_for_its_unit(desk: Desk) -> None:
    document = Document(TABLE, "agency.csv")
    assert [each.trip for each in receive(desk.app, document, office="OFFICE A")] == [None]
    path = bring(desk, "heidi").response.headers["Location"]
    heidi = desk.visitor("heidi")
    page = heidi.get(path)
    assert "agency.csv: row 1 is taken for the headings" in page.words
    assert page.text("//tr[th/bdi='Tag']/td[1]") == "05/12/2026"
    looked = send(heidi, f"{path}/preview", on=path, **SAID)
    assert looked.status == 200
    assert "ET 707 ET FRA ADD 2026-12-05" in looked.words
    assert "has not explained a table yet" in heidi.get("/tables").words, "a look saves nothing"
    assert send(heidi, f"{path}/save", on=path, **SAID).status == 303
    listed = heidi.get("/tables")
    assert "localiz, quien, vuelo nr" in listed.words
    assert "Saved by Heidi" in listed.words
    (received,) = receive(desk.app, document, office="OFFICE A")
    assert received.itinerary is not None
    assert str(received.itinerary.segments[0].departs.day) == "2026-12-05"
    assert not received.itinerary.questions
    assert heidi.get(path).all("//select[@id='c5']/option[@selected]/@value") == ["departs"]


def test_what_cannot_be_used_is_said_and_nothing_is_saved(desk: Desk) -> None:
    path = bring(desk, "heidi").response.headers["Location"]
    heidi = desk.visitor("heidi")
    twice = send(heidi, f"{path}/save", on=path, **(SAID | {"c3": "destination"}))
    assert (twice.status, twice.text("//*[@role='alert']//li")) == (
        422,
        "Two columns hold the same. Choose one of them.",
    )
    missing = send(heidi, f"{path}/save", on=path, **(SAID | {"c5": ""}))
    assert missing.status == 422
    assert "lacks a column for: departure date" in missing.words
    assert "has not explained a table yet" in heidi.get("/tables").words
    assert bring(desk, "judy").status == 422
    assert "names no unit" in desk.visitor("judy").get("/tables").words


def test_a_stranger_finds_neither_the_table_nor_what_was_said(desk: Desk) -> None:
    path = bring(desk, "heidi").response.headers["Location"]
    heidi, ivan = desk.visitor("heidi"), desk.visitor("ivan")
    assert send(heidi, f"{path}/save", on=path, **SAID).status == 303
    assert ivan.get(path).status == 409
    assert "Doe/Alice" not in ivan.get(path).words
    assert "localiz" not in ivan.get("/tables").words
    number = int(heidi.get("/tables").all("//h3/@id")[0].rpartition("-")[2])
    assert send(ivan, f"/tables/{number}/remove", on="/tables").status == 404
    assert heidi.client.post(f"/tables/{number}/remove").status_code == 400, "no token, no change"
    assert send(heidi, f"/tables/{number}/remove", on="/tables").status == 303
    assert "localiz" not in heidi.get("/tables").words


@pytest.mark.parametrize("prefix", ["", "/fr", "/es"])
def test_what_a_file_that_is_no_table_is_told(desk: Desk, prefix: str) -> None:
    path = bring(desk, "heidi", b"PK\x03\x04 no workbook").response.headers["Location"]
    page = desk.visitor("heidi").get(prefix + path)
    assert page.status == 422
    assert page.all("//*[@role='alert']//li")
