"""How the policy judges what lies under the way: estimated levels, margins, alternates."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Cruise:
    """Estimated cruising levels of flights of at least so many kilometres, in hundreds of feet."""

    from_km: int
    lowest: int
    highest: int
    usual: int


@dataclass(frozen=True, slots=True)
class SkyPolicy:
    """What the policy says of the way itself.

    Attributes:
        margin_km: an airspace that the direct track comes so near is told.
        climb_km: so far from either end of a flight it may be below its cruising level.
        cruises: estimated levels by length of the flight, the shortest first, beginning at 0 km.
        estimated: what a verdict becomes that rests on the estimated track alone: a milder one, a condition
            at least; what is not named stays as it is.
        other_levels: verdict where a record concerns other levels than those estimated.
        undrawable: verdict for flights whose direct track cannot be drawn.
        transit: verdict for a State of transit about which something is on record.
        alternates: code of a destination -> codes of its alternates.
        disclaimer: the organisation's own sentence under maps; empty = the usual one of the United Nations.
    """

    margin_km: int = 50
    climb_km: int = 200
    cruises: tuple[Cruise, ...] = (
        Cruise(0, 0, 250, 180),
        Cruise(400, 200, 370, 300),
        Cruise(1000, 320, 430, 350),
    )
    estimated: Mapping[Verdict, Verdict] = field(
        default_factory=lambda: MappingProxyType(
            {Verdict.NOT_CLEARED: Verdict.REVIEW, Verdict.REVIEW: Verdict.CONDITIONAL}
        )
    )
    other_levels: Verdict = Verdict.CONDITIONAL
    undrawable: Verdict = Verdict.REVIEW
    transit: Verdict = Verdict.CLEARED
    alternates: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    disclaimer: Texts = Texts()

    def __post_init__(self) -> None:
        """Refuse a policy that could not be applied, or is laxer than the laws of the house."""
        starts = [each.from_km for each in self.cruises]
        if not starts or starts[0] != 0 or starts != sorted(set(starts)):
            raise ConfigurationError("policy: airspace.cruise must begin at 0 km and go on to longer flights")
        for each in self.cruises:
            if not each.lowest <= each.usual <= each.highest:
                raise ConfigurationError(
                    f"policy: airspace.cruise from {each.from_km} km: usual is not between lowest and highest"
                )
        if any(milder < Verdict.CONDITIONAL or milder > of for of, milder in self.estimated.items()):
            raise ConfigurationError(
                "policy: airspace.estimated may make a verdict milder, but never milder than 'conditional'"
            )
        if self.undrawable < Verdict.REVIEW:
            raise ConfigurationError("policy: airspace.undrawable may not be laxer than 'review'")

    def cruise(self, km: float) -> Cruise:
        """Return the estimated levels of a flight of this length."""
        return next(each for each in reversed(self.cruises) if each.from_km <= km)
