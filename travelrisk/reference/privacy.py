"""The part of the policy about people: how long what is kept about them is kept."""

from pydantic import Field

from travelrisk.domain.privacy import Privacy
from travelrisk.reference.parts import Part

_DEFAULT = Privacy()


class PrivacyPart(Part):
    """``[privacy]``."""

    read_hours: int = Field(_DEFAULT.read_hours, ge=1, le=24 * 31)
    unread_days: int = Field(_DEFAULT.unread_days, ge=1, le=90)
    travel_days: int = Field(_DEFAULT.travel_days, ge=1, le=365 * 2)
    letter_days: int = Field(_DEFAULT.letter_days, ge=1, le=365 * 2)
    verdict_days: int = Field(_DEFAULT.verdict_days, ge=1, le=365 * 10)
    lookup_days: int = Field(_DEFAULT.lookup_days, ge=1, le=365 * 10)
    trips_an_hour: int = Field(_DEFAULT.trips_an_hour, ge=0, le=100_000)

    def limits(self) -> Privacy:
        """Return it as a value of the domain."""
        return Privacy(**self.model_dump())
