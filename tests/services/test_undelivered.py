"""Bounces are noted once and believed only with proof; warnings that reached nobody become a task."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from tests.services.conftest import Clock, publish
from tests.services.test_dispatch import Failing
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.policy import Contact
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.bounces import Bounce, ReturnPaths
from travelrisk.mail.transport import Memory, PermanentFailure, TransientFailure
from travelrisk.services.application import Application
from travelrisk.services.health import health, unsent
from travelrisk.services.letters import undelivered
from travelrisk.services.letters.bounces import ACCEPTED_FOR, Noted, take_back
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.patience import PATIENCE, due_at
from travelrisk.services.letters.undelivered import sweep, told, waiting
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import audit, outbox
from travelrisk.store.database import reading, transact, writing
from travelrisk.store.unsent import BOXES

LINE = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"
SECOND = "second@example.com"
UNIT = Contact(Texts("Travel unit", "Voyages", "Viajes"), "unit@example.org", "+41 22 555 01 00")


@pytest.fixture
def app(app: Application) -> Application:
    """Give a service that receives bounces, and has a travel unit."""
    paths = ReturnPaths("bounces@travelrisk.example.org", "of a test")
    own = replace(app.policy, policy=replace(app.policy.policy, travel_unit=UNIT))
    return replace(app, facts=replace(app.facts, return_paths=paths), policy=own)


def warn(app: Application, folder: Path, level: str = "not_recommended", second: str = SECOND) -> Received:
    """Let alice have a warning in the outbox."""
    publish(app, folder, level)
    (received,) = receive(app, Document(LINE), recipient="alice@example.org", second=second)
    return received


def letters(app: Application, received: Received) -> list[tuple[str, str]]:
    assert received.trip is not None
    with reading(app.engine) as c:
        return [(each.recipient, each.state) for each in outbox.of_trip(c, received.trip.id)]


def sent(app: Application) -> list[tuple[bytes, str, str]]:
    transport = Memory()
    dispatch(app, transport, "one")
    return transport.sent


def bounce(to: str, status: str = "5.1.1") -> Bounce:
    return Bounce((to,), status=status, code="550", recipient="alice@example.org")


# --- bounces ---


def test_a_bounce_is_noted_once_and_its_warning_becomes_a_task(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    received = warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    assert sweep(app) == 0, "all is well so far"
    clock.pass_by(minutes=3)
    assert take_back(app, bounce(sender)) is Noted.NEW
    assert take_back(app, bounce(sender)) is Noted.KNOWN
    assert letters(app, received) == [("alice@example.org", "sent")], "it was sent, and stays so"
    assert unsent(app).lost_count == 1
    assert [each.reply for each in unsent(app).lost] == ["550 5.1.1"]
    assert [sweep(app), sweep(app)] == [1, 0]
    (untold,) = waiting(app)
    assert (untold.task.reason, untold.task.reply, untold.task.second) == ("bounced", "550 5.1.1", "queued")
    assert health(app).undelivered == 1


def test_a_bounce_that_passes_is_a_warning_that_nobody_has_as_well(app: Application, tmp_path: Path) -> None:
    warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    take_back(app, bounce(sender, "4.4.1"))
    assert sweep(app) == 1


def test_a_clearance_that_comes_back_is_noted_and_nobodys_task(app: Application, tmp_path: Path) -> None:
    warn(app, tmp_path, "recommended")
    ((_, sender, _),) = sent(app)
    assert take_back(app, bounce(sender)) is Noted.NEW
    assert sweep(app) == 0
    assert unsent(app).lost_count == 1


@pytest.mark.threat(26)
def test_a_bounce_that_nobody_signed_is_ignored(app: Application, tmp_path: Path) -> None:
    warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    other = ReturnPaths("bounces@travelrisk.example.org", "another").of("trip", 1, app.clock())
    assert app.facts.return_paths is not None
    unknown = app.facts.return_paths.of("trip", 999, app.clock())
    for forged in (other, unknown, sender.replace("trip.1", "trip.2"), "travelrisk@example.org"):
        assert take_back(app, bounce(forged)) is Noted.STRANGE
    assert take_back(app, Bounce((), ("<0123456789abcdef0123456789abcdef@example.org>",))) is Noted.STRANGE
    assert (sweep(app), unsent(app).lost_count) == (0, 0)


@pytest.mark.threat(26)
def test_no_bounce_takes_an_alarm_back(app: Application, tmp_path: Path) -> None:
    """Forged, doubled, of another kind, in any order: an alarm that one of them raised stands."""
    warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    forged = ReturnPaths("bounces@travelrisk.example.org", "another").of("trip", 1, app.clock())
    lost = [0]
    for each in (forged, sender, sender, forged, sender):
        for status in ("5.1.1", "4.2.2", "2.0.0", "5.0.0"):
            take_back(app, bounce(each, status))
            sweep(app)
            lost.append(unsent(app).lost_count)
    assert lost == sorted(lost)
    assert (lost[4], lost[-1]) == (0, 1), "what is forged raises none either"


def test_a_bounce_without_a_return_path_is_known_by_its_message_id(app: Application, tmp_path: Path) -> None:
    warn(app, tmp_path)
    plain = replace(app, facts=replace(app.facts, return_paths=None))
    with reading(app.engine) as c:
        message_id = c.scalar(text("SELECT message_id FROM outbox"))
    back = Bounce(("travelrisk@example.org",), (message_id,))
    assert take_back(plain, back) is Noted.STRANGE, "what has not left cannot come back"
    ((_, sender, _),) = sent(plain)
    assert sender == "travelrisk@example.org"
    assert take_back(plain, back) is Noted.NEW
    assert sweep(plain) == 1


def test_a_bounce_is_believed_for_some_days_only(app: Application, tmp_path: Path, clock: Clock) -> None:
    warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    clock.at += ACCEPTED_FOR + timedelta(hours=1)
    assert take_back(app, bounce(sender)) is Noted.LATE
    clock.at -= timedelta(hours=2)
    assert take_back(app, bounce(sender)) is Noted.NEW


def test_each_table_of_letters_has_return_paths_of_its_own(app: Application, tmp_path: Path) -> None:
    warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    take_back(app, bounce(sender))
    sweep(app)
    about = {recipient: path for _, path, recipient in sent(app)}
    assert take_back(app, bounce(about["unit@example.org"])) is Noted.NEW
    lost = {(each.letter, each.trip != "") for each in unsent(app).lost}
    assert ("undelivered", True) in lost, "and a person sees that the travel unit was not reached"
    assert {box.kind for box in BOXES} == {"people", "trip", "desk", "unit", "flight", "answer", "calendar"}


# --- tasks ---


def test_a_warning_that_is_refused_goes_to_the_second_address_and_to_the_travel_unit(
    app: Application, tmp_path: Path
) -> None:
    received = warn(app, tmp_path)
    dispatch(app, Failing(PermanentFailure("550 5.1.1 at RCPT")), "one")
    assert sweep(app) == 1
    found = {recipient: message_from_bytes(body, policy=policy.default) for body, _, recipient in sent(app)}
    assert set(found) == {SECOND, "unit@example.org"}
    copy = found[SECOND]
    assert copy["Subject"] == "Repeated: [Not cleared] ET 707 FRA-ADD, 12 Dec 2026"
    assert copy["To"] == SECOND
    assert "Listed" in copy.as_string() or "not recommended" in copy.as_string()
    unit = found["unit@example.org"]
    assert received.trip is not None
    body = unit.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one
    for wanted in (received.trip.reference, "not cleared", "Sat 12 Dec 2026", "550 5.1.1", "second address"):
        assert wanted in " ".join(body.split())
    assert "alice@example.org" not in unit.as_string()
    assert SECOND not in unit.as_string()


def test_without_a_travel_unit_it_is_the_focal_point(app: Application, tmp_path: Path) -> None:
    alone = replace(app, policy=replace(app.policy, policy=replace(app.policy.policy, travel_unit=None)))
    warn(alone, tmp_path, second="")
    dispatch(alone, Failing(PermanentFailure("550")), "one")
    sweep(alone)
    assert [recipient for _, _, recipient in sent(alone)] == [alone.policy.policy.focal_point.email]


def test_a_letter_that_does_not_leave_becomes_a_task_after_the_hours_of_the_policy(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    warn(app, tmp_path)
    for _ in range(23):
        clock.pass_by(hours=1)
        dispatch(app, Failing(*[TransientFailure("451")] * 5), "one")
        assert sweep(app) == 0
    clock.pass_by(hours=1)
    assert sweep(app) == 1
    assert [each.task.reason for each in waiting(app)] == ["unsent"]
    assert len(sent(app)) == 3, "the letter itself leaves after all"
    assert waiting(app) == (), "and the task has no point any more"
    assert health(app).undelivered == 0


def test_a_letter_for_a_journey_that_begins_soon_becomes_a_task_sooner(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    """No hour is known: somewhere on earth 12 December begins at 10:00 UTC of the 11th."""
    clock.at = datetime(2026, 12, 11, 2, tzinfo=UTC)
    warn(app, tmp_path)
    for _ in range(7):
        clock.pass_by(minutes=30)
        assert sweep(app) == 0
    clock.pass_by(minutes=30)
    assert sweep(app) == 1
    assert [each.task.reason for each in waiting(app)] == ["unsent"]


@pytest.mark.parametrize(
    ("until_departure", "expected"),
    [
        (None, timedelta(hours=24)),
        (timedelta(days=19), timedelta(hours=24)),
        (timedelta(hours=10), timedelta(hours=5)),
        (timedelta(minutes=4), PATIENCE),
        (timedelta(days=-3), PATIENCE),
    ],
)
def test_half_of_the_time_until_the_departure_is_left_for_a_call(
    until_departure: timedelta | None, expected: timedelta
) -> None:
    queued_at = datetime(2026, 11, 23, tzinfo=UTC)
    departs_at = None if until_departure is None else queued_at + until_departure
    assert due_at(queued_at, departs_at, 24) - queued_at == expected


def test_a_warning_that_was_changed_is_not_copied(app: Application, tmp_path: Path) -> None:
    received = warn(app, tmp_path)
    with writing(app.engine) as c:
        c.execute(text("UPDATE outbox SET body_sha256 = 'x'"))
    assert sent(app) == []
    assert sweep(app) == 1
    assert [recipient for _, _, recipient in sent(app)] == ["unit@example.org"]
    assert letters(app, received) == [("alice@example.org", "hold")]


def test_the_journey_that_is_over_is_nobodys_task(app: Application, tmp_path: Path, clock: Clock) -> None:
    warn(app, tmp_path)
    ((_, sender, _),) = sent(app)
    clock.at = datetime(2026, 12, 15, tzinfo=UTC)
    assert app.facts.return_paths is not None
    late = app.facts.return_paths.of("trip", 1, clock.at)
    assert take_back(app, bounce(late)) is Noted.NEW
    assert sender != late
    assert sweep(app) == 0


def test_a_newer_verdict_has_letters_of_its_own(app: Application, tmp_path: Path, clock: Clock) -> None:
    received = warn(app, tmp_path)
    dispatch(app, Failing(PermanentFailure("550")), "one")
    sweep(app)
    assert health(app).undelivered == 1
    publish(app, tmp_path, "recommended")
    clock.at = clock.at.replace(year=2027)  # the same line means another day then: the booking has changed
    (changed,) = receive(app, Document(LINE), recipient="alice@example.org")
    assert received.trip is not None
    assert changed.trip is not None
    assert changed.trip.id == received.trip.id
    assert changed.advisory is not None
    assert changed.advisory.verdict is Verdict.CLEARED
    assert (health(app).undelivered, waiting(app)) == (0, ())


def test_whoever_told_the_traveller_says_so_once(app: Application, tmp_path: Path) -> None:
    warn(app, tmp_path)
    dispatch(app, Failing(PermanentFailure("550")), "one")
    sweep(app)
    (untold,) = waiting(app)
    told(app, untold.task.advisory_id, by="bob", note=" called at noon ")
    assert waiting(app) == ()
    assert (health(app).undelivered, unsent(app).lost_count, sweep(app)) == (0, 0, 0)
    for number in (untold.task.advisory_id, 99):
        with pytest.raises(NotFoundError, match="told the traveller before"):
            told(app, number, by="charlie", note="")


def test_a_second_worker_finds_nothing_new(app: Application, tmp_path: Path) -> None:
    """Both look before either writes: the row of the advisory is what makes it once."""
    received = warn(app, tmp_path)
    dispatch(app, Failing(PermanentFailure("550")), "one")
    looked: list[bool] = []

    def other_first(engine: Engine, work: Callable[[Connection], bool]) -> bool:
        if not looked:
            looked.append(True)
            assert sweep(app) == 1
        return transact(engine, work)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(undelivered, "transact", other_first)
        assert sweep(app) == 0
    assert letters(app, received) == [("alice@example.org", "dead"), (SECOND, "queued")]


def test_a_task_closes_itself_when_the_journey_is_over_and_the_trail_says_so(
    app: Application, tmp_path: Path, clock: Clock
) -> None:
    warn(app, tmp_path)
    dispatch(app, Failing(PermanentFailure("550 5.1.1 at RCPT")), "one")
    assert sweep(app) == 1
    clock.at = datetime(2026, 12, 13, 6, tzinfo=UTC)
    sweep(app)
    assert len(waiting(app)) == 1, "somewhere it may still be the day of the journey"
    clock.at = datetime(2026, 12, 15, 13, tzinfo=UTC)
    for _ in range(2):
        assert sweep(app) == 0
    assert waiting(app) == ()
    with reading(app.engine) as c:
        kinds = c.scalars(text("SELECT body FROM audit WHERE body LIKE '%warning.over%'")).all()
        assert audit.verify(c).ok
    assert len(kinds) == 1
