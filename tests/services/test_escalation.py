"""What departs soon and is not cleared is told to those who decide and those who book, once at each step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from tests.services.conftest import STAFF, Clock, publish
from tests.services.reminding import reminded, text_to
from tests.store.test_database import at_once
from travelrisk.domain.deadlines import Notices
from travelrisk.domain.people import Person, Role
from travelrisk.domain.policy import Contact
from travelrisk.domain.texts import Texts
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import receive
from travelrisk.services.watch.escalation import escalate
from travelrisk.store import desk_letters, people
from travelrisk.store.database import reading, writing

UNITS = {"nina": "Nairobi", "gina": "Geneva", "uma": ""}
DECIDE = ["alice", "bob", "charlie", "dana"]
# ET 707 leaves Frankfurt at 21:05 in UTC.
DEPARTS = datetime(2026, 12, 12, 21, 5, tzinfo=UTC)


@pytest.fixture
def staffed(app: Application) -> Application:
    """Give a service with a desk and three travel units, one of which has no office of its own."""
    with writing(app.engine) as c:
        for name, roles in STAFF.items():
            people.add(c, person(name, *roles), at=app.clock())
        for name, unit in UNITS.items():
            people.add(c, replace(person(name, Role.TRAVEL_UNIT), unit=unit), at=app.clock())
    return app


def person(name: str, *roles: Role) -> Person:
    return Person(name, name.title(), f"{name}@example.org", frozenset(roles))


def arrive(app: Application, flight: str = "ET707 FRA ADD 12 Dec 22:05", office: str = "Nairobi") -> str:
    text = f"{flight} operated by Ethiopian Airlines".encode()
    (received,) = receive(app, Document(text), recipient="traveller@example.org", office=office)
    assert received.trip is not None
    return received.trip.reference


def test_it_is_told_once_at_each_step_to_those_who_decide_and_to_the_unit(
    staffed: Application, clock: Clock
) -> None:
    reference = arrive(staffed)
    told = {}
    for hours in (80, 73, 72, 71, 60, 48, 36, 25, 24, 23, 12, 1, 0, -1, -24):
        clock.at = DEPARTS - timedelta(hours=hours)
        told[hours] = escalate(staffed)
        assert escalate(staffed) == 0
    readers = [*DECIDE, "nina"]
    assert {hours: letters for hours, letters in told.items() if letters} == {
        72: len(readers),
        24: len(readers),
    }
    assert sorted(reminded(staffed)) == sorted(readers * 2)
    text = text_to(staffed)
    for part in (
        "Journeys that depart soon and are not cleared: 1.",
        "WITHIN 24 HOURS ET 707 FRA-ADD, 12 Dec 2026",
        "Departure: Sat 12 Dec 2026, 22:05 local time. Review needed.",
        f"https://travelrisk.example.org/history/trips/{reference}?language=en",
    ):
        assert part in text
    assert "traveller@example.org" not in text
    unit = text_to(staffed, "nina")
    assert reference in unit
    assert f"https://travelrisk.example.org/desk/trips/{reference}?language=en" in unit
    assert "/history/" not in unit, "who does not see the desk is not sent there"


def test_one_letter_lists_all_and_the_next_only_what_is_new(staffed: Application, clock: Clock) -> None:
    first, second = arrive(staffed), arrive(staffed, "ET707 FRA ADD 13 Dec 22:05", "Geneva")
    clock.at = DEPARTS - timedelta(hours=24)
    assert escalate(staffed) == 6
    text = text_to(staffed)
    assert text.index("WITHIN 24 HOURS") < text.index(first) < text.index("WITHIN 72 HOURS")
    assert text.index("WITHIN 72 HOURS") < text.index(second)
    assert second not in text_to(staffed, "nina"), "it is another office's"
    assert first not in text_to(staffed, "gina")
    clock.pass_by(hours=24)
    assert escalate(staffed) == 5, "that of Geneva, to all but Nairobi"
    assert first not in text_to(staffed)
    assert second in text_to(staffed)


def test_a_trip_of_no_office_is_for_those_who_decide_and_the_unit_of_the_policy(
    staffed: Application, clock: Clock
) -> None:
    reference = arrive(staffed, office="")
    clock.at = DEPARTS - timedelta(hours=24)
    app = with_unit(staffed)
    escalate(app)
    assert sorted(reminded(app)) == sorted(DECIDE), (
        "a unit without an office sees no trips, and others not these"
    )
    (letter,) = to_the_unit(app)
    assert reference in letter


def test_a_trip_that_concerns_nobody_is_told_of_in_the_log(
    app: Application, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    with writing(app.engine) as c:
        people.add(c, replace(person("gina", Role.TRAVEL_UNIT), unit="Geneva"), at=app.clock())
    arrive(app, office="")
    clock.at = DEPARTS - timedelta(hours=24)
    assert escalate(app) == 0
    captured = capsys.readouterr()
    assert "escalation.nobody" in captured.out + captured.err


def test_what_is_cleared_is_not_called_up(staffed: Application, clock: Clock, tmp_path: Path) -> None:
    publish(staffed, tmp_path)
    arrive(staffed)
    clock.at = DEPARTS - timedelta(hours=24)
    assert escalate(staffed) == 0


def test_where_only_the_day_is_known_its_beginning_counts(staffed: Application, clock: Clock) -> None:
    arrive(staffed, "ET707 FRA ADD 12 Dec")
    midnight = datetime(2026, 12, 11, 23, tzinfo=UTC)  # in Frankfurt
    clock.at = midnight - timedelta(hours=72, minutes=1)
    assert escalate(staffed) == 0
    clock.pass_by(minutes=1)
    assert escalate(staffed) > 0


def test_a_worker_that_was_down_tells_of_the_nearest_step_and_a_clock_set_back_repeats_nothing(
    staffed: Application, clock: Clock
) -> None:
    arrive(staffed)
    clock.at = DEPARTS - timedelta(hours=5)
    assert escalate(staffed) == 5
    assert "WITHIN 24 HOURS" in text_to(staffed)
    for hours in (200, 70, 20, 1):
        clock.at = DEPARTS - timedelta(hours=hours)
        assert escalate(staffed) == 0


def test_the_night_in_which_the_clocks_change_is_counted_in_real_hours(
    staffed: Application, clock: Clock
) -> None:
    """It leaves Frankfurt on the day summer time ends: 24 hours before is the same clock, one hour on."""
    clock.at = datetime(2026, 10, 1, tzinfo=UTC)
    arrive(staffed, "ET707 FRA ADD 25 Oct 22:05")
    departs = datetime(2026, 10, 25, 22, 5, tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    told = []
    clock.at = departs - timedelta(hours=30)
    while clock.at < departs - timedelta(hours=22):  # an hour wrong, either way, lies within
        told += [clock.at] * bool(escalate(staffed))
        clock.pass_by(minutes=30)
    assert told == [departs - timedelta(hours=30), departs - timedelta(hours=24)]


def test_two_workers_tell_each_reader_once(staffed: Application, clock: Clock) -> None:
    arrive(staffed)
    clock.at = DEPARTS - timedelta(hours=24)
    together, done = Barrier(2, timeout=20), list[int]()

    def work() -> None:
        together.wait()
        done.append(escalate(staffed))

    at_once(work, work)
    assert sum(done) == 5
    assert sorted(reminded(staffed)) == sorted([*DECIDE, "nina"])


def test_somebody_without_an_address_is_told_as_soon_as_there_is_one(
    staffed: Application, clock: Clock
) -> None:
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), email="nowhere"))
        people.save(c, replace(people.by_id(c, "bob"), is_active=False))
    arrive(staffed)
    clock.at = DEPARTS - timedelta(hours=24)
    assert escalate(staffed) == 3
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), email="alice@example.org"))
    assert escalate(staffed) == 1
    with reading(staffed.engine) as c:
        assert [each.letter for each in desk_letters.to(c, "alice")] == ["escalation"]
        assert desk_letters.to(c, "bob") == ()


def test_a_desk_with_nobody_is_told_of_in_the_log_and_later(
    app: Application, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    arrive(app)
    clock.at = DEPARTS - timedelta(hours=24)
    assert escalate(app) == 0
    captured = capsys.readouterr()
    assert "escalation.nobody" in captured.out + captured.err
    with writing(app.engine) as c:
        people.add(c, person("alice", Role.FOCAL_POINT), at=app.clock())
    assert escalate(app) == 1


def test_a_policy_may_call_up_nothing(staffed: Application, clock: Clock) -> None:
    arrive(staffed)
    clock.at = DEPARTS - timedelta(hours=1)
    policy = replace(staffed.policy.policy, notices=Notices(escalate_hours=()))
    assert escalate(replace(staffed, policy=replace(staffed.policy, policy=policy))) == 0


def with_unit(app: Application, email: str = "unit@example.org") -> Application:
    unit = Contact(Texts("Travel unit", "Voyages", "Viajes"), email)
    return replace(app, policy=replace(app.policy, policy=replace(app.policy.policy, travel_unit=unit)))


def to_the_unit(app: Application) -> list[str]:
    transport = Memory()
    dispatch(app, transport, "one")
    return [content.decode() for content, _, to in transport.sent if to == "unit@example.org"]


def test_the_travel_unit_of_the_policy_is_told_once_and_needs_no_account(
    app: Application, clock: Clock
) -> None:
    app = with_unit(app)
    reference = arrive(app, office="Nairobi")
    clock.at = DEPARTS - timedelta(hours=70)
    assert escalate(app) == 1, "there is no account at all"
    assert escalate(app) == 0
    (letter,) = to_the_unit(app)
    assert reference in letter
    assert "/history/" not in letter
    assert "/desk/" not in letter, "nor who has no account"
    assert "X-Travelrisk-Letter: escalation" in letter
    clock.at = DEPARTS - timedelta(hours=20)
    assert escalate(app) == 1
    assert len(to_the_unit(app)) == 1


def test_an_address_that_has_an_account_is_written_to_once(staffed: Application, clock: Clock) -> None:
    arrive(staffed, office="Nairobi")
    clock.at = DEPARTS - timedelta(hours=70)
    readers = len([*DECIDE, "nina"])
    assert escalate(with_unit(staffed, "NINA@example.org")) == readers
    arrive(staffed, "ET706 ADD FRA 12 Dec 23:00", office="Geneva")
    clock.pass_by(hours=1)
    written = escalate(with_unit(staffed, "nina@example.org"))
    assert written == len([*DECIDE, "gina", "the unit, for nina has no journeys of Geneva"])
