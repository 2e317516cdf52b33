"""What a telephone's pass says of its flight beside the bar code: in tags for programs, and to people.

`relevantDate` is when the telephone shows the pass: mostly the boarding, in the zone the telephone was in. An
evening flight overseas gets the next day from it, so it is never taken for a departure, nor for its day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import FlightNumber, airport_code, carrier_code, flight_number
from travelrisk.domain.drafts import DraftSegment, DraftTime
from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.domain.settling.clocks import local_time, zone_named
from travelrisk.intake.passes.fields import Field, text_of
from travelrisk.intake.words.clocks import clock_from
from travelrisk.intake.words.headings import column_of
from travelrisk.intake.words.moments import dates_in
from travelrisk.intake.words.names import traveller_named

_PAIR = re.compile(r"(?<![A-Z])([A-Z]{3})\W{1,4}([A-Z]{3})(?![A-Z])")
_DEPARTS = re.compile(r"dep|std\b|etd\b|heure de depart|salida|hora de salida|abflug|partida|partenza")
_NO_DEPARTURE = re.compile(
    r"board|embar[qk]u|einsti?eg|imbarc|arriv|lleg|ankunft|birth|issue|expir|valid|emission|naissance|nacimiento|member"
)
_ABOARD = re.compile(
    r"gate|seat|zone|group|terminal|seq|class|porte|siege|puerta|asiento|sitz|ausgang|grupo|groupe|gruppe"
)
_SHORTEST = 4  # A36 is a gate, and A3 6 no flight without a word that says so
_LOCATOR = re.compile(r"[A-Z0-9]{5,8}")


class Shown:
    """Reads the tags and the fields of passes."""

    def __init__(self, atlas: Atlas, book: CarrierBook) -> None:
        self._atlas = atlas
        self._book = book

    def tagged(self, tags: Mapping[str, Any]) -> tuple[DraftSegment, ...]:
        """Return the flight that the tags tell: one for each departure they know, planned and present."""
        said = {name: text_of(value) for name, value in tags.items()}
        whole = flight_number(said.get("flightCode", ""))
        code = said.get("airlineCode") or (whole.carrier if whole else "")
        number = said.get("flightNumber") or (whole.number + whole.suffix if whole else "")
        places = [said.get(f"{end}AirportCode", "").upper() for end in ("departure", "destination")]
        names = [said.get(f"{end}AirportName", "") for end in ("departure", "destination")]
        if not (number or any(places)):
            return ()
        segment = DraftSegment(
            marketing_code=code.upper(),
            marketing_number=number,
            origin=places[0],
            origin_name=names[0],
            destination=places[1],
            destination_name=names[1],
            source=" ".join(filter(None, ("tags:", code, number, *places))),
        )
        departures = tuple(self._moments(said, "Departure", "departureLocationTimeZone", places[0]))
        arrives = next(self._moments(said, "Arrival", "destinationLocationTimeZone", places[1]), DraftTime())
        return tuple(
            replace(segment, departs=departs, arrives=arrives) for departs in departures or (DraftTime(),)
        )

    def _moments(self, said: Mapping[str, str], kind: str, zone: str, place: str) -> Iterator[DraftTime]:
        for state in ("original", "current"):
            written = said.get(f"{state}{kind}Date", "")
            if moment := self._moment(written, said.get(zone, ""), place):
                yield moment

    def _moment(self, written: str, zone_name: str, place: str) -> DraftTime | None:
        """Return an instant as the day and clock of its airport, or as stated where its zone is not known."""
        try:
            stated = datetime.fromisoformat(written)
        except ValueError:
            return DraftTime(text=written) if written else None
        if stated.tzinfo is None:
            return _dated(stated, written)
        instant = stated.astimezone(UTC)
        zones = {airport.zone for airport in self._atlas.candidates(place)}
        zone = zone_named(zones.pop() if len(zones) == 1 else zone_name)
        local = local_time(instant, zone) if zone else None
        if local is None:
            return DraftTime(instant=instant, text=written)
        return replace(_dated(local, written), clock=None, instant=instant)

    def flights(self, fields: tuple[Field, ...]) -> tuple[FlightNumber, ...]:
        """Return the designators that people see, of carriers that are known; gate A36 is none of A3."""
        found = (flight_number(each.value) for each in fields if _may_be_flight(each))
        return tuple(dict.fromkeys(each for each in found if each and self._book.knows(each.carrier)))

    def places(self, fields: tuple[Field, ...]) -> tuple[tuple[str, str], tuple[str, str]]:
        """Return code and name of both ends; the two fields that are shown largest are for these."""
        ends = [self._place(each) for each in fields if each.place == "primaryFields"]
        ends = [each for each in ends if any(each)]
        if len(ends) >= len(("origin", "destination")):
            return ends[0], ends[1]
        for each in fields:
            match = _PAIR.search(each.value) if each.is_front else None
            if match and all(map(self._atlas.candidates, match.groups())):
                return (match[1], ""), (match[2], "")
        return ("", ""), ("", "")

    def _place(self, field: Field) -> tuple[str, str]:
        for code in (field.value, field.label):
            if code.isupper() and airport_code(code) and self._atlas.candidates(code):
                return code, ""
        if self._atlas.named(field.value):
            return "", field.value
        is_code = airport_code(field.value) and field.value.isupper()
        return (field.value, "") if is_code else ("", "")

    def days(self, fields: tuple[Field, ...], origin: str) -> tuple[DraftTime, ...]:
        """Return the days that people see, each at the airport of departure where it is an instant."""
        found: dict[DraftTime, None] = {}
        for each in fields:
            if not each.is_front or any(map(_NO_DEPARTURE.search, each.names)):
                continue
            for date in dates_in(each.value):
                moment = date.moment
                if moment.instant:
                    moment = self._moment(each.value, "", origin) or moment
                is_departure = any(map(_DEPARTS.match, each.names))
                kept = moment if is_departure else replace(moment, clock=None, instant=None)
                found[replace(kept, text=each.value)] = None
        return tuple(found)


def _may_be_flight(field: Field) -> bool:
    is_long = len(field.value) > _SHORTEST or " " in field.value
    return (is_long or _is_of("flight", field)) and not any(map(_ABOARD.search, field.names))


def departs_at(fields: tuple[Field, ...]) -> DraftTime:
    """Return the time of departure that people see: only what is called so; others are of the boarding."""
    for each in fields:
        clock = clock_from(each.value) if each.is_front and any(map(_DEPARTS.match, each.names)) else None
        if clock and clock.at:
            return DraftTime(clock=clock.at, text=each.value)
    return DraftTime()


def traveller_of(tags: Mapping[str, Any], fields: tuple[Field, ...]) -> tuple[Traveller, ...]:
    """Return who travels, where it is said."""
    name = tags.get("passengerName")
    if isinstance(name, dict):
        given, surname = text_of(name.get("givenName")), text_of(name.get("familyName"))
        if surname:
            return (Traveller(f"{given} {surname}".strip(), surname, given),)
    said = next((each.value for each in fields if _is_of("traveller", each)), "")
    return (traveller_named(said),) if said else ()


def locators_of(tags: Mapping[str, Any], fields: tuple[Field, ...]) -> tuple[Locator, ...]:
    """Return the record locator, where it is said."""
    said = (
        text_of(tags.get("confirmationNumber")),
        *(each.value for each in fields if _is_of("locator", each)),
    )
    return tuple(Locator(each) for each in dict.fromkeys(said) if _LOCATOR.fullmatch(each))[:1]


def operator_of(said: str, book: CarrierBook) -> DraftSegment:
    """Return a segment that has nothing but the operator of these words."""
    flight = flight_number(said)
    if flight and book.knows(flight.carrier):
        return DraftSegment(operating_code=flight.carrier, operating_number=flight.number + flight.suffix)
    code = carrier_code(said) if said.isupper() else None
    return DraftSegment(operating_code=code) if code and book.knows(code) else DraftSegment(operator=said)


def _is_of(column: str, field: Field) -> bool:
    return any(column_of(name) == column for name in field.names)


def _dated(local: datetime, written: str) -> DraftTime:
    return DraftTime(local.year, local.month, local.day, local.time(), text=written)
