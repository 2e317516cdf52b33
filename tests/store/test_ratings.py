"""Editions: what was believed in any of them can be asked for ever after."""

from collections.abc import Callable
from threading import Barrier, Event, Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from tests.store.samples import NOON, authorisation, caution, rating, service
from tests.store.test_database import at_once
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.ratings import (
    Level,
    Record,
    Snapshot,
    Subject,
    SubjectKind,
    route_subject,
    snapshot_of,
)
from travelrisk.store import ratings
from travelrisk.store.database import reading, writing

ETH = Subject(SubjectKind.CARRIER, "ETH")


def publish(c: Connection, *opened: Record, closed: tuple[str, ...] = ()) -> int:
    return ratings.publish(c, opened=opened, closed=closed, actor="bob", note="because", at=NOON)


def ids(snapshot: Snapshot) -> set[str]:
    kinds = (snapshot.ratings, snapshot.cautions, snapshot.services, snapshot.authorisations)
    return {record.id for kind in kinds for rows in kind.values() for record in rows}


def test_before_the_first_edition_nothing_is_believed(engine: Engine) -> None:
    with reading(engine) as c:
        assert ratings.current_edition(c) == 0
        assert ratings.snapshot(c) == Snapshot()


def test_all_four_kinds_come_back_as_they_were(engine: Engine) -> None:
    records = (rating("r"), caution("c"), service("s"), authorisation("a"))
    with writing(engine) as c:
        assert publish(c, *records) == 1
    with reading(engine) as c:
        snapshot = ratings.snapshot(c)
        stored = ratings.in_force(c)
    assert {record.opened_in for record in stored} == {1}
    assert snapshot == snapshot_of(1, stored)
    assert snapshot.services.keys() == {route_subject("ADD", "FRA", "ETH")}
    assert snapshot.ratings[ETH][0].evidence == rating("r").evidence
    assert [each.id for each in snapshot.authorisations["ETH"]] == ["a"]


def test_a_changed_rating_is_closed_and_another_opened(engine: Engine) -> None:
    with writing(engine) as c:
        publish(c, rating("old", Level.RECOMMENDED))
        assert publish(c, rating("new", Level.NOT_RECOMMENDED), closed=("old",)) == 2
    with reading(engine) as c:
        assert [each.id for each in ratings.in_force(c)] == ["new"]
        history = ratings.records(c, ETH)
        then = ratings.snapshot(c, 1)
    assert [(each.id, each.opened_in, each.closed_in) for each in history] == [
        ("new", 2, None),
        ("old", 1, 2),
    ]
    # As it was known then: a finding made from edition 1 must be made again to the last bit.
    assert [(each.id, each.closed_in) for each in then.ratings[ETH]] == [("old", None)]


def test_an_edition_says_who_published_it_when_and_why(engine: Engine) -> None:
    with writing(engine) as c:
        publish(c, rating("r"))
    with reading(engine) as c:
        assert ratings.edition_facts(c, 1) == (1, NOON, "bob", "because")
        with pytest.raises(NotFoundError, match=r"no edition 2: the newest is 1"):
            ratings.edition_facts(c, 2)


@pytest.mark.parametrize("edition", [-1, 2])
def test_an_edition_that_does_not_exist_is_not_invented(engine: Engine, edition: int) -> None:
    with writing(engine) as c:
        publish(c, rating("r"))
    with reading(engine) as c, pytest.raises(NotFoundError, match=r"the newest is 1"):
        ratings.snapshot(c, edition)


@pytest.mark.parametrize(
    ("opened", "closed", "words"),
    [
        ((), (), r"nothing to publish"),
        (("open",), (), r"^open: already in use.*new id"),
        (("closed",), (), r"^closed: already in use"),
        ((), ("closed",), r"^closed: not open"),
        ((), ("nobody",), r"^nobody: not open"),
        (("same",), ("same",), r"^same: not open"),
        (("a", "a"), (), r"^a: opened twice"),
        ((), ("open", "open"), r"^open: closed twice"),
        (("with a blank",), (), r"unfit as ids"),
        (("",), (), r"unfit as ids"),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(
    engine: Engine, opened: tuple[str, ...], closed: tuple[str, ...], words: str
) -> None:
    with writing(engine) as c:
        publish(c, rating("open"), rating("closed"))
        publish(c, closed=("closed",))
    with pytest.raises(BadInputError, match=words), writing(engine) as c:
        publish(c, *map(rating, opened), closed=closed)
    with reading(engine) as c:
        assert ratings.current_edition(c) == 2
        assert ids(ratings.snapshot(c)) == {"open"}


def test_a_change_larger_than_one_statement_is_published_whole(engine: Engine) -> None:
    names = [f"r{number}" for number in range(1200)]
    with writing(engine) as c:
        publish(c, *map(rating, names))
        publish(c, closed=tuple(names[1:]))
    with reading(engine) as c:
        assert ids(ratings.snapshot(c)) == {"r0"}
        assert len(ids(ratings.snapshot(c, 1))) == 1200
        assert sorted(ratings.ids(c)) == sorted(names)


def test_rivals_publish_one_after_the_other(engine: Engine) -> None:
    def publish_ten(who: str) -> None:
        for number in range(10):
            with writing(engine) as c:
                publish(c, rating(f"{who}{number}"))

    at_once(lambda: publish_ten("a"), lambda: publish_ten("b"), lambda: publish_ten("c"))
    with reading(engine) as c:
        assert ratings.current_edition(c) == 30
        assert [len(ids(ratings.snapshot(c, edition))) for edition in range(31)] == list(range(31))


def test_two_that_compare_before_they_publish_do_not_block_each_other(engine: Engine) -> None:
    together = Barrier(2, timeout=10)

    def publish_next(who: str) -> None:
        for _ in range(5):
            together.wait()
            with writing(engine) as c:
                edition = ratings.hold(c, alone=True)
                assert publish(c, rating(f"{who}{edition}")) == edition + 1

    at_once(lambda: publish_next("a"), lambda: publish_next("b"))
    with reading(engine) as c:
        assert ratings.current_edition(c) == 10


def test_a_verdict_under_way_keeps_publishing_out(engine: Engine) -> None:
    published = Event()

    def publish_second() -> None:
        with writing(engine) as c:
            publish(c, rating("second"))
        published.set()

    with writing(engine) as c:
        publish(c, rating("first"))
    rival = Thread(target=publish_second)
    with writing(engine) as c:
        assert ratings.hold(c) == 1
        rival.start()
        assert not published.wait(0.3)
        assert ratings.current_edition(c) == 1
    rival.join()
    with reading(engine) as c:
        assert ratings.current_edition(c) == 2


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_every_edition_is_what_the_changes_up_to_it_made(engine: Engine, data: st.DataObject) -> None:
    kinds: dict[str, Callable[[str], Record]] = {"r": rating, "c": caution, "s": service, "a": authorisation}
    believed: list[set[str]] = [set()]
    with engine.connect() as c:
        for number in range(1, data.draw(st.integers(1, 6), "editions") + 1):
            closed = data.draw(st.sets(st.sampled_from(sorted(believed[-1])))) if believed[-1] else set()
            letters = data.draw(st.lists(st.sampled_from("rcsa"), min_size=0 if closed else 1, max_size=4))
            opened = [f"{letter}{number}.{place}" for place, letter in enumerate(letters)]
            publish(c, *(kinds[each[0]](each) for each in opened), closed=tuple(closed))
            believed.append((believed[-1] - closed) | set(opened))
        assert ratings.current_edition(c) == len(believed) - 1
        assert [ids(ratings.snapshot(c, edition)) for edition in range(len(believed))] == believed
        assert {each.id for each in ratings.in_force(c)} == believed[-1]
        c.rollback()  # each example begins with an empty database
