"""The work queue on both databases: why something is here, whom it touches, when it goes and comes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Caution, Evidence, Level, Rating, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.services.desk.queue import SOON, Item, Kind, State, set_aside, waiting
from travelrisk.services.proposals import drafting, publishing, signing
from travelrisk.services.proposals.signing import Seen
from travelrisk.store import queue as store
from travelrisk.store import ratings, trips
from travelrisk.store import segments as index
from travelrisk.store.database import writing
from travelrisk.store.segments import Entry, Touch
from travelrisk.store.tables import touches

DAY = date(2026, 11, 23)
STATEMENTS = 16  # of the queue at most, those that begin and end its transaction included
SOURCE = Evidence("Notice of the authority", "notice", "https://example.org/n", DAY, None)
CAUTION = Caution(
    "state-et",
    Subject(SubjectKind.STATE, "ET"),
    Verdict.REVIEW,
    DAY,
    None,
    "Alice",
    DAY,
    Texts("In doubt."),
    (),
    (SOURCE,),
)


def fly(app: Application, carrier: str, people: int, days: int = 20) -> None:
    """Keep upcoming itineraries of this many people with a carrier, in the index alone."""
    day = (DAY + timedelta(days=days)).isoformat()
    places = (Touch("airport", "FRA", day, day), Touch("airport", "ADD", day, day))
    rows: tuple[Touch, ...] = (Touch("", "", day, day), *places, Touch("pair", "ADD-FRA", day, day))
    if carrier:
        rows = (Touch("operating", carrier, day, day), *rows)
    with writing(app.engine) as c:
        for _ in range(people):
            trip = trips.new_trip(c, contact="", language="en", at=app.clock())
            number = trips.add_itinerary(c, trip.id, Itinerary(), original=None, position=0, at=app.clock())
            c.execute(touches.delete().where(touches.c.itinerary_id == number))
            index.enter(c, [(number, Entry(rows, ()))])


def items(app: Application, who: str = "alice") -> list[Item]:
    return list(waiting(app, who).items)


def kinds(app: Application, who: str = "alice") -> list[Kind]:
    return [item.kind for item in items(app, who)]


def publish(app: Application, *records: Rating) -> None:
    with writing(app.engine) as c:
        ratings.publish(c, opened=records, closed=[], actor="x", note="x", at=app.clock())


def rating(key: str, **changes: object) -> Rating:
    subject = Subject(SubjectKind.CARRIER, key)
    plain = Rating(key.lower(), subject, Level.RECOMMENDED, date(2026, 1, 1), None, "Alice", DAY)
    return replace(plain, **changes)  # type: ignore[arg-type] # fields by name


def test_carriers_nobody_rated_stand_by_the_people_who_fly_them(desk: Application) -> None:
    fly(desk, "AAA", 1, days=5)
    fly(desk, "BBB", 3, days=40)
    fly(desk, "ETH", 9)  # is rated
    fly(desk, "", 2)  # nobody knows who operates: that is a matter of the itinerary
    found = [(item.subject.key, item.itineraries, item.earliest) for item in items(desk) if item.subject]
    assert found == [("BBB", 3, DAY + timedelta(days=40)), ("AAA", 1, DAY + timedelta(days=5))]
    assert waiting(desk, "alice").counts[Kind.UNRATED] == 2


def test_flights_of_yesterday_ask_for_nothing(desk: Application) -> None:
    fly(desk, "AAA", 2, days=-1)
    assert items(desk) == []


def test_what_ends_or_lapses_within_thirty_days_is_due(desk: Application) -> None:
    soon, later = DAY + timedelta(days=30), DAY + timedelta(days=31)
    publish(
        desk,
        rating("AAA", valid_until=soon),
        rating("BBB", valid_until=later),
        rating("CCC", evidence=(replace(SOURCE, valid_until=soon), replace(SOURCE, valid_until=later))),
        rating("DDD", review_on=DAY - timedelta(days=1)),
    )
    fly(desk, "CCC", 2)
    found = [(item.kind, item.record, item.due, item.itineraries) for item in items(desk)]
    assert found == [
        (Kind.EVIDENCE, "ccc", soon, 2),
        (Kind.REVIEW, "ddd", DAY - timedelta(days=1), 0),
        (Kind.REVIEW, "aaa", soon, 0),
    ]


def test_one_record_stands_here_once_and_says_all_that_is_due(desk: Application) -> None:
    soon, sooner, later = (DAY + timedelta(days=days) for days in (30, 10, 31))
    lapses = [replace(SOURCE, title=title, valid_until=day) for title, day in (("A", sooner), ("B", later))]
    publish(desk, rating("AAA", valid_until=soon, evidence=tuple(lapses)))
    (item,) = items(desk)
    assert (item.reasons, item.due) == ((Kind.REVIEW, Kind.EVIDENCE), sooner)
    assert item.lapsing == (("A", sooner),)
    counts = waiting(desk, "alice").counts
    assert (counts[Kind.REVIEW], counts[Kind.EVIDENCE]) == (1, 1)


def test_a_record_put_aside_comes_back_when_its_evidence_lapses_too(desk: Application) -> None:
    publish(desk, rating("AAA", valid_until=DAY, evidence=(replace(SOURCE, valid_until=DAY + SOON),)))
    with_less = replace(desk, clock=lambda: desk.clock() - timedelta(days=1))
    (item,) = items(with_less)
    assert item.reasons == (Kind.REVIEW,)
    set_aside(with_less, "alice", item.key, note="The file is on its way.")
    assert items(with_less) == []
    (again,) = items(desk)
    assert (again.state, again.reasons) == (State.REOPENED, (Kind.REVIEW, Kind.EVIDENCE))


def test_a_state_and_a_country_know_whom_they_touch_once_each(desk: Application) -> None:
    soon = DAY + timedelta(days=5)
    keys = {SubjectKind.STATE: "ET", SubjectKind.COUNTRY: "DE", SubjectKind.AIRPORT: "ADD"}
    subjects = [Subject(kind, key) for kind, key in keys.items()]
    cautions = [replace(CAUTION, id=each.kind.value, subject=each, valid_until=soon) for each in subjects]
    with writing(desk.engine) as c:
        ratings.publish(c, opened=cautions, closed=[], actor="x", note="x", at=desk.clock())
    fly(desk, "ETH", 3)
    fly(desk, "DLH", 2, days=9)
    found = {
        item.subject: (item.itineraries, item.earliest) for item in items(desk) if item.subject in subjects
    }
    first = DAY + timedelta(days=9)
    far = DAY + timedelta(days=20)
    assert found == dict(zip(subjects, [(3, far), (5, first), (5, first)], strict=True))


def test_a_pair_and_a_carrier_on_it_both_know_their_demand(desk: Application) -> None:
    soon = DAY + timedelta(days=5)
    routes = [Subject(SubjectKind.ROUTE, key) for key in ("ADD-FRA", "ETH:ADD-FRA")]
    names = ("pair", "carrier-on-pair")
    publish(
        desk,
        *(rating(name, subject=each, valid_until=soon) for name, each in zip(names, routes, strict=True)),
    )
    fly(desk, "ETH", 3)
    assert {item.subject: item.itineraries for item in items(desk)} == dict.fromkeys(routes, 3)


def test_a_proposal_waits_for_everybody_but_its_author(desk: Application) -> None:
    draft = drafting.draft(desk, "alice", Content("In doubt.", (CAUTION,)))
    assert kinds(desk, "bob") == []
    drafting.propose(desk, "alice", draft.reference)
    assert kinds(desk, "bob") == [Kind.SIGN]
    assert kinds(desk, "alice") == []
    assert kinds(desk, "dana") == []  # an alternate without a delegation
    signing.give_back(desk, "bob", draft.reference, note="Name the exceptions.")
    assert kinds(desk, "alice") == [Kind.RETURNED]
    assert kinds(desk, "bob") == []


def test_a_signed_change_waits_for_whoever_may_publish_it_its_author_too(desk: Application) -> None:
    fly(desk, "ETH", 3)
    proposal = drafting.draft(desk, "alice", Content("In doubt.", (CAUTION,)))
    proposal = drafting.propose(desk, "alice", proposal.reference)
    assert [item.itineraries for item in items(desk, "bob")] == [3]
    signing.sign(desk, "bob", proposal.reference, Seen(proposal.content_sha256, 1))
    assert kinds(desk, "alice") == kinds(desk, "bob") == [Kind.PUBLISH]
    assert kinds(desk, "erin") == []
    publish(desk, rating("AAA"))  # another edition: the signature has lapsed
    assert kinds(desk, "alice") == []
    assert kinds(desk, "bob") == [Kind.SIGN]


def test_whoever_signed_is_not_asked_again_while_others_are(desk: Application) -> None:
    wanted = rating("AAA", evidence=(SOURCE,))
    proposal = drafting.draft(desk, "alice", Content("Looked at.", (wanted,)))
    proposal = drafting.propose(desk, "alice", proposal.reference)
    signing.sign(desk, "bob", proposal.reference, Seen(proposal.content_sha256, 1))
    assert kinds(desk, "bob") == []
    assert kinds(desk, "charlie") == [Kind.SIGN]


def test_an_urgent_change_stands_first_until_it_is_countersigned(desk: Application) -> None:
    fly(desk, "AAA", 5)
    draft = drafting.draft(desk, "alice", Content("In doubt.", (CAUTION,)), is_urgent=True)
    done = publishing.publish_urgently(desk, "alice", draft.reference)
    assert kinds(desk, "bob") == [Kind.COUNTERSIGN, Kind.UNRATED]
    signing.countersign(desk, "bob", done.reference, Seen(done.content_sha256, 0))
    assert kinds(desk, "bob") == [Kind.UNRATED]


def test_what_was_looked_at_comes_back_when_the_demand_has_doubled(desk: Application) -> None:
    fly(desk, "AAA", 2)
    (item,) = items(desk)
    assert item.state is State.NEW
    set_aside(desk, "alice", item.key, note="The file is on its way.")
    assert items(desk) == []
    (aside,) = waiting(desk, "bob", everything=True).items
    assert (aside.state, aside.note) == (State.REVIEWED, "The file is on its way.")
    fly(desk, "AAA", 2)
    (again,) = items(desk)
    assert (again.state, again.itineraries) == (State.REOPENED, 4)


def test_putting_aside_wants_a_reason_a_role_and_something_that_waits(desk: Application) -> None:
    fly(desk, "AAA", 1)
    with pytest.raises(BadInputError, match="say why it can wait"):
        set_aside(desk, "alice", "unrated:AAA", note=" ")
    with pytest.raises(ForbiddenError, match="ask a focal point"):
        set_aside(desk, "erin", "unrated:AAA", note="x")
    with pytest.raises(NotFoundError, match="no longer waiting"):
        set_aside(desk, "alice", "unrated:ZZZ", note="x")
    draft = drafting.draft(desk, "alice", Content("In doubt.", (CAUTION,)))
    drafting.propose(desk, "alice", draft.reference)
    with pytest.raises(BadInputError, match="only a decision ends this"):
        set_aside(desk, "bob", f"sign:{draft.reference}", note="x")


def test_notices_from_outside_come_in_once(desk: Application) -> None:
    def arrive() -> bool:
        with writing(desk.engine) as c:
            return store.notify(
                c,
                kind="correction",
                subject=Subject(SubjectKind.CARRIER, "ETH"),
                title="Our certificate was renewed",
                body="See the attachment.",
                source="",
                sender="safety@example.org",
                at=desk.clock(),
            )

    assert arrive()
    assert not arrive()
    (item,) = items(desk)
    assert (item.kind, item.title) == (Kind.NOTICE, "Our certificate was renewed")


def test_only_the_desk_sees_the_queue(desk: Application) -> None:
    assert kinds(desk, "erin") == []
    with pytest.raises(NotFoundError):
        waiting(desk, "nobody")


def test_the_queue_asks_as_often_however_much_waits(desk: Application) -> None:
    soon = DAY + timedelta(days=5)
    subjects = [Subject(SubjectKind.ROUTE, "ADD-FRA"), Subject(SubjectKind.AIRPORT, "ADD")]
    publish(
        desk,
        rating("AAA", valid_until=soon),
        *(rating(each.key, id=f"x-{each.key}", subject=each, valid_until=soon) for each in subjects),
    )
    fly(desk, "BBB", 1)
    asked(desk)  # the snapshot is read once
    few = asked(desk)
    assert few <= STATEMENTS
    states = [Subject(SubjectKind.STATE, key) for key in ("ET", "KE", "DE", "FR")]
    countries = [Subject(SubjectKind.COUNTRY, key) for key in ("ET", "KE", "DE", "FR")]
    cautions = [
        replace(CAUTION, id=f"{each.kind.value}-{each.key}", subject=each, valid_until=soon)
        for each in (*states, *countries)
    ]
    with writing(desk.engine) as c:
        ratings.publish(c, opened=cautions, closed=[], actor="x", note="x", at=desk.clock())
    for carrier in ("CCC", "DDD", "EEE"):
        fly(desk, carrier, 3)
    asked(desk)
    assert asked(desk) == few


def asked(app: Application) -> int:
    """Return how many statements the queue takes."""
    statements = []

    def note(*arguments: object) -> None:
        statements.append(arguments[2])

    event.listen(app.engine, "before_cursor_execute", note)
    try:
        waiting(app, "alice")
    finally:
        event.remove(app.engine, "before_cursor_execute", note)
    return len(statements)
