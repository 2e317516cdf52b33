"""The list of warnings that reached nobody: whom to call, once; a number for everybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.services.test_dispatch import Failing
from tests.web.conftest import REVIEW
from tests.web.desk import OFFICE, Desk, desk_of, send
from travelrisk.domain.people import Role, Viewer
from travelrisk.intake.document import Document
from travelrisk.mail.transport import PermanentFailure
from travelrisk.services.application import Application
from travelrisk.services.batches import accepting, screening
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.undelivered import sweep, waiting
from travelrisk.services.trips.cancelling import cancel
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store.database import reading
from travelrisk.store.tables import trips

ROWS = ((1, "ALICE", "alice@example.org"), (2, "BOB", ""))
MAIL = f"Passenger: DOE/ALICE MS\n{REVIEW}\n".encode()


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Iterator[Desk]:
    """Give a desk with somebody of the travel unit, and somebody who may not see whom to call."""
    with desk_of(app, tmp_path, heidi=Role.TRAVEL_UNIT, erin=Role.AUDITOR) as desk:
        yield desk


@pytest.fixture
def warned(desk: Desk) -> Received:
    """Let a warning be refused by its mail server."""
    (received,) = receive(
        desk.app, Document(MAIL), recipient="alice@example.org", second="two@example.org", office=OFFICE
    )
    dispatch(desk.app, Failing(PermanentFailure("550 5.1.1 at RCPT")), "one")
    assert sweep(desk.app) == 1
    return received


def test_whoever_calls_sees_whom_and_why(desk: Desk, warned: Received) -> None:
    assert warned.trip is not None
    page = desk.visitor("heidi").get("/undelivered")
    for wanted in (
        warned.trip.reference,
        "ET 707 FRA-ADD",
        "Review needed",
        "alice@example.org",
        "550 5.1.1",
    ):
        assert wanted in page.words
    assert "A copy for the second address has not left." in page.words
    assert page.text("//nav[@aria-label]//a[@aria-current='page']") == "Not delivered"
    assert "Avertissements non remis" in desk.visitor("heidi").get("/fr/undelivered").title


def test_everybody_else_sees_a_number(desk: Desk, warned: Received) -> None:
    assert warned.trip is not None
    page = desk.visitor("erin").get("/health")
    assert "1 whose traveller nobody has told yet" in page.words
    for secret in (warned.trip.reference, "alice", "ET 707"):
        assert secret not in page.words
    assert desk.visitor("erin").get("/undelivered").status == 404
    assert desk.visitor().get("/undelivered").status == 303


def test_that_the_traveller_was_told_is_noted_once(desk: Desk, warned: Received) -> None:
    assert warned.trip is not None
    (untold,) = waiting(desk.app)
    heidi, path = desk.visitor("heidi"), f"/undelivered/{untold.task.advisory_id}/told"
    forged = heidi.client.post(path, data={"note": "called"})
    assert forged.status_code == 400
    assert len(waiting(desk.app)) == 1, "a form without its token changes nothing"
    done = send(heidi, path, on="/undelivered", note="called, " + "x" * 900)
    assert done.status == 303
    page = heidi.get("/undelivered")
    assert "It is noted that the traveller was told." in page.words
    assert "or somebody has told it" in page.words
    assert waiting(desk.app) == ()
    assert send(heidi, path, on="/account", note="").status == 404


def test_a_warning_without_an_address_stands_there_and_on_the_pages_of_the_trip(desk: Desk) -> None:
    (silent,) = receive(desk.app, Document(MAIL), office=OFFICE)
    (mistyped,) = receive(
        desk.app, Document(MAIL.replace(b"ALICE", b"BOB")), recipient="bob at example", office=OFFICE
    )
    assert silent.trip is not None
    assert mistyped.trip is not None
    heidi = desk.visitor("heidi")
    page = heidi.get("/undelivered")
    for wanted in (silent.trip.reference, "no e-mail address", "bob at example", "No letter was written"):
        assert wanted in page.words
    for tongue, word in (("fr", "aucune adresse électronique"), ("es", "sin dirección de correo")):
        assert word in heidi.get(f"/{tongue}/undelivered").words
    call = "The warning reached nobody: call the traveller"
    assert call in heidi.get("/desk").words
    at_desk = heidi.get(f"/desk/trips/{silent.trip.reference}")
    assert at_desk.all("//main//a[@href='/undelivered']")
    assert call in at_desk.words
    assert "No letter about it was written" in at_desk.words
    (first, second) = waiting(desk.app, OFFICE)
    tokens = {each.reference: each.token for each in (silent.trip, mistyped.trip)}
    note = "By phone at noon."
    assert (
        send(heidi, f"/undelivered/{first.task.advisory_id}/told", on="/undelivered", note=note).status == 303
    )
    assert [each.task.advisory_id for each in waiting(desk.app)] == [second.task.advisory_id]
    told = heidi.get(f"/desk/trips/{first.task.reference}")
    assert call not in told.words
    assert "Heidi said that the traveller was told" in told.words
    assert told.all("//blockquote[contains(., 'By phone at noon.')]")
    for where in (f"/trips/{tokens[first.task.reference]}", f"/replies/{first.task.reference}"):
        assert "By phone at noon." not in desk.visitor("heidi").get(where).words, "it is the desk's own"
    assert "The traveller was told in another way" in told.words


def test_an_address_is_given_after_a_look_at_what_will_happen(desk: Desk) -> None:
    several = MAIL.replace(b"DOE/ALICE MS", b"DOE/ALICE MS\nPassenger: DOE/BOB MR")
    (silent,) = receive(desk.app, Document(several), office=OFFICE)
    assert silent.trip is not None
    heidi, path = desk.visitor("heidi"), f"/undelivered/{silent.trip.reference}/address"
    assert heidi.get("/undelivered").all(f"//main//a[@href='{path}']")
    for place in (path, f"/desk/trips/{silent.trip.reference}", f"/replies/{silent.trip.reference}"):
        assert heidi.get(place).all(f"//main//form[@action='{path}']//input[@name='address']"), place
    wrong = send(heidi, path, address="alice (at) example.org", tongue="fr", traveller="")
    assert wrong.status == 422
    assert wrong.all("//input[@name='address' and @aria-invalid and @aria-describedby]")
    for wanted in ("Enter an e-mail address", "Choose whose address it is"):
        assert wanted in wrong.words
    typed = {"address": "alice@example.org", "tongue": "fr", "traveller": "ALICE DOE"}
    shown = send(heidi, path, **typed)
    assert "1 letter will go to alice@example.org. Its language: Français." in shown.words
    assert len(waiting(desk.app)) == 1, "so far it was only looked at"
    edited = send(heidi, path, **typed, act="edit")
    assert edited.all("//input[@name='address']/@value") == ["alice@example.org"]
    assert send(heidi, path, **typed, act="confirm", before="1234567").status == 409
    before = str(shown.all("//input[@name='before']/@value")[0])
    for _ in range(2):  # pressed twice, it is one letter
        assert send(heidi, path, on="/account", **typed, act="confirm", before=before).status == 303
    page = heidi.get(f"/replies/{silent.trip.reference}")
    assert "The address is kept, and the letter is written." in page.words
    assert [each.text_content().strip() for each in page.all("//tbody//bdi")] == ["alice@example.org"]
    assert waiting(desk.app) == ()
    at_desk = heidi.get(f"/desk/trips/{silent.trip.reference}").words
    assert "An e-mail address was given, and letters go there (Français)" in at_desk
    assert "Heidi gave the e-mail address of the traveller ALICE DOE" in at_desk
    assert "alice@example.org" in heidi.get(path).words, "it may be put right"


def test_who_calls_nobody_gives_no_address_and_a_trip_that_is_off_or_has_one_takes_none(
    desk: Desk, warned: Received
) -> None:
    (silent,) = receive(desk.app, Document(MAIL.replace(b"ALICE", b"BOB")), office=OFFICE)
    assert silent.trip is not None
    assert warned.trip is not None
    heidi, path = desk.visitor("heidi"), f"/undelivered/{silent.trip.reference}/address"
    assert desk.visitor("erin").get(path).status == 404
    assert desk.visitor("erin").get("/undelivered/TR-AAAAAA/address").status == 404
    assert heidi.client.post(path, data={"address": "bob@example.org", "act": "confirm"}).status_code == 400
    assert "alice@example.org" in heidi.get(f"/undelivered/{warned.trip.reference}/address").words
    cancel(desk.app, silent.trip.token)
    for prefix, word in (("", "cancelled"), ("/fr", "annulé"), ("/es", "cancelado")):
        assert word in heidi.get(prefix + path).words
    fields = {"address": "bob@example.org", "tongue": "en", "act": "confirm"}
    assert send(heidi, path, on="/account", **fields).status == 409


def test_where_its_batch_waits_the_page_says_so(desk: Desk) -> None:
    heads = "Record locator,Traveller,E-mail,Airline,Flight,Operated by,From,To,Departure date"
    rows = [f"LOC00{n},DOE/{name},{mail},ET,707,,FRA,ADD,2026-12-12" for n, name, mail in ROWS]
    document = Document("\n".join((heads, *rows, "")).encode(), "agency.csv")
    accepting.accept(desk.app, Viewer("p-heidi", OFFICE), document, keeps_back=True)
    screening.work(desk.app, "one")
    with reading(desk.app.engine) as c:
        (reference,) = c.scalars(select(trips.c.reference).where(trips.c.contact == ""))
    path = f"/undelivered/{reference}/address"
    shown = send(desk.visitor("heidi"), path, address="bob@example.org", tongue="es")
    assert "the letter waits there with the others" in shown.words
