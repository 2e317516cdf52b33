"""The parts of a file of records, with every field checked; each makes its value of the domain."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from travelrisk.domain.airspaces import HIGHEST_LEVEL, Airspace, AirspaceKind, Movement, Scope
from travelrisk.domain.authorisations import Authorisation, AuthorisationKind, Criticality
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.factors import check_finding
from travelrisk.domain.ratings import (
    Caution,
    Evidence,
    Level,
    Rating,
    Record,
    Service,
    Subject,
    SubjectKind,
    route_subject,
)
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Texts(_Part):
    en: str = Field("", max_length=2000)
    fr: str = Field("", max_length=2000)
    es: str = Field("", max_length=2000)

    def texts(self) -> Texts:
        return Texts(self.en, self.fr, self.es)


class _Evidence(_Part):
    title: str = Field(min_length=1, max_length=500)
    kind: str = ""
    url: str = Field("", pattern=r"^(https?://\S+)?$", max_length=2000)
    retrieved_on: date | None = None
    valid_until: date | None = None
    note: str = ""
    value: str = Field("", max_length=80)
    limits: tuple[Annotated[str, Field(min_length=1, max_length=80)], ...] = Field((), max_length=200)
    file: str = Field("", pattern=r"^([0-9a-f]{64})?$")

    def evidence(self) -> Evidence:
        evidence = Evidence(**self.model_dump())
        check_finding(evidence)
        return evidence


class _Record(_Part):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{0,79}$")
    valid_from: date
    valid_until: date | None = None
    set_by: str = Field(min_length=1, max_length=200)
    set_on: date


def _effect(word: object) -> object:
    if word not in {"conditional", "review", "not_cleared"}:
        raise ValueError("write conditional, review or not_cleared")
    return Verdict.from_word(str(word))


class _Scope(_Part):
    floor: int = Field(0, ge=0, le=HIGHEST_LEVEL)
    ceiling: int | None = Field(None, ge=0, le=HIGHEST_LEVEL)
    movement: Movement = Movement.ANY
    airports: tuple[Annotated[str, Field(pattern=r"^[A-Z0-9]{3,4}$")], ...] = Field((), max_length=200)

    def scope(self) -> Scope:
        if self.ceiling is not None and self.ceiling < self.floor:
            raise BadInputError(
                f"scope: the ceiling {self.ceiling} lies below the floor {self.floor}", field="scope_ceiling"
            )
        return Scope(self.floor, self.ceiling, self.movement, self.airports)


class RatingPart(_Record):
    """A rating."""

    subject: str
    level: Level
    reason: _Texts = _Texts()
    condition: _Texts = _Texts()
    evidence: tuple[_Evidence, ...] = ()
    review_on: date | None = None
    aoc: str = Field("", max_length=80)
    scope: _Scope | None = None

    def record(self) -> Record:
        """Return it as a value of the domain."""
        return Rating(
            id=self.id,
            subject=_subject(self.subject),
            level=self.level,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            set_by=self.set_by,
            set_on=self.set_on,
            reason=self.reason.texts(),
            condition=self.condition.texts(),
            evidence=tuple(each.evidence() for each in self.evidence),
            review_on=self.review_on,
            aoc=self.aoc,
            scope=self.scope.scope() if self.scope else None,
        )


class CautionPart(_Record):
    """A caution."""

    subject: str
    effect: Annotated[Verdict, BeforeValidator(_effect)]
    text: _Texts
    exceptions: tuple[str, ...] = ()
    evidence: tuple[_Evidence, ...] = ()
    scope: _Scope | None = None

    def record(self) -> Record:
        """Return it as a value of the domain."""
        return Caution(
            id=self.id,
            subject=_subject(self.subject),
            effect=self.effect,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            set_by=self.set_by,
            set_on=self.set_on,
            text=self.text.texts(),
            exceptions=self.exceptions,
            evidence=tuple(each.evidence() for each in self.evidence),
            scope=self.scope.scope() if self.scope else None,
        )


class AirspacePart(_Record):
    """An airspace; its outline is WKT."""

    key: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{1,39}$")
    names: _Texts
    kind: AirspaceKind
    outline: str = Field(min_length=1, max_length=4_000_000)
    source: str = Field(min_length=1, max_length=500)
    state: str = Field("", pattern=r"^([A-Z]{2})?$")
    approximate: bool = False

    def record(self) -> Record:
        """Return it as a value of the domain."""
        from travelrisk.domain.sphere.outlines import sound_outline  # noqa: PLC0415 - numpy takes its time

        return Airspace(
            id=self.id,
            key=self.key,
            names=self.names.texts(),
            kind=self.kind,
            outline=sound_outline(self.outline, self.key),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            source=self.source,
            set_by=self.set_by,
            set_on=self.set_on,
            state=self.state,
            approximate=self.approximate,
        )


class ServicePart(_Record):
    """A known service."""

    carrier: str
    pair: tuple[str, str]
    source: str = Field(min_length=1, max_length=500)

    def record(self) -> Record:
        """Return it as a value of the domain."""
        one, other = sorted(self.pair)
        return Service(
            id=self.id,
            carrier=self.carrier,
            pair=(one, other),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            source=self.source,
            set_by=self.set_by,
            set_on=self.set_on,
        )


class AuthorisationPart(_Record):
    """An authorisation; it always has an end."""

    valid_until: date
    carrier: str
    kind: AuthorisationKind
    trip: str = Field("", max_length=80)
    office: str = Field("", max_length=200)
    route: str = ""
    need: str = Field(max_length=2000)
    alternatives_tried: str = Field(max_length=2000)
    mitigation: str = Field(max_length=2000)
    criticality: Criticality = ""
    people: int = Field(0, ge=0)
    conditions: _Texts
    approved_by: str = Field(max_length=200)

    def record(self) -> Record:
        """Return it as a value of the domain."""
        return Authorisation(
            id=self.id,
            carrier=self.carrier,
            kind=self.kind,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            set_by=self.set_by,
            set_on=self.set_on,
            approved_by=self.approved_by,
            need=self.need,
            alternatives_tried=self.alternatives_tried,
            mitigation=self.mitigation,
            conditions=self.conditions.texts(),
            trip=self.trip,
            office=self.office,
            route=_subject(f"route:{self.route}").key if self.route else "",
            criticality=self.criticality,
            people=self.people,
        )


class OutlinesPart(_Part):
    """Where the outlines of airspaces lie that are opened with the records, beside the file itself."""

    file: str = Field(min_length=1, max_length=400)
    set_by: str = Field(min_length=1, max_length=200)
    set_on: date


class FilePart(_Part):
    """A whole file; *export* names the one it was taken in, and changes nothing."""

    title: str = ""
    export: str = ""
    ratings: tuple[RatingPart, ...] = ()
    cautions: tuple[CautionPart, ...] = ()
    services: tuple[ServicePart, ...] = ()
    authorisations: tuple[AuthorisationPart, ...] = ()
    airspaces: tuple[AirspacePart, ...] = ()
    outlines: OutlinesPart | None = None


def _subject(text: str) -> Subject:
    kind, _, key = text.partition(":")
    try:
        known = SubjectKind(kind)
    except ValueError:
        raise BadInputError(f"subject {text}: begins with none of {', '.join(SubjectKind)}") from None
    if known is not SubjectKind.ROUTE:
        return Subject(known, key)
    carrier, _, pair = key.rpartition(":")
    one, dash, other = pair.partition("-")
    if not dash:
        raise BadInputError(f"subject {text}: a route is written route:ADD-FRA or route:ETH:ADD-FRA")
    return route_subject(one, other, carrier)
