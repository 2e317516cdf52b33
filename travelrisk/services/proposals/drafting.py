"""What its author does with a proposal: draft, edit, propose, withdraw."""

from sqlalchemy import Connection

from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.errors import ChangedMeanwhileError
from travelrisk.domain.people import Act, Person
from travelrisk.domain.proposals import Content, Move, Proposal, after
from travelrisk.services.application import Application
from travelrisk.services.proposals.letters import foreseen
from travelrisk.services.proposals.turns import allowed, moved, own, record
from travelrisk.services.proposals.weighing import check_urgency, weigh
from travelrisk.store import proposals
from travelrisk.store.database import transact


def draft(app: Application, by: str, content: Content, *, is_urgent: bool = False) -> Proposal:
    """Keep a new draft.

    Raises:
        BadInputError: the content cannot be published as it stands; the message names the record and field.
        ForbiddenError: this person may not propose, or ask for an exception.
    """

    def keep(c: Connection) -> Proposal:
        return drafted(app, c, allowed(app, c, by, _act(content)), content, is_urgent=is_urgent)

    return transact(app.engine, keep)


def drafted(
    app: Application, c: Connection, person: Person, content: Content, *, is_urgent: bool = False
) -> Proposal:
    """Keep a new draft of somebody who may make it, in a writing transaction."""
    weighed = weigh(app, c, content)
    check_urgency(weighed.weight, is_urgent=is_urgent)
    proposal = proposals.add(
        c,
        author=person.id,
        weight=weighed.weight,
        content=content,
        base_edition=weighed.edition,
        at=app.clock(),
        is_urgent=is_urgent,
    )
    return record(app, c, person, proposal, Move.EDIT, "")


def edit(  # noqa: PLR0913 - who, what and how, all named
    app: Application, by: str, reference: str, content: Content, *, version: int, is_urgent: bool = False
) -> Proposal:
    """Change what a proposal holds; every signature on it is gone, and it is a draft again.

    Args:
        app: the parts of the service.
        by: id of its author; nobody edits what somebody else answers for.
        reference: of the proposal.
        content: as it should be.
        version: the one that was looked at.
        is_urgent: whether it should be published at once.

    Raises:
        ChangedMeanwhileError: somebody else changed it since.
        BadInputError, ForbiddenError: as for ``draft``, or it is published or withdrawn already.
    """

    def change(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        own(person, proposal)
        _same_version(proposal, version)
        weighed = weigh(app, c, content)
        check_urgency(weighed.weight, is_urgent=is_urgent)
        proposals.revoke_all(c, proposal.id)
        return proposals.save(
            c,
            proposal,
            content=content,
            status=after(proposal.status, Move.EDIT),
            weight=weighed.weight,
            is_urgent=int(is_urgent),
            base_edition=weighed.edition,
            updated_at=app.clock(),
        )

    return moved(app, by, reference, _act(content), Move.EDIT, change)


def propose(app: Application, by: str, reference: str) -> Proposal:
    """Ask others to sign: from now on they find it in their queue.

    Raises:
        BadInputError: it is not a draft, or its content no longer fits the newest edition.
        ForbiddenError: it is somebody else's.
    """

    def ask(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        own(person, proposal)
        weighed = weigh(app, c, proposal.content)
        proposals.revoke_all(c, proposal.id)
        return proposals.save(
            c,
            proposal,
            status=after(proposal.status, Move.PROPOSE),
            weight=weighed.weight,
            base_edition=weighed.edition,
            updated_at=app.clock(),
        )

    return moved(app, by, reference, None, Move.PROPOSE, ask, effect=foreseen(app, reference))


def withdraw(app: Application, by: str, reference: str, *, note: str = "") -> Proposal:
    """Take one's own proposal back for good.

    Raises:
        BadInputError: it is published already.
        ForbiddenError: it is somebody else's.
    """

    def end(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        own(person, proposal)
        status = after(proposal.status, Move.WITHDRAW)
        return proposals.save(c, proposal, status=status, updated_at=app.clock())

    return moved(app, by, reference, None, Move.WITHDRAW, end, note)


def _act(content: Content) -> Act:
    """Return what it takes to prepare this: whoever travels may ask for an exception, and no more."""
    opens_only = content.wanted and not content.ended and content.requirement is None
    is_request = opens_only and all(isinstance(each, Authorisation) for each in content.wanted)
    return Act.REQUEST_EXCEPTION if is_request else Act.PROPOSE


def _same_version(proposal: Proposal, version: int) -> None:
    if proposal.version != version:
        raise ChangedMeanwhileError(
            f"somebody else changed {proposal.reference} meanwhile: look at both versions and try again"
        )
