"""What the policy file says of other ways between the same places: its part ``alternatives``."""

from pydantic import Field

from travelrisk.domain.network import Rerouting
from travelrisk.reference.parts import Part

_STANDARD = Rerouting()


class AlternativesPart(Part):
    """The part ``alternatives``; what it leaves out is as in the example."""

    most_shown: int = Field(_STANDARD.most_shown, ge=0, le=20)
    most_judged: int = Field(_STANDARD.most_judged, ge=0, le=1000)
    most_detour: float = Field(_STANDARD.most_detour, ge=1, le=10)
    most_behind_km: int = Field(_STANDARD.most_behind_km, ge=0, le=5000)
    direction_hours: int = Field(_STANDARD.direction_hours, ge=1, le=168)
    speed_kmh: int = Field(_STANDARD.speed_kmh, ge=100, le=2000)
    flight_hours: float = Field(_STANDARD.flight_hours, ge=0, le=10)
    connection_hours: float = Field(_STANDARD.connection_hours, ge=0, le=48)
    limit_hours: float = Field(_STANDARD.limit_hours, ge=0, le=100)

    def policy(self) -> Rerouting:
        """Return it as a value of the domain."""
        return Rerouting(**dict(self))
