"""No number of a passport, ticket, card or telephone stands in any table, whatever way it came."""

from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import answering, poll, reply_to, sent
from tests.unit.intake.mails import mail
from tests.unit.intake.test_canaries import LINES, SECRETS
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.trips import understood
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch.retention import retain
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement
from travelrisk.store.tables import METADATA

NUMBERS = "\n".join(LINES)
BOOKING = (
    f"Passenger: DOE/JANE MS\n{NUMBERS}\nET 707 FRA ADD 12 Dec 2026 {LINES[0]}\nFlight ZZ 9 {LINES[1]}\n"
)


def leaks(app: Application) -> set[str]:
    """Return the tables in which one of the numbers stands, however it is grouped."""
    found = set()
    with reading(app.engine) as c:
        for name, table in METADATA.tables.items():
            for row in c.execute(table.select()):
                for each in row:
                    words = (
                        bytes(each).decode(errors="replace") if isinstance(each, bytes | memoryview) else each
                    )
                    plain = str(words).translate(str.maketrans("", "", " ()./-=\r\n"))
                    if any(secret in plain for secret in SECRETS):
                        found.add(name)
    return found


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
