"""A travel unit screens a file on its page: looked at, released, taken away; nobody else finds any of it."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.web.conftest import NOW, Page, evening
from tests.web.desk import Desk, csrf, employ, send
from travelrisk import resources
from travelrisk.domain.people import Role
from travelrisk.mail.transport import Memory
from travelrisk.services.batches import screening
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.store import people
from travelrisk.store.database import writing
from travelrisk.web.app import create_app

CSV = "16-agency-bookings.csv"
UNKNOWN = (
    b"Localiz.;Quien;Vuelo Nr;Desde ciudad;Hasta ciudad;Tag;Vuela\n"
    b"ABC123;Doe/Alice;ET 707;FRA;ADD;05/12/2026;ET\n"
)
SAID = {
    f"c{place}": field
    for place, field in enumerate(
        ("locator", "traveller", "flight", "origin", "destination", "departs", "operating")
    )
} | {"dates": "day-first"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with two travel units, somebody of none, and a focal point."""
    app = evening(tmp_path, lambda: NOW)
    unit = Role.TRAVEL_UNIT
    employ(app, heidi=unit, ivan=unit, judy=unit, alice=Role.FOCAL_POINT)
    with writing(app.engine) as c:
        for name, office in (("heidi", "OFFICE A"), ("ivan", "OFFICE B"), ("judy", "")):
            people.save(c, replace(people.by_id(c, f"p-{name}"), unit=office))
    yield Desk(app, create_app(app))
    app.engine.dispose()


def demo(name: str = CSV) -> bytes:
    return resources.data("demo", name).read_bytes()


def bring(desk: Desk, name: str, *files: tuple[str, bytes]) -> Page:
    visitor = desk.visitor(name)
    token = csrf(visitor.get("/batches"))
    brought = [(io.BytesIO(content), file) for file, content in files]
    data = {"csrf_token": token, "file": brought}
    return visitor.post("/batches", data=data, content_type="multipart/form-data")


def screened(desk: Desk, *files: tuple[str, bytes]) -> str:
    """Bring files, let the worker screen them, and return the address of the first."""
    address = str(bring(desk, "heidi", *files).response.headers["Location"])
    screening.work(desk.app, "one")
    return address


def sent(desk: Desk) -> list[str]:
    memory = Memory()
    dispatch(desk.app, memory, "one")
    return [each[2] for each in memory.sent]


def test_a_file_is_answered_at_once_and_its_results_come_problems_first(desk: Desk) -> None:
    answer = bring(desk, "heidi", (CSV, demo()))
    assert answer.status == 303
    address, heidi = str(answer.response.headers["Location"]), desk.visitor("heidi")
    waiting = heidi.get(address)
    assert waiting.all("//div[@id='batch']/@data-tr-poll") == ["2"]
    assert waiting.all("//progress[@max='100']")
    assert waiting.all(f"//a[@href='{address}']"), "without a script one asks for the figures"
    screening.work(desk.app, "one")
    page = heidi.get(address)
    assert not page.all("//*[@data-tr-poll]")
    rows = [" ".join(each.text_content().split()) for each in page.all("//tbody/tr")]
    assert [row.partition(" ")[0] for row in rows] == [*["Rows"] * 2, *["Row"] * 4, "Rows"]
    assert ["Not cleared" in row for row in rows] == [True, True, False, False, False, False, False]
    assert "Not fully understood" in rows[2]
    assert "Cleared" in rows[-1]
    assert "waits for you to send it" in rows[-1]
    assert rows[-1].endswith("new")
    assert page.all("//tbody//a[starts-with(@href, '/desk/trips/')]")
    only = heidi.get(f"{address}?standing=cleared")
    assert len(only.all("//tbody/tr")) == 1


def test_nothing_leaves_before_somebody_says_so(desk: Desk) -> None:
    address = screened(desk, (CSV, demo()))
    assert sent(desk) == []
    heidi = desk.visitor("heidi")
    page = heidi.get(address)
    assert "People who will be written to: 3. Letters: 7 (clearances: 1, warnings: 6)." in page.words
    looked = heidi.get(f"{address}/letters")
    assert [each.get("lang") for each in looked.all("(//section)[1]//pre")] == ["en", "fr", "es"]
    assert sent(desk) == [], "a look sends nothing"
    seen = page.all("//input[@name='seen']/@value")[0]
    stale = send(heidi, f"{address}/send", on=address, which="all", seen="1-1")
    assert stale.status == 409
    assert send(heidi, f"{address}/send", on=address, which="some", seen=seen).status == 422
    assert send(heidi, f"{address}/send", on=address, which="warnings", seen=seen).status == 303
    assert len(sent(desk)) == 6
    page = heidi.get(address)
    assert "Letters: 1 (clearances: 1, warnings: 0)" in page.words
    assert send(heidi, f"{address}/send", on=address, which="all", seen="1-0").status == 303
    assert len(sent(desk)) == 1
    assert "No letter of this batch waits" in heidi.get(address).words


def test_only_letters_that_somebody_gets_are_shown_as_they_will_be_sent(desk: Desk) -> None:
    heads = "Record locator,Traveller,E-mail,Flight,Operated by,From,To,Departure date\n"
    one = "ABC12{},Doe/{},{},HF 750,Air Côte d'Ivoire,ABJ,DKR,2026-12-12\n"
    table = heads + one.format(1, "Unreached", "") + one.format(2, "Reached", "reached@example.org")
    address, heidi = screened(desk, ("two.csv", table.encode())), desk.visitor("heidi")
    (shown,) = heidi.get(f"{address}/letters").all("//section")
    assert "reached@example.org" in shown.text_content()
    seen = heidi.get(address).all("//input[@name='seen']/@value")[0]
    send(heidi, f"{address}/send", on=address, which="all", seen=seen)
    assert "No letter of this batch waits to be sent." in heidi.get(f"{address}/letters").words


def test_the_list_says_where_letters_wait_and_where_nothing_was_found(desk: Desk) -> None:
    address, heidi = screened(desk, (CSV, demo())), desk.visitor("heidi")
    screened(desk, ("lunch.txt", b"Lunch at noon."))
    nothing, found = (each.text_content() for each in heidi.get("/batches").all("//tbody/tr"))
    assert "no booking was found" in nothing
    assert "Letters that wait for you to send them: 7" in found
    assert "Letters that wait" not in nothing
    seen = heidi.get(address).all("//input[@name='seen']/@value")[0]
    send(heidi, f"{address}/send", on=address, which="all", seen=seen)
    assert "Letters that wait" not in heidi.get("/batches").words


def test_a_question_that_is_the_reason_is_told_once(desk: Desk) -> None:
    address = screened(desk, ("17-agencia-reservas.xlsx", demo("17-agencia-reservas.xlsx")))
    (row,) = desk.visitor("heidi").get(f"{address}?standing=incomplete").all("//tbody/tr")
    assert row.text_content().count("no other one replaces it") == 1


@pytest.mark.parametrize("name", ["ivan", "judy", "alice"])
def test_a_batch_of_another_office_is_not_there(desk: Desk, name: str) -> None:
    address = screened(desk, (CSV, demo()))
    reference = address.rpartition("/")[2]
    stranger, heidi = desk.visitor(name), desk.visitor("heidi")
    for path in ("", "/letters", "/results", "/results?form=json"):
        assert stranger.get(f"{address}{path}").status == 404
        assert heidi.get(f"{address}{path}").status == 200
    token = csrf(stranger.get("/account"))
    for path in ("/send", "/again", "/explain"):
        form = {"csrf_token": token, "which": "all", "seen": "1-6"}
        assert stranger.post(f"{address}{path}", data=form).status == 404
    assert reference not in stranger.get("/batches").words
    assert sent(desk) == []


def test_somebody_without_a_unit_is_told_whom_to_ask(desk: Desk) -> None:
    page = desk.visitor("judy").get("/batches")
    assert "Ask an administrator" in page.words
    assert not page.all("//input[@type='file']")


def test_what_cannot_be_kept_is_refused_as_a_whole(desk: Desk) -> None:
    heidi = desk.visitor("heidi")
    for files, words in (
        ((), "Choose at least one file"),
        ((("a.csv", b"x"), ("b.csv", b"")), "b.csv is empty"),
        (tuple((f"{number}.csv", b"x") for number in range(21)), "up to 20 files"),
    ):
        page = bring(desk, "heidi", *files)
        assert page.status == 422
        assert words in page.text("//*[@role='alert']//li")
    assert "has not brought in a file yet" in heidi.get("/batches").words


def test_several_files_become_a_batch_each(desk: Desk) -> None:
    answer = bring(desk, "heidi", (CSV, demo()), ("17.xlsx", demo("17-agencia-reservas.xlsx")))
    assert answer.response.headers["Location"] == "/batches"
    screening.work(desk.app, "one")
    page = desk.visitor("heidi").get("/batches")
    assert [each.text_content() for each in page.all("//tbody/tr/td[2]")] == ["screened", "screened"]


def test_unknown_headings_lead_to_the_page_that_asks_and_back(desk: Desk) -> None:
    address, heidi = screened(desk, ("agency.csv", UNKNOWN)), desk.visitor("heidi")
    assert "has no row of headings: name the columns in the first row" in heidi.get(address).words
    asked = send(heidi, f"{address}/explain", on=address)
    table = str(asked.response.headers["Location"])
    assert table.startswith("/tables/")
    saved = send(heidi, f"{table}/save", on=table, **SAID)
    assert saved.response.headers["Location"] == address
    again = send(heidi, f"{address}/again", on=address)
    screening.work(desk.app, "one")
    page = heidi.get(str(again.response.headers["Location"]))
    assert "Alice Doe" in page.words
    assert "ET 707 FRA-ADD" in page.words


def test_the_results_go_out_as_they_came_in_with_what_was_found(desk: Desk) -> None:
    formula = demo().replace(b"\n", b"\n", 1) + b"=1+1,,,,,,,,,\n"
    address, heidi = screened(desk, (CSV, formula)), desk.visitor("heidi")
    text = heidi.look(f"{address}/results?form=csv").get_data().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    own = list(csv.reader(io.StringIO(formula.decode())))
    assert rows[0] == [*own[0], "verdict", "reasons", "trip", "problem"]
    assert [row[: len(own[0])] for row in rows[1:8]] == own[1:8]
    assert rows[3][-4] == "not_cleared"
    assert rows[3][-2].startswith("TR-")
    assert any(row[0] == "'=1+1" for row in rows)
    workbook = load_workbook(io.BytesIO(heidi.look(f"{address}/results?form=xlsx").get_data()))
    heads = [cell.value for cell in workbook.worksheets[0][1]]
    assert heads[-4:] == ["verdict", "reasons", "trip", "problem"]
    answer = heidi.look(f"{address}/results?form=json")
    # It is streamed: ten thousand of them are too many for the memory of a service.
    assert "Content-Length" not in answer.headers
    shape = json.loads(answer.get_data())
    assert [each["verdict"] for each in shape["results"][:2]] == ["cleared", "not_cleared"]
    assert heidi.get(f"{address}/results?form=exe").status == 404
