"""The focal point's work queue: what waits, why here, whom it touches, until when; the most urgent first.

Ranked by the people it touches, and never by the alphabet. An item that somebody looked at is put aside, and
opens again by itself as soon as what it is about has changed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
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
from travelrisk.domain.signoffs import Weight, counted, missing, signing_act
from travelrisk.services.application import Application
from travelrisk.services.desk import lookups
from travelrisk.services.desk.demand import demands_of
from travelrisk.services.proposals.weighing import requirement
from travelrisk.store import people, proposals
from travelrisk.store import queue as store
from travelrisk.store.database import reading, transact
from travelrisk.store.queue import Demand, Group, Mark, Notice

SOON = timedelta(days=30)


class Kind(StrEnum):
    """Why something stands in the queue."""

    COUNTERSIGN = "countersign"
    SIGN = "sign"
    EXCEPTION = "exception"
    PUBLISH = "publish"
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
DECIDED: Final = frozenset({Kind.COUNTERSIGN, Kind.SIGN, Kind.EXCEPTION, Kind.PUBLISH, Kind.RETURNED})


class Lapsing(NamedTuple):
    """Evidence of a record, and the last day on which it holds."""

    title: str
    due: date


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do.

    Attributes:
        key: the same for the same thing, day after day.
        subject: what it is about; None for a demand for signatures and for some notices.
        about: the subjects of a proposal, for its name.
        reference: of the proposal, where it is one. record: base id of the record, where it is one.
        title: words from outside, such as the reason of a proposal; empty for most.
        lapsing: evidence that a record rests on and that lapses, whatever else is due about the record.
        notice: what reached the desk from outside, where it is that.
        itineraries: how many upcoming ones it touches. earliest: when the first of them departs.
        due: until when something must be done.
        fingerprint: changes when the thing does.
    """

    key: str
    kind: Kind
    fingerprint: str
    subject: Subject | None = None
    about: tuple[Subject, ...] = ()
    reference: str = ""
    record: str = ""
    title: str = ""
    lapsing: tuple[Lapsing, ...] = ()
    notice: Notice | None = None
    itineraries: int = 0
    earliest: date | None = None
    due: date | None = None
    state: State = State.NEW
    note: str = ""

    @property
    def reasons(self) -> tuple[Kind, ...]:
        """Every reason why it stands here; one record stands here once."""
        return (self.kind, Kind.EVIDENCE) if self.lapsing and self.kind is Kind.REVIEW else (self.kind,)


class Waiting(NamedTuple):
    """The queue as one person sees it, and how many stand in it for each reason."""

    items: tuple[Item, ...]
    counts: dict[Kind, int]


class _Signing(NamedTuple):
    """Whose signatures on a proposal hold, and whether it needs no more of them."""

    by: frozenset[str]
    is_complete: bool


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
        asked = [
            *_proposals(app, c, person, mine, snapshot.edition),
            *_ageing(snapshot, today),
            *_notices(c, everything=everything),
        ]
        found = [*_unrated(c, snapshot, today), *_with_demand(app, c, asked, today)]
    items = [_judged(item, marks.get(item.key)) for item in found]
    shown = [item for item in items if everything or item.state is not State.REVIEWED]
    counts = Counter(reason for item in shown for reason in item.reasons)
    return Waiting(tuple(sorted(shown, key=_rank)), {kind: counts[kind] for kind in Kind})


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
    if found.kind in DECIDED:
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


def _proposals(
    app: Application, c: Connection, person: Person, mine: frozenset[Act], edition: int
) -> Iterator[Item]:
    for proposal in proposals.uncountersigned(c):
        if proposal.countersign_by is not None:
            due = proposal.countersign_by.date()
            yield _item_of(c, proposal, Kind.COUNTERSIGN, due)
    for proposal in proposals.in_status(c, Status.PROPOSED, Status.SIGNED, Status.RETURNED):
        signing = _signing(app, c, proposal, edition)
        kind = _kind_of(proposal, signing, person.id, mine)
        if kind is Kind.EXCEPTION:  # too late on the day the first flight leaves
            first = min((each.valid_from for each in proposal.content.wanted), default=None)
            yield _item_of(c, proposal, kind, first)
        elif kind is not None:
            yield _item_of(c, proposal, kind)


def _signing(app: Application, c: Connection, proposal: Proposal, edition: int) -> _Signing:
    """Find whose signatures hold; what the proposal would do is not weighed anew, which takes its time."""
    if not proposal.signatures:
        return _Signing(frozenset(), is_complete=False)
    able = people.able(c, signing_act(proposal.weight), app.clock().date())
    sought, given = proposal.sought(proposal.weight, edition), proposal.signatures
    is_complete = proposal.status is Status.SIGNED and not missing(sought, given, able, requirement(app, c))
    return _Signing(frozenset(each.person for each in counted(sought, given, able)), is_complete)


def _kind_of(proposal: Proposal, signing: _Signing, me: str, mine: frozenset[Act]) -> Kind | None:
    """Return why a proposal waits for somebody; None where it waits for others."""
    if proposal.status is Status.RETURNED:
        return Kind.RETURNED if proposal.author == me else None
    if signing.is_complete:
        return Kind.PUBLISH if Act.PUBLISH in mine else None
    if me in signing.by or proposal.author == me or signing_act(proposal.weight) not in mine:
        return None
    return Kind.EXCEPTION if proposal.weight is Weight.EXCEPTION else Kind.SIGN


def _item_of(c: Connection, proposal: Proposal, kind: Kind, due: date | None = None) -> Item:
    wanted = proposal.content.wanted
    return Item(
        key=f"{kind.value}:{proposal.reference}",
        kind=kind,
        fingerprint=f"{proposal.version}",
        subject=getattr(wanted[0], "subject", None) if len(wanted) == 1 else None,
        about=lookups.subjects_in(c, proposal),
        reference=proposal.reference,
        title=proposal.content.reason,
        due=due,
    )


def _unrated(c: Connection, snapshot: Snapshot, today: date) -> Iterator[Item]:
    rated = {subject.key for subject in snapshot.ratings if subject.kind is SubjectKind.CARRIER}
    unrated = store.carriers_flown(c) - rated
    flown = store.demands(c, {icao: Group("operating", (icao,)) for icao in unrated}, today)
    for icao, demand in flown.items():
        subject = Subject(SubjectKind.CARRIER, icao)
        # When the demand doubles, somebody should look again.
        fingerprint = str(demand.itineraries.bit_length())
        yield Item(
            f"unrated:{icao}",
            Kind.UNRATED,
            fingerprint,
            subject,
            itineraries=demand.itineraries,
            earliest=demand.earliest,
            due=demand.earliest,
        )


def _ageing(snapshot: Snapshot, today: date) -> Iterator[Item]:
    records: chain[Rating | Caution] = chain(
        chain.from_iterable(snapshot.ratings.values()), chain.from_iterable(snapshot.cautions.values())
    )
    soon = today + SOON
    return (item for record in records if (item := _aged(record, soon)) is not None)


def _aged(record: Rating | Caution, soon: date) -> Item | None:
    ends = [day for day in (record.valid_until, getattr(record, "review_on", None)) if day and day <= soon]
    lapses = ((each.title, each.valid_until) for each in record.evidence)
    lapsing = tuple(Lapsing(title, day) for title, day in lapses if day is not None and day <= soon)
    days = [*ends, *(each.due for each in lapsing)]
    if not days:
        return None
    base = base_id(record.id)
    return Item(
        key=f"record:{base}",
        kind=Kind.REVIEW if ends else Kind.EVIDENCE,
        fingerprint=" ".join(map(str, (record.id, *sorted(days)))),
        subject=record.subject,
        record=base,
        lapsing=lapsing,
        due=min(days),
    )


def _with_demand(app: Application, c: Connection, items: Sequence[Item], today: date) -> Iterator[Item]:
    demands = demands_of(app, c, {item.subject for item in items if item.subject}, today)
    return (_with(item, demands.get(item.subject) if item.subject else None) for item in items)


def _with(item: Item, demand: Demand | None) -> Item:
    return replace(item, itineraries=demand.itineraries, earliest=demand.earliest) if demand else item


def _notices(c: Connection, *, everything: bool) -> Iterator[Item]:
    for key, notice in store.notices_waiting(c, everything=everything):
        subject = store.subject_of(notice.subject)
        yield Item(key, Kind.NOTICE, "1", subject, title=notice.title, notice=notice)


def _judged(item: Item, mark: Mark | None) -> Item:
    if mark is None:
        return item
    state = State.REVIEWED if mark.fingerprint == item.fingerprint else State.REOPENED
    return replace(item, state=state, note=mark.note)


def _rank(item: Item) -> tuple[bool, int, date, int, str]:
    return (
        item.kind not in DECIDED,
        -item.itineraries,
        item.due or date.max,
        _URGENCY.index(item.kind),
        item.key,
    )
