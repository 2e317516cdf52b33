"""One turn in the life of a proposal: its row is held, the person asked for, the step recorded and told."""

from collections.abc import Callable

from sqlalchemy import Connection

from travelrisk.domain.errors import ForbiddenError, Refusal
from travelrisk.domain.people import Act, Person, may
from travelrisk.domain.proposals import Move, Proposal, Step
from travelrisk.domain.signoffs import Weight, signing_act
from travelrisk.services.application import Application
from travelrisk.services.proposals.letters import Foreseen, tell
from travelrisk.store import audit, people, proposals
from travelrisk.store.database import transact

Work = Callable[[Connection, Person, Proposal], Proposal]


def moved(  # noqa: PLR0913, PLR0917 - one transaction, with all that it needs
    app: Application,
    by: str,
    reference: str,
    act: Act | None,
    move: Move,
    work: Work,
    note: str = "",
    effect: Foreseen | None = None,
) -> Proposal:
    """Do *work* on a proposal in one transaction that holds its row, and record it in its life.

    Args:
        app: the parts of the service.
        by: id of the person who does it.
        reference: of the proposal.
        act: what the person must be allowed to do; None = *work* asks for itself.
        move: what is recorded.
        work: is given the connection, the person and the proposal, and returns the proposal as it is then.
        note: what the person wants to have said.
        effect: on journeys, for those who are asked to sign.
    """

    def turn(c: Connection) -> Proposal:
        person = allowed(app, c, by, act)
        proposal = proposals.held(c, proposals.by_reference(c, reference).id)
        after = record(app, c, person, work(c, person, proposal), move, note)
        tell(app, c, person, proposal, after, move, effect)
        return after

    return transact(app.engine, turn)


def allowed(app: Application, c: Connection, by: str, act: Act | None) -> Person:
    """Return the person, as the roles stand at this moment.

    Raises:
        ForbiddenError: this person may not do *act*, or has left.
        NotFoundError: there is nobody with this id.
    """
    person = people.by_id(c, by)
    day = app.clock().date()
    if not person.is_active or (act is not None and not may(person, act, day, people.delegated(c, day))):
        wanted = act.value.replace("_", " ") if act is not None else "do this"
        raise ForbiddenError(f"{person.name} may not {wanted}: ask an administrator")
    return person


def may_sign(app: Application, c: Connection, person: Person, proposal: Proposal, weight: Weight) -> None:
    """Refuse the author, whoever may not sign a change of this weight, and an alternate of the author's.

    An alternate acts for a focal point: with only the author's delegation, that would be the author again.

    Raises:
        ForbiddenError: in all three cases.
    """
    if person.id == proposal.author:
        raise ForbiddenError("nobody signs their own proposal: a second person must look at it", Refusal.OWN)
    act, day = signing_act(weight), app.clock().date()
    allowed(app, c, person.id, act)
    others = [each for each in people.delegated(c, day) if each.focal_point != proposal.author]
    if not may(person, act, day, others):
        raise ForbiddenError(
            "nobody signs as the alternate of the author: ask another focal point", Refusal.ALTERNATE
        )


def own(person: Person, proposal: Proposal) -> None:
    """Refuse to touch what somebody else answers for.

    Raises:
        ForbiddenError: it is somebody else's.
    """
    if person.id != proposal.author:
        raise ForbiddenError(
            f"{proposal.reference} is somebody else's: return it to its author instead", Refusal.NOT_YOURS
        )


def record(  # noqa: PLR0913, PLR0917 - the parts of an entry
    app: Application, c: Connection, person: Person, proposal: Proposal, move: Move, note: str = ""
) -> Proposal:
    """Add a step to the life of a proposal and an entry to the audit trail, and return the proposal."""
    proposals.record_step(c, proposal.id, Step(app.clock(), person.id, move, note.strip()))
    audit.append(
        c,
        kind=f"proposal.{move.value}",
        actor=person.id,
        at=app.clock(),
        subject=f"proposal:{proposal.reference}",
        body={
            "content_sha256": proposal.content_sha256,
            "base_edition": proposal.base_edition,
            "status": proposal.status.value,
            "version": proposal.version,
        },
    )
    return proposal
