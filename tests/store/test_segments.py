"""The inverted index: whatever a judgement looks up is found in it, and of each trip the newest only."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, text

from tests.factories import ATLAS, BOOK, at, flight, settled
from tests.store.samples import NOON
from tests.travel import journeys, world
from tests.unit.screening.world import AT, policy
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.ratings import Snapshot, Subject, SubjectKind, route_subject
from travelrisk.screening.engine import screen
from travelrisk.store import schema, segments, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.tables import segments as table

WORLD = world(ATLAS, BOOK)
TODAY = NOON.date()


class Overheard(Mapping[Any, Any]):
    """Holds nothing, and remembers what was asked for."""

    def __init__(self) -> None:
        self.asked: set[Any] = set()

    def __getitem__(self, key: object) -> object:
        self.asked.add(key)
        raise KeyError(key)

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 1  # not empty: some rules do not even look into an empty one


def _indexed(itinerary: Itinerary) -> set[Subject]:
    """Return the subjects by which the rows of an itinerary are found."""
    carriers = {each.icao: each for each in WORLD.carriers}
    airports = {each.code: each for each in WORLD.airports}
    found = set()
    for row in segments.rows_of(itinerary):
        for code in filter(None, (row.operating, row.marketing)):
            found.add(Subject(SubjectKind.CARRIER, code))
        if row.operating:
            found.add(Subject(SubjectKind.STATE, carriers[row.operating].state.code))
        for code in filter(None, (row.origin, row.destination)):
            found.add(Subject(SubjectKind.AIRPORT, code))
            found.add(Subject(SubjectKind.COUNTRY, airports[code].country.code))
        if row.pair:
            found.add(Subject(SubjectKind.ROUTE, row.pair))
    return found


@given(st.integers(0, 10**6))
def test_whatever_a_judgement_looks_up_is_in_the_index(seed: int) -> None:
    itinerary = WORLD.itinerary(Random(seed))  # noqa: S311 - a world that can be made again
    looks = [Overheard() for _ in range(4)]
    screen(itinerary, Snapshot(1, *looks), policy(), AT, Whose("TR-AAAAAA", "NBO"))
    *subjects, carriers = (look.asked for look in looks)
    asked = set().union(*subjects) | {Subject(SubjectKind.CARRIER, code) for code in carriers if code}
    plain = {
        Subject(kind, key.rpartition(":")[2]) if kind is SubjectKind.ROUTE else Subject(kind, key)
        for kind, key in asked
        if key
    }
    assert plain <= _indexed(itinerary)


@given(st.integers(0, 10**6))
def test_no_row_is_over_before_its_journey_is(seed: int) -> None:
    itinerary = WORLD.itinerary(Random(seed))  # noqa: S311 - as above
    judged = [each for each in itinerary.segments if each.is_judged]
    ends = {row.last_day for row in segments.rows_of(itinerary)}
    assert len(ends) == 1  # of the journey: what was flown already is part of its verdict
    if any(each.departs.day is None for each in judged):
        assert ends == {date.max.isoformat()}
    elif judged:
        last = max(day for each in judged for day in (each.departs.day, each.arrives.day) if day)
        assert ends <= {last.isoformat(), (last + timedelta(days=1)).isoformat()}


def test_only_what_may_be_flown_is_found() -> None:
    train = settled(flight(mode="rail"))
    assert segments.rows_of(train) == [segments.Row("0001-01-01", "0001-01-01")]
    (row,) = segments.rows_of(settled(flight("ET 707", "FRA ADD", "12-12 22:30", arrives=at("12-13 06:10"))))
    assert row == ("2026-12-12", "2026-12-13", "ETH", "ETH", "FRA", "ADD", "ADD-FRA")


def _add(engine: Engine, itinerary: Itinerary, trip_id: int | None = None) -> tuple[int, int]:
    with writing(engine) as c:
        trip_id = trip_id or trips.new_trip(c, contact="", language="en", at=NOON).id
        return trip_id, trips.add_itinerary(c, trip_id, itinerary, original=None, position=0, at=NOON)


def _found(engine: Engine, *wanted: Subject, since: date = TODAY) -> list[int]:
    with reading(engine) as c:
        return segments.touched(c, wanted, since, operators_of=BOOK.of_state, airports_in=ATLAS.airports_in)


ETHIOPIAN = Subject(SubjectKind.CARRIER, "ETH")
KENYA = Subject(SubjectKind.CARRIER, "KQA")


def test_an_itinerary_is_found_by_each_kind_of_subject(engine: Engine) -> None:
    _, number = _add(engine, settled(flight("ET 707", "FRA ADD", operator="Lufthansa")))
    _, other = _add(engine, settled(flight("KQ 100", "NBO CDG")))
    for subject in (
        ETHIOPIAN,
        Subject(SubjectKind.CARRIER, "DLH"),
        Subject(SubjectKind.STATE, "DE"),
        Subject(SubjectKind.AIRPORT, "FRA"),
        Subject(SubjectKind.AIRPORT, "ADD"),
        Subject(SubjectKind.COUNTRY, "ET"),
        route_subject("FRA", "ADD"),
        route_subject("ADD", "FRA", "KQA"),  # whoever flies it: the judgement decides
    ):
        assert _found(engine, subject) == [number], subject
    assert _found(engine, Subject(SubjectKind.STATE, "ET")) == []  # it only sells the seat
    assert _found(engine, Subject(SubjectKind.AIRPORT, "")) == []
    assert _found(engine) == []
    assert _found(engine, KENYA, ETHIOPIAN) == [number, other]


def test_of_a_trip_only_the_newest_itinerary_is_found(engine: Engine) -> None:
    trip, _ = _add(engine, settled(flight("ET 707", "FRA ADD")))
    _, newest = _add(engine, settled(flight("KQ 100", "NBO CDG")), trip)
    assert _found(engine, ETHIOPIAN) == []
    assert _found(engine, KENYA) == [newest]


def test_what_is_over_is_not_found_and_what_has_no_date_is(engine: Engine) -> None:
    _, dated = _add(engine, settled(flight(departs="12-12", arrives=at("12-13"))))
    _, undated = _add(engine, settled(flight(departs="")))
    assert _found(engine, ETHIOPIAN, since=date(2026, 12, 13)) == [dated, undated]
    assert _found(engine, ETHIOPIAN, since=date(2026, 12, 14)) == [undated]
    with reading(engine) as c:
        assert segments.upcoming(c, date(2026, 12, 14)) == [undated]


def test_an_older_itinerary_that_arrives_late_does_not_hide_the_newer_one(engine: Engine) -> None:
    trip, older = _add(engine, settled(flight("ET 707", "FRA ADD")))
    _, newer = _add(engine, settled(flight("KQ 100", "NBO CDG")), trip)
    with writing(engine) as c:
        segments.index(c, trip, older, settled(flight("ET 707", "FRA ADD")))
    assert _found(engine, KENYA, ETHIOPIAN) == [older, newer]
    with reading(engine) as c:  # and whoever loads them is given the newest only
        loaded = trips.newest_among(c, [older, newer])
    assert [each.itinerary for each in loaded] == [settled(flight("KQ 100", "NBO CDG"))]


def test_what_an_older_version_stored_is_indexed_afterwards(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "_FILLED_AT_ONCE", 7)
    stored = [_add(engine, each) for each in journeys(WORLD, seed=1, number=20)]
    _add(engine, settled(flight("KQ 100", "NBO CDG")), stored[0][0])
    everything = select(table).order_by(table.c.itinerary_id, table.c.seq)
    with writing(engine) as c:
        before = c.execute(everything).all()
        assert segments.is_complete(c)
        c.execute(delete(table).where(table.c.itinerary_id != stored[5][1]))
        assert not segments.is_complete(c)
        assert segments.fill(c) == 19
        assert c.execute(everything).all() == before
        assert segments.is_complete(c)
        assert segments.fill(c) == 0


def test_an_upgrade_indexes_what_an_older_version_stored(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, number = _add(engine, settled(flight("ET 707", "FRA ADD")))
    with writing(engine) as c:
        c.execute(delete(table))
        c.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    monkeypatch.setattr(command, "upgrade", lambda *_: None)  # its tables are there already
    schema.upgrade(database_url)
    assert _found(engine, ETHIOPIAN) == [number]


INDEXES = {
    "operator": ["operating"],
    "carrier": ["operating", "marketing"],
    "airport": ["origin", "destination"],
    "pair": ["pair"],
}


@pytest.mark.parametrize("where", INDEXES)
def test_the_index_is_searched_and_never_read_from_end_to_end(engine: Engine, where: str) -> None:
    query = str(
        segments.touching(where)
        .params(codes=["ETH", "KQA"], since="2026-11-23")
        .compile(engine, compile_kwargs={"literal_binds": True, "render_postcompile": True})
    )
    is_sqlite = engine.dialect.name == "sqlite"
    with writing(engine) as c:
        if not is_sqlite:  # an empty table is read at once, unless that is ruled out
            c.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(row[-1] for row in c.execute(text(f"EXPLAIN {'QUERY PLAN ' * is_sqlite}{query}")))
    for column in INDEXES[where]:
        assert f"ix_segments_{column}_last_day" in plan
    assert plan.count("last_day>" if is_sqlite else "Index Cond: ") == len(INDEXES[where])
    assert "SCAN segments" not in plan
    assert "Seq Scan" not in plan
