"""What units said of the headings of tables: one open answer a row of headings, and nothing forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import Engine

from tests.databases import EVENING
from travelrisk.domain.columns import ColumnMapping
from travelrisk.domain.people import Person, Role
from travelrisk.store import mappings, people
from travelrisk.store.database import reading, transact

HEADINGS = ("vuelo nr", "tag")
FIRST = ColumnMapping((("tag", "departs"),), first_is_day=True, headings=HEADINGS)
SECOND = ColumnMapping((("tag", "departs"), ("vuelo nr", "flight")), headings=HEADINGS)
OTHER = ColumnMapping((("tag", "arrives"),), headings=("tag",))


def _at(hours: int) -> datetime:
    return EVENING + timedelta(hours=hours)


def _put(engine: Engine) -> None:
    person = Person("heidi", "Heidi Roe", "heidi@example.org", frozenset({Role.TRAVEL_UNIT}), "OFFICE A")
    transact(engine, lambda c: people.add(c, person, at=_at(-1)))


def test_a_unit_says_it_anew_and_what_it_had_said_is_still_known_for_its_time(engine: Engine) -> None:
    _put(engine)
    transact(engine, lambda c: mappings.save(c, "OFFICE A", FIRST, "heidi", _at(0)))
    transact(engine, lambda c: mappings.save(c, "OFFICE A", SECOND, "heidi", _at(2)))
    transact(engine, lambda c: mappings.save(c, "OFFICE A", OTHER, "heidi", _at(3)))
    with reading(engine) as c:
        assert [each.mapping for each in mappings.of_unit(c, "OFFICE A")] == [OTHER, SECOND]
        assert mappings.in_force(c, "OFFICE A", _at(-1)) == ()
        assert mappings.in_force(c, "OFFICE A", _at(1)) == (FIRST,)
        assert mappings.in_force(c, "OFFICE A", _at(2)) == (SECOND,)
        assert mappings.in_force(c, "OFFICE A", _at(4)) == (OTHER, SECOND)


def test_another_unit_neither_reads_with_it_nor_ends_it(engine: Engine) -> None:
    _put(engine)
    number = transact(engine, lambda c: mappings.save(c, "OFFICE A", FIRST, "heidi", _at(0)))
    assert not transact(engine, lambda c: mappings.end(c, "OFFICE B", number, _at(1)))
    with reading(engine) as c:
        assert mappings.in_force(c, "OFFICE B", _at(1)) == ()
        assert mappings.in_force(c, "", _at(1)) == ()
        assert mappings.in_force(c, "OFFICE A", _at(1)) == (FIRST,)
    assert transact(engine, lambda c: mappings.end(c, "OFFICE A", number, _at(2)))
    assert not transact(engine, lambda c: mappings.end(c, "OFFICE A", number, _at(3)))
    with reading(engine) as c:
        assert mappings.in_force(c, "OFFICE A", _at(2)) == ()
        assert mappings.in_force(c, "OFFICE A", _at(1)) == (FIRST,)
