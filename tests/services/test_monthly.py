"""The report of the month: once, on its first working day, and to each on what they may see."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

import pytest

from tests.services.conftest import Clock
from tests.services.reminding import reminded, text_to
from tests.services.test_escalation import arrive, person
from travelrisk.domain.people import Role
from travelrisk.mail.unsubscribing import Unsubscribing
from travelrisk.services.application import Application
from travelrisk.services.reports.monthly import send_reports
from travelrisk.services.watch import digests
from travelrisk.store import desk_letters, people
from travelrisk.store.database import reading, writing

NOVEMBER = datetime(2026, 11, 10, 9, tzinfo=UTC)
TUESDAY = datetime(2026, 12, 1, 6, tzinfo=UTC)
STAFF = {
    "alice": (Role.FOCAL_POINT, ""),
    "dana": (Role.ALTERNATE, ""),
    "erin": (Role.AUDITOR, ""),
    "nina": (Role.TRAVEL_UNIT, "Nairobi"),
    "gina": (Role.TRAVEL_UNIT, "Geneva"),
    "rita": (Role.TRAVEL_UNIT, "Rome"),
    "zoe": (Role.TRAVEL_UNIT, ""),
}


@pytest.fixture
def staffed(app: Application, clock: Clock) -> Application:
    """Give a service in which some trips of two offices arrived in November."""
    clock.at = NOVEMBER
    with writing(app.engine) as c:
        for name, (role, unit) in STAFF.items():
            people.add(c, replace(person(name, role), unit=unit), at=app.clock())
    for day in range(4, 7):
        arrive(app, f"ET707 FRA ADD {day} Dec 22:05")
    arrive(app, "ET707 FRA ADD 8 Dec 22:05", office="Geneva")
    return app


def sent(app: Application, clock: Clock, hours: int) -> Iterator[datetime]:
    for _ in range(hours):
        if send_reports(app):
            yield clock.at
        clock.pass_by(hours=1)


def test_it_comes_on_the_first_working_morning_of_the_month_and_once(
    staffed: Application, clock: Clock
) -> None:
    clock.at = TUESDAY - timedelta(hours=6)
    assert list(sent(staffed, clock, 72)) == [TUESDAY]
    assert sorted(reminded(staffed)) == ["alice", "gina", "nina"], (
        "who has an office with trips, or keeps all"
    )
    clock.pass_by(hours=7)  # a morning, on which it would come
    for _ in range(27):
        assert list(sent(staffed, clock, 1)) == []
        clock.pass_by(hours=23)
    clock.at = datetime(2027, 1, 2, 6, tzinfo=UTC)
    arrive(staffed, "ET707 FRA ADD 20 Jan 22:05")
    assert send_reports(staffed) is None, "a Saturday"
    clock.at = datetime(2027, 1, 4, 6, tzinfo=UTC)
    assert send_reports(staffed) == 0, "nothing arrived in December, so there is nothing to tell"


def test_who_was_down_on_that_day_writes_it_on_the_next(staffed: Application, clock: Clock) -> None:
    clock.at = TUESDAY + timedelta(days=3)
    assert send_reports(staffed) == 3


def test_a_travel_unit_is_told_of_its_office_and_a_focal_point_of_all(
    staffed: Application, clock: Clock
) -> None:
    clock.at = TUESDAY
    send_reports(staffed)
    for name, count in (("alice", 4), ("nina", 3), ("gina", 1)):
        assert f"ITINERARIES SCREENED Whole period Itineraries: {count}" in text_to(staffed, name)
    assert "in your office" in text_to(staffed, "gina")
    assert "in the whole organisation" in text_to(staffed)
    with reading(staffed.engine) as c:
        bodies = b"".join(each.body for name in STAFF for each in desk_letters.to(c, name))
    assert b"example.org/reports?period=3Down" in bodies.replace(b"=\r\n", b"")
    for secret in (b"Nairobi", b"Geneva", b"Doe", b"TR-"):
        assert secret not in bodies


def test_it_is_refused_apart_from_the_digest(staffed: Application, clock: Clock) -> None:
    signer = Unsubscribing("of a test")
    app = replace(staffed, facts=replace(staffed.facts, unsubscribing=signer))
    digests.unsubscribe(app, signer.token("nina"), "reports")
    clock.at = TUESDAY
    assert send_reports(app) == 2
    assert "nina" not in reminded(app)
    assert digests.is_wanted(app, "nina")
    with reading(app.engine) as c:
        (letter,) = (message_from_bytes(each.body) for each in desk_letters.to(c, "alice"))
    address = f"https://travelrisk.example.org/unsubscribe/{signer.token('alice')}/reports"
    assert "".join(letter["List-Unsubscribe"].split()) == f"<{address}>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
