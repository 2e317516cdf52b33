"""What the policy file says of the way itself: its part ``airspace``."""

from pydantic import Field

from travelrisk.domain.cruising import Cruise, SkyPolicy
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference.parts import Part, VerdictWord

_STANDARD = SkyPolicy()
_HIGHEST = 660  # flight level; nobody else flies above


class _Cruise(Part):
    from_km: int = Field(ge=0, le=20100)
    lowest: int = Field(ge=0, le=_HIGHEST)
    usual: int = Field(ge=0, le=_HIGHEST)
    highest: int = Field(ge=0, le=_HIGHEST)


class _Estimated(Part):
    not_cleared: VerdictWord = Verdict.REVIEW
    review: VerdictWord = Verdict.CONDITIONAL


class AirspacePart(Part):
    """The part ``airspace``."""

    margin_km: int = Field(_STANDARD.margin_km, ge=0, le=500)
    climb_km: int = Field(_STANDARD.climb_km, ge=0, le=1000)
    estimated: _Estimated = _Estimated()
    other_levels: VerdictWord = _STANDARD.other_levels
    undrawable: VerdictWord = _STANDARD.undrawable
    transit: VerdictWord = Verdict.CLEARED
    cruise: tuple[_Cruise, ...] = ()
    disclaimer: Texts = Texts()
    alternates: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def policy(self) -> SkyPolicy:
        """Return it as a value of the domain."""
        cruises = tuple(Cruise(each.from_km, each.lowest, each.highest, each.usual) for each in self.cruise)
        return SkyPolicy(
            margin_km=self.margin_km,
            climb_km=self.climb_km,
            cruises=cruises or _STANDARD.cruises,
            estimated={
                Verdict.NOT_CLEARED: self.estimated.not_cleared,
                Verdict.REVIEW: self.estimated.review,
            },
            other_levels=self.other_levels,
            undrawable=self.undrawable,
            transit=self.transit,
            alternates=self.alternates,
            disclaimer=self.disclaimer,
        )
