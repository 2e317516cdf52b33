"""Who must sign a change, who may, and what is still outstanding: one function of two lists.

The page that explains it, the service that enforces it and the tests all ask here.

The rules: the author never counts; a person signs once; a program never signs; a signature holds for one
content and one edition; making something easier takes more people than making it stricter; changing the
demand itself takes the signatures of the old demand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from travelrisk.domain.errors import BadInputError
from travelrisk.domain.people import Act, Role


class Weight(StrEnum):
    """What a change does, which says how many must sign it."""

    TIGHTENING = "tightening"
    LOOSENING = "loosening"
    EXCEPTION = "exception"
    REQUIREMENT = "requirement"


@dataclass(frozen=True, slots=True)
class Requirement:
    """How many people, beside the author, must sign.

    Attributes:
        tightening, loosening, exception: signatures for a change of this weight.
        countersign_hours: how long an urgent tightening may stand with its author alone.
    """

    tightening: int = 1
    loosening: int = 2
    exception: int = 1
    countersign_hours: int = 24

    def __post_init__(self) -> None:
        """Refuse a demand under which somebody could act alone, or loosen as easily as tighten."""
        if min(self.tightening, self.loosening, self.exception) < 1:
            raise BadInputError("each change needs at least one signature beside its author's")
        if self.loosening <= self.tightening:
            raise BadInputError("making something easier must need more signatures than making it stricter")
        if not 1 <= self.countersign_hours <= 24 * 14:
            raise BadInputError("an urgent change must be countersigned within 1 to 336 hours")

    def signatures(self, weight: Weight) -> int:
        """Return how many signatures a change of this weight needs."""
        if weight is Weight.REQUIREMENT:  # the demand guards itself: the strictest of what it demands
            return max(self.tightening, self.loosening, self.exception)
        return {
            Weight.TIGHTENING: self.tightening,
            Weight.LOOSENING: self.loosening,
            Weight.EXCEPTION: self.exception,
        }[weight]

    def countersign_by(self, published_at: datetime) -> datetime:
        """Return until when an urgent tightening must be countersigned."""
        return published_at + timedelta(hours=self.countersign_hours)


@dataclass(frozen=True, slots=True)
class Signature:
    """One person agrees to one content on the ground of one edition; given or revoked, never altered."""

    person: str
    content_sha256: str
    base_edition: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Sought:
    """What signatures are sought for: the content as it is now, and the edition it starts from."""

    author: str
    weight: Weight
    content_sha256: str
    base_edition: int


_SIGNERS: Mapping[Weight, Act] = {
    Weight.TIGHTENING: Act.SIGN,
    Weight.LOOSENING: Act.SIGN,
    Weight.REQUIREMENT: Act.SIGN,
    Weight.EXCEPTION: Act.APPROVE_EXCEPTION,
}


def signing_act(weight: Weight) -> Act:
    """Return what somebody must be allowed to do in order to sign a change of this weight."""
    return _SIGNERS[weight]


def counted(sought: Sought, signatures: Iterable[Signature], able: Iterable[str]) -> tuple[Signature, ...]:
    """Return the signatures that hold: of this content and edition, by people who may sign, each once.

    Args:
        sought: what is to be signed.
        signatures: all that were given.
        able: ids of the people who may sign such a change *now*: who lost the role no longer counts.
    """
    entitled = frozenset(able) - {sought.author}
    held: dict[str, Signature] = {}
    for each in signatures:
        is_of_this = (each.content_sha256, each.base_edition) == (sought.content_sha256, sought.base_edition)
        if is_of_this and each.person in entitled:
            held.setdefault(each.person, each)
    return tuple(held.values())


def missing(
    sought: Sought, signatures: Iterable[Signature], able: Iterable[str], requirement: Requirement
) -> int:
    """Return how many signatures are still outstanding; 0 = it may be published."""
    return max(0, requirement.signatures(sought.weight) - len(counted(sought, signatures, able)))


def check_can_be_met(requirement: Requirement, signers: int, approvers: int) -> None:
    """Refuse a demand that the people who hold the roles could never meet.

    Args:
        requirement: the demand.
        signers: how many people may sign changes of ratings; one of them is the author.
        approvers: how many people may approve exceptions.

    Raises:
        BadInputError: more signatures would be demanded than there are people to give them.
    """
    wanted = max(requirement.tightening, requirement.loosening)
    if wanted > signers - 1:
        raise BadInputError(
            f"{wanted} signatures beside the author's would be demanded, and only {signers} people may sign: "
            f"give the role '{Role.FOCAL_POINT.value}' to more people first"
        )
    if requirement.exception > approvers:
        raise BadInputError(
            f"{requirement.exception} approvals would be demanded, and only {approvers} people may approve: "
            f"give the role '{Role.APPROVER.value}' to more people first"
        )
