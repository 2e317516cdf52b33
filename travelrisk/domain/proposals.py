"""The life of a change of the ratings: a short table of states, and nothing that is not in it can happen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from travelrisk.domain.errors import BadInputError, Refusal
from travelrisk.domain.ratings import Record
from travelrisk.domain.signoffs import Requirement, Signature, Sought, Weight


class Status(StrEnum):
    """Where a proposal stands; *published* and *withdrawn* are its ends."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SIGNED = "signed"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What somebody does with a proposal."""

    EDIT = "edit"
    PROPOSE = "propose"
    SIGN = "sign"
    COMPLETE = "complete"
    PUBLISH = "publish"
    PUBLISH_URGENTLY = "publish_urgently"
    COUNTERSIGN = "countersign"
    RETURN = "return"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"
    END = "end"


_MOVES: dict[Move, tuple[frozenset[Status], Status | None]] = {
    # Whoever changes the content starts anew: what was signed is not what would be published.
    Move.EDIT: (
        frozenset({Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED}),
        Status.DRAFT,
    ),
    Move.PROPOSE: (frozenset({Status.DRAFT, Status.RETURNED}), Status.PROPOSED),
    Move.SIGN: (frozenset({Status.PROPOSED}), None),
    Move.COMPLETE: (frozenset({Status.PROPOSED}), Status.SIGNED),  # the last signature that was missing
    Move.PUBLISH: (frozenset({Status.SIGNED}), Status.PUBLISHED),
    Move.PUBLISH_URGENTLY: (frozenset({Status.DRAFT, Status.PROPOSED}), Status.PUBLISHED),
    Move.COUNTERSIGN: (frozenset({Status.PUBLISHED}), None),
    Move.RETURN: (frozenset({Status.PROPOSED, Status.SIGNED}), Status.RETURNED),
    # An exception that is refused is its author's again, who may ask anew on better grounds, or let it be.
    Move.REFUSE: (frozenset({Status.PROPOSED, Status.SIGNED}), Status.RETURNED),
    Move.WITHDRAW: (
        frozenset({Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED}),
        Status.WITHDRAWN,
    ),
    # The edition it starts from has moved: the signatures are gone, and it is proposed again on the new one.
    Move.LAPSE: (frozenset({Status.PROPOSED, Status.SIGNED}), Status.PROPOSED),
    # An exception that ends before its last day was asked for and granted all the same.
    Move.END: (frozenset({Status.PUBLISHED}), None),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What would be published, and why; signatures are bound to its hash.

    Attributes:
        reason: why, in sentences, for whoever signs and whoever asks years later.
        wanted: records as they should be, under their base ids; what that opens and closes is found when it
            is asked, against the records of that moment.
        ended: base ids of records that should be closed without a successor.
        requirement: a new demand for signatures, instead of records.
    """

    reason: str
    wanted: tuple[Record, ...] = ()
    ended: tuple[str, ...] = ()
    requirement: Requirement | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change on its way.

    Attributes:
        reference: for people, such as ``CH-7KQ2M9``.
        weight: what it does, judged against the base edition.
        is_urgent: a tightening that is published at once and countersigned afterwards.
        base_edition: the edition it was made for; when that is no longer the newest, signatures lapse.
        version: goes up with each change of the row, so that two people never overwrite each other unseen.
        edition: the one it was published in.
        countersign_by: until when an urgent change must be countersigned; None where that is not needed.
    """

    id: int
    reference: str
    author: str
    status: Status
    weight: Weight
    is_urgent: bool
    content: Content
    content_sha256: str
    base_edition: int
    version: int
    created_at: datetime
    updated_at: datetime
    edition: int | None = None
    countersign_by: datetime | None = None
    countersigned_at: datetime | None = None
    signatures: tuple[Signature, ...] = ()

    def sought(self, weight: Weight, edition: int) -> Sought:
        """Return what signatures are sought for, given what the change does now and the newest edition."""
        return Sought(self.author, weight, self.content_sha256, edition)

    @property
    def is_open_for_countersigning(self) -> bool:
        """Say whether an urgent change still stands with its author alone."""
        return self.countersign_by is not None and self.countersigned_at is None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a proposal."""

    at: datetime
    person: str
    move: Move
    note: str = ""


def after(status: Status, move: Move) -> Status:
    """Return the status after *move*.

    Raises:
        BadInputError: this cannot be done with a proposal in this status.
    """
    allowed, becomes = _MOVES[move]
    if status not in allowed:
        words = move.value.replace("_", " ")
        raise BadInputError(
            f"a proposal that is {status.value} cannot be moved by '{words}': "
            f"only one that is {' or '.join(sorted(each.value for each in allowed))}",
            Refusal.MOVED,
        )
    return becomes or status


def moves_from(status: Status) -> frozenset[Move]:
    """Return what can be done with a proposal in this status."""
    return frozenset(move for move, (allowed, _) in _MOVES.items() if status in allowed)
