"""What sources said: answers once each, facts of the last good round, rounds in their order."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, Engine, func, select

from tests.databases import EVENING
from travelrisk.domain.airspaces import Scope
from travelrisk.domain.facts import Difference, Fact, News, Problem, ProblemKind
from travelrisk.domain.ratings import Level, Subject, SubjectKind
from travelrisk.domain.verdicts import Verdict
from travelrisk.store import feeds
from travelrisk.store.database import reading, transact
from travelrisk.store.feeds import Came, Round
from travelrisk.store.tables import feed_originals

LATER = EVENING + timedelta(hours=6)
LIBYA = Fact(
    "20582",
    "Airspace of Libya",
    (Subject(SubjectKind.COUNTRY, "LY"),),
    "do not operate",
    "Do not operate below FL 320, «except» by way of the sea.",
    asks=Verdict.REVIEW,
    issued=EVENING.date(),
    valid_until=EVENING.date(),
    airspaces=("HLLL",),
    scope=Scope(ceiling=319),
    undrawn=("by way of the sea",),
)
KAM = Fact("af-kmf", "Kam Air", (), "Annex A", "Kam Air", asks=Level.NOT_RECOMMENDED, finding="annex_a")
LIST = Came("https://source.example/list", b"[1]" * 1000, "application/json", '"a"', "Mon")


def good(engine: Engine, at: timedelta, *facts: Fact, came: Came = LIST) -> None:
    def keep(c: Connection) -> None:
        feeds.hold(c)
        number = feeds.record(c, Round("a", EVENING + at, rows=len(facts)))
        feeds.keep_answers(c, number, {"list": came}, EVENING + at)
        feeds.replace_facts(c, "a", facts, EVENING + at)

    transact(engine, keep)


def test_a_round_comes_back_as_it_was(engine: Engine) -> None:
    problem = Problem(ProblemKind.UNMAPPED_COUNTRY, "Airspace of Ruritania", "Ruritania")
    news = Difference(News.EXTENDED, "20582", "Libya", "a", EVENING.date(), "a", EVENING.date())
    done = Round("a", EVENING, rows=34, problems=(problem,), differences=(news,))
    failed = Round("a", LATER, "timeout", "https://source.example/list: does not answer in time")
    transact(engine, lambda c: feeds.record(c, done))
    transact(engine, lambda c: feeds.record(c, failed))
    with reading(engine) as c:
        assert feeds.last_good(c, "a") == done
        assert feeds.last(c, "a") == failed
        assert feeds.failing_since(c, "a") == LATER
        assert (feeds.last(c, "b"), feeds.last_good(c, "b"), feeds.failing_since(c, "b")) == (
            None,
            None,
            None,
        )


def test_facts_come_back_in_the_order_of_the_source_and_with_the_day_of_their_words(engine: Engine) -> None:
    good(engine, timedelta(0), LIBYA, KAM)
    good(engine, timedelta(hours=6), KAM, replace(LIBYA, valid_until=LATER.date() + timedelta(days=30)))
    with reading(engine) as c:
        kam, libya = feeds.facts_of(c, "a")
        assert feeds.facts_of(c, "b") == ()
    assert (kam.fact, kam.since) == (KAM, EVENING)
    assert (libya.fact.scope, libya.fact.asks, libya.since) == (Scope(ceiling=319), Verdict.REVIEW, LATER)


def test_the_same_answer_is_kept_once(engine: Engine) -> None:
    good(engine, timedelta(0), LIBYA)
    good(engine, timedelta(hours=6), LIBYA, came=replace_etag(LIST))
    with reading(engine) as c:
        assert c.scalar(select(func.count()).select_from(feed_originals)) == 1
        assert feeds.answers(c, "a") == {"list": replace_etag(LIST)}
        assert len(c.scalar(select(feed_originals.c.packed)) or b"") < 100
        assert feeds.answers(c, "b") == {}


def replace_etag(came: Came) -> Came:
    return came._replace(etag='"b"')


def test_a_clock_that_is_set_back_hides_no_round(engine: Engine) -> None:
    good(engine, timedelta(hours=6), LIBYA)
    failed = Round("a", EVENING, "status", "answers 503")
    transact(engine, lambda c: feeds.record(c, failed))
    with reading(engine) as c:
        assert feeds.last(c, "a") == failed
        assert feeds.failing_since(c, "a") == EVENING


def test_old_failures_are_forgotten_and_good_rounds_are_not(engine: Engine) -> None:
    good(engine, timedelta(0), LIBYA)
    transact(engine, lambda c: feeds.record(c, Round("a", EVENING, "status", "answers 503")))
    transact(engine, lambda c: feeds.forget_failed(c, ["a"], LATER))
    with reading(engine) as c:
        last = feeds.last(c, "a")
    assert last is not None
    assert last.is_good


def test_a_source_is_as_old_as_its_last_good_round_or_its_first_attempt(engine: Engine) -> None:
    def keep(c: Connection) -> None:
        for feed, hours, fault in (
            ("read", 0, ""),
            ("read", 6, ""),
            ("read", 12, "timeout"),
            ("never", 1, "timeout"),
            ("never", 7, "unreachable"),
        ):
            feeds.record(c, Round(feed, EVENING + timedelta(hours=hours), fault))

    transact(engine, keep)
    with reading(engine) as c:
        assert feeds.read_since(c, ("read", "never", "untried")) == {
            "read": EVENING + timedelta(hours=6),
            "never": EVENING + timedelta(hours=1),
        }
        assert feeds.read_since(c, ("read",)) == {"read": EVENING + timedelta(hours=6)}
        assert feeds.read_since(c, ()) == {}
