"""Reminders: 30, 14 and 3 days before something ends, whoever answers for it gets one letter that lists all.

What each person was told stands in rows, one for each date and step. So a worker that was down still reminds,
of the nearest step alone; a date that is moved is reminded of anew; a clock that is set back repeats nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.people import Person, Role, roles_on
from travelrisk.domain.ratings import Record, Service, Subject
from travelrisk.mail.desk import desk_speaker
from travelrisk.mail.reminders import Due, ReminderFacts, reminder
from travelrisk.mail.render import Letter
from travelrisk.services.application import Application
from travelrisk.services.desk.answering import answering_for
from travelrisk.services.desk.expiring import Ending, expiring
from travelrisk.services.letters.posting import Purpose, language_of, post
from travelrisk.services.naming import name_of
from travelrisk.store import people, ratings, reminders
from travelrisk.store.database import reading, transact
from travelrisk.store.reminders import Reminded

STEPS: Final = (30, 14, 3)
"""Days before the last day at which something is told."""

JOB: Final = "reminders"
_DELEGATION: Final = "delegation"


class Ends(NamedTuple):
    """Something that ends, and who is told.

    Attributes:
        record: base id of the record, or the number of the delegation.
        kind: as the letter names it.
        title: of the evidence, where that is what ends.
        subject: None for a delegation. between: its alternate and its focal point.
        others: ids of the people whom it concerns, beside those who keep the ratings.
        is_kept: whether it concerns focal points and running alternates.
    """

    record: str
    kind: str
    title: str
    last: date
    subject: Subject | None = None
    journeys: int | None = None
    between: tuple[str, str] = ("", "")
    others: frozenset[str] = frozenset()
    is_kept: bool = True


class Reader(NamedTuple):
    """Somebody who is told; *keeps*: a focal point, or an alternate while a delegation runs."""

    person: Person
    keeps: bool


class Planned(NamedTuple):
    """A letter that is ready, and what it reminds of."""

    person: Person
    letter: Letter
    reminded: tuple[Reminded, ...]


def remind(app: Application) -> int | None:
    """Write the reminders of the day; return how many letters, None where the day has had its reminders.

    Days are days in UTC, which knows no summer time.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        if reminders.is_taken(c, JOB, today.isoformat()):
            return None
    planned = tuple(_planned(app, today))  # before the transaction: to write letters takes time

    def write(c: Connection) -> int | None:
        if not reminders.take_slot(c, JOB, today.isoformat(), app.clock()):
            return None
        return sum(_write(app, c, each, today) for each in planned)

    return transact(app.engine, write)


def step_of(last: date, today: date) -> int:
    """Return the nearest step: those that were missed collapse into it."""
    return min(step for step in STEPS if (last - today).days <= step)


def _write(app: Application, c: Connection, planned: Planned, today: date) -> bool:
    purpose = Purpose(f"{JOB}:{today}:{planned.person.id}", JOB)
    is_written = post(app, c, planned.person, planned.letter, purpose)
    if is_written:
        reminders.note(c, planned.reminded, app.clock())
    return is_written


def _planned(app: Application, today: date) -> Iterator[Planned]:
    ending = expiring(app, STEPS[0])
    with reading(app.engine) as c:
        running = people.delegated(c, today)
        everybody = people.everybody(c)
        every = (*_records(c, ending, everybody), *_delegations(c, today))
        ends = [
            each for each in every if each.last <= today + timedelta(STEPS[0])
        ]  # midnight may have passed
        told = reminders.told(c, min((each.last for each in ends), default=today))
    names = {each.id: each.name for each in everybody}
    for person in everybody:
        if person.is_active and not person.is_machine:
            keeps = Role.FOCAL_POINT in roles_on(person, today, running)
            mine = [each for each in ends if (each.is_kept and keeps) or person.id in each.others]
            rows = {_reminded(each, person, today): each for each in mine}
            fresh = {row: each for row, each in rows.items() if told.get(row.about, row.step + 1) > row.step}
            if fresh:
                letter = _letter(app, Reader(person, keeps), fresh, names, today)
                yield Planned(person, letter, tuple(fresh))


def _records(c: Connection, ending: Iterable[Ending], everybody: Iterable[Person]) -> Iterator[Ends]:
    open_now = {base_id(each.id): each for each in ratings.in_force(c)}
    for each in ending:
        record = open_now.get(each.record)
        if record is None:
            continue  # closed since it was found to end
        others = answering_for(c, record, everybody) if isinstance(record, Authorisation) else frozenset()
        kind = _kind(each, record)
        yield Ends(each.record, kind, each.title, each.last, each.subject, each.journeys, others=others)


def _kind(ending: Ending, record: Record) -> str:
    return record.record if isinstance(record, Service | Airspace) else ending.kind.value


def _delegations(c: Connection, today: date) -> Iterator[Ends]:
    """Give the delegations that run; only the two people of each are told when they end."""
    for each in people.delegations_of(c):
        made = each.delegation
        if each.ended_at is None and made.covers(today):
            yield Ends(
                record=str(each.number),
                kind=_DELEGATION,
                title="",
                last=made.valid_until,
                between=(made.alternate, made.focal_point),
                others=frozenset({made.alternate, made.focal_point}),
                is_kept=False,
            )


def _reminded(ends: Ends, person: Person, today: date) -> Reminded:
    return Reminded(ends.record, ends.kind, ends.title, ends.last, step_of(ends.last, today), person.id)


def _letter(
    app: Application, reader: Reader, fresh: Mapping[Reminded, Ends], names: Mapping[str, str], today: date
) -> Letter:
    due = [
        _due(app, reader, row, ends, names)._replace(has_ended=ends.last < today)
        for row, ends in fresh.items()
    ]
    facts = ReminderFacts(due, app.facts.base_url, keeps=reader.keeps, demo=app.facts.demo)
    return reminder(facts, language_of(app, reader.person))


def _due(app: Application, reader: Reader, row: Reminded, ends: Ends, names: Mapping[str, str]) -> Due:
    language = language_of(app, reader.person)
    if ends.subject is None:
        alternate, focal_point = (names[each] for each in ends.between)
        name = desk_speaker(language)("delegation_name", alternate=alternate, focal_point=focal_point)
        page = "/account/delegations"
    else:
        name = name_of(app, ends.subject, language)
        page = f"/changes/new?subject={ends.subject}" if reader.keeps else ""
    url = f"{app.facts.base_url}{page}" if page else ""
    return Due(ends.kind, name, ends.last, ends.title, row.step, ends.journeys, url)
