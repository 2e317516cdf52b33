"""Many bookings on one flight: who is held, who is told, and that two at once do not both slip through."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from tests.services.conftest import Clock
from tests.services.test_effect import publish
from tests.services.watching import ETHIOPIAN, FALLS, RISES, arrive, letters, to_addis, verdicts, work
from tests.unit.test_policy_file import DEFAULT
from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Status, Traveller
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory, PermanentFailure, Sent, Withheld
from travelrisk.reference import LoadedPolicy, policy_of
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.health import unsent
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.proposals.effect import journeys
from travelrisk.services.trips.cancelling import cancel
from travelrisk.services.trips.checking import check
from travelrisk.services.trips.judging import judge
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.trips.replay import replay
from travelrisk.services.watch.rescreening import begin_day
from travelrisk.store import advisories, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import flight_letters
from travelrisk.store.trips import Stored

JUDGES = "travelrisk.services.trips.judging.screen"
C, R = Verdict.CLEARED, Verdict.REVIEW


def under(app: Application, lines: str) -> Application:
    """Give the service with a travel unit, and with these lines as its policy about concentration."""
    text, count = re.subn(r"\[concentration\]\n(?:.+\n)+", f"[concentration]\n{lines}\n", DEFAULT)
    assert count == 1
    text += '[contacts.travel_unit]\nname = { en = "Unit" }\nemail = "unit@example.org"\n'
    loaded = LoadedPolicy(policy_of(text), text, hashlib.sha256(text.encode()).hexdigest())
    return replace(app, policy=loaded)


class Refusing(Memory):
    """Takes no letter to the travel unit."""

    def send(
        self, message: bytes, sender: str, recipient: str, before_body: Callable[[], bool]
    ) -> Sent | Withheld:
        """Refuse it, or keep the letter."""
        if recipient == "unit@example.org":
            raise PermanentFailure("550 5.1.1")
        return super().send(message, sender, recipient, before_body)


@pytest.fixture
def app(app: Application) -> Application:
    """Give a service that lets two travel on one flight."""
    app = under(app, "block = 2")
    publish(app)
    return app


def of(itinerary: Itinerary, *names: str) -> Itinerary:
    return replace(itinerary, travellers=tuple(Traveller(given=each, surname="Zimmer") for each in names))


def book(app: Application, name: str, itinerary: Itinerary | None = None) -> Stored:
    """Let somebody book Frankfurt to Addis Ababa, or another journey."""
    return arrive(app, of(itinerary or to_addis(app), name), f"{name.casefold()}@example.org")


def told(app: Application) -> list[str]:
    """Return the letters about flights, as text."""
    with reading(app.engine) as c:
        rows = c.execute(select(flight_letters.c.recipient, flight_letters.c.body).order_by("id")).all()
    assert {row.recipient for row in rows} <= {"unit@example.org"}
    mails = [message_from_bytes(row.body, policy=policy.default) for row in rows]
    return [part.get_content() for mail in mails if (part := mail.get_body(("plain",)))]


def test_the_booking_above_the_ceiling_is_held_and_the_others_are_left_alone(app: Application) -> None:
    alice, bob, charlie = (book(app, name) for name in ("Alice", "Bob", "Charlie"))
    assert [verdicts(app, each) for each in (alice, bob, charlie)] == [[C], [C], [R]]
    (letter,) = told(app)
    for each in (alice, bob, charlie):
        assert each.trip.reference in letter
    assert "3. Ceiling: 2." in letter
    begin_day(app)
    work(app)
    assert [verdicts(app, each) for each in (alice, bob, charlie)] == [[C], [C], [R]]
    assert [len(letters(app, each)) for each in (alice, bob)] == [1, 1]
    assert len(told(app)) == 1


def test_nobody_is_named_to_anybody(app: Application) -> None:
    names = ("Alice", "Bob", "Charlie")
    for name in names:
        book(app, name)
    transport = Memory()
    dispatch(app, transport, "one")
    by_recipient = {to: body.decode() for body, _, to in transport.sent}
    assert set(by_recipient) == {"unit@example.org", *(f"{each.casefold()}@example.org" for each in names)}
    for name in names:
        assert name not in by_recipient["unit@example.org"]
        assert "Zimmer" not in by_recipient["unit@example.org"]
    assert "alice" not in by_recipient["charlie@example.org"].casefold()


def test_code_shares_are_one_flight_and_copies_one_person(app: Application) -> None:
    shared = to_addis(app, by="ET 707")
    (segment,) = shared.segments
    (lufthansa,) = app.book.ever("DLH")
    marketing = replace(segment.marketing, code="LH", number="9710", carrier=lufthansa)
    shared = replace(shared, segments=(replace(segment, marketing=marketing),))
    book(app, "Alice")
    assert verdicts(app, book(app, "Alice", shared)) == [C], "the same person, booked twice"
    assert verdicts(app, book(app, "Bob", shared)) == [C]
    assert verdicts(app, book(app, "Charlie")) == [R]


def test_cancelled_segments_and_trips_are_not_counted(app: Application) -> None:
    flown = to_addis(app)
    (segment,) = flown.segments
    off = replace(flown, segments=(replace(segment, status=Status.CANCELLED), segment))
    book(app, "Alice", replace(off, segments=off.segments[:1]))
    bob, _ = book(app, "Bob"), book(app, "Charlie")
    cancel(app, bob.trip.token)
    assert verdicts(app, book(app, "Dana", off)) == [C], "Charlie and Dana"
    assert verdicts(app, book(app, "Erin")) == [R]


def test_a_booking_of_many_counts_each_of_them(app: Application) -> None:
    stored = arrive(app, of(to_addis(app), "Alice", "Bob", "Charlie"))
    assert verdicts(app, stored) == [R]
    assert "3. Ceiling: 2." in told(app)[0]


def test_who_leaves_makes_room_for_who_waits(app: Application) -> None:
    alice, _, charlie = (book(app, name) for name in ("Alice", "Bob", "Charlie"))
    cancel(app, alice.trip.token)
    publish(app, FALLS, ETHIOPIAN)
    publish(app, RISES, FALLS)
    work(app)
    assert verdicts(app, charlie)[-1] is C
    assert len(told(app)) == 1, "a booking that is below again needs no letter"


def test_whoever_changes_to_a_full_flight_comes_last(app: Application) -> None:
    alice = book(app, "Alice", to_addis(app, "12-14"))
    book(app, "Bob"), book(app, "Charlie")
    changed = of(to_addis(app), "Alice")
    with writing(app.engine) as c:
        number = trips.add_itinerary(c, alice.trip.id, changed, original=None, position=0, at=app.clock())
    judge(app, [Stored(alice.trip, number, changed, app.clock())], "test")
    assert verdicts(app, alice) == [C, R]


def test_the_same_bookings_on_a_flight_are_told_of_once_and_another_again(app: Application) -> None:
    stored = [book(app, name) for name in ("Alice", "Bob", "Charlie")]
    again = stored[2]
    with writing(app.engine) as c:
        number = trips.add_itinerary(
            c, again.trip.id, again.itinerary, original=None, position=0, at=app.clock()
        )
    judge(app, [Stored(again.trip, number, again.itinerary, app.clock())], "test")
    assert len(told(app)) == 1
    book(app, "Dana")
    assert len(told(app)) == 2


def test_rows_of_one_document_are_counted_in_their_order(app: Application) -> None:
    with writing(app.engine) as c:
        waiting = []
        for name in ("Alice", "Bob", "Charlie", "Dana"):
            itinerary = of(to_addis(app), name)
            trip = trips.new_trip(c, contact="a@example.org", language="en", at=app.clock())
            number = trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=app.clock())
            waiting.append(Stored(trip, number, itinerary, app.clock()))
    assert [each.advisory.verdict for each in judge(app, waiting, "test")] == [C, C, R, R]


def test_replay_makes_the_very_same_advisory(app: Application) -> None:
    stored = [book(app, name) for name in ("Alice", "Bob", "Charlie")]
    book(app, "Dana")
    cancel(app, stored[0].trip.token)
    with reading(app.engine) as c:
        (kept,) = advisories.of_trip(c, stored[2].trip.id)
    assert kept.aboard is not None
    assert [each.people for each in kept.aboard] == [3]
    assert replay(app, kept.id).is_equal


def test_without_ceilings_nobody_is_counted_and_nothing_is_kept(app: Application) -> None:
    app = under(app, "")
    stored = [book(app, name) for name in ("Alice", "Bob", "Charlie")]
    assert [verdicts(app, each) for each in stored] == [[C], [C], [C]]
    with reading(app.engine) as c:
        kept = [advisories.of_trip(c, each.trip.id)[0] for each in stored]
    assert [each.aboard for each in kept] == [None, None, None]
    assert all(replay(app, each.id).is_equal for each in kept)
    assert told(app) == []


def test_a_policy_that_gets_ceilings_holds_those_who_came_last(app: Application) -> None:
    before = under(app, "")
    begin_day(before)
    stored = [book(before, name) for name in ("Alice", "Bob", "Charlie")]
    work(before)
    begin_day(app)
    work(app)
    assert [verdicts(app, each) for each in stored] == [[C], [C], [C, R]]
    assert len(told(app)) == 1


def test_heads_of_office_have_a_ceiling_of_their_own(app: Application) -> None:
    app = under(app, 'heads_block = 1\nheads_of_office = ["alice@example.org", "dana@example.org"]')
    stored = [book(app, name) for name in ("Alice", "Bob", "Charlie", "Dana")]
    assert [verdicts(app, each) for each in stored] == [[C], [C], [C], [R]]
    assert "Heads of office on this flight: 2. Ceiling: 1." in told(app)[0]


def test_a_question_counts_nobody_and_says_so(app: Application) -> None:
    (answer,) = check(app, "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines")
    assert answer.advisory is not None
    assert "concentration.later" in {each.code for each in answer.advisory.findings}


def test_what_is_previewed_counts_like_what_is_judged(app: Application) -> None:
    stored = [book(app, name) for name in ("Alice", "Bob", "Charlie")]
    with reading(app.engine) as c:
        shown = list(journeys(app, c, [each.itinerary_id for each in stored]))
    assert [each.aboard and each.aboard[0].people for each in shown] == [1, 2, 3]


def test_a_letter_that_the_unit_never_got_is_somebodys_to_see(app: Application) -> None:
    stored = [book(app, name) for name in ("Alice", "Bob", "Charlie")]
    dispatch(app, Refusing(), "one")
    lost = unsent(app)
    assert [(each.trip, each.letter) for each in lost.lost] == [(stored[2].trip.reference, "concentration")]
    assert lost.lost_count == 1


def test_a_document_of_a_table_goes_the_same_way(app: Application, clock: Clock) -> None:
    lines = [
        b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines",
        b"ET 707 FRA ADD 12 Dec, operated by Ethiopian",
        b"ET707 FRA-ADD 12 Dec 2026 operated by Ethiopian Airlines",
    ]
    found: list[Received] = []
    for number, line in enumerate(lines):
        clock.pass_by(minutes=1)
        found += receive(app, Document(line), recipient=f"p{number}@example.org", office="Geneva")
    assert [each.advisory.verdict for each in found if each.advisory] == [C, C, R]
    assert "Office: Geneva" in told(app)[0]


# --- two at once ---


def _rush(app: Application, names: list[str]) -> Iterator[Stored]:
    """Let people book at the same moment: all are stored before any is judged, and judged side by side."""
    stored = []
    for name in names:
        with writing(app.engine) as c:
            trip = trips.new_trip(c, contact="", language="en", at=app.clock())
            itinerary = of(to_addis(app), name)
            number = trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=app.clock())
        stored.append(Stored(trip, number, itinerary, app.clock()))
    start = threading.Barrier(len(stored))

    def one(each: Stored) -> None:
        start.wait()
        judge(app, [each], "test")

    threads = [threading.Thread(target=partial(one, each)) for each in stored]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    yield from stored


def test_of_those_who_book_at_once_no_more_than_the_ceiling_are_cleared(app: Application) -> None:
    for _ in range(3):
        stored = list(_rush(app, ["Alice", "Bob", "Charlie", "Dana", "Erin"]))
        assert sorted(verdicts(app, each)[0] for each in stored) == [C, C, R, R, R]
        for each in stored:
            cancel(app, each.trip.token)


def test_whoever_is_judged_between_the_look_and_the_hold_is_counted(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(app, "Alice")
    bob = of(to_addis(app), "Bob")
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact="", language="en", at=app.clock())
        number = trips.add_itinerary(c, trip.id, bob, original=None, position=0, at=app.clock())
    waiting, faster = Stored(trip, number, bob, app.clock()), list[Stored]()

    def interrupted(*arguments: Any) -> Advisory:  # noqa: ANN401 - as given
        if not faster:
            monkeypatch.setattr(JUDGES, screen)
            faster.append(book(app, "Charlie"))
        return screen(*arguments)

    monkeypatch.setattr(JUDGES, interrupted)
    judge(app, [waiting], "test")
    assert verdicts(app, faster[0]) == [C]
    assert verdicts(app, waiting) == [R]
