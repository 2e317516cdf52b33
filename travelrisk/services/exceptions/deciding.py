"""Deciding on exceptions: approve, refuse, and end one before its last day."""

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.changes import base_id
from travelrisk.domain.errors import BadInputError, ForbiddenError, NotFoundError
from travelrisk.domain.people import Act, Person, may
from travelrisk.domain.proposals import Content, Move, Proposal, after
from travelrisk.domain.signoffs import Weight
from travelrisk.services.application import Application
from travelrisk.services.proposals.drafting import drafted
from travelrisk.services.proposals.letters import tell, tell_of_end
from travelrisk.services.proposals.publishing import issue_at_once, sign
from travelrisk.services.proposals.signing import Seen
from travelrisk.services.proposals.turns import allowed, may_sign, moved, record
from travelrisk.store import people, proposals, ratings
from travelrisk.store.database import reading, transact

_ENDS = (Act.APPROVE_EXCEPTION, Act.PUBLISH)


def approve(app: Application, by: str, reference: str, seen: Seen, *, note: str = "") -> Proposal:
    """Approve a request as it was looked at; the last approval that was missing puts it in force.

    Args:
        app: the parts of the service.
        by: id of whoever approves; never who asked.
        reference: of the request.
        seen: what was looked at.
        note: what the approver wants to have said.

    Raises:
        ChangedMeanwhileError: the request or the ratings are others than were looked at.
        ForbiddenError: one's own request, or no approver.
        BadInputError: it is no exception, was approved by this person already, or is not open.
    """
    with reading(app.engine) as c:
        _check_is_exception(proposals.by_reference(c, reference))
    return sign(app, by, reference, seen, note=note)


def refuse(app: Application, by: str, reference: str, *, note: str) -> Proposal:
    """Refuse a request; whoever asked reads why, and may ask anew on better grounds.

    Raises:
        BadInputError: no reason is given, or it is no exception that waits for a decision.
        ForbiddenError: one's own request, or no approver.
    """
    if not note.strip():
        raise BadInputError("say why it is refused: whoever asked reads it")

    def decide(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        _check_is_exception(proposal)
        may_sign(app, c, person, proposal, proposal.weight)
        proposals.revoke_all(c, proposal.id)
        status = after(proposal.status, Move.REFUSE)
        return proposals.save(c, proposal, status=status, updated_at=app.clock())

    return moved(app, by, reference, Act.APPROVE_EXCEPTION, Move.REFUSE, decide, note)


def end(app: Application, by: str, name: str, *, note: str) -> Proposal:
    """End an exception before its last day; it makes nothing easier, so it is published at once.

    A second person countersigns it afterwards, as with every change that was published at once.

    Args:
        app: the parts of the service.
        by: id of an approver, of a focal point, or of whoever asked for it.
        name: base id of the authorisation.
        note: why.

    Raises:
        BadInputError: no reason is given.
        NotFoundError: no such exception is in force.
        ForbiddenError: this person may not end it.
    """
    if not note.strip():
        raise BadInputError("say why it ends: whoever asked for it reads it")

    def stop(c: Connection) -> Proposal:
        person = allowed(app, c, by, None)
        ratings.hold(c, alone=True)
        made = proposals.of_edition(c, _open(c, name).opened_in)
        if not may_end(app, c, person, made.author if made else ""):
            raise ForbiddenError(f"{person.name} may not end this exception: ask an approver")
        content = Content(note.strip(), ended=(name,))
        drawn = drafted(app, c, person, content, is_urgent=True)
        ended = record(app, c, person, issue_at_once(app, c, drawn), Move.PUBLISH_URGENTLY)
        tell(app, c, person, drawn, ended, Move.PUBLISH_URGENTLY)
        if made is not None:
            tell_of_end(app, c, person, made, ended)
        return ended

    return transact(app.engine, stop)


def may_end(app: Application, c: Connection, person: Person, asked_by: str) -> bool:
    """Say whether somebody may end an exception that *asked_by* asked for (an id; empty = nobody known)."""
    day = app.clock().date()
    running = people.delegated(c, day)
    decides = any(may(person, act, day, running) for act in _ENDS)
    return decides or (person.id == asked_by and may(person, Act.REQUEST_EXCEPTION, day, running))


def _open(c: Connection, name: str) -> Authorisation:
    for each in ratings.in_force(c):
        if isinstance(each, Authorisation) and base_id(each.id) == name:
            return each
    raise NotFoundError(f"no exception {name} is in force: look at the list of exceptions")


def _check_is_exception(proposal: Proposal) -> None:
    if proposal.weight is not Weight.EXCEPTION:
        raise BadInputError(f"{proposal.reference} is no request for an exception: sign it as a change")
