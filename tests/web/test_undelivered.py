"""The list of warnings that reached nobody: whom to call, once; a number for everybody else."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.test_dispatch import Failing
from tests.web.conftest import REVIEW
from tests.web.desk import OFFICE, Desk, desk_of, send
from travelrisk.domain.people import Role
from travelrisk.intake.document import Document
from travelrisk.mail.transport import PermanentFailure
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.undelivered import sweep, waiting
from travelrisk.services.trips.receiving import Received, receive

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
    assert send(heidi, f"/undelivered/{first.task.advisory_id}/told", on="/undelivered").status == 303
    assert [each.task.advisory_id for each in waiting(desk.app)] == [second.task.advisory_id]
    told = heidi.get(f"/desk/trips/{first.task.reference}")
    assert call not in told.words
    assert "The traveller was told in another way" in told.words
