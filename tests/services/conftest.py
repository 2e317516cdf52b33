"""The whole service on a fresh database, SQLite and PostgreSQL, with a clock that a test can move."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.databases import SECRET, encrypted
from tests.travel import World, world
from travelrisk.domain.people import Person, Role
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts
from travelrisk.services.ratings.records import import_records
from travelrisk.store import people
from travelrisk.store.database import writing


@dataclass
class Clock:
    """Tells the time a test has set."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 17, 58, tzinfo=UTC))

    def __call__(self) -> datetime:
        """Return the time."""
        return self.at

    def pass_by(self, **spans: float) -> None:
        """Move the time on: ``pass_by(minutes=5)``."""
        self.at += timedelta(**spans)


def in_each_way(names: str, cases: Mapping[str, tuple[object, ...]]) -> pytest.MarkDecorator:
    """Give each case on SQLite, and the first on PostgreSQL as well: it is not the database that fails."""
    (first, *_) = cases
    every = [pytest.param("sqlite", *case, id=f"sqlite-{name}") for name, case in cases.items()]
    again = pytest.param("postgresql", *cases[first], id=f"postgresql-{first}", marks=pytest.mark.postgres)
    return pytest.mark.parametrize(
        ("database_url", *names.split()), [*every, again], indirect=["database_url"]
    )


RATINGS = """
[[ratings]]
id = "eth"
subject = "carrier:ETH"
level = "{level}"
valid_from = 2026-01-01
valid_until = 2027-12-31
set_by = "bob"
set_on = 2026-11-03
condition = {{ en = "Daylight only." }}

[[ratings]]
id = "fra"
subject = "airport:FRA"
level = "recommended"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-03

[[ratings]]
id = "add"
subject = "airport:ADD"
level = "recommended"
valid_from = 2026-01-01
set_by = "bob"
set_on = 2026-11-03
"""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret() -> str:
    """Return what the database is encrypted with; empty = it is not."""
    return SECRET


@pytest.fixture
def app(database_url: str, clock: Clock, secret: str) -> Iterator[Application]:
    """Give the service without any ratings."""
    engine = encrypted(database_url, secret)
    facts = Facts(base_url="https://travelrisk.example.org", mail_from="travelrisk@example.org")
    yield Application(engine, load_atlas(), load_book(), load_policy(), clock, facts)
    engine.dispose()


@pytest.fixture
def where(app: Application) -> World:
    """Give a world with the airports and carriers of the service."""
    return world(app.atlas, app.book)


def publish(app: Application, folder: Path, level: str = "recommended") -> int:
    """Rate Ethiopian Airlines at *level*, and Frankfurt and Addis Ababa as recommended."""
    path = folder / "ratings.toml"
    path.write_text(RATINGS.format(level=level), encoding="utf-8")
    imported = import_records(app, path, by="bob", signed_by="charlie")
    assert imported.edition is not None
    return imported.edition


STAFF = {
    "alice": (Role.FOCAL_POINT,),
    "bob": (Role.FOCAL_POINT,),
    "charlie": (Role.FOCAL_POINT,),
    "dana": (Role.ALTERNATE,),
    "erin": (Role.AUDITOR,),
}


@pytest.fixture
def desk(app: Application, tmp_path: Path) -> Application:
    """Give a service with ratings, Ethiopian Airlines under a condition, and people at its desk."""
    publish(app, tmp_path, "conditional")
    with writing(app.engine) as c:
        for name, roles in STAFF.items():
            person = Person(name, name.title(), f"{name}@example.org", frozenset(roles))
            people.add(c, person, at=app.clock())
    return app
