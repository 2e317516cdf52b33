"""What a traveller does on the page of a trip: calls it off, reads letters and has them sent again."""

from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import icalendar
import pytest
from sqlalchemy import text

from tests.services.conftest import Clock, publish
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, PermanentFailure, Sent, Withheld
from travelrisk.services.application import Application
from travelrisk.services.letters import resending
from travelrisk.services.letters.dispatch import Dispatched, dispatch
from travelrisk.services.trips import calendars, cancelling, story
from travelrisk.services.trips.judging import judge_waiting
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import audit, cancellations, outbox, segments
from travelrisk.store import trips as stored_trips
from travelrisk.store.database import reading, writing

LINE = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines\nBooking reference: ABC123"
ALICE = "alice@example.org"


@pytest.fixture
def trip(app: Application, tmp_path: Path) -> Received:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE, "trip.txt"), recipient=ALICE, language="fr")
    return received


def token(received: Received) -> str:
    assert received.trip is not None
    return received.trip.token


def states(app: Application, received: Received) -> list[tuple[str, str]]:
    assert received.trip is not None
    with reading(app.engine) as c:
        return [(each.letter, each.state) for each in outbox.of_trip(c, received.trip.id)]


def kinds(app: Application) -> list[str]:
    with reading(app.engine) as c:
        bodies = c.scalars(text("SELECT body FROM audit ORDER BY seq")).all()
    return [body.partition('"kind":"')[2].partition('"')[0] for body in bodies]


def test_a_cancelled_trip_is_not_written_about_and_found_by_nobody(app: Application, trip: Received) -> None:
    assert cancelling.cancel(app, token(trip))
    assert not cancelling.cancel(app, token(trip)), "once is enough"
    assert states(app, trip) == [("cleared", "superseded")]
    assert dispatch(app, Memory(), "one") == Dispatched()
    assert story.view(app, token(trip)).is_cancelled
    with reading(app.engine) as c:
        assert segments.upcoming(c, app.clock().date()) == []
        assert audit.verify(c).ok
    assert kinds(app).count("trip.cancelled") == 1


def test_a_letter_under_way_is_withheld(app: Application, trip: Received) -> None:
    class CalledOff(Memory):
        def send(self, message: bytes, sender: str, recipient: str, before_body: object) -> Sent | Withheld:
            cancelling.cancel(app, token(trip))
            return super().send(message, sender, recipient, before_body)  # type: ignore[arg-type] # as given

    assert dispatch(app, CalledOff(), "one") == Dispatched(withheld=1)
    assert states(app, trip) == [("cleared", "superseded")]


def test_taken_back_it_is_judged_by_what_holds_now_and_written_about(
    app: Application, trip: Received, clock: Clock, tmp_path: Path
) -> None:
    dispatch(app, Memory(), "one")
    cancelling.cancel(app, token(trip))
    clock.pass_by(days=1)
    publish(app, tmp_path, "not_recommended")
    assert cancelling.take_back(app, token(trip))
    assert not cancelling.take_back(app, token(trip))
    seen = story.view(app, token(trip))
    assert not seen.is_cancelled
    assert seen.newest is not None
    assert seen.newest.advisory.verdict is Verdict.NOT_CLEARED
    assert states(app, trip) == [("cleared", "sent"), ("not_cleared", "queued")]
    assert [each.kind for each in seen.entries] == [
        "letter",
        "judged",
        "taken_back",
        "cancelled",
        "letter",
        "judged",
        "received",
    ], "no second arrival: nothing arrived"
    assert not judge_waiting(app)
    with reading(app.engine) as c:
        assert len(segments.upcoming(c, app.clock().date())) == 1


def test_it_is_as_old_as_it_was_so_that_late_is_not_said(
    app: Application, trip: Received, clock: Clock
) -> None:
    cancelling.cancel(app, token(trip))
    clock.at = clock.at.replace(month=12, day=11)
    cancelling.take_back(app, token(trip))
    seen = story.view(app, token(trip))
    assert seen.newest is not None
    assert "lead_time.late" not in {each.code for each in seen.newest.advisory.findings}


@pytest.mark.parametrize("content", [LINE, LINE + b"\nET706 ADD FRA 20 Dec operated by Ethiopian Airlines"])
def test_whoever_sends_the_booking_again_takes_it_back(
    app: Application, trip: Received, clock: Clock, content: bytes
) -> None:
    """The same bytes, and a later state of the same booking."""
    cancelling.cancel(app, token(trip))
    clock.pass_by(hours=1)
    (again,) = receive(app, Document(content, "again.txt"), recipient=ALICE)
    assert again.trip is not None
    assert token(again) == token(trip)
    assert again.is_new
    assert again.letters == 1
    assert not story.view(app, token(trip)).is_cancelled
    assert states(app, trip)[-1][1] == "queued"
    assert "trip.taken_back" in kinds(app)


def test_what_a_killed_worker_left_is_not_judged_once_it_is_off(app: Application, trip: Received) -> None:
    assert trip.trip is not None
    assert trip.itinerary is not None
    with writing(app.engine) as c:
        stored_trips.add_itinerary(c, trip.trip.id, trip.itinerary, original=None, position=0, at=app.clock())
        cancellations.begin(c, trip.trip.id, app.clock())
    assert judge_waiting(app) == 0


def test_the_newest_letter_is_sent_again_as_it_was(app: Application, trip: Received, clock: Clock) -> None:
    transport = Memory()
    dispatch(app, transport, "one")
    clock.pass_by(hours=2)
    number = story.view(app, token(trip)).again
    assert number is not None
    resending.send_again(app, token(trip), number)
    assert states(app, trip) == [("cleared", "sent"), ("cleared.2", "queued")]
    clock.pass_by(minutes=1)
    dispatch(app, transport, "one")
    first, second = (message_from_bytes(each[0], policy=SMTP) for each in transport.sent)
    assert first["Message-ID"] != second["Message-ID"]
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert str(second["Subject"]).endswith(str(first["Subject"]))
    assert str(second["Date"]) == "Mon, 23 Nov 2026 19:58:00 +0000"
    for name in ("From", "To", "Reply-To", "Content-Language", "X-Travelrisk-Trip", "Content-Type"):
        assert first[name] == second[name]
    bodies = [each[0].partition(b"\r\n\r\n")[2] for each in transport.sent]
    assert bodies[0] == bodies[1]
    assert not second.defects
    assert [entry.letter for entry in story.view(app, token(trip)).entries if entry.kind == "letter"] == [
        "cleared",
        "cleared",
    ]


def test_a_letter_is_sent_again_a_few_times_only(app: Application, trip: Received, clock: Clock) -> None:
    sent = 0
    while True:
        clock.pass_by(minutes=1)
        sent += dispatch(app, Memory(), "one").sent
        number = story.view(app, token(trip)).again
        if number is None:
            break
        resending.send_again(app, token(trip), number)
        with pytest.raises(BadInputError, match="cannot be sent again"):
            resending.send_again(app, token(trip), number)
    assert sent == resending.MOST


def test_a_letter_that_was_given_up_may_be_tried_again(app: Application, trip: Received) -> None:
    class Refusing(Memory):
        def send(self, *_arguments: object) -> Sent | Withheld:
            raise PermanentFailure("550 no such user")

    dispatch(app, Refusing(), "one")
    assert states(app, trip) == [("cleared", "dead")]
    number = story.view(app, token(trip)).again
    assert number is not None
    resending.send_again(app, token(trip), number)
    assert dispatch(app, Memory(), "one").sent == 1


def test_what_no_longer_holds_waits_or_is_off_is_not_sent_again(
    app: Application, trip: Received, clock: Clock, tmp_path: Path
) -> None:
    assert story.view(app, token(trip)).again is None, "it waits already"
    dispatch(app, Memory(), "one")
    old = story.view(app, token(trip)).again
    assert old is not None
    clock.pass_by(days=1)
    publish(app, tmp_path, "not_recommended")
    list(receive(app, Document(LINE + b" ", "newer.txt"), recipient=ALICE))
    for letter in (old, old + 999):
        with pytest.raises(BadInputError):
            resending.send_again(app, token(trip), letter)
    dispatch(app, Memory(), "one")
    newest = story.view(app, token(trip)).again
    assert newest not in {None, old}
    cancelling.cancel(app, token(trip))
    assert story.view(app, token(trip)).again is None
    with pytest.raises(BadInputError):
        resending.send_again(app, token(trip), newest or 0)


def test_a_letter_is_shown_to_the_last_word(app: Application, trip: Received) -> None:
    transport = Memory()
    dispatch(app, transport, "one")
    (entry,) = [each for each in story.view(app, token(trip)).entries if each.kind == "letter"]
    written = resending.letter(app, token(trip), entry.number)
    sent = message_from_bytes(transport.sent[0][0], policy=SMTP)
    part = sent.get_body(("plain",))
    assert part is not None
    assert written.content.text == str(part.get_content()).replace("\r\n", "\n")
    assert written.content.subject == str(sent["Subject"])
    assert written.content.attached == ("trip.ics",)
    assert (written.language, written.state) == ("fr", "sent")


def test_letters_and_answers_of_another_trip_are_not_there(app: Application, trip: Received) -> None:
    (other,) = receive(app, Document(b"ET706 ADD FRA 20 Dec", "b.txt"), recipient="bob@example.org")
    theirs = {each.kind: each.number for each in story.view(app, token(other)).entries}
    with pytest.raises(NotFoundError):
        resending.letter(app, token(trip), theirs["letter"])
    with pytest.raises(NotFoundError):
        story.made_again(app, token(trip), theirs["judged"])
    assert story.made_again(app, token(other), theirs["judged"]).replayed.is_equal
    for act in (cancelling.cancel, cancelling.take_back, calendars.revoke, calendars.renew):
        with pytest.raises(NotFoundError):
            act(app, "guessed")


def test_the_story_says_what_changed_with_a_booking_and_an_answer(
    app: Application, trip: Received, clock: Clock, tmp_path: Path
) -> None:
    clock.pass_by(days=1)
    publish(app, tmp_path, "conditional")
    cancelling.cancel(app, token(trip))
    cancelling.take_back(app, token(trip))
    clock.pass_by(days=1)
    more = LINE + b"\nET706 ADD FRA 20 Dec operated by Ethiopian Airlines"
    list(receive(app, Document(more, "more.txt"), recipient=ALICE))
    entries = story.view(app, token(trip)).entries
    judged = [each for each in entries if each.kind == "judged"]
    assert [(each.before, each.verdict) for each in judged] == [
        (Verdict.CONDITIONAL, Verdict.CONDITIONAL),
        (Verdict.CLEARED, Verdict.CONDITIONAL),
        (None, Verdict.CLEARED),
    ]
    assert [each.change is not None for each in judged] == [False, True, False]
    change = judged[1].change
    assert change is not None
    assert [each.code for each in change.new] == ["operating.conditional"]
    arrived = [each for each in entries if each.kind == "received"]
    assert [(each.source, each.earlier is not None) for each in arrived] == [
        ("more.txt", True),
        ("trip.txt", False),
    ]


def entries_of(ics: str) -> list[tuple[str, str]]:
    read = icalendar.Calendar.from_ical(ics)
    assert ALICE not in ics
    assert "ABC123" not in ics
    return [(str(each["SUMMARY"]), str(each["STATUS"])) for each in read.walk("VEVENT")]


def link(transport: Memory) -> str:
    """Return the token of the calendar in the newest letter."""
    part = message_from_bytes(transport.sent[-1][0], policy=SMTP).get_body(("plain",))
    assert part is not None
    return str(part.get_content()).partition("/calendar/")[2].partition(".ics")[0]


def test_a_trip_has_a_calendar_that_follows_it(app: Application, trip: Received) -> None:
    assert entries_of(calendars.of_trip(app, token(trip), "en")) == [
        ("[Cleared] ET 707 FRA-ADD", "CONFIRMED")
    ]
    cancelling.cancel(app, token(trip))
    assert entries_of(calendars.of_trip(app, token(trip), "en")) == [
        ("[Cancelled] ET 707 FRA-ADD", "CANCELLED")
    ]


def test_the_calendar_of_all_trips_is_sent_to_its_contact_alone(
    app: Application, trip: Received, clock: Clock
) -> None:
    other = Document(b"ET706 ADD FRA 20 Dec operated by Ethiopian Airlines", "other.txt")
    theirs = Document(b"ET708 FRA ADD 21 Dec operated by Ethiopian Airlines", "theirs.txt")
    list(receive(app, other, recipient=ALICE))
    list(receive(app, theirs, recipient="bob@example.org"))
    calendars.renew(app, token(trip))
    transport = Memory()
    clock.pass_by(minutes=1)
    dispatch(app, transport, "one")
    dispatch(app, transport, "one")
    assert {each[2] for each in transport.sent if b"X-Travelrisk-Letter: calendar" in each[0]} == {ALICE}
    calendar = next(each for each in transport.sent if b"X-Travelrisk-Letter: calendar" in each[0])
    opens = link(_with(calendar))
    assert sorted(entries_of(calendars.of_contact(app, opens, "x", "en"))) == [
        ("[Cleared] ET 706 ADD-FRA", "CONFIRMED"),
        ("[Cleared] ET 707 FRA-ADD", "CONFIRMED"),
    ]
    clock.at = clock.at.replace(month=12, day=15)
    assert len(entries_of(calendars.of_contact(app, opens, "x", "fr"))) == 1, "what is past is left out"
    with pytest.raises(NotFoundError):
        calendars.of_contact(app, token(trip), "x", "en")


def _with(message: tuple[bytes, str, str]) -> Memory:
    memory = Memory()
    memory.sent.append(message)
    return memory


def test_a_calendar_that_was_renewed_or_closed_opens_nothing(
    app: Application, trip: Received, clock: Clock
) -> None:
    transport = Memory()
    dispatch(app, transport, "one")
    opened = []
    for _ in range(2):
        calendars.renew(app, token(trip))
        clock.pass_by(minutes=1)
        dispatch(app, transport, "one")
        opened.append(link(transport))
    with pytest.raises(NotFoundError):
        calendars.of_contact(app, opened[0], "x", "en")
    assert calendars.of_contact(app, opened[1], "x", "en")
    assert story.view(app, token(trip)).calendar_since is not None
    assert calendars.revoke(app, token(trip))
    assert not calendars.revoke(app, token(trip))
    with pytest.raises(NotFoundError):
        calendars.of_contact(app, opened[1], "x", "en")


def test_the_letter_with_the_calendar_is_none_of_the_trip(
    app: Application, trip: Received, clock: Clock
) -> None:
    """Whoever was forwarded a letter about one trip must not reach all others; and it makes up for none."""
    transport = Memory()
    dispatch(app, transport, "one")
    seen = story.view(app, token(trip))
    calendars.renew(app, token(trip))
    clock.pass_by(minutes=1)
    assert dispatch(app, transport, "one").sent == 1
    after = story.view(app, token(trip))
    assert (after.again, after.entries) == (seen.again, seen.entries)
    assert states(app, trip) == [("cleared", "sent")]


def test_an_address_that_was_closed_before_it_left_does_not_leave(app: Application, trip: Received) -> None:
    dispatch(app, Memory(), "one")
    calendars.renew(app, token(trip))
    calendars.revoke(app, token(trip))
    transport = Memory()
    assert dispatch(app, transport, "one").withheld == 1
    assert transport.sent == []


def test_its_address_is_sent_a_few_times_a_day(app: Application, trip: Received, clock: Clock) -> None:
    for _ in range(calendars.MOST):
        calendars.renew(app, token(trip))
    with pytest.raises(BadInputError, match="often enough"):
        calendars.renew(app, token(trip))
    clock.pass_by(days=1, seconds=1)
    calendars.renew(app, token(trip))


def test_without_an_address_there_is_no_calendar_of_all(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    (received,) = receive(app, Document(LINE, "trip.txt"))
    with pytest.raises(BadInputError, match="nobody can be reached"):
        calendars.renew(app, token(received))
