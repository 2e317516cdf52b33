"""What a reader found in a document, still in the document's own words; settling makes an itinerary of it.

A draft never guesses: a field the document does not give stays empty.
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from travelrisk.domain.itineraries import Basis, Claim, Evidence, Locator, Mode, Status, Traveller


@dataclass(frozen=True, slots=True)
class DraftTime:
    """A point in time as written.

    Attributes:
        year, month, day: what is stated; None where missing. Without month or day there is no date.
        clock: local time of day, if stated.
        weekday: stated weekday, Monday = 1; it checks or fixes the year.
        zone: the zone as stated (IANA name or raw text); empty = none stated.
        instant: an aware UTC time, where the document gives an instant (``Z`` or an offset).
        day_shift: for arrivals: stated number of days after the local day of departure (``+1``).
        day_month_unsure: ``12/11``: day and month may have to change places.
        ahead: days after the day the document was written: 0 for "today", 1 for "demain".
        text: the words in the document.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    clock: time | None = None
    weekday: int | None = None
    zone: str = ""
    instant: datetime | None = None
    day_shift: int | None = None
    day_month_unsure: bool = False
    ahead: int | None = None
    text: str = ""

    def at(self, clock: time, zone: str, day_shift: int | None, text: str) -> "DraftTime":
        """Return the same day at a time; as `replace`, which takes three times as long, and rows are many."""
        return DraftTime(
            self.year,
            self.month,
            self.day,
            clock,
            self.weekday,
            zone,
            self.instant,
            day_shift,
            self.day_month_unsure,
            self.ahead,
            text,
        )


@dataclass(frozen=True, slots=True)
class DraftSegment:
    """One flight as written; every text field may be empty.

    Attributes:
        marketing_code, marketing_number, marketing_name: of the selling carrier.
        operator: the words after "operated by": a name, a code, ``A DBA B``, ``A on behalf of B`` ...
        operating_code, operating_number: where the document has fields of their own for them.
        aircraft_owner: the words for whose aircraft it is, where the document says so: a third carrier.
        origin, destination: a code where there is one; else empty.
        origin_name, destination_name: place in words, used where there is no code.
        stops: codes of stops inside this segment.
        source: the line or field it was read from, shown beside the answer.
        part: the name of the attachment it was read from; empty = the document itself.
        also: the other places of the document that tell of the same flight.
        claims: what a person told us of it since; no reader makes any.
    """

    marketing_code: str = ""
    marketing_number: str = ""
    marketing_name: str = ""
    operator: str = ""
    operating_code: str = ""
    operating_number: str = ""
    operating_basis: Basis | None = None
    aircraft_owner: str = ""
    origin: str = ""
    origin_name: str = ""
    destination: str = ""
    destination_name: str = ""
    departs: DraftTime = DraftTime()
    arrives: DraftTime = DraftTime()
    mode: Mode = Mode.AIR
    status: Status = Status.UNKNOWN
    stops: tuple[str, ...] = ()
    source: str = ""
    part: str = ""
    also: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """Every place of the document that tells of the flight, the one it was read from first."""
        own = (Evidence(self.part, self.source),) if self.source else ()
        return tuple(dict.fromkeys((*own, *self.also)))


@dataclass(frozen=True, slots=True)
class Draft:
    """One booking as written: segments, people, record locators, and the lines that were not understood.

    Attributes:
        issued: the date the document itself bears; None = use the date it arrived.
        unread: flight-like lines of this booking that no grammar understood; any of them forbids a clearance.
        claims: what a person told us of the whole booking since; no reader makes any.
        has_one_order: days and months that are unsure all stand in one order, as in the rows of a table: one
            question, and one answer, for all of them.
    """

    segments: tuple[DraftSegment, ...] = ()
    travellers: tuple[Traveller, ...] = ()
    locators: tuple[Locator, ...] = ()
    issued: date | None = None
    unread: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    has_one_order: bool = False
