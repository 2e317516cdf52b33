"""No number of a passport, ticket, card or telephone stands in any table, whatever way it came."""

from io import BytesIO
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.services.carrying import BORN, FORMS, a_mail_with_files
from tests.services.conftest import Clock, publish
from tests.services.mailboxes import answering, poll, reply_to, sent
from tests.unit.intake.mails import mail
from tests.unit.intake.test_canaries import LINES, SECRETS
from tests.web.conftest import Visitor
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips import understood
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch.retention import retain
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement
from travelrisk.store.tables import METADATA
from travelrisk.web.app import create_app

NUMBERS = "\n".join(LINES)
BOOKING = (
    f"Passenger: DOE/JANE MS\n{NUMBERS}\nET 707 FRA ADD 12 Dec 2026 {LINES[0]}\nFlight ZZ 9 {LINES[1]}\n"
)


def leaks(app: Application) -> set[str]:
    """Return the tables in which one of the numbers stands, however it is grouped."""
    with reading(app.engine) as c:
        return {
            name
            for name, table in METADATA.tables.items()
            for row in c.execute(table.select())
            if any(map(tells, row))
        }


def tells(value: object) -> bool:
    """Say whether one of the numbers stands in something, however it is grouped."""
    words = bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)
    plain = words.translate(str.maketrans("", "", " ()./-=\r\n"))
    return any(secret in plain for secret in (*SECRETS, BORN))


def letters(app: Application) -> list[str]:
    """Send what waits, and return each part of it as whoever gets it reads it."""
    parts = [part for letter in sent(app) for part in letter.walk() if not part.is_multipart()]
    return [str(part.get_content()) for part in parts]


@pytest.fixture
def rated(app: Application, tmp_path: Path) -> Application:
    publish(app, tmp_path)
    return answering(app)


def test_a_document_an_answer_and_a_reply_leave_no_number(rated: Application, clock: Clock) -> None:
    (received,) = receive(rated, Document(BOOKING.encode(), "b.txt"), recipient="alice@un.example")
    assert received.trip is not None
    seen = understood.understood(rated, received.trip.token)
    said = [Statement("operator", 0, "", f"Ethiopian Airlines {LINES[3]}")]
    understood.confirm(rated, seen, said, "traveller")
    assert leaks(rated) == {"originals"}, "the document itself, for a day"
    letter = next(each for each in sent(rated) if received.trip.reference in each.as_string())
    poll(rated, reply_to(letter, f"Please note: {' '.join(LINES)}"))
    assert leaks(rated) == {"originals", "mails"}
    poll(rated, mail(f"{BOOKING}\n", message_id="<m9@un.example>"))
    assert sent(rated), "what waits for its answer to leave is kept"
    clock.pass_by(hours=25)
    retain(rated)
    assert leaks(rated) == set()


@pytest.mark.parametrize("name", FORMS)
def test_a_document_of_any_form_leaves_no_number(rated: Application, clock: Clock, name: str) -> None:
    content = FORMS[name]()
    with capture_logs() as logs:
        received = list(receive(rated, Document(content, name), recipient="alice@un.example"))
        told = letters(rated)
    trips = [each.trip for each in received if each.trip]
    assert trips, "nothing was read, so that nothing was shown"
    assert told
    visitor, here = Visitor(create_app(rated)), rated.facts.base_url
    addresses = [f"/trips/{each.token}{more}" for each in trips for more in ("", "/understood")]
    shown = [visitor.get(each, base_url=here) for each in addresses]
    shown.append(visitor.post("/check", data={"file": (BytesIO(content), name)}, base_url=here))
    assert {each.status for each in shown} == {200}
    assert [each for each in (*told, *(each.words for each in shown), *received, *logs) if tells(each)] == []
    assert leaks(rated) <= {"originals"}, "the document itself, for a day"
    clock.pass_by(hours=25)
    retain(rated)
    assert leaks(rated) == set()


def test_the_files_of_a_mail_leave_no_number(rated: Application, clock: Clock) -> None:
    poll(rated, a_mail_with_files())
    assert sent(rated)
    assert leaks(rated) <= {"originals", "mails"}
    clock.pass_by(hours=25)
    retain(rated)
    assert leaks(rated) == set()
