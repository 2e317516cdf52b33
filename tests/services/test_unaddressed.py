"""A warning for which there is no address is somebody's task until its traveller knows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, func, select, text

from tests.services.conftest import Clock, publish
from tests.services.mailboxes import Waiting, answering
from tests.services.test_dispatch import Failing
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Viewer
from travelrisk.domain.policy import Contact
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.intake.mailbox.waiting import Message
from travelrisk.mail.transport import Memory, PermanentFailure
from travelrisk.mail.undelivered import names
from travelrisk.services.application import Application
from travelrisk.services.batches import accepting, releasing, screening
from travelrisk.services.batches.folder import Folder, look, marks, prepare
from travelrisk.services.batches.releasing import Which
from travelrisk.services.health import health
from travelrisk.services.letters import unaddressed
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.undelivered import sweep, told, waiting
from travelrisk.services.mailbox import polling
from travelrisk.services.privacy.forgetting import forget
from travelrisk.services.trips.cancelling import cancel
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.watch.rescreening import rescreen
from travelrisk.services.watch.retention import retain
from travelrisk.store import audit, tables, undelivered
from travelrisk.store import unaddressed as store
from travelrisk.store.database import reading, transact
from travelrisk.store.tables import METADATA

LINE = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"
NAMED = b"Passenger: GREEN/ALICE MS\n" + LINE
UNIT = Contact(Texts("Travel unit", "Voyages", "Viajes"), "unit@example.org", "+41 22 555 01 00")
HEADS = "Record locator,Traveller,E-mail,Airline,Flight,Operated by,From,To,Departure date"
HEIDI = Viewer("p-heidi", "OFFICE A")


@pytest.fixture
def app(app: Application) -> Application:
    """Give a service that has a travel unit."""
    return replace(app, policy=replace(app.policy, policy=replace(app.policy.policy, travel_unit=UNIT)))


def bring(app: Application, content: bytes = NAMED, to: str = "", office: str = "OFFICE A") -> Received:
    (received,) = receive(app, Document(content), recipient=to, office=office)
    return received


def row(number: int, email: str = "", day: str = "2026-12-12") -> str:
    name = f"GREEN/ALICE{chr(97 + number % 26)}"
    return f"LOC{number:03d},{name},{email},ET,707,Ethiopian Airlines,FRA,ADD,{day}"


def screened(app: Application, *rows: str, keeps_back: bool) -> str:
    content = "\n".join((HEADS, *rows, "")).encode()
    batch = accepting.accept(app, HEIDI, Document(content, "agency.csv"), keeps_back=keeps_back)
    screening.work(app, "one")
    return batch.reference


def reasons(app: Application, office: str | None = None) -> list[str]:
    return [each.task.reason for each in waiting(app, office)]


def rescreened(app: Application) -> None:
    while rescreen(app, "one"):
        pass


def sent(app: Application) -> list[tuple[str, str]]:
    """Send what waits, and return to whom and its words."""
    memory = Memory()
    dispatch(app, memory, "one")
    found = []
    for content, _, recipient in memory.sent:
        body = message_from_bytes(content, policy=policy.default).get_body(("plain",))
        assert body is not None
        found.append((recipient, " ".join(body.get_content().split())))
    return found


# --- what makes one ---


def test_a_warning_without_an_address_is_a_task_at_once(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    received = bring(app)
    assert received.nobody
    assert received.trip is not None
    (untold,) = waiting(app)
    task = untold.task
    assert (task.reference, task.reason, task.verdict) == (
        received.trip.reference,
        "unaddressed",
        "not_cleared",
    )
    assert (task.recipient, task.reply, task.second, task.office) == ("", "", "", "OFFICE A")
    assert health(app).undelivered == 1
    assert [len(waiting(app, each)) for each in ("OFFICE A", "OFFICE B", "")] == [1, 0, 0]
    with reading(app.engine) as c:
        said = c.scalars(text("SELECT body FROM audit WHERE body LIKE '%warning.undelivered%'")).all()
        assert audit.verify(c).ok
    assert len(said) == 1
    assert '"unaddressed"' in said[0]


def test_what_stands_in_place_of_an_address_is_told(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app, to="alice at example")
    assert [(each.task.reason, each.task.recipient) for each in waiting(app)] == [
        ("unaddressed", "alice at example")
    ]


@pytest.mark.parametrize(("level", "to"), [("recommended", ""), ("not_recommended", "alice@example.org")])
def test_no_task_for_the_cleared_or_for_who_has_an_address(
    app: Application, tmp_path: Path, level: str, to: str
) -> None:
    publish(app, tmp_path, level)
    bring(app, to=to)
    assert (reasons(app), health(app).undelivered, sweep(app)) == ([], 0, 0)


def test_the_same_again_makes_no_second_one(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    for _ in range(3):
        bring(app)
        sweep(app)
        rescreened(app)
    assert reasons(app) == ["unaddressed"]
    with reading(app.engine) as c:
        assert c.scalar(text("SELECT count(*) FROM undelivered")) == 1


# --- judged again ---


def test_a_rating_that_turns_a_trip_into_a_warning_makes_one_and_the_next_replaces_it(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path, "recommended")
    bring(app)
    assert reasons(app) == []
    expected = {"conditional": ["conditional"], "not_recommended": ["not_cleared"], "recommended": []}
    for level in ("conditional", "not_recommended", "recommended", "not_recommended"):
        publish(app, tmp_path, level)
        for _ in range(2):
            rescreened(app)
            sweep(app)
        tasks = [each.task.verdict for each in waiting(app)]
        assert tasks == expected[level], level
        assert health(app).undelivered == len(tasks)


def test_whoever_was_told_of_it_is_not_called_again_for_the_same(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    (untold,) = waiting(app)
    told(app, untold.task.advisory_id, by="bob", note="called at noon")
    bring(app)
    rescreened(app)
    assert (reasons(app), health(app).undelivered, sweep(app)) == ([], 0, 0)


# --- what ends one ---


def test_of_two_who_tell_the_traveller_at_once_one_wins(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    (untold,) = waiting(app)
    number = untold.task.advisory_id
    with pytest.raises(NotFoundError):
        told(app, number, by="ivan", note="", office="OFFICE B")
    told(app, number, by="bob", note=" called ", office="OFFICE A")
    with pytest.raises(NotFoundError, match="told the traveller before"):
        told(app, number, by="charlie", note="", office="OFFICE A")
    assert reasons(app) == []
    with reading(app.engine) as c:
        kept = c.scalars(text("SELECT body FROM audit WHERE body LIKE '%warning.told%'")).all()
    assert len(kept) == 1
    assert '"bob"' in kept[0]


def test_it_is_over_when_the_journey_is(app: Application, tmp_path: Path, clock: Clock) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    clock.at = datetime(2026, 12, 13, 6, tzinfo=UTC)
    sweep(app)
    assert len(waiting(app)) == 1, "somewhere it may still be the day of the journey"
    clock.at = datetime(2026, 12, 15, 13, tzinfo=UTC)
    sweep(app)
    assert (reasons(app), health(app).undelivered) == ([], 0)


def test_an_address_that_comes_later_has_the_letter(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    again = bring(app, to="alice@example.org")
    assert again.letters == 1
    assert reasons(app) == []
    assert [each[0] for each in sent(app)] == ["alice@example.org"]


def test_a_trip_that_is_called_off_is_nobodys_task(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    received = bring(app)
    assert received.trip is not None
    cancel(app, received.trip.token)
    assert (reasons(app), health(app).undelivered) == ([], 0)
    bring(app)
    assert reasons(app) == ["unaddressed"], "who sends it again flies after all"


def test_a_second_address_has_the_letter_and_ends_it_when_it_is_taken(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path, "not_recommended")
    (received,) = receive(app, Document(NAMED), second="second@example.com", office="OFFICE A")
    assert received.nobody
    assert reasons(app) == ["unaddressed"]
    for _ in range(2):
        sweep(app)
    assert [each.task.second for each in waiting(app)] == ["queued"]
    letters = sent(app)
    assert sorted(each[0] for each in letters) == ["second@example.com", "unit@example.org"]
    assert "not recommended" in dict(letters)["second@example.com"]
    assert (reasons(app), health(app).undelivered) == ([], 0)


def test_a_second_address_that_refuses_it_ends_nothing(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    list(receive(app, Document(NAMED), second="second@example.com", office="OFFICE A"))
    sweep(app)
    dispatch(app, Failing(*[PermanentFailure("550")] * 2), "one")
    assert sweep(app) == 0
    assert [(each.task.reason, each.task.second) for each in waiting(app)] == [("unaddressed", "dead")]


# --- files of an office ---


def test_a_row_without_an_address_is_a_task_where_letters_leave_at_once(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path, "not_recommended")
    screened(app, row(1), row(2, "alice2@example.org"), row(3), keeps_back=False)
    assert reasons(app, HEIDI.office) == ["unaddressed"] * 2


def test_of_a_file_that_nobody_released_it_is_one_as_late_as_a_letter(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path, "not_recommended")
    screened(app, row(1), row(2, "alice2@example.org"), keeps_back=True)
    sweep(app)
    assert (reasons(app), health(app).undelivered) == ([], 0)
    clock.pass_by(hours=app.policy.policy.undelivered_hours, minutes=1)
    sweep(app)
    assert sorted(reasons(app)) == ["kept", "unaddressed"]
    publish(app, tmp_path, "conditional")
    rescreened(app)
    assert "unaddressed" in reasons(app), "what has waited once does not wait again"


def test_where_the_journey_begins_soon_half_of_the_time_is_left(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    clock.at = datetime(2026, 12, 11, 2, tzinfo=UTC)
    publish(app, tmp_path, "not_recommended")
    screened(app, row(1), row(2, "alice2@example.org"), keeps_back=True)
    for _ in range(7):
        clock.pass_by(minutes=30)
        assert reasons(app) == []
    clock.pass_by(minutes=30)
    assert reasons(app) == ["unaddressed"]


def test_whoever_releases_a_file_has_those_without_an_address_at_once(
    app: Application, tmp_path: Path
) -> None:
    publish(app, tmp_path, "not_recommended")
    reference = screened(app, row(1), row(2, "alice2@example.org"), keeps_back=True)
    assert reasons(app) == []
    releasing.release(app, HEIDI, reference, Which.WARNINGS)
    assert reasons(app) == ["unaddressed"]


def test_of_a_file_without_any_letter_nobody_waits_for_a_release(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    screened(app, row(1), row(2), keeps_back=True)
    assert reasons(app) == ["unaddressed"] * 2


@pytest.mark.parametrize("which", Which)
def test_of_a_file_that_was_released_a_later_warning_is_a_task_at_once(
    app: Application, tmp_path: Path, which: Which
) -> None:
    publish(app, tmp_path, "recommended")
    reference = screened(app, row(1), row(2, "alice2@example.org"), row(3), keeps_back=True)
    publish(app, tmp_path, "conditional")
    rescreened(app)
    assert reasons(app) == [], "nobody has released it"
    releasing.release(app, HEIDI, reference, which)
    publish(app, tmp_path, "not_recommended")
    rescreened(app)
    assert reasons(app) == ["unaddressed"] * 2
    assert [each.task.verdict for each in waiting(app)] == ["not_cleared"] * 2


def test_a_file_that_is_sent_again_with_the_address_ends_it(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    screened(app, row(1), keeps_back=False)
    assert reasons(app) == ["unaddressed"]
    screened(app, row(1, "alice1@example.org"), keeps_back=False)
    assert [each[0] for each in sent(app)] == ["alice1@example.org"]
    assert reasons(app) == []


# --- the letter to the travel unit ---


def test_the_travel_unit_is_written_to_once_for_an_office(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path, "not_recommended")
    screened(app, *(row(number) for number in range(1, 5)), keeps_back=False)
    bring(app, office="OFFICE B")
    sweep(app)
    letters = sent(app)
    assert [each[0] for each in letters] == ["unit@example.org"] * 2
    assert "no e-mail address that can be used" in letters[0][1]
    assert "without an address: 3." in letters[0][1]
    assert "GREEN" in letters[0][1]
    assert "without an address" not in letters[1][1]
    for _ in range(2):
        clock.pass_by(hours=1)
        sweep(app)
    assert sent(app) == []
    screened(app, row(7), keeps_back=False)
    sweep(app)
    assert sent(app) == [], "the list has it, and the letter of today says so"
    clock.pass_by(days=1)
    screened(app, row(8), keeps_back=False)
    sweep(app)
    assert [each[0] for each in sent(app)] == ["unit@example.org"]


def test_who_leaves_before_the_next_letter_has_one(app: Application, tmp_path: Path, clock: Clock) -> None:
    """Twelve December begins somewhere on earth at 10:00 UTC of the 11th."""
    clock.at = datetime(2026, 12, 11, 2, tzinfo=UTC)
    publish(app, tmp_path, "not_recommended")
    screened(app, row(1), keeps_back=False)
    sweep(app)
    assert len(sent(app)) == 1
    clock.pass_by(hours=5)
    screened(app, row(2), keeps_back=False)
    sweep(app)
    assert len(sent(app)) == 1


def test_a_second_worker_writes_no_second_letter(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    bring(app, LINE)
    looked: list[bool] = []

    def other_first(engine: Engine, work: Callable[[Connection], bool]) -> bool:
        if not looked:
            looked.append(True)
            assert unaddressed.announce(app) == 1
        return transact(engine, work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unaddressed, "transact", other_first)
        assert unaddressed.announce(app) == 0
    assert len(sent(app)) == 1


def test_a_booking_of_which_nothing_is_known_is_told_too(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    for content in (b"ET707 FRA ADD operated by Ethiopian Airlines", b"XX9999 FRA ADD 12 Dec"):
        for received in receive(app, Document(content), office="OFFICE A"):
            assert received.advisory is None or received.advisory.verdict is not Verdict.CLEARED
    sweep(app)
    assert reasons(app) == ["unaddressed"] * health(app).undelivered
    assert len(sent(app)) == 1


# --- the other doors ---


def test_a_file_in_a_watched_folder_makes_one(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    place = Folder(tmp_path / "in", HEIDI.office)
    place.path.mkdir()
    prepare(place)
    (place.path / "agency.csv").write_text("\n".join((HEADS, row(1), row(2, "alice2@example.org"), "")))
    (filed,) = look(app, place, marks(place), "one")
    assert filed.reason == ""
    assert reasons(app, HEIDI.office) == ["unaddressed"]


def test_a_document_in_the_folder_of_mails_makes_one(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    polling.poll(answering(app), Waiting([Message("one", NAMED, app.clock(), "booking.txt")]), "one")
    assert reasons(app) == ["unaddressed"]


# --- at once, and afterwards ---


def test_two_clerks_at_the_same_moment_are_one(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    (untold,) = waiting(app)
    start = Barrier(2)

    def tell(who: str) -> str:
        start.wait()
        try:
            told(app, untold.task.advisory_id, by=who, note="", office="OFFICE A")
        except NotFoundError:
            return ""
        return who

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(tell, ("bob", "charlie")))
    (winner,) = filter(None, done)
    with reading(app.engine) as c:
        assert c.scalar(select(tables.undelivered.c.told_by)) == winner
        kept = c.scalars(text("SELECT body FROM audit WHERE body LIKE '%warning.told%'")).all()
    assert len(kept) == 1


def test_nothing_of_it_is_left_where_somebody_is_forgotten(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path, "not_recommended")
    received = bring(app, NAMED.replace(b"GREEN", b"ZZCANARY"), to="zzcanary at home")
    assert received.trip is not None
    (untold,) = waiting(app)
    sweep(app)
    told(app, untold.task.advisory_id, by="bob", note="zzcanary answered")
    clock.at = clock.at.replace(year=2027, month=1, day=20)
    forget(app, received.trip.reference, by="bob")
    assert count(app, "undelivered") == count(app, "unit_letters") == 0
    with reading(app.engine) as c:
        for table in METADATA.tables.values():
            assert not any("zzcanary" in str(row).lower() for row in c.execute(table.select())), table.name
        assert audit.verify(c).ok
    assert (reasons(app), health(app).undelivered, sweep(app)) == ([], 0, 0)


def test_it_goes_with_its_trip_when_the_time_is_over(app: Application, tmp_path: Path, clock: Clock) -> None:
    publish(app, tmp_path, "not_recommended")
    bring(app)
    sweep(app)
    clock.at = clock.at.replace(year=2027, month=1, day=20)
    retain(app)
    assert count(app, "undelivered") == count(app, "unit_letters") == 0


def count(app: Application, table: str) -> int:
    with reading(app.engine) as c:
        return c.scalar(select(func.count()).select_from(METADATA.tables[table])) or 0


def test_what_leaves_first_is_first_and_what_leaves_on_no_day_last(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    publish(app, tmp_path, "not_recommended")
    booked = "RP/QQQAA2100/QQQAA2100 AA/GS 23NOV26/1200Z QZNRBX\n  1.GREEN/{name} MS\n"
    flown = "  2  ET 707 Y {day} 6 FRAADD {status}1 2205 0630+1\n"
    for name, day, status in (("ANN", "20DEC", "HX"), ("BEA", "19DEC", "HK"), ("CLEO", "18DEC", "HK")):
        bring(app, f"{booked.format(name=name)}{flown.format(day=day, status=status)}".encode())
    with reading(app.engine) as c:
        days = [each.first_day for each in store.unannounced(c, clock.at)]
        first = undelivered.open_tasks(c, clock.at, 2)
        every = undelivered.open_tasks(c, clock.at, 9)
    assert days == [date(2026, 12, 18), date(2026, 12, 19), None]
    assert first == every[:2]
    assert [names(each.itinerary) for each in waiting(app)] == ["CLEO GREEN", "BEA GREEN", "ANN GREEN"]
