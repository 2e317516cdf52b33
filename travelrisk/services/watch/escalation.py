"""Journeys that leave soon and that nobody has cleared: whoever decides on them, or books them, is told.

Once for each journey, step and person, whatever the clock does; one letter to each person lists all. The
policy's travel unit, which needs no account, is told of what none of these letters brings to its address.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.deadlines import steps_come
from travelrisk.domain.people import Person, Role
from travelrisk.logs import logger
from travelrisk.mail.journeys import Journey, escalation
from travelrisk.mail.render import Letter
from travelrisk.services.application import Application
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.services.letters.writing import address_problem, envelope_to
from travelrisk.services.trips.departures import Leaving, uncleared
from travelrisk.store import flights, people, reminders
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Trip

JOB: Final = "escalation"
_DECIDES: Final = frozenset({Role.FOCAL_POINT, Role.ALTERNATE})
_SECONDS: Final = 3600


_UNIT: Final = "travel_unit"  # no id of an account


class _Due(NamedTuple):
    leaving: Leaving
    come: tuple[int, ...]


_Send = Callable[[Application, Connection, Person, Letter, _Due], bool]


def escalate(app: Application) -> int:
    """Write to those who decide, or book, and return how many letters that were.

    Raises:
        StoreError: the database cannot be written; letters already written stay.
    """
    with reading(app.engine) as c:
        due = tuple(_due(app, c))
        readers = [each for each in people.everybody(c) if _may_read(each)] if due else []
    unit = _unit(app)
    lost = [] if unit else [each for each in due if not any(_is_of(person, each) for person in readers)]
    if lost:
        logger().error("escalation.nobody", journeys=len(lost))
    written = sum(_written(app, each, due, _post_to_account) for each in readers)
    if unit is None:
        return written
    same = [each for each in readers if each.email.casefold() == unit.email.casefold()]
    left = [each for each in due if not any(_is_of(person, each) for person in same)]
    return written + _written(app, unit, left, _post_to_unit)


def keeps(person: Person) -> bool:
    """Say whether somebody decides on journeys, or stands in for who does."""
    return bool(person.roles & _DECIDES)


def concerns(person: Person, trip: Trip) -> bool:
    """Say whether a trip is somebody's: those who decide have all, a travel unit those of its own office.

    The travel unit of the policy, which is no account, answers for the whole organisation.
    """
    if keeps(person) or person.id == _UNIT:
        return True
    return Role.TRAVEL_UNIT in person.roles and bool(person.unit) and trip.office == person.unit


def journey(app: Application, leaving: Leaving, person: Person, step: int = 0) -> Journey:
    """Return a journey as a letter to this person names it."""
    upcoming = leaving.upcoming
    place = "history" if keeps(person) else "desk" if person.id != _UNIT else ""  # which needs no account
    page = f"{app.facts.base_url}/{place}/trips/{upcoming.trip.reference}" if place else ""
    itinerary, verdict = upcoming.itinerary, upcoming.advisory.verdict
    return Journey(itinerary, upcoming.trip.reference, verdict, leaving.departs, step, page)


def _due(app: Application, c: Connection) -> Iterator[_Due]:
    hours, now = app.policy.policy.notices.escalate_hours, app.clock()
    for each in uncleared(app, c, max(hours) // 24 + 2) if hours else ():
        come = steps_come((each.earliest - now).total_seconds() / _SECONDS, hours)
        if come:
            yield _Due(each, come)


def _is_of(person: Person, due: _Due) -> bool:
    return concerns(person, due.leaving.upcoming.trip)


def _may_read(person: Person) -> bool:
    """Say whether somebody is to be written to; whoever cannot be reached is named in the log."""
    if not person.is_active or person.is_machine or not person.roles & {*_DECIDES, Role.TRAVEL_UNIT}:
        return False
    if address_problem(person.email):
        logger().error("letter.no_address", person=person.id, letter=JOB)
        return False
    return True


def _unit(app: Application) -> Person | None:
    """Return the travel unit of the policy as a reader; None where there is none that can be written to."""
    contact, language = app.policy.policy.travel_unit, app.facts.language
    if contact is None or address_problem(contact.email):
        return None
    name, roles = contact.name.in_language(language), frozenset({Role.TRAVEL_UNIT})
    return Person(_UNIT, name, contact.email, roles, language=language)


def _written(app: Application, person: Person, due: Sequence[_Due], send: _Send) -> bool:
    mine = [each for each in due if _is_of(person, each)]
    with reading(app.engine) as c:
        fresh = [
            each for each in mine if not reminders.is_step_taken(c, JOB, _about(each, person), each.come[0])
        ]
    return bool(fresh) and transact(app.engine, partial(_write, app, person, fresh, send))


def _write(app: Application, person: Person, due: Sequence[_Due], send: _Send, c: Connection) -> bool:
    """Take what is due and write of it: in one transaction, for another worker may take a part of it."""
    at = app.clock()
    taken = [each for each in due if reminders.take_steps(c, JOB, _about(each, person), each.come, at)]
    if not taken:
        return False
    journeys = [journey(app, each.leaving, person, each.come[0]) for each in taken]
    facts = app.facts
    letter = escalation(
        journeys, facts.base_url, language_of(app, person), keeps=keeps(person), demo=facts.demo
    )
    return send(app, c, person, letter, taken[0])


def _post_to_account(app: Application, c: Connection, person: Person, letter: Letter, first: _Due) -> bool:
    return post(app, c, person, letter, Purpose(_key(first, person), JOB))


def _post_to_unit(app: Application, c: Connection, person: Person, letter: Letter, first: _Due) -> bool:
    """Queue a letter to whom the policy names, among those that belong to no account."""
    envelope, at = envelope_to(app, person.email, letter), app.clock()
    number = first.leaving.upcoming.advisory_id
    return flights.queue(c, key=_key(first, person), advisory_id=number, at=at, **envelope._asdict())


def _key(due: _Due, person: Person) -> str:
    return f"{JOB}:{_about(due, person)}:{due.come[0]}"


def _about(due: _Due, person: Person) -> str:
    return f"{due.leaving.upcoming.itinerary_id}:{person.id}"
