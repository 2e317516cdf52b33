"""A proposal becomes the next edition: everything is asked again, under the lock."""

from datetime import datetime

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act, Person
from travelrisk.domain.proposals import Move, Proposal, Status, after
from travelrisk.services.application import Application
from travelrisk.services.proposals.letters import foreseen
from travelrisk.services.proposals.turns import moved
from travelrisk.services.proposals.weighing import Weighed, check_urgency, outstanding, requirement, weigh
from travelrisk.store import people, proposals, ratings


def publish(app: Application, by: str, reference: str) -> Proposal:
    """Publish a signed proposal as the next edition.

    Everything is asked again under the lock: the content, the signatures, who may still sign, the newest
    edition.

    Raises:
        BadInputError: signatures are missing, or have lapsed because another edition was published.
        ForbiddenError: this person may not publish.
    """

    def issue(c: Connection, _person: Person, proposal: Proposal) -> Proposal:
        status = after(proposal.status, Move.PUBLISH)
        ratings.hold(c, alone=True)
        weighed = weigh(app, c, proposal.content)
        short = outstanding(app, c, proposal, proposal.signatures, weighed)
        if short:
            raise BadInputError(
                f"{reference}: {_people(short)} must sign before it can be published. Signatures lapse"
                " when another edition is published: look at the effect again and ask for them anew"
            )
        return _issue(app, c, proposal, weighed, status)

    return moved(app, by, reference, Act.PUBLISH, Move.PUBLISH, issue)


def publish_urgently(app: Application, by: str, reference: str) -> Proposal:
    """Publish a tightening at once; a second person must countersign within the hours of the policy.

    Raises:
        BadInputError: it makes anything easier, or was not marked as urgent.
        ForbiddenError: this person may not publish.
    """

    def issue(c: Connection, _person: Person, proposal: Proposal) -> Proposal:
        status = after(proposal.status, Move.PUBLISH_URGENTLY)
        ratings.hold(c, alone=True)
        weighed = weigh(app, c, proposal.content)
        if not proposal.is_urgent:
            raise BadInputError(f"{reference} was not marked as urgent: ask somebody to sign it")
        check_urgency(weighed.weight, is_urgent=True)
        due = requirement(app, c).countersign_by(app.clock())
        return _issue(app, c, proposal, weighed, status, countersign_by=due)

    effect = foreseen(app, reference)
    return moved(app, by, reference, Act.PUBLISH, Move.PUBLISH_URGENTLY, issue, effect=effect)


def _issue(  # noqa: PLR0913, PLR0917 - what is known of it, passed on
    app: Application,
    c: Connection,
    proposal: Proposal,
    weighed: Weighed,
    status: Status,
    countersign_by: datetime | None = None,
) -> Proposal:
    at, edition = app.clock(), None
    if proposal.content.requirement is not None:
        proposals.demand(c, proposal.content.requirement, proposal, at)
    else:
        edition = ratings.publish(
            c,
            opened=weighed.change.opened,
            closed=[record.id for record in weighed.change.closed],
            actor=_actors(c, proposal),
            note=f"{proposal.reference}: {proposal.content.reason}",
            at=at,
        )
    return proposals.save(
        c,
        proposal,
        status=status,
        weight=weighed.weight,
        base_edition=weighed.edition,
        edition=edition,
        countersign_by=countersign_by,
        updated_at=at,
    )


def _actors(c: Connection, proposal: Proposal) -> str:
    author = people.by_id(c, proposal.author).name
    signers = [people.by_id(c, each.person).name for each in proposal.signatures]
    return f"{author}, signed by {', '.join(signers)}" if signers else author


def _people(count: int) -> str:
    return "1 more person" if count == 1 else f"{count} more people"
