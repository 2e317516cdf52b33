"""What was known when, who changed it and why, and why a journey was judged as it was on some day."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.services.conftest import Clock, publish
from tests.services.test_proposals import caution, rating
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import Evidence, Level, Record, Subject, SubjectKind
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.intake.document import Document
from travelrisk.services.application import Application
from travelrisk.services.desk import history, why
from travelrisk.services.desk.expiring import Ending, Kind, expiring
from travelrisk.services.trips.receiving import receive
from travelrisk.store import ratings
from travelrisk.store.database import reading, writing

MAIL = b"ET707 FRA ADD 12 Dec operated by Ethiopian Airlines"
ETH = Subject(SubjectKind.CARRIER, "ETH")


def arrive(app: Application, content: bytes = MAIL) -> str:
    (received,) = receive(app, Document(content, "trip.txt"), recipient="alice@example.org")
    assert received.trip is not None
    return received.trip.reference


def open_records(app: Application, *records: Record) -> None:
    with writing(app.engine) as c:
        ratings.publish(c, opened=records, closed=(), actor="Alice", note="a test", at=app.clock())


@pytest.fixture
def thrice(app: Application, clock: Clock, tmp_path: Path) -> Application:
    """Give three editions: recommended on the 23rd, not recommended on the 25th, conditional on the 27th."""
    for level in ("recommended", "not_recommended", "conditional"):
        publish(app, tmp_path, level)
        clock.pass_by(days=2)
    return app


def test_why_was_this_cleared_on_that_day(app: Application, clock: Clock, tmp_path: Path) -> None:
    """Cleared on the 23rd; the ratings change on the 25th and the 27th; the question comes on the 30th."""
    publish(app, tmp_path, "recommended")
    reference = arrive(app)
    for level in ("not_recommended", "conditional"):
        clock.pass_by(days=2)
        publish(app, tmp_path, level)
    clock.pass_by(days=3)
    found = why.why(app, reference.lower(), date(2026, 11, 24))
    assert found.advisory.verdict is Verdict.CLEARED
    assert found.replayed.is_equal
    assert found.edition is not None
    assert (found.edition.number, found.edition.actor) == (1, "bob, signed by charlie")
    assert found.advisory.edition == 1
    (proof,) = [each for each in found.advisory.findings if each.code == "operating.recommended"]
    assert proof.record is not None
    assert (proof.record.id, proof.record.closed_in) == ("eth", None), "as it was known then"
    assert (found.later, found.until, found.has_newer_booking) == ((), None, False)
    late = why.why(app, reference, date(2026, 11, 27))
    assert late.advisory == found.advisory
    assert [each.number for each in late.later] == [2, 3], "it had changed, and nobody had judged it again"


def test_what_took_the_place_of_an_advisory_is_told(app: Application, clock: Clock, tmp_path: Path) -> None:
    publish(app, tmp_path, "recommended")
    booking = b"Record locator: XQZ4TR\n" + MAIL
    reference = arrive(app, booking)
    clock.pass_by(days=2)
    publish(app, tmp_path, "not_recommended")
    moved = clock.at
    assert arrive(app, booking.replace(b"12 Dec", b"13 Dec")) == reference
    clock.pass_by(days=2)
    before, after = (why.why(app, reference, date(2026, 11, day)) for day in (24, 25))
    assert (before.advisory.verdict, before.until) == (Verdict.CLEARED, moved)
    assert (after.advisory.verdict, after.until) == (Verdict.NOT_CLEARED, None)
    assert before.replayed.is_equal
    assert after.replayed.is_equal


def test_a_day_without_an_answer_is_told(app: Application, clock: Clock, tmp_path: Path) -> None:
    publish(app, tmp_path)
    reference = arrive(app)
    with pytest.raises(NotFoundError, match="had not been judged by the end of 2026-11-22"):
        why.why(app, reference, date(2026, 11, 22))
    with pytest.raises(NotFoundError, match="there is no trip TR-AAAAAA"):
        why.why(app, "TR-AAAAAA", clock.at.date())
    with pytest.raises(BadInputError, match="has not come yet"):
        why.why(app, reference, clock.at.date() + timedelta(days=1))


def test_a_timeline_says_field_by_field_what_each_edition_did(thrice: Application) -> None:
    newest, second, first = history.timeline(thrice, ETH)
    assert [each.edition.number for each in (first, second, newest)] == [1, 2, 3]
    assert first.pairs[0].was is None
    assert second.pairs[0].differences == (("level", "recommended", "not_recommended"),)
    assert newest.pairs[0].differences == (("level", "not_recommended", "conditional"),)
    early = history.timeline(thrice, ETH, history.as_of(thrice, "2026-11-26"))
    assert early == (second, first)
    with pytest.raises(NotFoundError, match="nothing was on record about carrier:DLH"):
        history.timeline(thrice, Subject(SubjectKind.CARRIER, "DLH"))


@pytest.mark.parametrize(
    ("text", "edition", "day"),
    [
        ("2026-11-22", 0, date(2026, 11, 22)),
        ("2026-11-23", 1, date(2026, 11, 23)),
        ("2026-11-26", 2, date(2026, 11, 26)),
        (" 3 ", 3, date(2026, 11, 27)),
    ],
)
def test_a_day_is_the_newest_edition_published_by_its_end(
    thrice: Application, text: str, edition: int, day: date
) -> None:
    assert history.as_of(thrice, text) == (edition, day)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "-1", "9" * 30, "2026-11-30"])
def test_what_is_neither_a_past_day_nor_an_edition_is_refused(thrice: Application, text: str) -> None:
    with pytest.raises(BadInputError):
        history.as_of(thrice, text)


def test_an_edition_that_never_was_is_told(thrice: Application) -> None:
    for number in ("0", "4"):
        with pytest.raises(NotFoundError, match=f"there is no edition {number}: the newest is 3"):
            history.as_of(thrice, number)


def test_what_was_known_is_listed_as_it_stood_then(thrice: Application, clock: Clock) -> None:
    for text, level in (("1", Level.RECOMMENDED), ("2026-11-25", Level.NOT_RECOMMENDED)):
        (eth,) = [each for each in history.known(thrice, history.as_of(thrice, text)) if "ETH" in str(each)]
        assert getattr(eth.record, "level", None) is level
        assert (eth.state, eth.record.closed_in) == ("in_force", None)
    assert history.known(thrice, history.AsOf(0, clock.at.date())) == ()


def test_two_editions_are_compared_with_all_that_lay_between(thrice: Application) -> None:
    found = history.compare(thrice, 1, 3)
    assert [each.number for each in found.editions] == [2, 3]
    assert [pair.differences for pair in found.pairs] == [(("level", "recommended", "conditional"),)]
    assert len(history.compare(thrice, 0, 1).pairs) == 3
    with pytest.raises(BadInputError, match="name the older one first"):
        history.compare(thrice, 3, 1)


def test_what_says_the_same_again_is_no_difference(app: Application, tmp_path: Path) -> None:
    for level in ("recommended", "not_recommended", "recommended"):
        publish(app, tmp_path, level)
    assert history.compare(app, 1, 3).pairs == ()


def test_news_is_what_was_published_since_somebody_looked(
    desk: Application, clock: Clock, tmp_path: Path
) -> None:
    (first,) = history.news(desk, "alice")
    assert history.news(desk, "alice") == (first,), "asking is not looking"
    history.looked(desk, "alice", first.edition)
    assert history.news(desk, "alice") == ()
    clock.pass_by(hours=1)
    publish(desk, tmp_path, "not_recommended")
    (second,) = history.news(desk, "alice")
    assert second.pairs[0].differences == (("level", "conditional", "not_recommended"),)
    unseen = [each.edition for each in history.news(desk, "bob")]
    assert unseen == [first.edition, second.edition], "each looks for oneself"
    with pytest.raises(NotFoundError):
        history.looked(desk, "nobody", first.edition)


def test_a_clock_that_was_set_back_hides_no_news(desk: Application, clock: Clock, tmp_path: Path) -> None:
    (first,) = history.news(desk, "alice")
    history.looked(desk, "alice", first.edition)
    clock.pass_by(hours=-3)
    publish(desk, tmp_path, "not_recommended")
    (second,) = history.news(desk, "alice")
    history.looked(desk, "alice", second.edition)
    assert history.news(desk, "alice") == ()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("carrier:ETH", "carrier:ETH"),
        (" Carrier: et ", "carrier:ETH"),
        ("route:fra-add", "route:ADD-FRA"),
        ("route:ETH:FRA-ADD", "route:ETH:ADD-FRA"),
        ("state:et", "state:ET"),
    ],
)
def test_a_subject_is_understood_as_people_write_it(app: Application, text: str, subject: str) -> None:
    assert str(history.subject_named(app, text)) == subject


@pytest.mark.parametrize("text", ["ETH", "carrier:", "pilot:ETH", "route:FRA", "route:-ADD", "carrier:Q%"])
def test_what_is_no_subject_is_refused(app: Application, text: str) -> None:
    with pytest.raises(BadInputError, match=r"write|written"):
        history.subject_named(app, text)


def authorisation(name: str, until: date) -> Authorisation:
    return Authorisation(
        id=name,
        carrier="ETH",
        kind=AuthorisationKind.AD_HOC,
        valid_from=date(2026, 11, 1),
        valid_until=until,
        set_by="Alice",
        set_on=date(2026, 11, 1),
        approved_by="Bob",
        need="A mission.",
        alternatives_tried="The train.",
        mitigation="By day.",
        conditions=Texts("By day."),
        trip="TR-ABCDEF",
    )


def test_what_ends_is_told_with_the_journeys_it_touches(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    arrive(app)
    today = app.clock().date()
    proof = Evidence("Audit", "audit", retrieved_on=today, valid_until=today + timedelta(days=10))
    pair = Subject(SubjectKind.ROUTE, "ADD-FRA")
    own_pair = Subject(SubjectKind.ROUTE, "ETH:ADD-FRA")
    soon, past = today + timedelta(days=20), today - timedelta(days=5)
    open_records(
        app,
        replace(rating(Level.RECOMMENDED, "pair", soon), subject=pair, evidence=(proof,)),
        replace(rating(Level.RECOMMENDED, "own", soon), subject=own_pair, review_on=past, evidence=()),
        replace(caution(name="et"), valid_until=today),
        authorisation("ends", today + timedelta(days=30)),
        authorisation("ended", past),
    )
    found = expiring(app, 30)
    assert [_brief(each) for each in found] == [
        (Kind.REVIEW, "own", -5, 1),
        (Kind.CAUTION, "et", 0, 1),
        (Kind.EVIDENCE, "pair", 10, 1),
        (Kind.VALIDITY, "own", 20, 1),
        (Kind.VALIDITY, "pair", 20, 1),
        (Kind.AUTHORISATION, "ends", 30, 1),
    ]
    assert {each.earliest for each in found} == {date(2026, 12, 12)}
    assert [each.title for each in found if each.title] == ["Audit"]
    assert [_brief(each)[1] for each in expiring(app, 0)] == ["own", "et"]


def _brief(ending: Ending) -> tuple[Kind, str, int, int]:
    return ending.kind, ending.record, ending.days, ending.journeys


def test_what_touches_nobody_is_told_too(app: Application) -> None:
    open_records(app, replace(caution(name="ng"), subject=Subject(SubjectKind.COUNTRY, "NG")))
    (ending,) = expiring(app, 365)
    assert (ending.journeys, ending.earliest) == (0, None)
    with reading(app.engine) as c:
        assert ratings.current_edition(c) == 1, "looking publishes nothing"


def test_each_advisory_of_a_trip_is_opened_by_its_number(thrice: Application, clock: Clock) -> None:
    booking = b"Record locator: XQZ4TR\n" + MAIL
    reference = arrive(thrice, booking)
    clock.pass_by(days=1)
    arrive(thrice, booking.replace(b"12 Dec", b"13 Dec"))
    newest, first = why.judged(thrice, reference)
    found = why.why_judged(thrice, reference, first.id)
    assert (found.advisory, found.until) == (first.advisory, newest.advisory.at)
    assert found.replayed.is_equal
    assert found.itinerary.segments
    assert why.why_judged(thrice, reference, newest.id).until is None
    for number in (0, newest.id + 1):
        with pytest.raises(NotFoundError, match="has no advisory"):
            why.why_judged(thrice, reference, number)
    with pytest.raises(NotFoundError, match="there is no trip"):
        why.judged(thrice, "TR-AAAAAA")


def test_every_edition_is_listed_the_newest_first(thrice: Application) -> None:
    assert [each.number for each in history.editions(thrice)] == [3, 2, 1]
