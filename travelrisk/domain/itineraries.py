"""Travellers, segments and itineraries; what is stated, assumed or unknown about who operates a flight."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from travelrisk.domain.carriers import Carrier
from travelrisk.domain.places import Airport
from travelrisk.domain.texts import Language


class Mode(StrEnum):
    """What moves the traveller; only ``air`` is judged, ``unknown`` is asked about."""

    AIR = "air"
    RAIL = "rail"
    BUS = "bus"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """State of a booking; ``cancelled`` and ``flown`` segments do not fly (again)."""

    HELD = "held"
    PASSIVE = "passive"
    WAITLIST = "waitlist"
    REQUESTED = "requested"
    CANCELLED = "cancelled"
    FLOWN = "flown"
    OPEN = "open"
    UNKNOWN = "unknown"

    @property
    def flies(self) -> bool:
        """Say whether a segment in this state is still going to be flown, or may be."""
        return self is not Status.CANCELLED and self is not Status.FLOWN


class Basis(StrEnum):
    """How the operating carrier is known. The first five are *stated*; silence is never taken for safety.

    ``traveller``: the document does not say it, and the traveller did, in answer to our question; that is
    judged as a condition, never as what the document states.
    """

    STATED = "stated"
    DBA = "dba"
    BARCODE = "barcode"
    SAME_AS_MARKETING = "same_as_marketing_stated"
    TRAVELLER = "traveller"
    ASSUMED = "assumed"
    UNKNOWN = "unknown"

    @property
    def is_stated(self) -> bool:
        """Say whether somebody names the operating carrier: the document, or the traveller."""
        return self is not Basis.ASSUMED and self is not Basis.UNKNOWN


class Outcome(StrEnum):
    """How far a document or itinerary was understood; anything but ``complete`` forbids a clearance."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    AMBIGUOUS = "ambiguous"
    NOTHING_FOUND = "nothing_found"
    UNREADABLE = "unreadable"


class Severity(StrEnum):
    """Weight of a question: ``block`` and ``ask`` forbid a clearance, ``note`` is only said."""

    BLOCK = "block"
    ASK = "ask"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Traveller:
    """A person on the booking. No passport, ticket or card is ever kept."""

    raw_name: str = ""
    surname: str = ""
    given: str = ""
    title: str = ""
    email: str = ""
    language: Language | None = None


@dataclass(frozen=True, slots=True)
class Locator:
    """A record locator as given, with its owner (a carrier, agency or reservation system) if known."""

    code: str
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Marketing:
    """The carrier that sold the seat: as written, and as found in the CarrierBook (None = not decided)."""

    code: str = ""
    number: str = ""
    name: str = ""
    carrier: Carrier | None = None
    candidates: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True)
class Operating:
    """The carrier that flies, and how we know; *brand* is the name it flies under (``A DBA B`` -> B)."""

    code: str = ""
    number: str = ""
    name: str = ""
    basis: Basis = Basis.UNKNOWN
    carrier: Carrier | None = None
    candidates: tuple[Carrier, ...] = ()
    brand: str = ""


@dataclass(frozen=True, slots=True)
class AircraftOwner:
    """Whose aircraft it is, where the document says so: a wet lease brings a third carrier aboard.

    Attributes:
        name: the words of the document.
        carriers: every carrier that they name, or may name; several where the parts of a flight have several.
    """

    name: str
    carriers: tuple[Carrier, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An end of a segment: the words, the airport, or every airport the words may mean."""

    text: str = ""
    airport: Airport | None = None
    candidates: tuple[Airport, ...] = ()

    @property
    def code(self) -> str:
        """The airport's code, or the words of the document where no single airport is known."""
        return self.airport.code if self.airport else self.text

    @property
    def possible(self) -> tuple[Airport, ...]:
        """Every airport that must be judged: the one known, or all candidates."""
        return (self.airport,) if self.airport else self.candidates


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time at an airport. Local and zone are the truth, UTC is derived.

    Attributes:
        day: local date; None = unknown.
        local: naive local time; None where only the date is known.
        zone: IANA zone of the airport; empty = unknown.
        utc: aware UTC; None unless local and zone are known.
    """

    day: date | None = None
    local: datetime | None = None
    zone: str = ""
    utc: datetime | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A further place of the document that tells of a segment.

    Attributes:
        part: the name of the file it stands in; empty for the document itself, such as the text of a mail.
        text: the line or field as written.
    """

    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What a person told us beyond or against the documents; the answer rests on it, and says so.

    Attributes:
        about: of a segment ``flight``, ``operator``, ``origin``, ``destination``, ``departs``, ``arrives``,
            ``added``, or ``answer`` where we had asked; of the whole trip ``no_flight`` and ``not_mine``.
        value: what they told us.
        was: what was understood before, or is in doubt; empty = nothing.
        by: who told us; empty = the traveller.
    """

    about: str
    value: str
    was: str = ""
    by: str = ""


def elsewhere(own: Evidence, mentions: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return each of the mentions once, without the one that a flight was read from."""
    return tuple(each for each in dict.fromkeys(mentions) if each != own and each.text)


@dataclass(frozen=True, slots=True)
class Segment:
    """What the booking sells under one flight number, with its hidden stops.

    *source* and *part* are the line it was read from and its file; *also* is where else it stands, *claims*
    what a person told us of it.
    """

    marketing: Marketing
    operating: Operating
    origin: Place
    destination: Place
    departs: Moment = Moment()
    arrives: Moment = Moment()
    mode: Mode = Mode.AIR
    status: Status = Status.UNKNOWN
    stops: tuple[Place, ...] = ()
    source: str = ""
    part: str = ""
    also: tuple[Evidence, ...] = ()
    aircraft_owner: AircraftOwner | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every place of the document that tells of the flight, the one it was read from first."""
        own = (Evidence(self.part, self.source),) if self.source else ()
        return tuple(dict.fromkeys((*own, *self.also)))

    @property
    def is_judged(self) -> bool:
        """Say whether the segment goes through the rules: it flies, and it is not known to be rail or bus."""
        return self.status.flies and (self.mode is Mode.AIR or self.mode is Mode.UNKNOWN)

    @property
    def operators(self) -> tuple[Carrier, ...]:
        """The operating carrier, or every carrier that it may be."""
        operating = self.operating
        return (operating.carrier,) if operating.carrier is not None else operating.candidates

    @property
    def flyers(self) -> tuple[Carrier, ...]:
        """Every carrier whose crew may be in the cockpit: the operators, and whose aircraft it is."""
        owner = self.aircraft_owner
        return tuple(dict.fromkeys((*self.operators, *owner.carriers))) if owner else self.operators

    @property
    def operator_by(self) -> str:
        """Who at the desk named the operating carrier; empty = the traveller, or nobody had to."""
        names = {self.operating.name, self.operating.code}
        told = (
            each
            for each in reversed(self.claims)
            if each.about in {"operator", "added"} or (each.about == "answer" and each.value in names)
        )
        return next((each.by for each in told), "")

    @property
    def flight(self) -> str:
        """The flight as people write it: ``ET 707``; empty where the document gives none."""
        return f"{self.marketing.code} {self.marketing.number}".strip()


@dataclass(frozen=True, slots=True)
class Question:
    """One open point, asked with choices instead of guessed.

    Attributes:
        code: which question, such as ``day_month``; its texts stand in screening.questions.
        segment: index of the segment it is about; None = the whole itinerary.
        text: the words of the document that are in doubt.
        choices: possible answers, ready to read.
    """

    code: str
    severity: Severity
    segment: int | None = None
    text: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Itinerary:
    """One booking, settled: what is known, what is asked, what was not understood, what a person told us."""

    segments: tuple[Segment, ...] = ()
    travellers: tuple[Traveller, ...] = ()
    locators: tuple[Locator, ...] = ()
    questions: tuple[Question, ...] = ()
    unread: tuple[str, ...] = ()
    outcome: Outcome = Outcome.NOTHING_FOUND
    context_date: date | None = None
    claims: tuple[Claim, ...] = ()

    @property
    def told(self) -> tuple[Claim, ...]:
        """All that people told us of it: of the whole booking, then segment by segment."""
        return (*self.claims, *(claim for segment in self.segments for claim in segment.claims))
