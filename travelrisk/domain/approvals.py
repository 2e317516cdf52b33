"""Who must approve an exception: the thresholds of the policy, and what they demand of one.

A threshold names what it is for (kind, what is lifted, how long) and what it asks. All that fit are asked
for together, so that a graver or a longer exception never needs fewer approvals than a lighter one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Threshold:
    """One row of the policy.

    Attributes:
        approvals: how many approvers must sign.
        kind: of the exceptions it is for; None = of both kinds.
        lifts: it is for those that lift this verdict, or a graver one.
        longer_than_days: it is for those that last longer, both ends included.
        office: one of the approvers belongs to it; empty = to any.
    """

    approvals: int
    kind: AuthorisationKind | None = None
    lifts: Verdict = Verdict.CLEARED
    longer_than_days: int = 0
    office: str = ""

    def __post_init__(self) -> None:
        """Refuse a row under which an exception would need nobody."""
        if self.approvals < 1:
            raise BadInputError("exceptions.approval: each exception needs at least one approver")

    def fits(self, kind: AuthorisationKind, lifts: Verdict, days: int) -> bool:
        """Say whether this row is for such an exception."""
        return self.kind in {None, kind} and self.lifts <= lifts and days > self.longer_than_days


@dataclass(frozen=True, slots=True)
class Approval:
    """What an exception needs: how many approvers, and *offices* of each of which one must be among them."""

    approvals: int = 1
    offices: frozenset[str] = frozenset()

    def __or__(self, other: "Approval") -> "Approval":
        """Return what both need."""
        return Approval(max(self.approvals, other.approvals), self.offices | other.offices)

    def missing_offices(self, signed: Iterable[str]) -> frozenset[str]:
        """Return the offices that none of the *signed* ones is, whatever the case of their letters."""
        have = {office.strip().casefold() for office in signed}
        return frozenset(each for each in self.offices if each.casefold() not in have)


def approval(thresholds: Iterable[Threshold], kind: AuthorisationKind, lifts: Verdict, days: int) -> Approval:
    """Return what an exception of this kind needs, that lifts this verdict for so many days."""
    needed = Approval()
    for each in thresholds:
        if each.fits(kind, lifts, days):
            needed |= Approval(each.approvals, frozenset({each.office.strip()} - {""}))
    return needed
