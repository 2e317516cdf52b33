"""The effect found by index is the effect on everybody, and its cost does not grow with what is stored."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, Engine, event

from tests.factories import at, flight
from tests.services.conftest import RATINGS, Clock
from tests.services.test_proposals import LOOSENING, TIGHTENING
from tests.services.test_proposals import rating as proposed_rating
from tests.travel import BASE, World, changes, is_ahead, journeys
from tests.unit.screening.world import rating
from travelrisk.domain.changes import Change
from travelrisk.domain.drafts import Draft
from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, NotFoundError
from travelrisk.domain.itineraries import Itinerary, Traveller
from travelrisk.domain.proposals import Content
from travelrisk.domain.ratings import Level, Record, Snapshot
from travelrisk.domain.settling import settle
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.effect import Effect, Journey, applied, effect
from travelrisk.services.application import Application
from travelrisk.services.proposals import drafting
from travelrisk.services.proposals import effect as service
from travelrisk.services.proposals.effect import preview
from travelrisk.services.ratings.records import import_records
from travelrisk.store import ratings, segments, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.trips import Stored

ETHIOPIAN = "carrier:eth-recommended"
DROPS = proposed_rating(Level.NOT_RECOMMENDED)
DROPPED = Change(
    (rating("carrier:ETH", "not_recommended", id=f"{ETHIOPIAN}:2"),),
    tuple(record for record in BASE if record.id == ETHIOPIAN),
    0,
)
OFFICES = ("Geneva", "Nairobi", "")


def publish(app: Application, opened: tuple[Record, ...] = BASE, closed: tuple[Record, ...] = ()) -> None:
    with writing(app.engine) as c:
        ids = [record.id for record in closed]
        ratings.publish(c, opened=opened, closed=ids, actor="test", note="test", at=app.clock())


def store(app: Application, itineraries: list[Itinerary], *, versions: bool = False) -> list[Journey]:
    """Keep each as a trip of its own; with versions, every seventh takes the place of the one before."""
    kept: dict[int, Journey] = {}
    random = Random(7)  # noqa: S311 - a world that can be made again
    with writing(app.engine) as c:
        trip = None
        for number, itinerary in enumerate(itineraries):
            if trip is None or not versions or number % 7:
                office = random.choice(OFFICES)
                trip = trips.new_trip(c, contact="", language="en", at=app.clock(), office=office)
            trips.add_itinerary(c, trip.id, itinerary, original=None, position=0, at=app.clock())
            kept[trip.id] = Journey(itinerary, trip.reference, trip.office, trip.contact, app.clock())
    return list(kept.values())


def on_everybody(app: Application, everybody: list[Journey], change: Change) -> Effect:
    day = app.clock().date() - timedelta(days=1)
    ahead = [each for each in everybody if is_ahead(each.itinerary, day)]
    with reading(app.engine) as c:
        before = ratings.snapshot(c)
    return effect(ahead, before, applied(before, change), app.policy.policy, app.clock())


def to_addis(app: Application) -> Itinerary:
    """Alice flies Frankfurt to Addis Ababa on 12 December, with Ethiopian Airlines, who say so."""
    flown = flight("ET 707", "FRA ADD", "12-12 10:20", operator="Ethiopian", arrives=at("12-12 19:50"))
    made = settle(Draft((flown,)), app.atlas, app.book, app.clock().date())
    return replace(made, travellers=(Traveller(given="Alice", email="alice@example.org"),))


def test_the_effect_by_index_is_the_effect_on_everybody(
    app: Application, where: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "_AT_ONCE", 50)
    monkeypatch.setattr(segments, "_AT_ONCE", 40)
    publish(app)
    everybody = store(app, journeys(where, seed=3, number=140), versions=True)
    unmoved, spared = [], 0
    for name, change in changes():
        whole, found = on_everybody(app, everybody, change), preview(app, change, limit=100)
        assert replace(_nameless(whole), screened=0) == replace(found, screened=0), name
        spared += whole.screened - found.screened
        if not found.itineraries and not found.rephrased:
            unmoved.append(name)
    # Otherwise nothing would be proved: nearly each change moves somebody, and most are not even looked at.
    assert set(unmoved) <= {
        "closes airport:nbo-recommended",
        "closes service-kqa-lhr-nbo",
        "closes airspace-alps",
    }
    assert spared > 0


def _nameless(found: Effect) -> Effect:
    return replace(found, listed=tuple(each._replace(names=()) for each in found.listed))


def _ids(snapshot: Snapshot) -> set[str]:
    filed = (snapshot.ratings, snapshot.cautions, snapshot.services, snapshot.authorisations)
    return {record.id for rows in filed for records in rows.values() for record in records}


def test_what_is_previewed_is_what_is_published(app: Application) -> None:
    publish(app)
    for _, change in changes():
        with reading(app.engine) as c:
            before = ratings.snapshot(c)
        held = _ids(before)
        if any(record.id not in held for record in change.closed):
            continue
        wanted = applied(before, change)
        publish(app, change.opened, change.closed)
        with reading(app.engine) as c:
            assert ratings.snapshot(c) == wanted


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    queries: list[str] = []

    def heard(_c: object, _cursor: object, query: str, *_more: object) -> None:
        queries.append(query)

    event.listen(engine, "before_cursor_execute", heard)
    yield queries
    event.remove(engine, "before_cursor_execute", heard)


def test_the_number_of_queries_does_not_grow_with_what_is_stored(app: Application, where: World) -> None:
    publish(app)
    elsewhere = where._replace(carriers=tuple(each for each in where.carriers if each.icao != "ETH"))
    store(app, [to_addis(app)] * 5)
    preview(app, DROPPED)  # the first one reads the ratings of the edition
    costs = []
    for number in (1, 30, 300):
        store(app, journeys(elsewhere, number, number))
        with counted(app.engine) as queries:
            assert preview(app, DROPPED).screened == 5
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2] < 8


def test_itineraries_are_read_in_steps(
    app: Application, where: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(app)
    store(app, journeys(where, seed=5, number=120))
    change = next(change for name, change in changes() if name == "succeeds a rating")
    whole = preview(app, change)
    assert whole.screened > 20
    steps: list[int] = []
    asked = trips.newest_among

    def heard(c: Connection, ids: Sequence[int]) -> tuple[Stored, ...]:
        steps.append(len(ids))
        return asked(c, ids)

    monkeypatch.setattr(service, "_AT_ONCE", 10)
    monkeypatch.setattr(trips, "newest_among", heard)
    assert preview(app, change) == whole
    assert max(steps) == 10
    assert len(steps) == -(-whole.screened // 10)


def test_a_proposal_is_previewed_by_its_reference(desk: Application) -> None:
    store(desk, [to_addis(desk)] * 3)
    proposal = drafting.draft(desk, "alice", Content("The audit was failed.", (DROPS,)))
    found = preview(desk, proposal.reference)
    assert found.counts == {(Verdict.CONDITIONAL, Verdict.NOT_CLEARED): 3}
    assert (found.trips, found.people, found.days) == (3, 1, 19)
    loosening = drafting.draft(desk, "alice", LOOSENING)
    assert preview(desk, loosening.reference).counts == {(Verdict.CONDITIONAL, Verdict.CLEARED): 3}
    with reading(desk.engine) as c:
        assert ratings.current_edition(c) == 1  # looking publishes nothing
    with pytest.raises(NotFoundError):
        preview(desk, "CH-AAAAAA")


def test_an_import_is_previewed_from_its_dry_run(desk: Application, tmp_path: Path) -> None:
    store(desk, [to_addis(desk)] * 3)
    path = tmp_path / "again.toml"
    path.write_text(RATINGS.format(level="not_recommended"), encoding="utf-8")
    dry = import_records(desk, path, by="bob", dry_run=True)
    assert preview(desk, dry.change).counts == {(Verdict.CONDITIONAL, Verdict.NOT_CLEARED): 3}


def test_a_change_made_for_an_older_edition_is_refused(app: Application) -> None:
    publish(app)
    opens, closes = Change((BASE[0],), (), 0), Change((), (rating("carrier:QQQ"),), 0)
    for change in (opens, closes):
        with pytest.raises(ChangedMeanwhileError):
            preview(app, change)


def test_a_proposal_that_says_what_is_in_force_already_is_refused(desk: Application) -> None:
    proposal = drafting.draft(desk, "alice", TIGHTENING)
    publish(desk, TIGHTENING.wanted)
    with pytest.raises(BadInputError):
        preview(desk, proposal.reference)


@pytest.mark.parametrize(("viewer", "names"), [("", ()), ("alice", ("Alice",)), ("dana", ()), ("erin", ())])
def test_names_are_for_those_who_sign(desk: Application, viewer: str, names: tuple[str, ...]) -> None:
    store(desk, [to_addis(desk)])
    proposal = drafting.draft(desk, "alice", Content("The audit was failed.", (DROPS,)))
    (listed,) = preview(desk, proposal.reference, viewer=viewer).listed
    assert listed.names == names


def test_yesterday_in_utc_may_be_today_at_the_airport(app: Application, clock: Clock) -> None:
    publish(app)
    store(app, [to_addis(app)])
    for day, screened in ((12, 1), (13, 1), (14, 0)):
        clock.at = datetime(2026, 12, day, 0, 10, tzinfo=UTC)
        assert preview(app, DROPPED).screened == screened
