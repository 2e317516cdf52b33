"""What the entries of the audit trail are about leads to the office that it belongs to, on both databases."""

from datetime import timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Engine

from tests.store.samples import ALICE, NOON, judge, post
from travelrisk.domain.columns import ColumnMapping
from travelrisk.domain.people import Person, Role
from travelrisk.domain.programs import Kind, Program, Sight
from travelrisk.store import batches, mappings, office_trail, originals, people, programs, trips, webhooks
from travelrisk.store.batches import New
from travelrisk.store.database import reading, writing
from travelrisk.store.office_trail import About

OFFICES = ("Nairobi", "Geneva")


class Made(NamedTuple):
    """What an office has, each as an entry of the trail names it."""

    subjects: tuple[str, ...]
    actor: str


def made_for(c: Connection, office: str, place: int) -> Made:
    sha256 = originals.keep(c, office.encode(), "a.csv", "text/csv", NOON)
    batch = batches.add(c, New(office, "p-bob", sha256, "a.csv", keeps_back=True), NOON)
    webhook = webhooks.add(c, office, "https://example.org/", "p-bob", NOON)
    mapping = mappings.save(c, office, ColumnMapping((("wann", "departs"),), None, ("wann",)), "p-bob", NOON)
    program = Program(f"{place:012d}", "tool", office, Kind.LIVE_READ, Sight.AUDIT, made_by="x", made_at=NOON)
    programs.add(c, program, "hmac")
    trip = trips.new_trip(c, contact=ALICE, language="en", at=NOON, office=office)
    subjects = (
        *(f"batch:{batch.reference}", f"webhook:{webhook.id}", f"mapping:{mapping}"),
        *(f"program:{program.id}", f"trip:{trip.id}", f"office:{office}"),
    )
    return Made(subjects, program.actor)


@pytest.fixture
def made(engine: Engine) -> dict[str, Made]:
    with writing(engine) as c:
        bob = Person("p-bob", "Bob", "bob@example.org", frozenset({Role.TRAVEL_UNIT}), OFFICES[0])
        people.add(c, bob, at=NOON)
        return {office: made_for(c, office, place) for place, office in enumerate(OFFICES)}


def things(subject: str, actor: str = "worker", kind: str = "noted") -> tuple[About, ...]:
    at = (NOON + timedelta(days=1)).isoformat()
    return office_trail.about({"subject": subject, "actor": actor, "kind": kind, "at": at, "body": {}})


@pytest.mark.parametrize("office", OFFICES)
def test_each_thing_belongs_to_its_office_alone(engine: Engine, made: dict[str, Made], office: str) -> None:
    every = [(of, subject) for of, each in made.items() for subject in each.subjects]
    with reading(engine) as c:
        for of, subject in every:
            found = office_trail.of_office(c, office, things(subject))
            assert found == (frozenset(things(subject)) if of == office else frozenset()), subject
        whole = office_trail.of_office(c, office, [each for _, subject in every for each in things(subject)])
        assert whole == {each for subject in made[office].subjects for each in things(subject)}
        for of, each in made.items():
            own = office_trail.of_office(c, office, things("edition:1", each.actor))
            assert bool(own) == (of == office)


def test_answers_and_letters_belong_to_the_office_of_their_trip(engine: Engine) -> None:
    with writing(engine) as c:
        judge(c)  # of no office
        trip = trips.new_trip(c, contact=ALICE, language="en", at=NOON, office=OFFICES[0])
        judged = judge(c, trip.id)
        letter = post(c, judged)
        newest = trips.newest_ids(c, [trip.id])[trip.id]
    subjects = [f"advisory:{judged.advisory}", f"itinerary:{newest}", f"letter:{letter}"]
    bounced = things(f"trip:{letter}", "mail", "letter.bounced")
    with reading(engine) as c:
        for subject in subjects:
            assert office_trail.of_office(c, OFFICES[0], things(subject)) == set(things(subject))
            assert not office_trail.of_office(c, OFFICES[1], things(subject))
        assert office_trail.of_office(c, OFFICES[0], bounced) == {About("letter", str(letter))}


@pytest.mark.parametrize(
    "subject",
    [
        *("edition:1", "person:p-bob", "feed:easa", "database", "trip:", "trip:x", "trip:-1", "trip:1.0"),
        *(
            "trip:99999999999999",
            "trip:9999999999999999999999",
            "trip:1:1",
            "office:",
            "original:" + "0" * 64,
        ),
        "letter:1",
    ],
)
def test_what_leads_to_no_office_is_nobody_s(engine: Engine, made: dict[str, Made], subject: str) -> None:
    assert made
    with reading(engine) as c:
        for office in (*OFFICES, ""):
            assert office_trail.of_office(c, office, things(subject)) == frozenset()
