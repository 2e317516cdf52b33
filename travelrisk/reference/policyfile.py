"""The policy file: its parts, with every field checked, and the policy that they make."""

from pydantic import Field

from travelrisk.domain.approvals import Threshold
from travelrisk.domain.authorisations import AuthorisationKind
from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.domain.policy import Contact, Policy
from travelrisk.domain.ratings import Level
from travelrisk.domain.signoffs import Requirement
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference.concentration import ConcentrationPart
from travelrisk.reference.cruising import AirspacePart
from travelrisk.reference.deadlines import (
    CalendarPart,
    DigestsPart,
    LeadTimePart,
    RemindersPart,
    lead_times_of,
    notices_of,
)
from travelrisk.reference.parts import Part, VerdictWord
from travelrisk.reference.privacy import PrivacyPart
from travelrisk.reference.rerouting import AlternativesPart


class _Operating(Part):
    assumed: VerdictWord
    known_service_clears: bool
    code_share_digits: int = Field(ge=1, le=5)
    unknown: VerdictWord
    unhas: VerdictWord
    charter: VerdictWord


class _Unrated(Part):
    marketing_carrier: VerdictWord
    airport: VerdictWord


class _Validity(Part):
    lapsed: VerdictWord
    answer_hours: int = Field(ge=1, le=24 * 31)
    horizon_days: int = Field(ge=1, le=800)
    longest_block_hours: int = Field(ge=1, le=48)


class _Feeds(Part):
    stale: VerdictWord = Verdict.CONDITIONAL


class _Gaps(Part):
    unknown_leg: VerdictWord


class _Segments(Part):
    unconfirmed: VerdictWord = Verdict.CONDITIONAL


class _Contact(Part):
    name: Texts
    email: str
    phone: str = ""


class _Contacts(Part):
    focal_point: _Contact
    alternate: _Contact
    travel_unit: _Contact | None = None


class _Sending(Part):
    undelivered_hours: int = Field(24, ge=1, le=24 * 7)


class _Signoffs(Part):
    tightening: int = Field(1, ge=1, le=9)
    loosening: int = Field(2, ge=1, le=9)
    exception: int = Field(1, ge=1, le=9)
    countersign_hours: int = Field(24, ge=1, le=24 * 14)


class _Threshold(Part):
    approvals: int = Field(ge=1, le=9)
    kind: AuthorisationKind | None = None
    lifts: VerdictWord = Verdict.CLEARED
    longer_than_days: int = Field(0, ge=0, le=365 * 2)
    office: str = Field("", max_length=100)


class _Exceptions(Part):
    longest_days: int = Field(365, ge=1, le=365 * 2)
    approval: tuple[_Threshold, ...] = ()


class PolicyFile(Part):
    """The whole file."""

    version: str = Field(min_length=1, max_length=40)
    levels: dict[Level, VerdictWord]
    operating_carrier: _Operating
    unrated: _Unrated
    validity: _Validity
    gaps: _Gaps
    lead_time: LeadTimePart
    contacts: _Contacts
    segments: _Segments = _Segments()
    feeds: _Feeds = _Feeds()
    signoffs: _Signoffs = _Signoffs()
    exceptions: _Exceptions = _Exceptions()
    sending: _Sending = _Sending()
    calendars: dict[str, CalendarPart] = Field(default_factory=dict)
    reminders: RemindersPart = RemindersPart()
    digests: DigestsPart = DigestsPart()
    concentration: ConcentrationPart = ConcentrationPart()
    airspace: AirspacePart = AirspacePart()
    alternatives: AlternativesPart = AlternativesPart()
    privacy: PrivacyPart = PrivacyPart()

    def policy(self) -> Policy:
        """Return it as a value of the domain."""
        return Policy(
            version=self.version,
            levels=self.levels,
            unrated_marketing=self.unrated.marketing_carrier,
            unrated_airport=self.unrated.airport,
            assumed_operator=self.operating_carrier.assumed,
            known_service_clears=self.operating_carrier.known_service_clears,
            code_share_digits=self.operating_carrier.code_share_digits,
            unhas=self.operating_carrier.unhas,
            charter=self.operating_carrier.charter,
            unknown_operator=self.operating_carrier.unknown,
            lapsed=self.validity.lapsed,
            stale_source=self.feeds.stale,
            gap=self.gaps.unknown_leg,
            unconfirmed=self.segments.unconfirmed,
            late=self.lead_time.late,
            lead_times=lead_times_of(self.lead_time, self.calendars),
            horizon_days=self.validity.horizon_days,
            longest_block_hours=self.validity.longest_block_hours,
            answer_hours=self.validity.answer_hours,
            focal_point=_contact(self.contacts.focal_point),
            alternate=_contact(self.contacts.alternate),
            signoffs=self._requirement(),
            longest_authorisation_days=self.exceptions.longest_days,
            approvals=tuple(Threshold(**dict(row)) for row in self.exceptions.approval),
            undelivered_hours=self.sending.undelivered_hours,
            travel_unit=_contact(self.contacts.travel_unit) if self.contacts.travel_unit else None,
            notices=notices_of(self.reminders, self.digests, self.calendars),
            concentration=self.concentration.ceilings(),
            sky=self.airspace.policy(),
            rerouting=self.alternatives.policy(),
            privacy=self.privacy.limits(),
        )

    def _requirement(self) -> Requirement:
        try:
            return Requirement(**self.signoffs.model_dump())
        except BadInputError as error:
            raise ConfigurationError(f"signoffs: {error}") from error


def _contact(part: _Contact) -> Contact:
    return Contact(part.name, part.email, part.phone)
