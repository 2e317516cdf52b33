"""A source falls silent until it is too old: whose answer rests on it hears of it, and nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from tests import czibs, sources
from tests.czibs import LIBYA, NAME, UKRAINE
from tests.services.conftest import Clock
from tests.services.test_effect import publish
from tests.services.watching import (
    ETHIOPIAN,
    arrive,
    arrive_together,
    letters,
    on_everybody,
    to_addis,
    verdicts,
    work,
)
from tests.sources import Server, status
from tests.travel import BASE, World, journeys
from tests.unit.screening.world import rating
from travelrisk.domain.ratings import Caution, Evidence, Rating
from travelrisk.domain.verdicts import Verdict
from travelrisk.feeds import http
from travelrisk.feeds.http import Limits
from travelrisk.jobs.timetable import Work, begin_day
from travelrisk.mail.transport import Memory
from travelrisk.screening.explain import finding_text
from travelrisk.services.application import Application, Sources
from travelrisk.services.feeds.refreshing import refresh
from travelrisk.services.letters.dispatch import dispatch
from travelrisk.services.letters.writing import envelope
from travelrisk.services.trips import judging
from travelrisk.services.trips.checking import check
from travelrisk.services.trips.replay import replay
from travelrisk.services.watch.sources import notice
from travelrisk.store import advisories, audit, feeds, ratings, rescreenings
from travelrisk.store.database import reading, writing
from travelrisk.store.feeds import Round
from travelrisk.store.rescreenings import Cause
from travelrisk.store.tables import advisories as advisory_table

RESTS = rating("carrier:ETH", id="carrier:eth:easa", rests_on="EASA CZIB")
C, P = Verdict.CLEARED, Verdict.CONDITIONAL


@pytest.fixture
def source() -> Iterator[Server]:
    with sources.serving() as server:
        czibs.put(server, LIBYA, UKRAINE)
        yield server


@pytest.fixture
def fed(app: Application, source: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Application:
    """Give a service whose rating of Ethiopian Airlines rests on EASA's bulletins, which were just read."""
    quick = Limits(connect_s=5, read_s=2, total_s=30, retries=0, backoff_s=0.0)
    monkeypatch.setattr(http, "Limits", lambda: quick)
    used = Sources((NAME,), "ops@example.org", czibs.card(tmp_path, source), frozenset({source.place}))
    fed = replace(app, facts=replace(app.facts, sources=used))
    publish(fed, (*(each for each in BASE if each not in ETHIOPIAN), RESTS))
    assert refresh(fed, NAME).done.is_good
    return fed


def fall_silent(fed: Application, source: Server, clock: Clock, hours: int = 49) -> None:
    source.answers["/list"] = status(503)
    clock.pass_by(hours=hours)
    assert not refresh(fed, NAME).done.is_good


def speak_again(fed: Application, source: Server, clock: Clock) -> None:
    czibs.put(source, LIBYA, UKRAINE)
    clock.pass_by(minutes=20)
    assert refresh(fed, NAME).done.is_good


def replayed(app: Application) -> list[bool]:
    with reading(app.engine) as c:
        ids = c.scalars(select(advisory_table.c.id)).all()
    return [replay(app, each).is_equal for each in ids]


def test_whoever_rests_on_a_silent_source_hears_of_it_and_again_when_it_speaks(
    fed: Application, source: Server, clock: Clock
) -> None:
    alice = arrive(fed, to_addis(fed))
    bob = arrive(fed, to_addis(fed, by="KQ 707"), contact="bob@example.org")
    work(fed)
    dispatch(fed, Memory(), "one")
    fall_silent(fed, source, clock, hours=47)
    assert (notice(fed), work(fed), on_everybody(fed)) == (0, [], {})
    fall_silent(fed, source, clock, hours=2)
    assert on_everybody(fed) == {alice.itinerary_id: "conditional"}
    assert (notice(fed), notice(fed)) == (1, 0)
    (done,) = work(fed)
    assert done.called == "source:easa_czib:easa-czib:20261123:20261125T185800"
    assert (done.screened, done.changed, done.letters) == (1, 1, 1)
    assert on_everybody(fed) == {}
    assert (verdicts(fed, alice), verdicts(fed, bob)) == ([C, P], [C])
    with reading(fed.engine) as c:
        (finding,) = advisories.of_trip(c, alice.trip.id)[-1].advisory.reasons()
    assert finding_text(finding, "en") == (
        "Ethiopian Airlines (ET): what is on record rests on the source “EASA Conflict Zone Information"
        " Bulletins”, which has not been read since 23 Nov 2026. This holds provided nothing has changed"
        " there; ask the focal point."
    )
    dispatch(fed, Memory(), "one")
    speak_again(fed, source, clock)
    assert (notice(fed), notice(fed)) == (1, 0)
    assert [(each.called.split(":")[3], each.changed, each.letters) for each in work(fed)] == [
        ("fresh", 1, 1)
    ]
    assert (verdicts(fed, alice), verdicts(fed, bob)) == ([C, P, C], [C])
    assert letters(fed, alice)[-1][0] == "changed"
    assert on_everybody(fed) == {}
    assert replayed(fed) == [True] * 4
    with reading(fed.engine) as c:
        assert audit.verify(c).ok


def test_what_is_asked_while_a_source_is_silent_rests_on_it_and_says_so(
    fed: Application, source: Server, clock: Clock
) -> None:
    fall_silent(fed, source, clock)
    stored = arrive(fed, to_addis(fed))
    assert verdicts(fed, stored) == [P]
    (answer,) = check(fed, "ET707 FRA ADD 12 Dec operated by Ethiopian Airlines")
    assert answer.advisory is not None
    assert answer.advisory.verdict is P
    assert [each.name for each in answer.advisory.stale] == [NAME]
    assert notice(fed) == 1
    assert [each.changed for each in work(fed)][-1] == 0  # it knew already
    assert replayed(fed) == [True]


def test_the_job_of_the_day_notices_it(fed: Application, source: Server, clock: Clock) -> None:
    running = Work(fed, Memory(), "one")
    assert begin_day(running) == "asked for"
    fall_silent(fed, source, clock, hours=49)
    assert begin_day(running) == "asked for; 1 sources turned"
    assert begin_day(running) == "done already today"


def test_a_source_that_is_no_longer_used_makes_no_condition(
    fed: Application, source: Server, clock: Clock
) -> None:
    stored = arrive(fed, to_addis(fed))
    fall_silent(fed, source, clock)
    notice(fed)
    work(fed)
    without = replace(fed, facts=replace(fed.facts, sources=Sources()))
    assert notice(without) == 1
    work(without)
    assert verdicts(fed, stored) == [C, P, C]


def test_a_source_read_and_silent_again_between_two_looks_is_another_condition(
    fed: Application, source: Server, clock: Clock
) -> None:
    stored = arrive(fed, to_addis(fed))
    fall_silent(fed, source, clock)
    notice(fed)
    work(fed)
    speak_again(fed, source, clock)
    fall_silent(fed, source, clock)
    assert notice(fed) == 1
    work(fed)
    assert verdicts(fed, stored) == [C, P, P]
    assert on_everybody(fed) == {}


def test_a_source_that_was_never_read_is_too_old_after_its_time_and_one_never_tried_is_not(
    fed: Application, clock: Clock
) -> None:
    used = replace(fed.facts.sources, names=("who_don", "gdacs"))
    app = replace(fed, facts=replace(fed.facts, sources=used))
    for _ in range(2):
        with writing(app.engine) as c:
            feeds.record(c, Round("gdacs", clock.at, "timeout", "does not answer in time"))
        clock.pass_by(hours=12)
    with reading(app.engine) as c:
        assert app.shelf.stale(c) == ()
        clock.pass_by(seconds=1)
        assert [(each.name, each.since) for each in app.shelf.stale(c)] == [("gdacs", date(2026, 11, 23))]


def test_a_source_that_grows_stale_between_judging_and_recording_is_not_missed(
    fed: Application, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.pass_by(hours=48)
    looked: list[int] = []

    def slow(*args: object, **more: object) -> object:
        looked.append(1)
        if len(looked) == 1:
            clock.pass_by(minutes=1)
        return envelope(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "envelope", slow)
    stored = arrive(fed, to_addis(fed))
    assert verdicts(fed, stored) == [P]
    assert len(looked) == 2


def test_whoever_is_recording_an_answer_is_waited_for_and_found(
    fed: Application, source: Server, clock: Clock
) -> None:
    fall_silent(fed, source, clock)
    noticing = Thread(target=notice, args=(fed,))
    with writing(fed.engine) as c:
        ratings.hold(c, alone=True)
        noticing.start()
        noticing.join(0.5)
        assert noticing.is_alive()
        assert rescreenings.keys(c, Cause.SOURCE) == ()
    noticing.join()
    with reading(fed.engine) as c:
        assert len(rescreenings.keys(c, Cause.SOURCE)) == 1


def test_exactly_those_are_found_who_would_be_judged_differently(
    fed: Application, where: World, source: Server, clock: Clock
) -> None:
    resting = [
        replace(each, id=f"{each.id}:2", evidence=(Evidence("Read", "EASA CZIB"),))
        for number, each in enumerate(BASE)
        if isinstance(each, Rating | Caution) and each not in ETHIOPIAN and number % 3 == 0
    ]
    old = tuple(each for each in BASE if f"{each.id}:2" in {new.id for new in resting})
    publish(fed, (*resting, rating("airspace:ALPS", rests_on="EASA CZIB")), old)
    work(fed)  # the tracks of who arrives now have been compared with no airspace
    arrive_together(fed, [(each, f"p{n}@example.org") for n, each in enumerate(journeys(where, 11, 120))])
    for turn in (fall_silent, speak_again):
        turn(fed, source, clock)
        expected = on_everybody(fed)
        assert expected
        assert notice(fed) == 1
        (done,) = [each for each in work(fed) if each.called.startswith("source:")]
        assert done.changed == len(expected)
        assert done.screened < 120
        assert on_everybody(fed) == {}
    assert all(replayed(fed))
