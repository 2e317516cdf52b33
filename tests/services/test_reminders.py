"""Reminders: one letter a person and day, each date once at each step, whatever the clock does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest

from tests.services.conftest import STAFF, Clock
from tests.services.test_exceptions import EXCEPTION
from tests.services.test_proposals import proposed, seen
from tests.store.test_database import at_once
from travelrisk.domain.errors import StoreError
from travelrisk.domain.people import Delegation, Person, Role
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Record, Service, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.mail.transport import Memory
from travelrisk.services.application import Application
from travelrisk.services.dispatch import Dispatched, dispatch
from travelrisk.services.proposals import publishing, signing
from travelrisk.services.receiving import receive
from travelrisk.services.reminders import STEPS, remind, step_of
from travelrisk.store import desk_letters, people, ratings
from travelrisk.store.database import reading, writing

TODAY = date(2026, 11, 23)
ETH = Subject(SubjectKind.CARRIER, "ETH")
SOURCE = Evidence("Notice of the authority", "notice", "https://example.org/n", TODAY, None)
RATING = Rating("eth", ETH, Level.RECOMMENDED, date(2026, 1, 1), None, "bob", TODAY, evidence=(SOURCE,))
KEEPERS = ["alice", "bob", "charlie"]


@pytest.fixture
def staffed(app: Application) -> Application:
    """Give a service with people and without ratings."""
    with writing(app.engine) as c:
        for name, roles in {**STAFF, "frank": (Role.APPROVER,)}.items():
            person = Person(name, name.title(), f"{name}@example.org", frozenset(roles))
            people.add(c, person, at=app.clock())
    return app


def publish(app: Application, *records: Record, closed: Sequence[str] = ()) -> int:
    with writing(app.engine) as c:
        return ratings.publish(c, opened=records, closed=closed, actor="bob", note="", at=app.clock())


def until(days: int, name: str = "eth", key: str = "ETH") -> Rating:
    subject = Subject(SubjectKind.CARRIER, key)
    return replace(RATING, id=name, subject=subject, valid_until=TODAY + timedelta(days))


def reminded(app: Application) -> list[str]:
    """Return who got letters, one mention a letter."""
    with reading(app.engine) as c:
        everybody = [each.id for each in people.everybody(c)]
        return [person for person in everybody for _ in desk_letters.to(c, person)]


def text_to(app: Application, person: str = "alice") -> str:
    """Return the text of the newest letter to somebody."""
    with reading(app.engine) as c:
        message = message_from_bytes(desk_letters.to(c, person)[-1].body, policy=default)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


@pytest.mark.parametrize(
    ("days", "step"), [(30, 30), (15, 30), (14, 14), (4, 14), (3, 3), (0, 3), (-1, 3), (-400, 3)]
)
def test_steps_that_were_missed_collapse_into_the_nearest_one(days: int, step: int) -> None:
    assert step_of(TODAY + timedelta(days), TODAY) == step


def test_nothing_due_writes_no_letter(staffed: Application) -> None:
    publish(staffed, until(31))
    assert remind(staffed) == 0
    assert reminded(staffed) == []


def test_one_letter_lists_everything_by_how_soon_it_ends(staffed: Application) -> None:
    lapsing = replace(SOURCE, title="Audit report", valid_until=TODAY + timedelta(2))
    old = replace(SOURCE, title="Old letter", valid_until=TODAY - timedelta(5))
    publish(
        staffed,
        replace(until(30), evidence=(lapsing, old), review_on=TODAY + timedelta(14)),
        Caution(
            "state-et",
            Subject(SubjectKind.STATE, "ET"),
            Verdict.REVIEW,
            TODAY,
            TODAY + timedelta(3),
            "bob",
            TODAY,
            Texts("The authority's oversight is under review."),
        ),
        Service("s1", "ETH", ("FRA", "ADD"), TODAY, TODAY + timedelta(9), "list", "bob", TODAY),
    )
    list(receive(staffed, Document(b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines", "t.txt")))
    assert remind(staffed) == 3
    assert reminded(staffed) == KEEPERS
    text = text_to(staffed)
    places = [
        text.index(part)
        for part in (
            "Things that end or are due: 6.",
            "ENDED ALREADY",
            "Evidence lapses: Wed 18 Nov 2026. Later flights that rest on it need a review. Old letter",
            "WITHIN 3 DAYS",
            "The caution ends: Thu 26 Nov 2026. Later flights need a review",
            "WITHIN 14 DAYS",
            "A review is due: Mon 7 Dec 2026.",
            "WITHIN 30 DAYS",
            "The rating ends: Wed 23 Dec 2026. Later flights",
        )
    ]
    assert places == sorted(places)
    for part in (
        "Ethiopian Airlines (ETH, ET), Ethiopia",
        "Audit report",
        "The known service ends: Wed 2 Dec 2026.",
        "Upcoming journeys it touches: 1 https://travelrisk.example.org/changes/new?subject=carrier:ETH",
        "https://travelrisk.example.org/queue?language=en",
    ):
        assert part in text
    assert "Zimmer" not in text


def test_each_date_is_told_once_at_each_step(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30))
    days = {}
    for day in range(40):
        days[day] = remind(staffed)
        assert remind(staffed) is None, "the day has had its reminders"
        clock.pass_by(days=1)
    assert [day for day, letters in days.items() if letters] == [30 - step for step in STEPS]
    assert reminded(staffed) == [name for name in KEEPERS for _ in STEPS]


def test_a_worker_that_was_down_reminds_of_the_nearest_step_alone(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30), until(16, "kqa", "KQA"))
    assert remind(staffed) == 3
    clock.pass_by(days=28)
    assert remind(staffed) == 3
    text = text_to(staffed)
    assert "Things that end or are due: 2." in text
    assert "ENDED ALREADY Kenya Airways" in text
    assert "WITHIN 3 DAYS Ethiopian Airlines" in text
    assert "WITHIN 14 DAYS" not in text
    clock.pass_by(days=1)
    assert remind(staffed) == 0


def test_a_date_that_is_moved_is_reminded_of_anew(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(3))
    assert remind(staffed) == 3
    publish(staffed, replace(until(30), id="eth:2"), closed=["eth"])
    clock.pass_by(days=1)
    assert remind(staffed) == 3
    assert "23 Dec 2026" in text_to(staffed)


def test_a_clock_that_is_set_back_repeats_nothing(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30))
    clock.pass_by(days=20)
    assert remind(staffed) == 3
    clock.pass_by(days=-15)
    assert remind(staffed) == 0, "another day, and the nearer step was told"
    clock.pass_by(days=15)
    assert remind(staffed) is None


@pytest.mark.parametrize("begins", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_a_day_on_which_summer_time_begins_or_ends_is_one_day(
    staffed: Application, clock: Clock, begins: datetime
) -> None:
    clock.at = begins
    publish(staffed, replace(RATING, valid_until=begins.date() + timedelta(3)))
    letters = []
    for _ in range(26):
        clock.at = clock.at.astimezone(ZoneInfo("Europe/Zurich"))  # as a machine there would tell it
        clock.at = clock.at.astimezone(UTC)
        letters.append(remind(staffed))
        clock.pass_by(hours=1)
    assert [each for each in letters if each is not None] == [3, 0]


def test_midnight_may_pass_while_the_letters_are_written(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(30), until(31, "kqa", "KQA"))
    clock.at = clock.at.replace(hour=23, minute=59)

    def each_look_takes_a_minute() -> datetime:
        clock.pass_by(minutes=1)
        return clock.at - timedelta(minutes=1)

    assert remind(replace(staffed, clock=each_look_takes_a_minute)) == 3
    assert "Things that end or are due: 1." in text_to(staffed)
    assert remind(staffed) == 3, "the next day has its own"
    assert "Kenya Airways" in text_to(staffed)


def test_two_workers_write_each_letter_once(staffed: Application) -> None:
    publish(staffed, until(3))
    together, done = Barrier(2, timeout=20), list[int | None]()

    def work() -> None:
        together.wait()
        done.append(remind(staffed))

    at_once(work, work)
    assert sorted(done, key=str) == [3, None]
    assert reminded(staffed) == KEEPERS


def test_a_worker_that_dies_while_it_writes_leaves_the_day_to_the_next(
    staffed: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(staffed, until(3))
    written: list[object] = []
    queue = desk_letters.queue

    def second_fails(*given: object, **named: object) -> bool:
        if written:
            raise StoreError("the power went")
        written.append(named)
        return queue(*given, **named)  # type: ignore[arg-type] # passed on as they came

    with monkeypatch.context() as patch:
        patch.setattr(desk_letters, "queue", second_fails)
        with pytest.raises(StoreError):
            remind(staffed)
    assert reminded(staffed) == []
    assert remind(staffed) == 3
    sent = Memory()
    assert dispatch(staffed, sent, "one") == Dispatched(sent=3)
    assert sorted(recipient for _, _, recipient in sent.sent) == [f"{name}@example.org" for name in KEEPERS]


def test_a_running_alternate_is_told_and_who_left_is_not(staffed: Application, clock: Clock) -> None:
    publish(staffed, until(3))
    with writing(staffed.engine) as c:
        people.delegate(c, Delegation("bob", "dana", TODAY, TODAY + timedelta(60)), by="bob", at=clock.at)
        people.save(c, replace(people.by_id(c, "charlie"), is_active=False))
    assert remind(staffed) == 3
    assert reminded(staffed) == ["alice", "bob", "dana"]
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), is_active=False))
    assert dispatch(staffed, Memory(), "one") == Dispatched(sent=2, withheld=1)


def test_the_end_of_a_delegation_is_told_to_its_two_people(staffed: Application, clock: Clock) -> None:
    with writing(staffed.engine) as c:
        last = TODAY + timedelta(14)
        people.delegate(c, Delegation("bob", "dana", TODAY, last), by="bob", at=clock.at)
        over = people.delegate(c, Delegation("alice", "dana", TODAY, last), by="alice", at=clock.at)
        people.end_delegation(c, over, clock.at)
        later = Delegation("charlie", "dana", TODAY + timedelta(1), last)
        people.delegate(c, later, by="charlie", at=clock.at)
    assert remind(staffed) == 2
    assert reminded(staffed) == ["bob", "dana"]
    text = text_to(staffed, "dana")
    assert "Dana for Bob The delegation ends: Mon 7 Dec 2026." in text
    assert "https://travelrisk.example.org/account/delegations?language=en" in text


def test_the_end_of_an_exception_is_told_to_who_asked_and_who_decided_too(
    staffed: Application, clock: Clock
) -> None:
    publish(staffed, RATING)
    exception = replace(EXCEPTION, valid_until=TODAY + timedelta(40))
    one = proposed(staffed, Content("The clinic opens.", (exception,)))
    signing.sign(staffed, "frank", one.reference, seen(staffed, one))
    publishing.publish(staffed, "bob", one.reference)
    dispatch(staffed, Memory(), "one")
    before = reminded(staffed)
    clock.pass_by(days=10)
    assert remind(staffed) == 4
    assert sorted(reminded(staffed)) == sorted([*before, *KEEPERS, "frank"])
    text = text_to(staffed, "frank")
    assert "The exception ends: Sat 2 Jan 2027. After that the ratings hold." in text
    assert "ask a focal point in good time" in text
    assert "/changes/" not in text, "who may not propose is not sent there"
    for secret in ("Nairobi", "clinic", "Daylight"):
        assert secret not in text_to(staffed)


def test_an_imported_exception_knows_its_people_by_the_names_in_it(staffed: Application) -> None:
    exception = replace(EXCEPTION, set_by="Erin", approved_by="Frank", valid_until=TODAY + timedelta(3))
    publish(staffed, RATING, exception)
    assert remind(staffed) == 5
    assert reminded(staffed) == [*KEEPERS, "erin", "frank"]


def test_a_letter_is_in_the_language_of_its_reader(staffed: Application) -> None:
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "bob"), language="fr"))
    publish(staffed, until(3))
    remind(staffed)
    assert "DANS LES 3 JOURS Ethiopian Airlines (ETH, ET), Éthiopie" in text_to(staffed, "bob")
    assert "WITHIN 3 DAYS" in text_to(staffed, "alice")


def test_hundreds_of_ends_are_counted_and_the_letter_stays_small(staffed: Application) -> None:
    evidence = tuple(
        replace(SOURCE, title=f"{'Report ' * 60}{n}", valid_until=TODAY + timedelta(3)) for n in range(300)
    )
    publish(staffed, replace(RATING, evidence=evidence))
    remind(staffed)
    assert "Things that end or are due: 300." in text_to(staffed)
    assert "More in the queue: 255." in text_to(staffed)
    with reading(staffed.engine) as c:
        assert len(desk_letters.to(c, "alice")[-1].body) < 100_000


def test_an_address_that_cannot_be_used_keeps_nobody_else_from_being_told(staffed: Application) -> None:
    with writing(staffed.engine) as c:
        people.save(c, replace(people.by_id(c, "alice"), email="nowhere"))
    publish(staffed, until(3))
    assert remind(staffed) == 2
    assert reminded(staffed) == ["bob", "charlie"]


def test_evidence_that_lasts_as_long_as_its_record_is_not_told_beside_it(staffed: Application) -> None:
    both = replace(SOURCE, title="Bulletin", valid_until=TODAY + timedelta(3))
    publish(staffed, replace(until(3), evidence=(both,)))
    assert remind(staffed) == 3
    text = text_to(staffed)
    assert "The rating ends" in text
    assert "Bulletin" not in text


def test_a_caution_whose_evidence_lapses_is_said_to_need_a_review(staffed: Application) -> None:
    bulletin = replace(SOURCE, title="Bulletin", valid_until=TODAY + timedelta(3))
    where = Subject(SubjectKind.COUNTRY, "ET")
    publish(
        staffed,
        Caution("c1", where, Verdict.REVIEW, TODAY, None, "bob", TODAY, Texts("Look out."), (), (bulletin,)),
    )
    assert remind(staffed) == 3
    words = " ".join(text_to(staffed).split())
    assert "Evidence lapses: Thu 26 Nov 2026. Later flights that rest on it need a review. Bulletin" in words
