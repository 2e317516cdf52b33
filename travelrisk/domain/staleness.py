"""Public sources that nobody has been able to read for too long: what they said may have changed since."""

from datetime import date
from typing import NamedTuple

from travelrisk.domain.codes import folded
from travelrisk.domain.texts import Texts


class StaleSource(NamedTuple):
    """A source whose last good copy is too old.

    Attributes:
        name: of the feed. title: what readers call it.
        evidence: what evidence from it is called, folded.
        since: the day on which it was read last; where it never was, on which that was first tried.
    """

    name: str
    title: Texts
    evidence: str
    since: date

    def gave(self, kind: str) -> bool:
        """Say whether evidence of this kind comes from it."""
        return bool(self.evidence) and folded(kind) == self.evidence
