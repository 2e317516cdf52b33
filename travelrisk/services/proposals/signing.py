"""What others do with a proposal: sign it, countersign it, give it back."""

from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, ChangedMeanwhileError, Refusal
from travelrisk.domain.people import Person
from travelrisk.domain.proposals import Move, Proposal, Status, after
from travelrisk.domain.signoffs import Signature, missing, signing_act
from travelrisk.services.application import Application
from travelrisk.services.proposals.turns import may_sign, moved, record
from travelrisk.services.proposals.weighing import Weighed, outstanding, requirement, weigh
from travelrisk.store import people, proposals


class Seen(NamedTuple):
    """What the signer looked at: the hash of the content, and the newest edition at that moment."""

    content_sha256: str
    edition: int


def sign(app: Application, by: str, reference: str, seen: Seen, *, note: str = "") -> Proposal:
    """Agree to a proposal; the last signature that was missing makes it ready to be published.

    Args:
        app: the parts of the service.
        by: id of whoever signs; never its author.
        reference: of the proposal.
        seen: what was looked at.
        note: what the signer wants to have said.

    Raises:
        ChangedMeanwhileError: content or edition is another one than was looked at.
        ForbiddenError: one's own proposal, or not a signer.
        BadInputError: signed already, or not open for signatures.
    """

    def agree(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        weighed = looked_at(app, c, proposal, seen)
        may_sign(app, c, person, proposal, weighed.weight)
        return agreed(app, c, person, proposal, weighed)

    return moved(app, by, reference, None, Move.SIGN, agree, note)


def agreed(app: Application, c: Connection, person: Person, proposal: Proposal, weighed: Weighed) -> Proposal:
    """Keep the signature of somebody who may give it, in a transaction that holds the proposal."""
    is_elsewhere = proposal.base_edition != weighed.edition or proposal.weight is not weighed.weight
    # Somebody who signed may have lost the role: what counted as signed waits for signatures again.
    is_short = proposal.status is Status.SIGNED and outstanding(
        app, c, proposal, proposal.signatures, weighed
    )
    if is_elsewhere or is_short:
        proposal = _lapsed(app, c, person, proposal, weighed)
    status = after(proposal.status, Move.SIGN)
    given = Signature(person.id, proposal.content_sha256, weighed.edition, app.clock())
    proposals.sign(c, proposal, given)
    signed = (*proposal.signatures, given)
    if not outstanding(app, c, proposal, signed, weighed):
        status = after(status, Move.COMPLETE)
    return proposals.save(c, proposal, status=status, updated_at=app.clock())


def countersign(app: Application, by: str, reference: str, seen: Seen, *, note: str = "") -> Proposal:
    """Agree afterwards to an urgent tightening that stands with its author alone.

    Raises:
        BadInputError: it needs no countersignature.
        ForbiddenError: one's own proposal, or not a signer.
    """

    def agree(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        status = after(proposal.status, Move.COUNTERSIGN)
        if not proposal.is_open_for_countersigning:
            raise BadInputError(f"{reference} needs no countersignature", Refusal.MOVED)
        if proposal.content_sha256 != seen.content_sha256:
            raise ChangedMeanwhileError(f"{reference} is another one than you looked at: look again")
        may_sign(app, c, person, proposal, proposal.weight)
        given = Signature(person.id, proposal.content_sha256, proposal.base_edition, app.clock())
        proposals.sign(c, proposal, given)
        sought = proposal.sought(proposal.weight, proposal.base_edition)
        able = people.able(c, signing_act(proposal.weight), app.clock().date())
        short = missing(sought, (*proposal.signatures, given), able, requirement(app, c))
        done = None if short else app.clock()
        return proposals.save(c, proposal, status=status, countersigned_at=done, updated_at=app.clock())

    return moved(app, by, reference, None, Move.COUNTERSIGN, agree, note)


def give_back(app: Application, by: str, reference: str, *, note: str) -> Proposal:
    """Return a proposal to its author with what should be different; every signature on it is gone.

    Raises:
        BadInputError: no reason is given, or it is not under review.
        ForbiddenError: this person may not sign it.
    """
    if not note.strip():
        raise BadInputError("say what should be different, so that the author can mend it")

    def back(c: Connection, person: Person, proposal: Proposal) -> Proposal:
        may_sign(app, c, person, proposal, proposal.weight)
        proposals.revoke_all(c, proposal.id)
        status = after(proposal.status, Move.RETURN)
        return proposals.save(c, proposal, status=status, updated_at=app.clock())

    return moved(app, by, reference, None, Move.RETURN, back, note)


def looked_at(app: Application, c: Connection, proposal: Proposal, seen: Seen) -> Weighed:
    """Weigh a proposal anew, and refuse where it is another one than was looked at.

    Raises:
        ChangedMeanwhileError: content or edition is another one.
    """
    weighed = weigh(app, c, proposal.content)
    if (proposal.content_sha256, weighed.edition) != seen:
        raise ChangedMeanwhileError(
            f"{proposal.reference} or the ratings changed since you looked at it: look again, and sign what"
            " you see"
        )
    return weighed


def _lapsed(
    app: Application,
    c: Connection,
    person: Person,
    proposal: Proposal,
    weighed: Weighed,
) -> Proposal:
    """Take off signatures that were given for another edition or another weight."""
    status = after(proposal.status, Move.LAPSE)
    proposals.revoke_all(c, proposal.id)
    moved = proposals.save(
        c,
        proposal,
        status=status,
        weight=weighed.weight,
        base_edition=weighed.edition,
        updated_at=app.clock(),
    )
    return record(app, c, person, moved, Move.LAPSE, "")
