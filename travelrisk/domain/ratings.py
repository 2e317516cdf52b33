"""Levels, subjects, ratings, cautions, known services; and the Snapshot: all that an edition says.

Two further kinds of record, the authorisation and the airspace, have modules of their own.

Ratings are never edited. Two clocks: ``valid_from``/``valid_until`` say for which flights a rating holds,
``opened_in``/``closed_in`` say in which editions we believed it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from travelrisk.domain.airspaces import Airspace, Scope
from travelrisk.domain.authorisations import Authorisation
from travelrisk.domain.sky import NOTHING_DRAWN, Sky
from travelrisk.domain.staleness import StaleSource
from travelrisk.domain.texts import Texts
from travelrisk.domain.verdicts import Verdict

_Key = TypeVar("_Key")
_Row = TypeVar("_Row")


class Level(StrEnum):
    """What a rating says. ``not_rated`` is neutral: not assessed by us."""

    __hash__ = str.__hash__  # looked up by the dozen in each judgement; the Enum's own hash runs in Python

    RECOMMENDED = "recommended"
    CONDITIONAL = "conditional"
    NOT_RECOMMENDED = "not_recommended"
    NOT_RATED = "not_rated"


class SubjectKind(StrEnum):
    """What a rating can be about."""

    __hash__ = str.__hash__  # as for Level

    CARRIER = "carrier"
    STATE = "state"
    AIRPORT = "airport"
    COUNTRY = "country"
    ROUTE = "route"
    AIRSPACE = "airspace"


class Subject(NamedTuple):
    """What is rated.

    Keys: carrier = ICAO designator (``ETH``); state = alpha-2 code of the State of the operator (``PK``);
    airport = its code (``ADD``); country = alpha-2 code; route = both airports in alphabetical order
    (``ADD-FRA``), with the designator of one carrier in front where it is about that carrier on the
    pair (``ETH:ADD-FRA``), routes hold in both directions; airspace = its own key (``OIIX``).
    """

    kind: SubjectKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.key}"


def route_subject(one: str, other: str, carrier: str = "") -> Subject:
    """Return the subject of a pair of airports, or of one carrier on that pair."""
    pair = f"{one}-{other}" if one <= other else f"{other}-{one}"
    return Subject(SubjectKind.ROUTE, f"{carrier}:{pair}" if carrier else pair)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rating rests on.

    Attributes:
        kind: a factor (see ``domain.factors``), or any other word for what it is.
        valid_until: what the source said, and never rolled forward.
        value: what was found, in the words or the unit of its factor: ``on_registry``, ``annex_b``, ``62.4``.
        limits: types or registrations of aircraft that the finding is limited to, as Annex B has them.
        file: SHA-256 of the kept original, where there is one.
    """

    title: str
    kind: str = ""
    url: str = ""
    retrieved_on: date | None = None
    valid_until: date | None = None
    note: str = ""
    value: str = ""
    limits: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """One row: a level for a subject over a span of flight days (both ends included).

    Attributes:
        review_on: the last day on which it may be used before somebody looks at it again.
        aoc: number of the air operator certificate that was looked at, for carriers. With the designator and
            the State it says which operator is meant; it stands here and not with the carrier, because it
            was true when the rating was set.
        scope: which flights it concerns, for airspaces; None = all.
    """

    id: str
    subject: Subject
    level: Level
    valid_from: date
    valid_until: date | None
    set_by: str
    set_on: date
    reason: Texts = Texts()
    condition: Texts = Texts()
    evidence: tuple[Evidence, ...] = ()
    review_on: date | None = None
    aoc: str = ""
    scope: Scope | None = None
    opened_in: int = 0
    closed_in: int | None = None
    record: Literal["rating"] = "rating"

    def covers(self, first: date, last: date) -> bool:
        """Say whether the rating holds on every day from *first* to *last*."""
        return self.valid_from <= first and (self.valid_until is None or last <= self.valid_until)

    def lapsed_evidence(self, day: date) -> tuple[Evidence, ...]:
        """Return the evidence that is past its date on *day*."""
        return _lapsed(self.evidence, day)

    def is_due_for_review(self, today: date) -> bool:
        """Say whether the day on which somebody should have looked at it again is past."""
        return self.review_on is not None and self.review_on < today


@dataclass(frozen=True, slots=True)
class Caution:
    """An overlay on a subject: its own text, source and end date; named carriers may be excepted.

    On a State it concerns every operator certified there but the *exceptions* (ICAO designators).
    On an airspace it concerns the flights of its *scope*; None = all.
    Past its end date it does not vanish: it asks for a review until somebody renews or closes it.
    """

    id: str
    subject: Subject
    effect: Verdict
    valid_from: date
    valid_until: date | None
    set_by: str
    set_on: date
    text: Texts = Texts()
    exceptions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    scope: Scope | None = None
    opened_in: int = 0
    closed_in: int | None = None
    record: Literal["caution"] = "caution"

    def lapsed_evidence(self, day: date) -> tuple[Evidence, ...]:
        """Return the evidence that is past its date on *day*."""
        return _lapsed(self.evidence, day)


@dataclass(frozen=True, slots=True)
class Service:
    """A carrier is known to serve a pair itself, in both directions, when no operator is stated."""

    id: str
    carrier: str
    pair: tuple[str, str]
    valid_from: date
    valid_until: date | None
    source: str
    set_by: str
    set_on: date
    opened_in: int = 0
    closed_in: int | None = None
    record: Literal["service"] = "service"

    def covers(self, first: date, last: date) -> bool:
        """Say whether the service is known for every day from *first* to *last*."""
        return self.valid_from <= first and (self.valid_until is None or last <= self.valid_until)


Record = Rating | Caution | Service | Authorisation | Airspace


def subject_of(record: Record) -> Subject:
    """Return the subject under which a record is filed.

    A known service is filed under its carrier on its pair, an authorisation under its carrier.
    """
    if isinstance(record, Service):
        return route_subject(*record.pair, carrier=record.carrier)
    if isinstance(record, Authorisation):
        return Subject(SubjectKind.CARRIER, record.carrier)
    if isinstance(record, Airspace):
        return Subject(SubjectKind.AIRSPACE, record.key)
    return record.subject


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything believed in one edition, ready to be looked up by subject. Edition 0 is empty.

    Authorisations are looked up by the designator of their carrier, airspaces in the sky that they make up;
    *judged_sky* is the part of it that any record is about. *stale* are the sources that could not be read
    for too long when it was looked at: no part of the edition, but of what is believed.
    """

    edition: int = 0
    ratings: Mapping[Subject, tuple[Rating, ...]] = field(default_factory=lambda: MappingProxyType({}))
    cautions: Mapping[Subject, tuple[Caution, ...]] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[Subject, tuple[Service, ...]] = field(default_factory=lambda: MappingProxyType({}))
    authorisations: Mapping[str, tuple[Authorisation, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    sky: Sky = NOTHING_DRAWN
    judged_sky: Sky = NOTHING_DRAWN
    stale: tuple[StaleSource, ...] = ()


def judged_part(sky: Sky, ratings: Mapping[Subject, object], cautions: Mapping[Subject, object]) -> Sky:
    """Return the airspaces about which, or about whose State, anything is on record: only they are judged."""
    subjects = {*ratings, *cautions}
    keys = {key for kind, key in subjects if kind is SubjectKind.AIRSPACE}
    states = {key for kind, key in subjects if kind is SubjectKind.COUNTRY}
    return sky.part(lambda each: each.key in keys or each.state in states)


def snapshot_of(edition: int, records: Iterable[Record]) -> Snapshot:
    """Sort *records* (any order) into a Snapshot; each subject's rows stand in the order of their ids."""
    ratings: dict[Subject, list[Rating]] = defaultdict(list)
    cautions: dict[Subject, list[Caution]] = defaultdict(list)
    services: dict[Subject, list[Service]] = defaultdict(list)
    authorisations: dict[str, list[Authorisation]] = defaultdict(list)
    airspaces: list[Airspace] = []
    for record in sorted(records, key=lambda each: each.id):
        if isinstance(record, Rating):
            ratings[record.subject].append(record)
        elif isinstance(record, Caution):
            cautions[record.subject].append(record)
        elif isinstance(record, Service):
            services[subject_of(record)].append(record)
        elif isinstance(record, Authorisation):
            authorisations[record.carrier].append(record)
        else:
            airspaces.append(record)
    sky = Sky(airspaces) if airspaces else NOTHING_DRAWN
    return Snapshot(
        edition,
        _filed(ratings),
        _filed(cautions),
        _filed(services),
        _filed(authorisations),
        sky,
        judged_part(sky, ratings, cautions),
    )


def _lapsed(evidence: tuple[Evidence, ...], day: date) -> tuple[Evidence, ...]:
    return tuple(each for each in evidence if each.valid_until is not None and each.valid_until < day)


def _filed(rows: Mapping[_Key, list[_Row]]) -> Mapping[_Key, tuple[_Row, ...]]:
    return MappingProxyType({key: tuple(each) for key, each in rows.items()})
