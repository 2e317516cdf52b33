"""Why a public source could not be used: each refusal has a name, for the record and for people."""

from enum import StrEnum

from travelrisk.domain.errors import TravelriskError


class Fault(StrEnum):
    """What was wrong with a source; the first group may pass by itself, the second asks for a person."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    STATUS = "status"
    INCOMPLETE = "incomplete"

    ADDRESS = "address"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    OTHER_FORMAT = "other_format"
    CHANGED = "changed"
    BELOW_FLOOR = "below_floor"

    @property
    def may_pass(self) -> bool:
        """Say whether the next attempt may well go better, with nobody doing anything."""
        return self in {Fault.UNREACHABLE, Fault.TIMEOUT, Fault.STATUS, Fault.INCOMPLETE}


class FeedError(TravelriskError):
    """A source, or a part of it, cannot be used; whatever was known of it before stays in force."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
