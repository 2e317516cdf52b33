"""``travelrisk whereabouts``: by flight, airport, country or departure, of one office; a table and JSON."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from travelrisk.cli.opening import opened
from travelrisk.intake.document import Document
from travelrisk.services.trips.receiving import receive
from travelrisk.store import lookups, trips
from travelrisk.store.database import reading

LINES = "Passenger: DOE/ALICE MS\nET 707 FRA ADD 12 Dec operated by Ethiopian Airlines\nET 706 ADD FRA 20 Dec"


@pytest.fixture
def booked(rated: Path) -> Path:
    """Book alice for Nairobi, and charlie for Geneva."""
    with opened() as app:
        for name, office in (("alice", "Nairobi"), ("charlie", "Geneva")):
            document = Document(LINES.encode(), "trip.txt")
            list(receive(app, document, recipient=f"{name}@example.org", office=office))
    return rated


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize(
    "asked",
    [
        ("--flight", "ET707", "--from", "2026-12-12"),
        ("--airport", "ADD", "--from", "2026-12-16"),
        ("--country", "Ethiopia", "--from", "2026-12-16T12:00"),
        ("--from", "2026-12-11T22:00", "--within", "48"),
    ],
)
def test_one_office_is_found_by_each_question(run: Run, asked: tuple[str, ...]) -> None:
    done = run("whereabouts", *asked, "--office", "Nairobi", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["people"], told["bookings"]) == (1, 1)
    assert {row["contact"] for row in told["rows"]} == {"alice@example.org"}
    table = run("whereabouts", *asked, "--office", "Nairobi")
    assert "alice@example.org" in table.stdout
    assert "charlie" not in table.stdout


@pytest.mark.usefixtures("booked")
def test_a_look_from_the_terminal_is_noted(run: Run) -> None:
    assert (
        run("whereabouts", "--airport", "ADD", "--from", "2026-12-16", "--office", "Nairobi").exit_code == 0
    )
    with opened() as app, reading(app.engine) as c:
        ((trip, _),) = trips.latest_of_contact(c, "alice@example.org", but_not_from="")
        (look,) = lookups.of_trip(c, trip.id)
    assert (look.actor, look.office, look.purpose) == ("terminal", "Nairobi", "whereabouts")


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--airport", "ADD", "--country", "KE", "--office", "Nairobi"), "give one of --flight"),
        (("--airport", "ADD"), "Missing option '--office'"),
        (("--airport", "ADD", "--office", "Lima"), "no trip is of an office called 'Lima'"),
        (("--airport", "Nowhere", "--office", "Nairobi"), "is no flight, airport, city or country"),
        (("--airport", "London", "--office", "Nairobi"), "may be several places"),
        (("--flight", "ADD", "--office", "Nairobi"), "is no flight number"),
        (("--within", "0", "--office", "Nairobi"), "--within"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_to_do(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    done = run("whereabouts", *arguments)
    assert done.exit_code != 0
    assert message in " ".join(done.stderr.split())
