"""The life of a change of the ratings: a short table of states, and nothing that is not in it can happen."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from travelrisk.domain.errors import BadInputError


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
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


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
    Move.WITHDRAW: (
        frozenset({Status.DRAFT, Status.PROPOSED, Status.SIGNED, Status.RETURNED}),
        Status.WITHDRAWN,
    ),
    # The edition it starts from has moved: the signatures are gone, and it is proposed again on the new one.
    Move.LAPSE: (frozenset({Status.PROPOSED, Status.SIGNED}), Status.PROPOSED),
}


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
            f"only one that is {' or '.join(sorted(each.value for each in allowed))}"
        )
    return becomes or status


def moves_from(status: Status) -> frozenset[Move]:
    """Return what can be done with a proposal in this status."""
    return frozenset(move for move, (allowed, _) in _MOVES.items() if status in allowed)
