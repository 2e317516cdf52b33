"""Whoever looks at unusually many trips within an hour is told to the administrators, once for each hour."""

from datetime import timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.people import Act, Person, may
from travelrisk.logs import logger
from travelrisk.mail.looking import NAME, looking
from travelrisk.services.application import Application
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.store import audit, lookups, people
from travelrisk.store.database import reading, transact

JOB: Final = "curiosity"
_WINDOW: Final = timedelta(hours=1)


def watch(app: Application) -> int:
    """Write to the administrators about each one who looked at too many trips; return how many letters.

    Raises:
        StoreError: the database cannot be written.
    """
    limit = app.policy.policy.privacy.trips_an_hour
    if not limit:
        return 0
    with reading(app.engine) as c:
        found = lookups.busiest(c, app.clock() - _WINDOW, limit)
    return sum(transact(app.engine, partial(_tell, app, who, count)) for who, count in found.items())


def _tell(app: Application, who: str, count: int, c: Connection) -> int:
    """Write to every administrator but the one it is about; the trail says so once for the hour."""
    at = app.clock()
    everybody = people.everybody(c)
    name = next((each.name for each in everybody if each.id == who), who)
    readers = [each for each in everybody if _administers(each, app) and each.id != who]
    if not readers:
        logger().error("curiosity.nobody", actor=who, trips=count)
    written = sum(_post(app, c, each, who, name, count) for each in readers)
    if written:
        audit.append(c, kind="looking.told", actor=JOB, at=at, subject=who, body={"trips": count})
    return written


def _post(  # noqa: PLR0913, PLR0917 - whom, and about whom
    app: Application, c: Connection, reader: Person, who: str, name: str, count: int
) -> bool:
    at, limit = app.clock(), app.policy.policy.privacy.trips_an_hour
    facts, spoken = app.facts, language_of(app, reader)
    letter = looking(
        name, count, limit=limit, at=at, base_url=facts.base_url, language=spoken, demo=facts.demo
    )
    return post(app, c, reader, letter, Purpose(f"{NAME}:{who}:{at:%Y-%m-%dT%H}:{reader.id}", NAME))


def _administers(person: Person, app: Application) -> bool:
    return person.is_active and not person.is_machine and may(person, Act.MANAGE_PEOPLE, app.clock().date())
