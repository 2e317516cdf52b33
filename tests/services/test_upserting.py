"""Trips that programs put: one trip for one name, however many say it at once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.services.conftest import publish
from travelrisk.domain.errors import ChangedMeanwhileError
from travelrisk.services.application import Application
from travelrisk.services.trips.upserting import Change, Put, put
from travelrisk.store import external_trips, tables, trips
from travelrisk.store.database import reading, transact
from travelrisk.store.external_trips import Name, Sent
from travelrisk.store.troubles import CollisionError

NAME = Name("Field office", "concur", "A-1")
ACTOR = "key:0123456789ab"


def query(number: str) -> dict[str, object]:
    segment = {
        "kind": "air",
        "marketing_carrier": "ET",
        "flight_number": number,
        "operating_carrier": "ET",
        "origin": "FRA",
        "destination": "ADD",
        "departs_local": "2026-12-12T22:05",
    }
    return {"segments": [segment], "travellers": [{"email": "alice@example.org"}]}


def said(app: Application, number: str) -> Put:
    return put(app, NAME, query(number), actor=ACTOR)


def count(app: Application, table: str) -> int:
    with reading(app.engine) as c:
        return c.scalar(select(func.count()).select_from(tables.METADATA.tables[table])) or 0


def test_many_say_the_same_at_once_and_there_is_one_trip(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: said(app, "707"), range(4)))
    assert sorted(each.change for each in made) == [Change.CREATED, *[Change.UNCHANGED] * 3]
    assert len({each.current.trip.id for each in made}) == 1
    assert sum(each.letters for each in made) == 1
    assert [count(app, table) for table in ("trips", "itineraries", "advisories", "outbox")] == [1] * 4


def test_who_believes_what_is_not_so_changes_nothing(app: Application, tmp_path: Path) -> None:
    publish(app, tmp_path)
    tag = said(app, "707").current.tag
    said(app, "708")
    with pytest.raises(ChangedMeanwhileError):
        put(
            app,
            NAME,
            query("709"),
            actor=ACTOR,
            is_expected=lambda known: known is not None and known.tag == tag,
        )
    assert count(app, "itineraries") == 2
    assert said(app, "708").change is Change.UNCHANGED


def test_a_name_is_given_once(app: Application) -> None:
    at = app.clock()

    def new(office: str) -> int:
        return transact(
            app.engine,
            lambda c: trips.new_trip(c, contact="", language="en", at=at, office=office).id,
        )

    first, second = new("Field office"), new("Field office")
    transact(app.engine, lambda c: external_trips.add(c, NAME, Sent(first, "a", 1), at))
    with pytest.raises(CollisionError):
        transact(app.engine, lambda c: external_trips.add(c, NAME, Sent(second, "b", 1), at))
    with reading(app.engine) as c:
        assert external_trips.find(c, NAME) == Sent(first, "a", 1)
        assert external_trips.name_of(c, first) == NAME
        assert external_trips.name_of(c, second) is None
        assert external_trips.find(c, NAME._replace(office="Another office")) is None
