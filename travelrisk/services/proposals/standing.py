"""How a proposal stands now, for whoever signs it and for the page that explains it."""

from dataclasses import dataclass

from sqlalchemy import Connection

from travelrisk.domain.changes import Change
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.proposals import Proposal, Status, Step
from travelrisk.domain.signoffs import counted, signing_act
from travelrisk.services.application import Application
from travelrisk.services.proposals.weighing import Weighed, outstanding, weigh
from travelrisk.store import people, proposals, ratings
from travelrisk.store.database import reading


@dataclass(frozen=True, slots=True)
class Standing:
    """How a proposal stands now.

    Attributes:
        weighed: what it would do now; of a published one, what it did.
        signed_by: people whose signatures hold. missing: how many are still outstanding.
        has_lapsed: signatures were given that no longer hold, because the edition or the roles moved.
        can_be_signed_by: people who may sign it.
    """

    proposal: Proposal
    weighed: Weighed
    life: tuple[Step, ...]
    signed_by: tuple[str, ...]
    missing: int
    has_lapsed: bool
    can_be_signed_by: frozenset[str]


def standing(app: Application, reference: str) -> Standing:
    """Return how a proposal stands: what it would do now, who signed, and what is outstanding.

    Raises:
        NotFoundError: there is no such proposal.
        BadInputError: its content no longer fits the newest edition; the message says where.
    """
    with reading(app.engine) as c:
        return _standing(app, c, proposals.by_reference(c, reference))


def lapsed(app: Application, *found: Proposal) -> frozenset[str]:
    """Return the references of those that count as signed, and cannot be published as they are signed."""
    signed = [each for each in found if each.status is Status.SIGNED]
    with reading(app.engine) as c:
        return frozenset(each.reference for each in signed if _is_short(app, c, each))


def _standing(app: Application, c: Connection, proposal: Proposal) -> Standing:
    weighed = _done(c, proposal) if proposal.edition else weigh(app, c, proposal.content)
    able = people.able(c, signing_act(weighed.weight), app.clock().date())
    sought = proposal.sought(weighed.weight, weighed.edition)
    holding = counted(sought, proposal.signatures, able)
    return Standing(
        proposal=proposal,
        weighed=weighed,
        life=proposals.life(c, proposal.id),
        signed_by=tuple(each.person for each in holding),
        missing=outstanding(app, c, proposal, proposal.signatures, weighed),
        has_lapsed=len(holding) < len(proposal.signatures),
        can_be_signed_by=able - {proposal.author},
    )


def _is_short(app: Application, c: Connection, proposal: Proposal) -> bool:
    try:
        return _standing(app, c, proposal).missing > 0
    except BadInputError:  # what was signed no longer fits the ratings
        return True


def _done(c: Connection, proposal: Proposal) -> Weighed:
    opened, closed = ratings.changed_in(c, proposal.edition or 0)
    return Weighed(Change(opened, closed, 0), proposal.weight, proposal.base_edition)
