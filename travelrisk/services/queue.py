"""The focal point's work queue: what waits, why here, whom it touches, until when; the most urgent first.

Ranked by the people it touches, and never by the alphabet. An item that somebody looked at is put aside, and
opens again by itself as soon as what it is about has changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Act, Person, may
from travelrisk.domain.proposals import Proposal, Status
from travelrisk.domain.ratings import Caution, Rating, Snapshot, Subject, SubjectKind
from travelrisk.domain.signoffs import Weight, signing_act
from travelrisk.services.application import Application
from travelrisk.services.demand import demands_of
from travelrisk.store import people, proposals
from travelrisk.store import queue as store
from travelrisk.store.database import reading, transact
from travelrisk.store.queue import Demand, Mark

SOON = timedelta(days=30)
_SHOWN = 500


class Kind(StrEnum):
    """Why something stands in the queue."""

    COUNTERSIGN = "countersign"
    SIGN = "sign"
    EXCEPTION = "exception"
    RETURNED = "returned"
    UNRATED = "unrated"
    REVIEW = "review"
    EVIDENCE = "evidence"
    NOTICE = "notice"


class State(StrEnum):
    """Whether somebody has looked at an item: *reopened* = it changed since."""

    NEW = "new"
    REVIEWED = "reviewed"
    REOPENED = "reopened"


_URGENCY: Final = tuple(Kind)
_DECIDED: Final = frozenset({Kind.COUNTERSIGN, Kind.SIGN, Kind.EXCEPTION, Kind.RETURNED})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do.

    Attributes:
        key: the same for the same thing, day after day.
        subject: what it is about; None for a demand for signatures and for some notices.
        reference: of the proposal, where it is one. record: base id of the record, where it is one.
        title: words from outside, such as the title of the evidence that lapses; empty for most.
        itineraries: how many upcoming ones it touches. earliest: when the first of them departs.
        due: until when something must be done.
        fingerprint: changes when the thing does.
    """

    key: str
    kind: Kind
    fingerprint: str
    subject: Subject | None = None
    reference: str = ""
    record: str = ""
    title: str = ""
    itineraries: int = 0
    earliest: date | None = None
    due: date | None = None
    state: State = State.NEW
    note: str = ""


class Waiting(NamedTuple):
    """The queue as one person sees it."""

    items: tuple[Item, ...]
    counts: dict[Kind, int]


def waiting(app: Application, by: str, *, everything: bool = False) -> Waiting:
    """Return what waits for the person, the most urgent first.

    Args:
        app: the parts of the service.
        by: id of the person.
        everything: also what somebody has looked at and nothing has changed since.

    Raises:
        ForbiddenError: the person may not see the desk.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        person = people.by_id(c, by)
        running = people.delegated(c, today)
        if not may(person, Act.SEE_DESK, today, running):
            raise ForbiddenError(f"{person.name} may not see the desk: ask an administrator")
        marks = store.marked(c)
        snapshot = app.shelf.newest(c)
        mine = frozenset(act for act in Act if may(person, act, today, running))
        found = [
            *_proposals(c, person, mine),
            *_unrated(c, snapshot, today),
            *_ageing(app, c, snapshot, today),
            *_notices(c),
        ]
    items = [_judged(item, marks.get(item.key)) for item in found]
    shown = [item for item in items if everything or item.state is not State.REVIEWED]
    counts = {kind: sum(item.kind is kind for item in shown) for kind in Kind}
    return Waiting(tuple(sorted(shown, key=_rank)[:_SHOWN]), counts)


def set_aside(app: Application, by: str, key: str, *, note: str) -> None:
    """Put an item aside until what it is about changes.

    Raises:
        NotFoundError: no such item waits.
        BadInputError: no reason is given, or it is something that only a decision ends.
        ForbiddenError: this person may not propose changes.
    """
    found = next((item for item in waiting(app, by, everything=True).items if item.key == key), None)
    if found is None:
        raise NotFoundError("this is no longer waiting: look at the queue again")
    if found.kind in _DECIDED:
        raise BadInputError("only a decision ends this: open it, then sign it or return it")
    if not note.strip():
        raise BadInputError("say why it can wait, so that others need not ask")

    def keep(c: Connection) -> None:
        day = app.clock().date()
        if not may(people.by_id(c, by), Act.PROPOSE, day, people.delegated(c, day)):
            raise ForbiddenError("only who may propose changes puts work aside: ask a focal point")
        store.mark(
            c,
            key,
            state="reviewed",
            fingerprint=found.fingerprint,
            person=by,
            note=note.strip(),
            at=app.clock(),
        )

    transact(app.engine, keep)


def _proposals(c: Connection, person: Person, mine: frozenset[Act]) -> Iterator[Item]:
    for proposal in proposals.uncountersigned(c):
        if proposal.countersign_by is not None:
            due = proposal.countersign_by.date()
            yield _item_of(proposal, Kind.COUNTERSIGN, due)
    for proposal in proposals.in_status(c, Status.PROPOSED, Status.SIGNED, Status.RETURNED):
        if proposal.status is Status.RETURNED:
            if proposal.author == person.id:
                yield _item_of(proposal, Kind.RETURNED)
        elif proposal.author != person.id and signing_act(proposal.weight) in mine:
            yield _item_of(proposal, Kind.EXCEPTION if proposal.weight is Weight.EXCEPTION else Kind.SIGN)


def _item_of(proposal: Proposal, kind: Kind, due: date | None = None) -> Item:
    wanted = proposal.content.wanted
    return Item(
        key=f"{kind.value}:{proposal.reference}",
        kind=kind,
        fingerprint=f"{proposal.version}",
        subject=getattr(wanted[0], "subject", None) if len(wanted) == 1 else None,
        reference=proposal.reference,
        title=proposal.content.reason,
        due=due,
    )


def _unrated(c: Connection, snapshot: Snapshot, today: date) -> Iterator[Item]:
    rated = {subject.key for subject in snapshot.ratings if subject.kind is SubjectKind.CARRIER}
    flown = store.demands(c, store.carriers_flown(c) - rated, today, "carrier")
    for icao, demand in flown.items():
        subject = Subject(SubjectKind.CARRIER, icao)
        # When the demand doubles, somebody should look again.
        fingerprint = str(demand.itineraries.bit_length())
        yield _with(Item(f"unrated:{icao}", Kind.UNRATED, fingerprint, subject, due=demand.earliest), demand)


def _ageing(app: Application, c: Connection, snapshot: Snapshot, today: date) -> Iterator[Item]:
    records: chain[Rating | Caution] = chain(
        chain.from_iterable(snapshot.ratings.values()), chain.from_iterable(snapshot.cautions.values())
    )
    due = [item for record in records for item in _aged(record, today)]
    demands = demands_of(app, c, {item.subject for item in due if item.subject}, today)
    return (_with(item, demands.get(item.subject) if item.subject else None) for item in due)


def _aged(record: Rating | Caution, today: date) -> Iterator[Item]:
    base, soon = base_id(record.id), today + SOON
    ends = [day for day in (record.valid_until, getattr(record, "review_on", None)) if day is not None]
    if ends and min(ends) <= soon:
        fingerprint = f"{record.id} {min(ends)}"
        yield Item(f"review:{base}", Kind.REVIEW, fingerprint, record.subject, record=base, due=min(ends))
    for each in record.evidence:
        if each.valid_until is not None and each.valid_until <= soon:
            yield Item(
                key=f"evidence:{base}:{each.title}",
                kind=Kind.EVIDENCE,
                fingerprint=f"{record.id} {each.valid_until}",
                subject=record.subject,
                record=base,
                title=each.title,
                due=each.valid_until,
            )


def _with(item: Item, demand: Demand | None) -> Item:
    return replace(item, itineraries=demand.itineraries, earliest=demand.earliest) if demand else item


def _notices(c: Connection) -> Iterator[Item]:
    for notice in store.notices_since(c):
        subject = store.subject_of(notice.subject)
        yield Item(f"notice:{notice.id}", Kind.NOTICE, "1", subject, title=notice.title)


def _judged(item: Item, mark: Mark | None) -> Item:
    if mark is None:
        return item
    state = State.REVIEWED if mark.fingerprint == item.fingerprint else State.REOPENED
    return replace(item, state=state, note=mark.note)


def _rank(item: Item) -> tuple[bool, int, date, int, str]:
    return (
        item.kind not in _DECIDED,
        -item.itineraries,
        item.due or date.max,
        _URGENCY.index(item.kind),
        item.key,
    )
