"""The inverted index: whatever a judgement looks up is found in it, and of each trip the newest only."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter
from random import Random
from typing import Any

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, event, select, text

from tests.databases import SECRET
from tests.factories import ATLAS, BOOK, at, flight, settled
from tests.store.samples import NOON
from tests.travel import journeys, world
from tests.unit.screening.world import AT, policy
from travelrisk.domain.authorisations import Whose
from travelrisk.domain.itineraries import Itinerary, Operating, Place
from travelrisk.domain.ratings import Snapshot, Subject, SubjectKind, route_subject
from travelrisk.screening.engine import screen
from travelrisk.store import queue, schema, segments, trips
from travelrisk.store.database import reading, writing
from travelrisk.store.queue import Group
from travelrisk.store.schema import alembic_config, migrating
from travelrisk.store.tables import flights, touches
from travelrisk.store.tables import segments as flown

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
    for kind, code, *_ in segments.entry_of(itinerary).touches:
        if kind in ("operating", "marketing"):
            found.add(Subject(SubjectKind.CARRIER, code))
        if kind == "operating":
            found.add(Subject(SubjectKind.STATE, carriers[code].state.code))
        if kind == "airport":
            found.add(Subject(SubjectKind.AIRPORT, code))
            found.add(Subject(SubjectKind.COUNTRY, airports[code].country.code))
        if kind == "pair":
            found.add(Subject(SubjectKind.ROUTE, code))
    return found


@given(st.integers(0, 10**6))
def test_whatever_a_judgement_looks_up_is_in_the_index(seed: int) -> None:
    itinerary = WORLD.itinerary(Random(seed))  # noqa: S311 - a world that can be made again
    looks = [Overheard() for _ in range(4)]
    ratings, cautions, services, authorisations = looks
    snapshot = Snapshot(1, ratings, cautions, services, authorisations)
    screen(itinerary, snapshot, policy(), AT, Whose("TR-AAAAAA", "NBO"))
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
    ends = {row.last_day for row in segments.entry_of(itinerary).touches}
    assert len(ends) == 1  # of the journey: what was flown already is part of its verdict
    if any(each.departs.day is None for each in judged):
        assert ends == {date.max.isoformat()}
    elif judged:
        last = max(day for each in judged for day in (each.departs.day, each.arrives.day) if day)
        assert ends <= {last.isoformat(), (last + timedelta(days=1)).isoformat()}


def test_only_what_may_be_flown_is_found() -> None:
    train = settled(flight(mode="rail"))
    assert segments.entry_of(train) == ((("", "", "0001-01-01", "0001-01-01"),), (), ())
    out = flight("ET 707", "FRA ADD", "12-12 22:30", arrives=at("12-13 06:10"), operator="Lufthansa")
    found, flown, together = segments.entry_of(settled([out, flight("ET 706", "ADD FRA", "12-20")]))
    assert {(kind, code): first for kind, code, first, _ in found} == {
        ("", ""): "2026-12-12",  # the itinerary itself
        ("operating", "DLH"): "2026-12-12",
        ("operating", "ETH"): "2026-12-20",  # and that it sells the first segment is not told again
        ("airport", "FRA"): "2026-12-12",
        ("airport", "ADD"): "2026-12-12",
        ("pair", "ADD-FRA"): "2026-12-12",
    }
    assert flown == (("2026-12-12", "DLH", "ADD-FRA"), ("2026-12-20", "ETH", "ADD-FRA"))
    assert together == ("2026-12-12 DLH FRA-ADD", "2026-12-20 ETH ADD-FRA")


def test_of_a_segment_that_may_be_several_the_first_is_seen(engine: Engine) -> None:
    both = tuple(WORLD.carriers[:2])
    (segment,) = settled(flight("ET 707", "FRA ADD", "12-12")).segments
    stop = Place("", WORLD.airports[3])
    unsure = replace(segment, operating=Operating(name="?", candidates=both), stops=(stop,))
    _add(engine, replace(settled(flight()), segments=(unsure,)))
    with reading(engine) as c:
        assert segments.seen_on(c, "ADD-FRA") == ((both[0].icao, 1, date(2026, 12, 12)),)
        assert segments.seen_on(c, f"FRA-{stop.possible[0].code}") == ()


def _add(engine: Engine, itinerary: Itinerary, trip_id: int | None = None) -> tuple[int, int]:
    with writing(engine) as c:
        trip_id = trip_id or trips.new_trip(c, contact="", language="en", at=NOON).id
        return trip_id, trips.add_itinerary(c, trip_id, itinerary, original=None, position=0, at=NOON)


def _found(engine: Engine, *wanted: Subject, since: date = TODAY) -> list[int]:
    with reading(engine) as c:
        return segments.touched(c, wanted, since, **TABLES)


ETHIOPIAN = Subject(SubjectKind.CARRIER, "ETH")
KENYA = Subject(SubjectKind.CARRIER, "KQA")
NOWHERE: dict[str, tuple[str, ...]] = {}  # no airspace is asked for here
TABLES: dict[str, Any] = {
    "operators_of": BOOK.of_state,
    "airports_in": ATLAS.airports_in,
    "passing": NOWHERE.__getitem__,
}


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
    with writing(engine) as c:
        before = _rows(c)
        assert segments.is_complete(c)
        for table in (touches, flown, flights):
            c.execute(delete(table).where(table.c.itinerary_id != stored[5][1]))
        assert not segments.is_complete(c)
        assert segments.fill(c) == 19
        assert _rows(c) == before
        assert segments.is_complete(c)
        assert segments.fill(c) == 0


@pytest.mark.parametrize("seed", range(3))
def test_whatever_arrives_the_index_is_that_of_the_newest_itineraries(engine: Engine, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a world that can be made again
    newest: dict[int, tuple[int, Itinerary]] = {}
    for itinerary in journeys(WORLD, seed, 25):
        known = random.choice([None, *newest])
        trip, number = _add(engine, itinerary, known)
        newest[trip] = (number, itinerary)
        with reading(engine) as c:
            held = _rows(c)
        entries = [(number, segments.entry_of(itinerary)) for number, itinerary in newest.values()]
        assert held == (
            sorted((number, *row) for number, entry in entries for row in entry.touches),
            sorted((number, seq, *row) for number, entry in entries for seq, row in enumerate(entry.flown)),
            sorted((number, row) for number, entry in entries for row in entry.flights),
        )


def _rows(c: Connection) -> tuple[list[tuple[Any, ...]], ...]:
    """Return all that stands in the tables of the index."""
    return tuple(
        sorted(tuple(row) for row in c.execute(select(table))) for table in (touches, flown, flights)
    )


def test_an_upgrade_indexes_what_an_older_version_stored(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, number = _add(engine, settled(flight("ET 707", "FRA ADD")))
    with writing(engine) as c:
        for table in (touches, flown, flights):
            c.execute(delete(table))
        c.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    monkeypatch.setattr(command, "upgrade", lambda *_: None)  # its tables are there already
    schema.upgrade(database_url, [SECRET])
    assert _found(engine, ETHIOPIAN) == [number]


def test_the_version_before_finds_all_that_this_one_indexed(in_clear: Engine, database_url: str) -> None:
    for each in (*journeys(WORLD, seed=4, number=30), settled(flight(mode="rail"))):
        _add(in_clear, each)
    with reading(in_clear) as c:
        held, seen, together = _rows(c)
    with migrating(in_clear) as c:
        command.downgrade(alembic_config(c), "0006")
    with reading(in_clear) as c:
        rows = c.execute(text("SELECT * FROM segments")).mappings().all()
    found: dict[tuple[int, str, str], str] = {}
    for row in rows:
        codes = {"airport": row["origin"]} | {kind: row[kind] for kind in ("operating", "marketing", "pair")}
        for kind, code in filter(itemgetter(1), codes.items()):
            key = (row["itinerary_id"], kind, code)
            found[key] = min(row["first_day"], found.get(key, row["first_day"]))
    assert found == {(number, kind, code): first for number, kind, code, first, _ in held if kind}
    kept = {(number, last) for number, _, _, _, last in held}  # one that touches nothing is among them
    assert {(row["itinerary_id"], row["last_day"]) for row in rows} == kept
    flew = [row for row in rows if row["operating"] and row["pair"]]
    columns = ("itinerary_id", "first_day", "operating", "pair")
    assert sorted(tuple(row[each] for each in columns) for row in flew) == sorted(
        (number, *row) for number, _, *row in seen
    )
    schema.upgrade(database_url)
    with reading(in_clear) as c:
        assert _rows(c) == (held, seen, together)


def _plan(c: Connection, work: Callable[[Connection], object]) -> str:
    """Return how the database goes about the one statement of *work*."""
    asked: list[tuple[str, Any]] = []

    def note(*arguments: object) -> None:
        asked.append((str(arguments[2]), arguments[3]))

    event.listen(c, "before_cursor_execute", note)
    work(c)
    event.remove(c, "before_cursor_execute", note)
    ((statement, values),) = asked
    how = "QUERY PLAN " if c.dialect.name == "sqlite" else ""
    return "\n".join(row[-1] for row in c.exec_driver_sql(f"EXPLAIN {how}{statement}", values))


GROUPS = {"DE": Group("operating", ("CLH", "DLH")), "ETH": Group("operating", ("ETH",))}
WORKS: dict[str, tuple[Callable[[Connection], object], int, str]] = {
    "found": (
        lambda c: segments.touched(c, [Subject(SubjectKind.STATE, "DE")], TODAY, **TABLES),
        1,
        "kind=? AND code=? AND last_day>?",
    ),
    "ahead": (lambda c: segments.upcoming(c, TODAY), 1, "kind=? AND code=? AND last_day>?"),
    "far ahead": (lambda c: segments.ahead_of(c, TODAY), 1, "kind=? AND code=? AND last_day>?"),
    "counted": (lambda c: queue.demands(c, GROUPS, TODAY), 2, "kind=? AND code=? AND last_day>?"),
    "flown": (queue.carriers_flown, 2, "kind=?"),
}


@pytest.mark.parametrize("what", WORKS)
def test_the_index_is_searched_and_never_read_from_end_to_end(engine: Engine, what: str) -> None:
    work, searches, condition = WORKS[what]
    with writing(engine) as c:
        if c.dialect.name == "postgresql":  # an empty table is read at once, unless that is ruled out
            c.execute(text("SET LOCAL enable_seqscan = off"))
            searches -= what == "flown"  # the step of a recursion is not shown
        plan = _plan(c, work)
        assert plan.count("ix_touches_kind_code_last_day_first_day_itinerary_id") == searches, plan
        assert plan.count(condition if c.dialect.name == "sqlite" else "Index Cond: ") == searches, plan
    assert "SCAN touches" not in plan
    assert "Seq Scan" not in plan


def test_an_upgrade_finds_the_flights_of_what_the_version_before_stored(
    in_clear: Engine, database_url: str
) -> None:
    stored = [_add(in_clear, each) for each in (*journeys(WORLD, seed=5, number=30), settled(flight()))]
    trip, number = stored[-1]
    _add(in_clear, settled(flight()), stored[0][0])
    with writing(in_clear) as c:
        segments.withdraw(c, trip, number)  # a trip that was cancelled is found by nothing
        before = _rows(c)
    assert before[2]
    with migrating(in_clear) as c:
        command.downgrade(alembic_config(c), "0014")
    schema.upgrade(database_url)
    with reading(in_clear) as c:
        assert _rows(c) == before
        assert segments.is_complete(c)
