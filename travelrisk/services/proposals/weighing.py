"""What a proposal would do, found against the records of the moment and never taken from its draft."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.changes import Change, authorises, base_id, change_of, check, loosens
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act
from travelrisk.domain.policy import Policy
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.domain.signoffs import Requirement, Signature, Weight, check_can_be_met, missing, signing_act
from travelrisk.services.application import Application
from travelrisk.store import people, proposals, ratings


class Weighed(NamedTuple):
    """What a proposal would do now: the change, its weight, and the newest edition."""

    change: Change
    weight: Weight
    edition: int


def weigh(app: Application, c: Connection, content: Content) -> Weighed:
    """Find what *content* would open and close now, and what that weighs.

    Raises:
        BadInputError: it does not fit the records of the moment; the message names the record and the field.
    """
    edition = ratings.current_edition(c)
    if content.requirement is not None:
        _check_requirement(app, c, content, content.requirement)
        return Weighed(Change((), (), 0), Weight.REQUIREMENT, edition)
    in_force = ratings.in_force(c)
    revisions = Counter(base_id(each) for each in ratings.ids(c))
    change = change_of(content.wanted, content.ended, in_force, revisions)
    check(change, in_force, app.clock().date(), app.policy.policy)
    return Weighed(change, _weight(change, app.policy.policy), edition)


def requirement(app: Application, c: Connection) -> Requirement:
    """Return the demand for signatures that holds: the published one, or else that of the policy."""
    return proposals.requirement(c) or app.policy.policy.signoffs


def outstanding(
    app: Application, c: Connection, proposal: Proposal, signed: Iterable[Signature], weighed: Weighed
) -> int:
    """Return how many signatures are missing, by who may sign now and by the newest edition."""
    able = people.able(c, signing_act(weighed.weight), app.clock().date())
    return missing(proposal.sought(weighed.weight, weighed.edition), signed, able, requirement(app, c))


def check_urgency(weight: Weight, *, is_urgent: bool) -> None:
    """Refuse to publish anything at once that makes something easier.

    Raises:
        BadInputError: it does.
    """
    if is_urgent and weight is not Weight.TIGHTENING:
        raise BadInputError(
            "only what makes nothing easier can be published at once: propose it to a second person instead"
        )


def _weight(change: Change, policy: Policy) -> Weight:
    if authorises(change):
        return Weight.EXCEPTION
    return Weight.LOOSENING if loosens(change, policy) else Weight.TIGHTENING


def _check_requirement(app: Application, c: Connection, content: Content, wanted: Requirement) -> None:
    if content.wanted or content.ended:
        raise BadInputError("a new demand for signatures and a change of ratings are two proposals")
    day = app.clock().date()
    signers = len(people.able(c, Act.SIGN, day))
    check_can_be_met(wanted, signers, len(people.able(c, Act.APPROVE_EXCEPTION, day)))
