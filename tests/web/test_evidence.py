"""Files as evidence: kept with the editor's form, given back to the desk only, and never a booking."""

import hashlib
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from tests.web.conftest import NOW, Page, evening
from tests.web.desk import Desk, csrf, employ
from travelrisk.domain.people import Role
from travelrisk.domain.ratings import Caution
from travelrisk.services.desk import evidence
from travelrisk.services.desk import lookups as services
from travelrisk.store import originals
from travelrisk.store.database import writing
from travelrisk.web.app import create_app

STATE = "/changes/new?subject=state:ET&what=caution"
PDF = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n"
SHA256 = hashlib.sha256(PDF).hexdigest()
CAUTION = {
    "effect": "review",
    "text_en": "The authority's oversight is under review.",
    "valid_from": "2026-11-23",
    "source-0-title": "Notice of the authority",
    "source-0-retrieved_on": "2026-11-20",
    "why": "The oversight is in doubt.",
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a service with the ratings of the demonstration, a focal point, an auditor and a traveller."""
    app = evening(tmp_path)
    employ(app, alice=Role.FOCAL_POINT, dana=Role.AUDITOR, erin=Role.TRAVELLER)
    yield Desk(app, create_app(app))
    app.engine.dispose()


def send(desk: Desk, fields: dict[str, object], on: str = STATE) -> Page:
    """Send the editor's form as its author, with what it holds hidden."""
    visitor = desk.visitor("alice")
    page = visitor.get(on)
    hidden = {each.get("name"): each.get("value") for each in page.all("//main//input[@type='hidden']")}
    # As bytes: a large upload would otherwise leave the test client with an open temporary file.
    boundary, body = encode_multipart({"csrf_token": csrf(page)} | hidden | CAUTION | fields)
    return visitor.post(on, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def change_of(sent: Page) -> str:
    assert sent.status == 303, sent.words
    return str(sent.response.headers["Location"])


def sources(desk: Desk, change: str) -> list[tuple[str, str]]:
    wanted = services.kept(desk.app, change.rpartition("/")[2]).proposal.content.wanted[0]
    assert isinstance(wanted, Caution)
    return [(each.title, each.file) for each in wanted.evidence]


def test_a_file_is_kept_with_the_draft_and_can_be_opened_at_the_desk(desk: Desk) -> None:
    change = change_of(send(desk, {"source-0-upload": FileStorage(BytesIO(PDF), "notice.pdf")}))
    assert sources(desk, change) == [("Notice of the authority", SHA256)]
    assert desk.visitor("dana").get(change).all(f"//main//a[@href='/evidence/{SHA256}']")
    given = desk.visitor("dana").get(f"/evidence/{SHA256}").response
    assert given.data == PDF
    assert given.headers["Content-Disposition"] == 'attachment; filename="notice.pdf"'
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_stays_when_the_draft_is_edited_and_goes_with_its_row(desk: Desk) -> None:
    change = change_of(send(desk, {"source-0-upload": FileStorage(BytesIO(PDF), "notice.pdf")}))
    assert send(desk, {"text_en": "Better words."}, f"{change}/edit").status == 303
    assert sources(desk, change) == [("Notice of the authority", SHA256)]
    second: dict[str, object] = {
        "source-0-drop": "1",
        "source-1-title": "Another one",
        "source-1-retrieved_on": "2026-11-20",
        "source-1-upload": FileStorage(BytesIO(b"as it was read"), "read.txt"),
    }
    assert send(desk, second, f"{change}/edit").status == 303
    assert sources(desk, change) == [("Another one", hashlib.sha256(b"as it was read").hexdigest())]


def test_one_more_row_keeps_the_file_that_was_chosen(desk: Desk) -> None:
    page = send(desk, {"do": "add", "source-0-upload": FileStorage(BytesIO(PDF), "notice.pdf")})
    assert page.status == 200
    assert page.all(f"//main//input[@name='source-0-file' and @value='{SHA256}']")
    assert page.all("//main//input[@name='source-1-title']")


def test_a_file_without_a_title_is_called_by_its_name(desk: Desk) -> None:
    change = change_of(
        send(desk, {"source-0-title": "", "source-0-upload": FileStorage(BytesIO(PDF), "notice.pdf")})
    )
    assert sources(desk, change) == [("notice.pdf", SHA256)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty: choose it again."),
        (b"<html><script>alert(1)</script>\x00", "Only PDF, PNG, JPEG and plain text are kept"),
        (b"PK\x03\x04" + b"\x00" * 40, "Only PDF, PNG, JPEG and plain text are kept"),
        (PDF + b" " * evidence.LARGEST, "up to 5 MB are kept"),
    ],
    ids=["empty", "binary", "zip", "large"],
)
def test_what_cannot_be_evidence_is_refused_beside_its_field(desk: Desk, content: bytes, words: str) -> None:
    page = send(desk, {"source-0-upload": FileStorage(BytesIO(content), "odd.bin")})
    assert page.status == 422
    assert words in page.text("//div[@role='alert']")
    assert page.all("//div[@role='alert']//a[@href='#source-0-upload']")
    assert page.all("//main//input[@name='source-0-title' and @value='Notice of the authority']")


def test_a_page_of_html_is_given_back_as_text_and_never_runs(desk: Desk) -> None:
    page = b"<html><script>alert(1)</script></html>"
    change = change_of(send(desk, {"source-0-upload": FileStorage(BytesIO(page), 'a"\r\nb.html')}))
    given = desk.visitor("dana").get(f"/evidence/{sources(desk, change)[0][1]}").response
    assert given.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="[\w ._-]+"', given.headers["Content-Disposition"])


def test_a_hash_that_nobody_kept_is_not_believed(desk: Desk) -> None:
    page = send(desk, {"source-0-file": SHA256})
    assert page.status == 422
    assert "The file of this source is not kept here" in page.text("//div[@role='alert']")


def test_a_booking_is_no_evidence_even_for_who_knows_its_hash(desk: Desk) -> None:
    with writing(desk.app.engine) as c:
        sha256 = originals.keep(c, b"LH 400 FRA JFK 12 Dec, DOE/JANE MRS", "booking.txt", "text/plain", NOW)
    assert desk.visitor("alice").get(f"/evidence/{sha256}").status == 404
    assert send(desk, {"source-0-file": sha256}).status == 422


def test_travellers_and_strangers_get_no_evidence(desk: Desk) -> None:
    change_of(send(desk, {"source-0-upload": FileStorage(BytesIO(PDF), "notice.pdf")}))
    assert desk.visitor("erin").get(f"/evidence/{SHA256}").status == 404
    assert desk.visitor().get(f"/evidence/{SHA256}").status == 303
    assert desk.visitor("alice").get("/evidence/..%2f..%2fetc").status == 404


def offered(page: Page) -> list[str]:
    """Return what the finding of the first source offers."""
    (name,) = page.all("//input[@name='source-0-value']/@list")
    return [str(each) for each in page.all(f"//datalist[@id='{name}']/option/@value")]


def test_the_findings_of_a_factor_are_offered(desk: Desk) -> None:
    page = desk.visitor("alice").get("/fr" + STATE)
    assert {"on_registry", "annex_b", "category_2", "state"} <= set(offered(page))
    assert "inscrit au registre" in page.text("//datalist[@id='findings-iosa']/option[1]")
    chosen = send(desk, {"source-0-kind": "iasa", "do": "add"})
    assert offered(chosen) == ["category_1", "category_2"]
    assert offered(send(desk, {"source-0-kind": "fleet_size", "do": "add"})) == []


def test_a_finding_that_the_factor_cannot_have_is_told_at_its_field(desk: Desk) -> None:
    page = send(desk, {"source-0-kind": "iasa", "source-0-value": "annex_b"}, "/es" + STATE)
    assert page.status == 422
    said = page.text("//div[contains(@class, 'tr-errors')]//a[@href='#source-0-value']")
    assert said.endswith("elija uno de category_1, category_2")
