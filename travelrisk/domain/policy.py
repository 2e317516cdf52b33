"""The organisation's policy: what a level means and who answers; loaded from TOML at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from travelrisk.domain.approvals import Threshold
from travelrisk.domain.concentration import Ceilings
from travelrisk.domain.cruising import SkyPolicy
from travelrisk.domain.deadlines import LeadTime, Notices
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.network import Rerouting
from travelrisk.domain.privacy import Privacy
from travelrisk.domain.ratings import Level
from travelrisk.domain.signoffs import Requirement
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask; shown on every page and letter."""

    name: Texts
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the policy, named by every advisory; stricter than the laws at will, never laxer.

    Attributes:
        levels: verdict for each level of a rating.
        unrated_marketing, unrated_airport: verdict where nothing is on record; an unrated operating
            carrier goes by ``levels.not_rated``.
        assumed_operator: verdict where no document states who operates: the selling carrier is taken for
            it, or the traveller named one.
        known_service_clears: whether a service known to be the selling carrier's own lifts
            *assumed_operator*, for flight numbers of fewer digits than *code_share_digits*: longer ones are
            often code-shares.
        unhas, charter: verdict for carriers of these classes where no rating is on record; they are
            judged by standards of their own and never called not rated.
        unknown_operator: verdict where the operator is said to be another one, or nothing may be assumed.
        lapsed: verdict for expired, not yet valid or unsupported ratings and for cautions past their end.
        stale_source: verdict where what is milder rests on a source that is too old;
            ``CLEARED`` = it is only said.
        gap: verdict where a segment does not begin where the one before ended.
        unconfirmed: verdict for a flight that is requested, on hold or on a waiting list.
        late: verdict that goes with a late itinerary; a flag and never a refusal.
        horizon_days: flights farther ahead are not judged yet.
        longest_block_hours: flights that would take longer are doubted.
        answer_hours: how long an answer may be used before it should be asked again.
        signoffs: how many must sign a change of the ratings, until a proposal about that is published.
        longest_authorisation_days: how long an exception may last; then it has to be asked for again.
        approvals: how many must approve an exception, by what it is and what it lifts.
        undelivered_hours: after how many a warning that has not left is told in another way; sooner where
            the journey begins sooner.
        travel_unit: who then calls the traveller; None = the focal point.
        notices: when people are told of journeys that nobody has cleared yet.
        concentration: how many may travel on one flight.
        sky: what lies under the way.
        rerouting: which other ways between the same places are looked for.
        privacy: how long what is kept about people is kept.
    """

    version: str
    levels: Mapping[Level, Verdict]
    unrated_marketing: Verdict
    unrated_airport: Verdict
    assumed_operator: Verdict
    known_service_clears: bool
    code_share_digits: int
    unhas: Verdict
    charter: Verdict
    unknown_operator: Verdict
    lapsed: Verdict
    gap: Verdict
    unconfirmed: Verdict
    late: Verdict
    lead_times: tuple[LeadTime, ...]
    horizon_days: int
    longest_block_hours: int
    answer_hours: int
    focal_point: Contact
    alternate: Contact
    signoffs: Requirement = field(default_factory=Requirement)
    longest_authorisation_days: int = 365
    approvals: tuple[Threshold, ...] = ()
    undelivered_hours: int = 24
    travel_unit: Contact | None = None
    stale_source: Verdict = Verdict.CONDITIONAL
    notices: Notices = field(default_factory=Notices)
    concentration: Ceilings = field(default_factory=Ceilings)
    sky: SkyPolicy = field(default_factory=SkyPolicy)
    rerouting: Rerouting = field(default_factory=Rerouting)
    privacy: Privacy = field(default_factory=Privacy)

    def __post_init__(self) -> None:
        """Refuse a policy that is laxer than the laws of the house, whatever door it came through."""
        for name, floor in (
            ("assumed_operator", Verdict.CONDITIONAL),
            ("unknown_operator", Verdict.REVIEW),
            ("unhas", Verdict.CONDITIONAL),
            ("charter", Verdict.REVIEW),
            ("lapsed", Verdict.REVIEW),
            ("unrated_airport", Verdict.REVIEW),
            ("gap", Verdict.CONDITIONAL),
            ("unconfirmed", Verdict.CONDITIONAL),
        ):
            if getattr(self, name) < floor:
                raise ConfigurationError(f"policy: {name} may not be laxer than '{floor.word}'")
        self._check_levels()

    @property
    def decides_on_concentration(self) -> Texts:
        """Who decides where too many travel on one flight."""
        return self.concentration.approver or self.focal_point.name

    def _check_levels(self) -> None:
        missing = [level.value for level in Level if level not in self.levels]
        if missing:
            raise ConfigurationError(f"policy: levels has no verdict for {', '.join(missing)}")
        order = (Level.RECOMMENDED, Level.CONDITIONAL, Level.NOT_RECOMMENDED)
        verdicts = [self.levels[level] for level in order]
        if verdicts != sorted(verdicts):
            raise ConfigurationError("policy: a worse level may not have a better verdict")
        for level, floor in (
            (Level.CONDITIONAL, Verdict.CONDITIONAL),
            (Level.NOT_RECOMMENDED, Verdict.REVIEW),
            (Level.NOT_RATED, Verdict.REVIEW),
        ):
            if self.levels[level] < floor:
                raise ConfigurationError(f"policy: levels.{level.value} may not be laxer than '{floor.word}'")
