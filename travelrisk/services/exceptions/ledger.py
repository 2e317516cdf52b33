"""The ledger of exceptions: all that were ever asked for or in force, and how each of them stands.

Whoever works at the desk sees all of them; everybody else sees what they asked for themselves. An exception
says who goes where, so that the ones of others are not there at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.people import Act, Person, may
from travelrisk.domain.proposals import Move, Proposal, Status, Step
from travelrisk.domain.signoffs import Weight
from travelrisk.services.application import Application
from travelrisk.services.exceptions.deciding import may_end
from travelrisk.store import people, proposals, ratings
from travelrisk.store.database import reading

SOON: Final = timedelta(days=30)


class State(StrEnum):
    """How an exception stands today; *ending* = in force, and for no more than 30 days."""

    REQUESTED = "requested"
    DRAFT = "draft"
    IN_FORCE = "in_force"
    ENDING = "ending"
    NOT_YET_VALID = "not_yet_valid"
    REFUSED = "refused"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


_ON_ITS_WAY: Final = {
    Status.DRAFT: State.DRAFT,
    Status.PROPOSED: State.REQUESTED,
    Status.SIGNED: State.REQUESTED,
    Status.RETURNED: State.REFUSED,
    Status.WITHDRAWN: State.WITHDRAWN,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One exception.

    Attributes:
        record: as it is asked for, or as it was opened.
        state: how it stands today.
        request: how it came to be; None for what was imported from a file.
    """

    record: Authorisation
    state: State
    request: Proposal | None = None

    @property
    def is_running(self) -> bool:
        """Say whether it was opened and has not ended."""
        return self.state in {State.IN_FORCE, State.ENDING, State.NOT_YET_VALID}

    @property
    def key(self) -> str:
        """What it is called: reference of the request, or else the base id of the record."""
        return self.request.reference if self.request else base_id(self.record.id)


@dataclass(frozen=True, slots=True)
class Story:
    """An exception with all that happened to it.

    Attributes:
        entries: the exceptions of one request, nearly always one.
        life: of the request, the first step first; then who ended it, and who countersigned that.
        why_ended: what was said when it was ended before its last day; empty where it was not.
        names: of everybody who had a part in it, by id.
        sees_all: whether whoever looks works at the desk.
        may_end: whether they may end it now.
    """

    entries: tuple[Entry, ...]
    life: tuple[Step, ...]
    names: dict[str, str]
    sees_all: bool
    may_end: bool
    why_ended: str = ""

    @property
    def entry(self) -> Entry:
        """The first of them."""
        return self.entries[0]

    @property
    def why_refused(self) -> str:
        """What was said when it was refused or given back last; empty where it never was."""
        said = [step.note for step in self.life if step.move.value in {"refuse", "return"}]
        return said[-1] if said else ""


def listing(app: Application, by: str) -> tuple[Entry, ...]:
    """Return the exceptions that somebody may see, by state, and in each the one that ends first."""
    today = app.clock().date()
    with reading(app.engine) as c:
        person = people.by_id(c, by)
        return _sorted(_entries(c, today, "" if sees_all(app, c, person) else person.id))


def everything(app: Application) -> tuple[Entry, ...]:
    """Return all exceptions, for whoever can start the program on this machine."""
    with reading(app.engine) as c:
        return _sorted(_entries(c, app.clock().date(), ""))


def story(app: Application, by: str, key: str) -> Story:
    """Return one exception with its life; *by* empty = for whoever can start the program on this machine.

    Raises:
        NotFoundError: there is no such exception, or not for this person.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        person = people.by_id(c, by) if by else None
        all_of_them = person is None or sees_all(app, c, person)
        entries = _found(c, today, "" if person is None or all_of_them else person.id, key)
        if not entries:
            raise NotFoundError(f"there is no exception {key}")
        request = entries[0].request
        closed_in = entries[0].record.closed_in
        end = proposals.of_edition(c, closed_in) if closed_in else None
        life = proposals.life(c, request.id) if request else ()
        life += _ended(proposals.life(c, end.id)) if end else ()
        asked_by = request.author if request else ""
        involved = {asked_by, *(each.person for each in life)} - {""}
        ends = person is not None and may_end(app, c, person, asked_by)
        names = {each: people.by_id(c, each).name for each in involved}
    why_ended = end.content.reason if end else ""
    can_end = ends and any(each.is_running for each in entries)
    return Story(entries, life, names, all_of_them, can_end, why_ended)


def sees_all(app: Application, c: Connection, person: Person) -> bool:
    """Say whether somebody sees the exceptions of others."""
    day = app.clock().date()
    return may(person, Act.SEE_DESK, day, people.delegated(c, day))


def state_of(record: Authorisation, today: date) -> State:
    """Say how an exception that was opened stands on a day."""
    if record.closed_in is not None or record.valid_until < today:
        return State.ENDED
    if record.valid_from > today:
        return State.NOT_YET_VALID
    return State.ENDING if record.valid_until <= today + SOON else State.IN_FORCE


def _ended(life: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return what the life of the change that ended an exception is in the life of the exception."""
    told = {Move.PUBLISH: Move.END, Move.PUBLISH_URGENTLY: Move.END, Move.COUNTERSIGN: Move.COUNTERSIGN}
    return tuple(replace(step, move=told[step.move]) for step in life if step.move in told)


def _sorted(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    order = list(State)
    return tuple(
        sorted(entries, key=lambda each: (order.index(each.state), each.record.valid_until, each.key))
    )


def _found(c: Connection, today: date, author: str, key: str) -> tuple[Entry, ...]:
    """Return the exceptions under a reference, or the newest one of a record that an answer names."""
    wanted, known = key.strip().casefold(), tuple(_entries(c, today, author))
    called = next((each.key for each in known if base_id(each.record.id).casefold() == wanted), key.strip())
    return tuple(each for each in known if each.key.casefold() == called.casefold())


def _entries(c: Connection, today: date, author: str) -> Iterator[Entry]:
    requests = proposals.of_weight(c, Weight.EXCEPTION, author)
    by_edition = {each.edition: each for each in requests if each.edition is not None}
    for request in requests:
        if request.edition is None:
            for record in _authorisations(request.content.wanted):
                yield Entry(record, _ON_ITS_WAY[request.status], request)
    for record in _authorisations(ratings.of_kind(c, "authorisation")):
        made = by_edition.get(record.opened_in)
        if made is not None or not author:
            yield Entry(record, state_of(record, today), made)


def _authorisations(records: Iterable[object]) -> Iterator[Authorisation]:
    return (each for each in records if isinstance(each, Authorisation))
