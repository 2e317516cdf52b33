"""A proposal becomes the next edition: everything is asked again, under the lock."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.errors import BadInputError, Refusal
from travelrisk.domain.people import Act, Person
from travelrisk.domain.proposals import Move, Proposal, Status, after
from travelrisk.domain.ratings import Record
from travelrisk.domain.signoffs import Weight
from travelrisk.services.application import Application
from travelrisk.services.proposals.letters import foreseen, tell
from travelrisk.services.proposals.signing import Seen, agreed, looked_at
from travelrisk.services.proposals.turns import allowed, may_sign, moved, record
from travelrisk.services.proposals.weighing import Weighed, check_urgency, outstanding, requirement, weigh
from travelrisk.store import people, proposals, ratings
from travelrisk.store.database import transact


def publish(app: Application, by: str, reference: str) -> Proposal:
    """Publish a signed proposal as the next edition.

    Everything is asked again under the lock: the content, the signatures, who may still sign, the newest
    edition.

    Raises:
        BadInputError: signatures are missing, or have lapsed because another edition was published.
        ForbiddenError: this person may not publish.
    """

    def out(c: Connection, _person: Person, proposal: Proposal) -> Proposal:
        status = after(proposal.status, Move.PUBLISH)
        ratings.hold(c, alone=True)
        weighed = weigh(app, c, proposal.content)
        short = outstanding(app, c, proposal, proposal.signatures, weighed)
        if short:
            raise BadInputError(
                f"{reference}: {_people(short)} must sign before it can be published. Signatures lapse"
                " when another edition is published: look at the effect again and ask for them anew",
                Refusal.LAPSED,
            )
        return issue(app, c, proposal, weighed, status)

    return moved(app, by, reference, Act.PUBLISH, Move.PUBLISH, out)


def sign(app: Application, by: str, reference: str, seen: Seen, *, note: str = "") -> Proposal:
    """Sign a proposal; where it opens exceptions, the last signature that was missing publishes it.

    An exception that waited for somebody to press a further button would strand a traveller.

    Raises:
        ChangedMeanwhileError, ForbiddenError, BadInputError: as for ``signing.sign``.
    """

    def agree(c: Connection) -> Proposal:
        person = allowed(app, c, by, None)
        proposal = proposals.held(c, proposals.by_reference(c, reference).id)
        ratings.hold(c, alone=True)
        weighed = looked_at(app, c, proposal, seen)
        may_sign(app, c, person, proposal, weighed.weight)
        signed = record(app, c, person, agreed(app, c, person, proposal, weighed), Move.SIGN, note)
        tell(app, c, person, proposal, signed, Move.SIGN)
        if weighed.weight is not Weight.EXCEPTION or signed.status is not Status.SIGNED:
            return signed
        issued = issue(app, c, signed, weighed, after(signed.status, Move.PUBLISH))
        issued = record(app, c, person, issued, Move.PUBLISH)
        tell(app, c, person, signed, issued, Move.PUBLISH)
        return issued

    return transact(app.engine, agree)


def publish_urgently(app: Application, by: str, reference: str) -> Proposal:
    """Publish a tightening at once; a second person must countersign within the hours of the policy.

    Raises:
        BadInputError: it makes anything easier, or was not marked as urgent.
        ForbiddenError: this person may not publish.
    """

    def out(c: Connection, _person: Person, proposal: Proposal) -> Proposal:
        ratings.hold(c, alone=True)
        return issue_at_once(app, c, proposal)

    effect = foreseen(app, reference)
    return moved(app, by, reference, Act.PUBLISH, Move.PUBLISH_URGENTLY, out, effect=effect)


def issue_at_once(app: Application, c: Connection, proposal: Proposal) -> Proposal:
    """Publish a tightening in a transaction that holds the proposal and the ratings.

    Raises:
        BadInputError: as for ``publish_urgently``.
    """
    status = after(proposal.status, Move.PUBLISH_URGENTLY)
    weighed = weigh(app, c, proposal.content)
    if not proposal.is_urgent:
        raise BadInputError(
            f"{proposal.reference} was not marked as urgent: ask somebody to sign it", Refusal.NOT_URGENT
        )
    check_urgency(weighed.weight, is_urgent=True)
    due = requirement(app, c).countersign_by(app.clock())
    return issue(app, c, proposal, weighed, status, countersign_by=due)


def issue(  # noqa: PLR0913, PLR0917 - what is known of it, passed on
    app: Application,
    c: Connection,
    proposal: Proposal,
    weighed: Weighed,
    status: Status,
    countersign_by: datetime | None = None,
) -> Proposal:
    """Publish what was weighed, in a transaction that holds the proposal and the ratings.

    Whoever signed an exception is who decided it, so their names take the place of what was written there.
    """
    at, edition = app.clock(), None
    signers = ", ".join(people.by_id(c, each.person).name for each in proposal.signatures)
    if proposal.content.requirement is not None:
        proposals.demand(c, proposal.content.requirement, proposal, at)
    else:
        edition = ratings.publish(
            c,
            opened=[_decided(record, signers) for record in weighed.change.opened],
            closed=[record.id for record in weighed.change.closed],
            actor=_actors(c, proposal, signers),
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


def _decided(record: Record, signers: str) -> Record:
    return replace(record, approved_by=signers) if isinstance(record, Authorisation) else record


def _actors(c: Connection, proposal: Proposal, signers: str) -> str:
    author = people.by_id(c, proposal.author).name
    return f"{author}, signed by {signers}" if signers else author


def _people(count: int) -> str:
    return "1 more person" if count == 1 else f"{count} more people"
