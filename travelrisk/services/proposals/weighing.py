"""What a proposal would do, found against the records of the moment and never taken from its draft."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.approvals import Approval, approval
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind
from travelrisk.domain.changes import Change, authorises, base_id, change_of, check
from travelrisk.domain.errors import BadInputError, Refusal
from travelrisk.domain.loosening import loosens
from travelrisk.domain.people import Act
from travelrisk.domain.policy import Policy
from travelrisk.domain.proposals import Content, Proposal
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.signoffs import (
    Requirement,
    Signature,
    Weight,
    check_can_be_met,
    counted,
    missing,
    signing_act,
)
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.lifting import Lifted, lifted
from travelrisk.services.application import Application
from travelrisk.store import people, proposals, ratings


class Weighed(NamedTuple):
    """What a proposal would do now: the change, its weight, and the newest edition.

    Attributes:
        approval: who must approve it, where it opens exceptions.
    """

    change: Change
    weight: Weight
    edition: int
    approval: Approval = Approval()


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
    return Weighed(change, _weight(change, app.policy.policy), edition, approval_of(app, c, change))


def requirement(app: Application, c: Connection) -> Requirement:
    """Return the demand for signatures that holds: the published one, or else that of the policy."""
    return proposals.requirement(c) or app.policy.policy.signoffs


def outstanding(
    app: Application, c: Connection, proposal: Proposal, signed: Iterable[Signature], weighed: Weighed
) -> int:
    """Return how many signatures are missing, by who may sign now and by the newest edition."""
    able = people.able(c, signing_act(weighed.weight), app.clock().date())
    sought, wanted = proposal.sought(weighed.weight, weighed.edition), requirement(app, c)
    given = tuple(signed)
    needed = weighed.approval
    wanted = replace(wanted, exception=max(wanted.exception, needed.approvals))
    offices = [people.by_id(c, each.person).unit for each in counted(sought, given, able)]
    return max(missing(sought, given, able, wanted), len(needed.missing_offices(offices)))


def approval_of(app: Application, c: Connection, change: Change) -> Approval:
    """Return who must approve the exceptions that *change* opens, by the thresholds of the policy."""
    needed, snapshot = Approval(), app.shelf.newest(c)
    for each in change.opened:
        if isinstance(each, Authorisation):
            days = (each.valid_until - each.valid_from).days + 1
            verdict = _lifted_verdict(app, each, snapshot)
            needed |= approval(app.policy.policy.approvals, each.kind, verdict, days)
    return needed


def _lifted_verdict(app: Application, asked: Authorisation, snapshot: Snapshot) -> Verdict:
    if asked.kind is AuthorisationKind.CONCENTRATION:
        return app.policy.policy.concentration.block_verdict
    worst = lifts(app, asked, snapshot)
    # Who flies under this designator is not known: no milder than what is graver.
    return worst.verdict if worst else Verdict.NOT_CLEARED


def lifts(app: Application, asked: Authorisation, snapshot: Snapshot) -> Lifted | None:
    """Return what an exception would have to lift; None where its carrier is in no table of ours."""
    known = app.book.find(asked.carrier, asked.valid_from) or app.book.ever(asked.carrier)
    carrier = next((each for each in known if each.icao == asked.carrier), None)
    return lifted(asked, carrier, snapshot, app.policy.policy) if carrier else None


def check_urgency(weight: Weight, *, is_urgent: bool) -> None:
    """Refuse to publish anything at once that makes something easier.

    Raises:
        BadInputError: it does.
    """
    if is_urgent and weight is not Weight.TIGHTENING:
        raise BadInputError(
            "only what makes nothing easier can be published at once: propose it to a second person instead",
            Refusal.URGENT,
            field="urgent",
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
