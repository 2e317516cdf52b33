"""The story of the demonstration: only what is for show moves, in the way of every change, and back again."""

import pytest

from tests.factories import flight
from tests.services.watching import arrive, to_addis, verdicts, work
from travelrisk import resources
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.proposals import Status
from travelrisk.domain.ratings import Level, Rating, Subject, SubjectKind
from travelrisk.domain.settling import settle
from travelrisk.domain.verdicts import Verdict
from travelrisk.services import demonstration
from travelrisk.services.application import Application
from travelrisk.services.ratings.records import import_records
from travelrisk.store import proposals, ratings
from travelrisk.store.database import reading


@pytest.fixture
def demo(app: Application) -> Application:
    path = resources.data("ratings", "demonstration.toml")
    import_records(app, path, by="Demonstration", signed_by="Demonstration, second person")
    demonstration.employ(app)
    work(app)
    return app


def levels(app: Application, icao: str) -> list[Level]:
    with reading(app.engine) as c:
        held = ratings.records(c, Subject(SubjectKind.CARRIER, icao))
    return [each.level for each in held if isinstance(each, Rating) and each.closed_in is None]


def test_a_carrier_falls_and_rises_and_the_traveller_hears_of_both(demo: Application) -> None:
    demonstration.employ(demo)  # at each start
    flown = flight("LH 400", "FRA JFK", "12-12 10:10", operator="Lufthansa")
    stored = arrive(demo, settle(Draft((flown,)), demo.atlas, demo.book, demo.clock().date()))
    other = arrive(demo, to_addis(demo, by="KQ 707"))
    assert {each.subject.key for each in demonstration.flown(demo)} == {"DLH", "KQA"}
    assert demonstration.downgrade(demo, "DLH") == 2
    assert demonstration.downgrade(demo, "DLH") == 2  # pressed twice
    (done,) = work(demo)
    assert (done.changed, done.letters) == (1, 1)
    assert levels(demo, "DLH") == [Level.NOT_RATED]
    demonstration.restore(demo, "DLH")
    work(demo)
    assert verdicts(demo, stored) == [Verdict.CLEARED, Verdict.REVIEW, Verdict.CLEARED]
    assert len(verdicts(demo, other)) == 1
    assert [(each.was, each.now) for each in demonstration.story(demo)] == [
        (Level.NOT_RATED, Level.RECOMMENDED),
        (Level.RECOMMENDED, Level.NOT_RATED),
    ]
    assert all(each.progress and each.progress.changed == 1 for each in demonstration.story(demo))


def test_what_is_put_back_is_what_was_there(demo: Application) -> None:
    with reading(demo.engine) as c:
        before = [each for each in ratings.in_force(c) if each.id == "demo-carrier-uno"]
    demonstration.downgrade(demo, "UNO")
    demonstration.restore(demo, "UNO")
    (was,) = before
    with reading(demo.engine) as c:
        (now,) = [each for each in ratings.in_force(c) if each.id.startswith("demo-carrier-uno")]
    assert isinstance(was, Rating)
    assert isinstance(now, Rating)
    assert (now.level, now.condition, now.reason) == (was.level, was.condition, was.reason)


def test_the_change_was_drafted_by_one_and_signed_by_others(demo: Application) -> None:
    demonstration.downgrade(demo, "ETH")
    demonstration.restore(demo, "ETH")
    with reading(demo.engine) as c:
        made = proposals.in_status(c, Status.PUBLISHED)
    signed = [{each.author, *(one.person for one in each.signatures)} for each in made]
    assert sorted(map(len, signed)) == [2, 3]  # what makes something easier takes one more


@pytest.mark.parametrize("icao", ["AZW", "QQQ", ""])
def test_a_fact_is_never_touched(demo: Application, icao: str) -> None:
    """Air Zimbabwe stands on a public list; that is no row for show."""
    for act in (demonstration.downgrade, demonstration.restore):
        with pytest.raises(NotFoundError):
            act(demo, icao)
    with reading(demo.engine) as c:
        assert ratings.current_edition(c) == 1
