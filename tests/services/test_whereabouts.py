"""Who is found, and only by their own office; a message to exactly those, once; safe, or in need of help."""

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import Connection, event, func, select

from tests.factories import CONTEXT, at, flight
from tests.services.conftest import Clock
from tests.services.test_dispatch import Failing
from travelrisk.domain.drafts import Draft as BookingDraft
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.itineraries import Traveller
from travelrisk.domain.people import Person, Role, Viewer
from travelrisk.domain.settling import settle
from travelrisk.domain.texts import Language, Texts
from travelrisk.domain.whereabouts import Certainty
from travelrisk.mail.bounces import Bounce, ReturnPaths
from travelrisk.mail.broadcasts import words
from travelrisk.mail.transport import Memory, PermanentFailure
from travelrisk.services.application import Application
from travelrisk.services.letters.bounces import take_back
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.privacy.exporting import of_person
from travelrisk.services.privacy.forgetting import plan
from travelrisk.services.trips import story
from travelrisk.services.whereabouts import answering, standing
from travelrisk.services.whereabouts.asking import UnclearError, UnknownError, question
from travelrisk.services.whereabouts.broadcasting import Draft, MovedError, readers, send
from travelrisk.services.whereabouts.exporting import Reason, exported
from travelrisk.services.whereabouts.finding import Answer, find
from travelrisk.services.whereabouts.standing import State
from travelrisk.store import audit, cancellations, lookups, office_trail, people, segments, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import audit as audit_table
from travelrisk.store.tables import broadcast_letters, broadcasts
from travelrisk.store.trips import Trip
from travelrisk.store.unsent import lost

HEIDI = Person("heidi", "Heidi", "heidi@example.org", frozenset({Role.TRAVEL_UNIT}), unit="Nairobi")
IVAN = Person("ivan", "Ivan", "ivan@example.org", frozenset({Role.TRAVEL_UNIT}), unit="Geneva")
MINE, THEIRS = Viewer("heidi", "Nairobi"), Viewer("ivan", "Geneva")
NOON = datetime(2026, 12, 16, 12, tzinfo=UTC)
OUT = flight("ET 707", "FRA ADD", "12-12 22:30", arrives=at("12-13 07:20"), operator="Ethiopian Airlines")
BACK = flight("ET 706", "ADD FRA", "12-20 23:40", arrives=at("12-21 05:55"), operator="Ethiopian Airlines")
SHARED = replace(OUT, marketing_code="LH", marketing_number="9710")
WORDS = words(
    Texts("Earthquake in Addis Ababa", "Séisme à Addis-Abeba"),
    Texts("Are you safe?", "Êtes-vous en sécurité ?"),
)
ASKS = Draft(WORDS, asks=True)


@pytest.fixture
def app(app: Application) -> Application:
    """Give a service with a travel unit in two offices; bounces name their letters."""
    with writing(app.engine) as c:
        for person in (HEIDI, IVAN):
            people.add(c, person, at=app.clock())
    paths = ReturnPaths("bounces@travelrisk.example.org", "of a test")
    return replace(app, facts=replace(app.facts, return_paths=paths))


def book(
    app: Application,
    name: str,
    *drafts: DraftSegment,
    office: str = "Nairobi",
    language: Language = "fr",
    contact: str | None = None,
) -> Trip:
    """Store a booking."""
    itinerary = settle(BookingDraft(drafts or (OUT, BACK)), app.atlas, app.book, CONTEXT)
    whole = replace(itinerary, travellers=(Traveller(given=name, surname="Doe"),))
    to = f"{name.lower()}@example.org" if contact is None else contact
    with writing(app.engine) as c:
        trip = trips.new_trip(c, contact=to, language=language, at=app.clock(), office=office)
        trips.add_itinerary(c, trip.id, whole, original=None, position=0, at=app.clock())
    return trip


def ask(
    app: Application, what: str, viewer: Viewer = MINE, *, since: datetime = NOON, hours: int = 6
) -> Answer:
    return find(app, viewer, question(app, what, since, hours))


def found(answer: Answer) -> dict[str, Certainty]:
    return {each.trip.contact: each.certainty for each in answer.found}


# --- the question and its answer ---


@pytest.mark.parametrize(
    "what", ["ADD", "add", "Addis Ababa", "Addis-Abeba", "Ethiopia", "Etiopía", "ET", "FRA, ADD"]
)
def test_a_place_is_asked_for_by_code_city_or_country_in_any_language(app: Application, what: str) -> None:
    book(app, "Alice")
    assert found(ask(app, what)) == {"alice@example.org": Certainty.EXPECTED}
    assert found(ask(app, "NBO")) == {}


def test_what_may_be_several_places_is_asked_back(app: Application) -> None:
    with pytest.raises(UnclearError) as caught:
        question(app, "San José", None, 6)
    assert {each.what for each in caught.value.choices} >= {"SJO", "RHV, SJC"}
    assert question(app, "UK", None, 6).name.en == "United Kingdom"
    for unknown in ("Nowhere at all", "QQ 123456", "XQX"):
        with pytest.raises(UnknownError):
            question(app, unknown, None, 6)
    with pytest.raises(BadInputError, match="hours"):
        question(app, "ADD", None, 0)


def test_a_name_in_small_letters_is_no_code_of_an_airport_elsewhere(app: Application) -> None:
    """LIMA is an airfield of Turin, and GOA the airport of Genoa."""
    with pytest.raises(UnclearError) as caught:
        question(app, "Lima", None, 6)
    assert {each.what for each in caught.value.choices} == {"LIM", "AOH"}
    assert question(app, "GOA", None, 6).airports == frozenset({"GOA"})
    assert "GOA" not in (question(app, "Goa", None, 6).airports or ())


def test_a_flight_is_found_under_each_of_its_numbers(app: Application) -> None:
    book(app, "Alice")
    book(app, "Bob", SHARED)
    book(app, "Dana", replace(OUT, departs=at("12-13 22:30"), arrives=at("12-14 07:20")))
    day = datetime(2026, 12, 12, tzinfo=UTC)
    for number in ("ET 707", "LH9710"):
        assert found(ask(app, number, since=day)) == {
            "alice@example.org": Certainty.EXPECTED,
            "bob@example.org": Certainty.EXPECTED,
        }


@pytest.mark.parametrize(
    ("now", "is_found"),
    [
        ("2026-12-11T12:00", False),  # it leaves on the evening of the day after
        ("2026-12-11T22:00", True),
        ("2026-12-13T02:00", True),  # in the air, and the day has changed
        ("2026-12-13T20:00", True),  # landed this morning
        ("2026-12-15T12:00", False),
    ],
)
def test_a_flight_without_a_day_is_the_one_about_now(app: Application, now: str, *, is_found: bool) -> None:
    book(app, "Alice")
    book(app, "Bob", SHARED)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    answer = find(app, MINE, question(replace(app, clock=lambda: moment), "ET 707", None, 24))
    people = {"alice@example.org": Certainty.EXPECTED, "bob@example.org": Certainty.EXPECTED}
    assert found(answer) == (people if is_found else {})


def test_without_a_booking_under_the_number_all_are_told_whom_the_carrier_may_fly(app: Application) -> None:
    book(app, "Bob", SHARED)
    day = datetime(2026, 12, 12, tzinfo=UTC)
    assert found(ask(app, "ET 707", since=day)) == {"bob@example.org": Certainty.POSSIBLE}


def test_who_leaves_soon_is_found_without_a_place(app: Application) -> None:
    book(app, "Alice")
    soon = datetime(2026, 12, 12, 20, tzinfo=UTC)
    assert found(ask(app, "", since=soon)) == {"alice@example.org": Certainty.EXPECTED}
    assert found(ask(app, "", since=soon + timedelta(hours=3))) == {}


def test_those_with_a_problem_come_first(app: Application) -> None:
    book(app, "Alice")
    book(app, "Bob", contact="")
    book(app, "Dana", OUT)
    assert [each.trip.contact for each in ask(app, "ADD").found] == [
        "",
        "dana@example.org",
        "alice@example.org",
    ]


def test_nobody_sees_another_office_and_each_look_is_noted(app: Application) -> None:
    alice, charlie = book(app, "Alice"), book(app, "Charlie", office="Geneva")
    for what in ("ADD", "ET 707", ""):
        since = NOON if what == "ADD" else datetime(2026, 12, 12, 20, tzinfo=UTC)
        assert {each.trip.id for each in ask(app, what, MINE, since=since).found} == {alice.id}
        assert {each.trip.id for each in ask(app, what, THEIRS, since=since).found} == {charlie.id}
        assert ask(app, what, Viewer("judy", ""), since=since).found == ()
    with reading(app.engine) as c:
        assert {(e.actor, e.purpose) for e in lookups.of_trip(c, alice.id)} == {("heidi", "whereabouts")}
        assert {(e.actor, e.purpose) for e in lookups.of_trip(c, charlie.id)} == {("ivan", "whereabouts")}


def test_a_cancelled_trip_is_nowhere(app: Application) -> None:
    alice = book(app, "Alice")
    with writing(app.engine) as c:
        cancellations.begin(c, alice.id, app.clock())
        segments.withdraw(c, alice.id, trips.history(c, alice.id)[-1].itinerary_id)
    assert found(ask(app, "ADD")) == {}


@pytest.mark.parametrize("office", ["Field office", "Genève", "Nairobi"])
def test_an_office_of_any_name_may_take_its_list_away(app: Application, office: str) -> None:
    """The trail takes single words alone; a list that could not be had in an emergency helps nobody."""
    book(app, "Alice", office=office)
    viewer = Viewer("p-heidi", office)
    (row,) = exported(app, viewer, question(app, "ADD", NOON, 6), Reason.DRILL)
    assert row["contact"] == "alice@example.org"
    with reading(app.engine) as c:
        line = audit.behind(c, audit.head(c).seq - 1, 1)[0]
        about = office_trail.about(json.loads(line.body))
        assert office_trail.of_office(c, office, about) == set(about)
        assert not office_trail.of_office(c, "Field", about)


def test_a_file_says_why_it_was_made_and_holds_no_other_office(app: Application) -> None:
    alice = book(app, "=Alice")
    book(app, "Charlie", office="Geneva")
    rows = exported(app, MINE, question(app, "ADD", NOON, 6), Reason.DRILL)
    assert [(each["reference"], each["certainty"], each["places"]) for each in rows] == [
        (alice.reference, "expected", "ADD")
    ]
    with reading(app.engine) as c:
        assert [each.purpose for each in lookups.of_trip(c, alice.id)] == ["export"]
        (body,) = c.scalars(
            select(audit_table.c.body).where(audit_table.c.body.like("%whereabouts.exported%"))
        )
    assert '"reason":"drill"' in body


# --- a message to exactly those ---


def sent(app: Application) -> dict[str, list[str]]:
    """Send what waits; return the texts by recipient."""
    transport, texts = Memory(), dict[str, list[str]]()
    dispatch(app, transport, "one")
    for body, _, to in transport.sent:
        mail = message_from_bytes(body, policy=policy.default)
        part = mail.get_body(("plain",))
        assert part is not None
        texts.setdefault(to, []).append(f"{mail['Subject']}\n{part.get_content()}")
    return texts


def write(app: Application, key: str = "form-1", draft: Draft = ASKS) -> int:
    answer = ask(app, "ADD")
    return send(app, HEIDI, answer, draft, seen=readers(answer).seen, key=key)


def token_in(text: str) -> str:
    (found,) = set(re.findall(r"/safe/([\w-]{22})", text))
    return str(found)


def test_each_gets_their_own_language_or_english_with_a_note(app: Application) -> None:
    book(app, "Alice", language="fr")
    book(app, "Bob", language="es")
    book(app, "Charlie", office="Geneva")
    answer = ask(app, "ADD")
    told = readers(answer, WORDS)
    assert (told.people, told.journeys, told.unreachable, dict(told.letters)) == (2, 2, 0, {"en": 1, "fr": 1})
    write(app)
    texts = sent(app)
    assert texts.keys() == {"alice@example.org", "bob@example.org"}
    assert "Séisme à Addis-Abeba" in texts["alice@example.org"][0]
    assert "n'a pas été rédigé" not in texts["alice@example.org"][0]
    assert "Earthquake in Addis Ababa" in texts["bob@example.org"][0]
    assert "no se redactó en su idioma" in texts["bob@example.org"][0]
    assert "Heidi" in texts["bob@example.org"][0]


def test_a_form_that_is_confirmed_twice_sends_once(app: Application) -> None:
    book(app, "Alice")
    assert write(app) == write(app)
    assert len(sent(app)["alice@example.org"]) == 1
    assert sent(app) == {}


def test_others_than_were_seen_get_nothing(app: Application) -> None:
    book(app, "Alice")
    seen = readers(ask(app, "ADD")).seen
    book(app, "Bob")
    with pytest.raises(MovedError):
        send(app, HEIDI, ask(app, "ADD"), ASKS, seen=seen, key="form")
    assert sent(app) == {}


def test_an_office_does_not_find_the_form_of_another(app: Application) -> None:
    """A key is a secret of its form; whoever guesses one sends nothing under it, and sees nothing."""
    book(app, "Alice")
    number = write(app, "guessed")
    with pytest.raises(NotFoundError):
        standing.standing(app, THEIRS, number)
    with pytest.raises(NotFoundError):
        standing.counts(app, THEIRS, number)
    with pytest.raises(NotFoundError):
        standing.handle(app, THEIRS, number, "TR-AAAAAA", "")
    with pytest.raises(NotFoundError):
        standing.ask_again(app, IVAN, THEIRS, number)
    assert standing.listed(app, THEIRS) == ()


class _Killed(BaseException):
    """The process is gone: nothing of ours may catch it."""


@pytest.mark.parametrize("statement", range(1, 9))
def test_killed_at_any_statement_nothing_or_all_is_written(app: Application, statement: int) -> None:
    for name in ("Alice", "Bob"):
        book(app, name)
    answer = ask(app, "ADD")
    seen, left = readers(answer).seen, iter(range(statement - 1))

    def count(_: Connection, *_more: object) -> None:
        if next(left, None) is None:
            raise _Killed

    event.listen(app.engine, "before_cursor_execute", count)
    try:
        send(app, HEIDI, answer, ASKS, seen=seen, key="form")
    except _Killed:
        pass
    finally:
        event.remove(app.engine, "before_cursor_execute", count)
    with reading(app.engine) as c:
        letters, messages = (
            c.scalar(select(func.count()).select_from(each)) for each in (broadcast_letters, broadcasts)
        )
    assert (messages, letters) in {(0, 0), (1, 2)}
    send(app, HEIDI, answer, ASKS, seen=seen, key="form")
    assert {to: len(each) for to, each in sent(app).items()} == {"alice@example.org": 1, "bob@example.org": 1}


# --- safe, or in need of help ---


def states(app: Application, number: int) -> dict[str, State]:
    return {each.trip.contact: each.state for each in standing.standing(app, MINE, number).members}


@pytest.fixture
def asked(app: Application) -> tuple[int, dict[str, str]]:
    """Ask alice and bob; return the number of the message, and their tokens."""
    book(app, "Alice")
    book(app, "Bob")
    number = write(app)
    return number, {to: token_in(texts[0]) for to, texts in sent(app).items()}


def test_an_answer_is_counted_and_a_look_changes_nothing(
    app: Application, asked: tuple[int, dict[str, str]]
) -> None:
    number, tokens = asked
    assert answering.opened(app, tokens["alice@example.org"]).last is None
    assert set(states(app, number).values()) == {State.SILENT}
    answering.answer(app, tokens["alice@example.org"], "safe")
    answering.answer(app, tokens["alice@example.org"], "safe")
    assert states(app, number) == {"alice@example.org": State.SAFE, "bob@example.org": State.SILENT}
    assert standing.counts(app, MINE, number)[State.SAFE] == 1
    assert sent(app) == {}, "that somebody is safe needs no letter"


def test_what_was_written_and_answered_is_counted_and_handed_over(
    app: Application, asked: tuple[int, dict[str, str]]
) -> None:
    answering.answer(app, asked[1]["alice@example.org"], "safe", "at the hotel")
    rows = plan(app, "alice@example.org").rows
    assert (rows.letters, rows.statements) == (1, 1)
    with zipfile.ZipFile(io.BytesIO(of_person(app, "alice@example.org", by="erin"))) as packed:
        names = packed.namelist()
        answers = next(each for each in names if each.endswith("/broadcast_answers.json"))
        assert b"at the hotel" in packed.read(answers)
    assert [each for each in names if "/letters/broadcast_letters-" in each]


def test_only_those_who_have_not_answered_are_asked_again(
    app: Application, asked: tuple[int, dict[str, str]]
) -> None:
    number, tokens = asked
    answering.answer(app, tokens["alice@example.org"], "safe")
    assert standing.ask_again(app, HEIDI, MINE, number) == 1
    again = sent(app)
    assert again.keys() == {"bob@example.org"}
    answering.answer(app, tokens["bob@example.org"], "safe")
    assert states(app, number)["bob@example.org"] is State.SAFE, "the first link is as good"
    for _ in range(5):
        assert standing.ask_again(app, HEIDI, MINE, number) == 0


def test_a_call_for_help_is_a_task_and_a_letter_to_the_unit_at_once(
    app: Application, asked: tuple[int, dict[str, str]], clock: Clock
) -> None:
    number, tokens = asked
    answering.answer(app, tokens["bob@example.org"], "help", "Second floor, +251 11 555 01 00")
    letters = sent(app)
    assert "heidi@example.org" in letters
    assert "ivan@example.org" not in letters
    assert "Second floor, +251 11 555 01 00" in letters["heidi@example.org"][0]
    assert f"/whereabouts/messages/{number}" in letters["heidi@example.org"][0]
    first = standing.standing(app, MINE, number).members[0]
    assert (first.trip.contact, first.state) == ("bob@example.org", State.HELP)
    standing.handle(app, MINE, number, first.trip.reference, "A colleague is with him.")
    assert states(app, number)["bob@example.org"] is State.HANDLED
    clock.pass_by(minutes=1)
    answering.answer(app, tokens["bob@example.org"], "help", "again")
    assert states(app, number)["bob@example.org"] is State.HELP, "a new call opens it again"


def test_a_link_opens_nothing_after_its_time_nor_with_another_token(
    app: Application, asked: tuple[int, dict[str, str]], clock: Clock
) -> None:
    number, tokens = asked
    token = tokens["alice@example.org"]
    for wrong in (
        "",
        "guessed",
        token[:-1],
        token + "x",
        "\u0130" * 22,
        token[:-1] + ("A" if token[-1] != "A" else "B"),
    ):
        with pytest.raises(NotFoundError):
            answering.answer(app, wrong, "safe")
    clock.pass_by(days=7)
    with pytest.raises(NotFoundError):
        answering.opened(app, token)
    with pytest.raises(NotFoundError):
        answering.answer(app, token, "safe")
    assert states(app, number)["alice@example.org"] is State.SILENT


def test_too_many_answers_are_refused(app: Application, asked: tuple[int, dict[str, str]]) -> None:
    _, tokens = asked
    for number in range(answering.MOST):
        answering.answer(app, tokens["alice@example.org"], "help", str(number))
    with pytest.raises(BadInputError, match="too often"):
        answering.answer(app, tokens["alice@example.org"], "safe")


def test_who_gets_no_letter_is_a_task_until_somebody_reached_them(app: Application) -> None:
    book(app, "Alice", contact="")
    bob = book(app, "Bob")
    number = write(app)
    assert states(app, number)[""] is State.UNREACHED
    dispatch(app, Failing(PermanentFailure("550 5.1.1")), "one")
    assert states(app, number)["bob@example.org"] is State.UNREACHED
    with reading(app.engine) as c:
        assert [(each.trip, each.letter) for each in lost(c, 10)] == [(bob.reference, "broadcast")]
    standing.handle(app, MINE, number, bob.reference, "By telephone.")
    assert states(app, number)["bob@example.org"] is State.HANDLED
    with reading(app.engine) as c:
        assert lost(c, 10) == ()


def test_a_letter_that_comes_back_is_a_task(app: Application, clock: Clock) -> None:
    book(app, "Bob")
    number = write(app)
    transport = Memory()
    dispatch(app, transport, "one")
    ((_, sender, _),) = transport.sent
    clock.pass_by(minutes=2)
    take_back(app, Bounce((sender,), status="5.1.1", code="550", recipient="bob@example.org"))
    assert states(app, number) == {"bob@example.org": State.UNREACHED}


def test_the_story_of_the_trip_tells_the_message_and_the_answer(
    app: Application, asked: tuple[int, dict[str, str]]
) -> None:
    number, tokens = asked
    answering.answer(app, tokens["alice@example.org"], "help", "Room 12")
    (member,) = [e for e in standing.standing(app, MINE, number).members if e.state is State.HELP]
    told = [(each.kind, each.text) for each in story.view(app, member.trip.token).entries]
    assert ("help", "Room 12") in told
    assert ("broadcast", "Séisme à Addis-Abeba") in told


def test_a_message_that_asks_nothing_leads_to_the_trip(app: Application) -> None:
    alice = book(app, "Alice")
    number = write(app, draft=Draft(WORDS, asks=False))
    (text,) = sent(app)["alice@example.org"]
    assert "/safe/" not in text
    assert f"/trips/{alice.token}" in text
    assert states(app, number) == {"alice@example.org": State.SENT}


@pytest.mark.parametrize(
    ("subject", "text", "field"),
    [
        (Texts(), Texts(), "subject_en"),
        (Texts("Storm"), Texts(), "text_en"),
        (Texts("Storm"), Texts("Stay in.", "Restez."), "subject_fr"),
        (Texts("x" * 121), Texts("Stay in."), "subject_en"),
        (Texts("Storm"), Texts("\n" * 39 + "x" * 2001), "text_en"),
    ],
)
def test_words_that_cannot_be_sent_name_their_field(subject: Texts, text: Texts, field: str) -> None:
    with pytest.raises(BadInputError) as caught:
        words(subject, text)
    assert caught.value.field == field
