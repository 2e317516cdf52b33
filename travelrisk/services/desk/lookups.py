"""What the desk looks up before anything is done: open proposals, who is who, and what is believed now."""

from itertools import chain
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.changes import base_id
from travelrisk.domain.proposals import Proposal, Status, Step
from travelrisk.domain.ratings import Record, Subject, SubjectKind, subject_of
from travelrisk.services.application import Application
from travelrisk.store import people, proposals, ratings
from travelrisk.store.database import reading

_OPEN = (Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED)


class Kept(NamedTuple):
    """A proposal as it is kept, and what happened to it, the first step first."""

    proposal: Proposal
    life: tuple[Step, ...]


def open_proposals(app: Application) -> tuple[Proposal, ...]:
    """Return the proposals on their way, and after them the urgent ones that await a countersignature."""
    with reading(app.engine) as c:
        return (*proposals.in_status(c, *_OPEN), *proposals.uncountersigned(c))


def kept(app: Application, reference: str) -> Kept:
    """Return a proposal without asking whether it still fits the ratings.

    Raises:
        NotFoundError: there is no such proposal.
    """
    with reading(app.engine) as c:
        proposal = proposals.by_reference(c, reference)
        return Kept(proposal, proposals.life(c, proposal.id))


def subjects_in(c: Connection, proposal: Proposal) -> tuple[Subject, ...]:
    """Return what a proposal is about, whether it changes records or ends them."""
    content = proposal.content
    ended = ratings.subjects_of(c, content.ended)
    return tuple(dict.fromkeys((*map(subject_of, content.wanted), *ended.values())))


def names(app: Application) -> dict[str, str]:
    """Return the name of everybody who has or had an account, by id."""
    with reading(app.engine) as c:
        return {person.id: person.name for person in people.everybody(c)}


def believed(app: Application, *subjects: Subject) -> dict[Subject, tuple[Record, ...]]:
    """Return the open records about each subject, authorisations aside."""
    with reading(app.engine) as c:
        newest = app.shelf.newest(c)
    return {
        each: (
            *newest.ratings.get(each, ()),
            *newest.cautions.get(each, ()),
            *newest.services.get(each, ()),
            *(newest.sky.of_key(each.key) if each.kind is SubjectKind.AIRSPACE else ()),
        )
        for each in subjects
    }


def open_record(app: Application, base: str) -> Record | None:
    """Return the open record with this base id, authorisations aside; None where there is none."""
    with reading(app.engine) as c:
        newest = app.shelf.newest(c)
    every: chain[Record] = chain(
        chain.from_iterable(newest.ratings.values()),
        chain.from_iterable(newest.cautions.values()),
        chain.from_iterable(newest.services.values()),
        newest.sky.airspaces,
    )
    return next((each for each in every if base_id(each.id) == base), None)


def was_opened(app: Application, base: str) -> bool:
    """Say whether there ever was a record with this base id, open or closed."""
    with reading(app.engine) as c:
        return bool(ratings.subjects_of(c, [base]))
