"""The desk of a travel unit: what must not be ticketed, what was, who works on it, and what it finds."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, event

from tests.services.conftest import Clock
from tests.services.test_concentration import under
from tests.services.watching import work
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.domain.people import Person, Role, Viewer
from travelrisk.domain.ratings import Evidence, Level, Rating, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.services.units import asking, working
from travelrisk.services.units.desk import desk
from travelrisk.services.units.lines import deadline
from travelrisk.services.units.onetrip import one_trip
from travelrisk.services.units.refunds import Refund
from travelrisk.services.units.searching import Asked, search
from travelrisk.store import audit, lookups, people, ratings, trips
from travelrisk.store.database import reading, writing

NINA, OTHER = Viewer("nina", "Nairobi"), Viewer("gina", "Geneva")
ETHIOPIAN = "ET 707 FRA ADD 12 Dec operated by Ethiopian Airlines"
KENYAN = "KQ 101 LHR NBO 14 Dec operated by Kenya Airways"
WHY = "The operator is not known yet."


@pytest.fixture
def staffed(app: Application) -> Application:
    """Give a service with a rating of one carrier, two travel units and a focal point."""
    with writing(app.engine) as c:
        for name, role, unit in (
            ("nina", Role.TRAVEL_UNIT, "Nairobi"),
            ("noel", Role.TRAVEL_UNIT, "Nairobi"),
            ("gina", Role.TRAVEL_UNIT, "Geneva"),
            ("fay", Role.FOCAL_POINT, ""),
        ):
            address = f"{name}@example.org"
            people.add(c, Person(name, name.title(), address, frozenset({role}), unit), at=app.clock())
    return app


def rated(app: Application, *levels: Level, kind: str = "") -> None:
    """Publish editions in which Ethiopian is rated so, one after the other; both airports are recommended."""
    places = [(SubjectKind.AIRPORT, each) for each in ("FRA", "ADD")]
    grounds = (Evidence("A source", kind),) if kind else ()
    for level in levels:
        with writing(app.engine) as c:
            held = [each.id for each in ratings.in_force(c)]
            subjects = [*places, (SubjectKind.CARRIER, "ETH")]
            opened = tuple(
                Rating(
                    f"{key.lower()}-{ratings.current_edition(c) + 1}",
                    Subject(subject, key),
                    Level.RECOMMENDED if subject is SubjectKind.AIRPORT else level,
                    date(2026, 1, 1),
                    None,
                    "fay",
                    date(2026, 11, 3),
                    Texts("A reason."),
                    evidence=grounds if key == "ETH" else (),
                )
                for subject, key in subjects
            )
            ratings.publish(c, opened=opened, closed=held, actor="test", note="test", at=app.clock())


def arrive(app: Application, flown: str = ETHIOPIAN, office: str = "Nairobi", name: str = "") -> Received:
    text = f"Passenger: {name}\n{flown}\n" if name else flown
    (received,) = receive(app, Document(text.encode()), recipient="alice@example.org", office=office)
    return received


def reference(received: Received) -> str:
    assert received.trip is not None
    return received.trip.reference


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Count the statements that are run."""
    said: list[str] = []

    def note(*given: object) -> None:
        said.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


def references(lines: object) -> list[str]:
    return [each.ahead.trip.reference for each in lines]  # type: ignore[attr-defined] # lines of the desk


def test_what_is_not_cleared_is_held_with_a_reason_a_decider_and_a_day(staffed: Application) -> None:
    held = arrive(staffed)
    arrive(staffed, office="Geneva", flown=KENYAN)
    (line,) = desk(staffed, NINA).holds
    assert line.ahead.trip.reference == reference(held)
    assert line.verdict is Verdict.REVIEW
    assert line.why is not None
    assert line.decides == staffed.policy.policy.focal_point.name
    assert (line.departs, line.due) == (date(2026, 12, 12), date(2026, 12, 5))
    assert not line.is_late
    assert references(desk(staffed, OTHER).holds) != [reference(held)]
    assert desk(staffed, Viewer("uma", "")).holds == ()


def test_what_is_cleared_is_on_no_list_until_the_desk_holds_it(staffed: Application) -> None:
    rated(staffed, Level.RECOMMENDED)
    cleared = arrive(staffed)
    assert cleared.advisory is not None
    assert cleared.advisory.verdict is Verdict.CLEARED
    found = desk(staffed, NINA)
    assert (found.holds, found.affected, found.reviews, found.late) == ((), (), (), ())
    working.decide(staffed, NINA, reference(cleared), "on_hold", WHY)
    assert references(desk(staffed, NINA).holds) == [reference(cleared)]
    working.decide(staffed, NINA, reference(cleared), "ticketed", "Bought today.")
    assert desk(staffed, NINA).holds == ()


def test_a_trip_that_nobody_has_judged_is_held(staffed: Application) -> None:
    rated(staffed, Level.RECOMMENDED)
    judged = arrive(staffed, office="Geneva")
    assert judged.itinerary is not None
    with writing(staffed.engine) as c:  # as a killed worker leaves it
        at = staffed.clock()
        trip = trips.new_trip(c, contact="", language="en", at=at, office="Nairobi")
        trips.add_itinerary(c, trip.id, judged.itinerary, original=None, position=0, at=at)
    (line,) = desk(staffed, NINA).holds
    assert (line.ahead.trip.reference, line.verdict) == (trip.reference, None)


def test_the_next_to_be_settled_comes_first_and_what_is_past_says_so(
    staffed: Application, clock: Clock
) -> None:
    late = arrive(staffed, "ET 707 FRA ADD 26 Nov operated by Ethiopian Airlines")
    last = arrive(staffed, "ET 707 FRA ADD operated by Ethiopian Airlines")
    soon = arrive(staffed)
    found = desk(staffed, NINA)
    assert references(found.holds) == [reference(late), reference(soon), reference(last)]
    assert [each.is_late for each in found.holds] == [True, False, False]
    assert references(found.late) == [reference(late)]
    assert found.holds[2].due is None
    clock.pass_by(days=30)
    assert references(desk(staffed, NINA).holds) == [reference(last)], "what is over is nobody's task"


def test_working_days_count_where_the_policy_counts_them(staffed: Application) -> None:
    jakarta = arrive(staffed, "GA 402 CGK DPS 14 Dec operated by Garuda Indonesia")
    assert jakarta.itinerary is not None
    departs, due = deadline(jakarta.itinerary, staffed.policy.policy)
    assert (departs, due) == (date(2026, 12, 14), date(2026, 12, 9)), "Monday: Wednesday is three days before"


def test_a_ticket_bought_in_good_faith_is_affected_when_the_verdict_falls(staffed: Application) -> None:
    rated(staffed, Level.RECOMMENDED)
    bought = arrive(staffed)
    rated(staffed, Level.NOT_RECOMMENDED, kind="eu_air_safety_list")
    work(staffed)
    found = desk(staffed, NINA)
    assert references(found.affected) == [reference(bought)]
    assert found.affected[0].refunds == (Refund.EU_LIST,)
    assert found.holds == ()


def test_what_was_never_cleared_is_affected_once_somebody_says_it_was_ticketed(staffed: Application) -> None:
    held = arrive(staffed)
    assert desk(staffed, NINA).affected == ()
    working.decide(staffed, NINA, reference(held), "ticketed", "The agency was faster.")
    assert references(desk(staffed, NINA).affected) == [reference(held)]


def test_a_trip_is_given_to_a_colleague_of_the_same_office_alone(staffed: Application) -> None:
    held = reference(arrive(staffed))
    working.assign(staffed, NINA, held, "noel")
    assert references(desk(staffed, Viewer("noel", "Nairobi")).mine) == [held]
    assert desk(staffed, NINA).mine == ()
    for stranger in ("gina", "fay", "nobody"):
        with pytest.raises(BadInputError):
            working.assign(staffed, NINA, held, stranger)
    working.assign(staffed, NINA, held, "")
    assert desk(staffed, Viewer("noel", "Nairobi")).mine == ()


def test_each_step_stays_with_its_reason_and_stands_in_the_trail_without_it(staffed: Application) -> None:
    held = reference(arrive(staffed))
    working.note(staffed, NINA, held, f"  {WHY}  ")
    working.decide(staffed, NINA, held, "no_ticket", "Another way is looked for.")
    found = one_trip(staffed, NINA, held)
    assert [(each.kind, each.text, each.actor) for each in found.steps] == [
        ("no_ticket", "Another way is looked for.", "nina"),
        ("note", WHY, "nina"),
    ]
    with reading(staffed.engine) as c:
        assert audit.verify(c).ok
        kept = c.exec_driver_sql("SELECT body FROM audit ORDER BY seq").scalars().all()
    assert [each for each in kept if "trip.desk_note" in each]
    assert not [each for each in kept if WHY in each]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 601])
def test_nothing_is_decided_without_a_reason(staffed: Application, text: str) -> None:
    held = reference(arrive(staffed))
    for act in (
        lambda: working.note(staffed, NINA, held, text),
        lambda: working.decide(staffed, NINA, held, "on_hold", text),
        lambda: working.cancel(staffed, NINA, held, text),
        lambda: asking.ask(staffed, NINA, held, text),
    ):
        with pytest.raises(BadInputError):
            act()
    assert one_trip(staffed, NINA, held).steps == ()
    assert not one_trip(staffed, NINA, held).view.is_cancelled


def test_the_trip_of_another_office_is_not_there_for_any_act(staffed: Application) -> None:
    held = reference(arrive(staffed))
    for act in (
        lambda: one_trip(staffed, OTHER, held),
        lambda: working.note(staffed, OTHER, held, WHY),
        lambda: working.assign(staffed, OTHER, held, "gina"),
        lambda: working.decide(staffed, OTHER, held, "on_hold", WHY),
        lambda: asking.ask(staffed, OTHER, held, WHY),
        lambda: working.cancel(staffed, OTHER, held, WHY),
        lambda: one_trip(staffed, Viewer("uma", ""), held),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert one_trip(staffed, NINA, held).steps == ()


def test_a_cancelled_trip_leaves_the_lists_with_its_reason_and_the_verdict_as_it_was(
    staffed: Application,
) -> None:
    received = arrive(staffed)
    held = reference(received)
    assert working.cancel(staffed, NINA, held, "The mission is off.")
    assert not working.cancel(staffed, NINA, held, "Once more.")
    assert desk(staffed, NINA).holds == ()
    found = one_trip(staffed, NINA, held)
    assert found.view.is_cancelled
    assert [each.text for each in found.steps] == ["The mission is off."]
    assert found.view.newest is not None
    assert found.view.newest.advisory == received.advisory


def test_a_question_goes_to_each_focal_point_and_not_a_word_of_it_in_the_letter(
    staffed: Application,
) -> None:
    held = reference(arrive(staffed))
    dispatch(staffed, Memory(), "one")
    assert asking.ask(staffed, NINA, held, "May Ms Canary fly with them?") == 1
    transport = Memory()
    dispatch(staffed, transport, "one")
    ((content, _, to),) = transport.sent
    assert to == "fay@example.org"
    assert f"/replies/{held}" in content.decode()
    assert "Canary" not in content.decode()


def test_without_an_account_the_address_of_the_policy_is_asked(app: Application) -> None:
    held = reference(arrive(app))
    dispatch(app, Memory(), "one")
    contact = replace(app.policy.policy.focal_point, email="focal@example.org")
    policy = replace(app.policy, policy=replace(app.policy.policy, focal_point=contact))
    assert asking.ask(replace(app, policy=policy), NINA, held, WHY) == 1
    silent = replace(app.policy, policy=replace(app.policy.policy, focal_point=replace(contact, email="")))
    with pytest.raises(BadInputError):
        asking.ask(replace(app, policy=silent), NINA, held, WHY)
    assert len(one_trip(app, NINA, held).steps) == 1, "what nobody was asked is not on record"


FOUND = (
    Asked(who="müller"),
    Asked(who="MULLER jos"),
    Asked(who="josé"),
    Asked(who="qzrtax"),
    Asked(flight="ET707"),
    Asked(flight="ETH 0707"),
    Asked(airport="add"),
    Asked(day=date(2026, 12, 12)),
    Asked(who="muller", airport="ADD", day=date(2026, 12, 12)),
)
NOT_FOUND = (
    Asked(who="uller"),
    Asked(who="muller anna"),
    Asked(who="qzrta"),
    Asked(flight="ET 708"),
    Asked(flight="nonsense"),
    Asked(airport="NBO"),
    Asked(airport="XXX"),
    Asked(day=date(2026, 12, 13)),
    Asked(who="muller", airport="NBO"),
    Asked(),
    Asked(who="%"),
    Asked(who="_"),
)


@pytest.mark.parametrize("asked", FOUND)
def test_a_trip_is_found_by_what_people_know_of_it(staffed: Application, asked: Asked) -> None:
    wanted = booked(staffed, "Müller", "José", "Nairobi")
    booked(staffed, "Müller", "José", "Geneva")
    assert references(search(staffed, NINA, asked)) == [wanted]


def test_what_fits_in_part_is_not_found(staffed: Application) -> None:
    booked(staffed, "Muller", "Jose", "Nairobi")
    for asked in NOT_FOUND:
        assert search(staffed, NINA, asked) == (), asked


def booked(app: Application, surname: str, given: str, office: str) -> str:
    """Store a trip with somebody's name as it is, and return its reference."""
    received = arrive(app, office=office, flown=f"{ETHIOPIAN} {' ' * len(office)}")
    assert received.trip is not None
    assert received.itinerary is not None
    known = replace(
        received.itinerary,
        travellers=(Traveller(surname=surname, given=given),),
        locators=(Locator("QZRTAX"),),
    )
    with writing(app.engine) as c:
        trips.add_itinerary(c, received.trip.id, known, original=None, position=0, at=app.clock())
    return received.trip.reference


def test_a_trip_is_found_by_its_reference_even_when_it_is_over_or_off(
    staffed: Application, clock: Clock
) -> None:
    held = reference(arrive(staffed))
    working.cancel(staffed, NINA, held, WHY)
    clock.pass_by(days=60)
    assert references(search(staffed, NINA, Asked(who=held.lower()))) == [held]
    assert search(staffed, OTHER, Asked(who=held)) == ()


@pytest.mark.threat(51)
def test_every_look_is_noted_and_nothing_that_was_looked_for(staffed: Application) -> None:
    received = arrive(staffed, name="CANARY/ANN MS")
    assert received.trip is not None
    desk(staffed, NINA)
    search(staffed, NINA, Asked(who="canary"))
    one_trip(staffed, NINA, reference(received))
    with reading(staffed.engine) as c:
        noted = lookups.of_trip(c, received.trip.id)
        kept = c.exec_driver_sql("SELECT actor, office, purpose FROM lookups").all()
    assert [each.purpose for each in noted] == ["desk", "search", "desk"]
    assert not [row for row in kept if "canary" in str(row).casefold()]


def test_the_number_of_statements_does_not_grow_with_the_list(staffed: Application) -> None:
    app = under(staffed, "block = 1")
    numbers = []
    for day in range(1, 9):
        arrive(app, f"ET 707 FRA ADD {day} Dec operated by Ethiopian Airlines", name="DOE/ANN MS")
        arrive(app, f"ET 707 FRA ADD {day} Dec operated by Ethiopian Airlines", name="ROE/ANN MS")
        if day in {2, 8}:
            with counted(app.engine) as said:
                found = desk(app, NINA)
                search(app, NINA, Asked(flight="ET 707"))
            numbers.append(len(said))
            assert len(found.holds) == 2 * day
            assert len(found.flights) == day
    assert numbers[0] == numbers[1]
