"""Lines beside flights that were read, and events without any, which may change who flies or where.

A calendar or a mail is full of prose that no grammar takes. What names another carrier, an operator, a stop
or a cancellation must not be answered as if it were not there; everything else may be.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.itineraries import Status
from travelrisk.domain.places import Atlas

_OPERATED = re.compile(
    r"\bop(?:\.|erated|erating)?[ ]?by\b|\bflown by\b|\bop[eé]r[eé]e?s? par\b|\boperad[oa]s? por\b"
    r"|\bbetrieben\b|\bdurchgef(?:ü|ue|u)hrt\b|\baffr[eé]t[eé]|\bwet[ -]?leased?\b",
    re.IGNORECASE,
)
"""Words that announce an operator wherever they stand."""
_OPERATOR = re.compile(
    _OPERATED.pattern + r"|\boperat(?:or|ing)\b|\bop[eé]r[eé]|\boperad|\bcode[ -]?shares?\b|\bpartner",
    re.IGNORECASE,
)
"""Words that may do so, or stand in ordinary prose."""
_STOP = re.compile(
    r"\b(?:stops?|stop-?overs?|layovers?|escales?|escalas?|via|zwischenstopps?)\b", re.IGNORECASE
)
_NO_STOP = re.compile(
    r"\b(?:non[- ]?stop|(?:no|0|zero|without) stops?|stops?:? ?(?:0|none|no)\b|sans escales?|sin escalas?"
    r"|(?:escales?|escalas?) ?: ?(?:0|aucune|ninguna)\b|0 escal[ea]s?|ohne zwischenstopp)",
    re.IGNORECASE,
)
_TRAVEL = re.compile(
    r"✈|🛫|🛬|\b(?:flights?|vols?|vuelos?|fl[uü]ge?|fly|flying|planes?|avion|avi[oó]n|travel|voyage|viaje"
    r"|airport|a[eé]roport|aeropuerto|flughafen)\b",
    re.IGNORECASE,
)
_CANCELLED = (
    r"(?:cancel+ed|annul[eé]e?s?|cancelad[oa]s?|anulad[oa]s?|storniert|gestrichen|cxld?|cxx|canx|cnx|xld"
    r"|voided|(?-i:VOID)|refunded|rembours[eé]e?s?|reembolsad[oa]s?)"
)
_IS_CANCELLED = re.compile(
    rf"^\W*{_CANCELLED}\b|^\W*(?:[^\W\d]+[ :-]+){{1,3}}{_CANCELLED}\W*$"
    rf"|\b(?:is|are|was|were|been|have|has|had|est|sont|avons|ont|hemos|han|ha|wurden?|ist|[eé]t[eé]|sido|fue|fueron|est[aá]n?|now|status|statut|estado)"
    rf"[ ]?:?[ ](?:now |)?{_CANCELLED}\b",
    re.IGNORECASE | re.MULTILINE,
)
_STRUCK = re.compile(r"~~[^~]{1,400}~~")
"""Words that were crossed out; prices are, too."""
_IF = re.compile(
    r"\b(?:if|unless|when|in case|in the event|should|any|si|en cas|en caso|cuando|lorsque)\b[^.;!?\n]*"
    rf"|\b(?:not|never|pas|no)[ ](?:\w+[ ]){{0,2}}{_CANCELLED}",
    re.IGNORECASE,
)
"""What is only said of a case that may come, or is said not to be so."""
_CHANGE = re.compile(
    r"\b(?:cancel+ations?|refunds?|annulations?|remboursements?|cancelaci[óo]n|anulaci[óo]n|reembolso|stornierung"
    r"|schedule change|flight change|rebooking|disruption|irregularity|umbuchung|flug[äa]nderung"
    r"|(?:modification|changement|report) d(?:e |u |')\w*|(?:cambio|modificaci[óo]n) (?:de|del|en)"
    r"|changes? (?:of|to|in) (?:your |the |my )?(?:flight|booking|reservation|itinerary|travel|trip)s?)\b",
    re.IGNORECASE,
)
_COLUMN = re.compile(
    r"\b(?:operator|operated by|operating (?:carrier|airline)|op[eé]r[eé] par|exploitant"
    r"|transporteur effectif|operador|operado por|betreiber)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?=.*\b(?:flight|vol|vuelo|flug)\b)[^\W\d]+(?:[^\w.!?]+[^\W\d]+){2,11}\W*$", re.IGNORECASE
)
"""A row of words with that of a flight among them, and no sentence."""
_NUMBERED = re.compile(r"\b(?:[A-Z][A-Z0-9]|[0-9][A-Z])[ ]?[0-9]{2,4}\b")
_WORD = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
_LONGEST_NAME = 6
_SHORTEST = 4
_LONGEST = 160


def doubts_of_event(text: str, flights: Sequence[DraftSegment], book: CarrierBook) -> Iterator[str]:
    """Yield the lines of an event's text that say more than its flights: all of its text is about them."""
    own, day = _own(flights, book), _day(flights)
    for line in text.split("\n"):
        is_operated = bool(_OPERATOR.search(line)) and not _is_operator_taken(
            line, flights, _carriers(line, day, book), own
        )
        if (
            is_operated
            or _is_stop_lost(line, flights)
            or _names_another(_carriers(line, day, book), flights, own)
        ):
            yield _shown(line)


def doubts_of_mail(text: str, flights: Sequence[DraftSegment], book: CarrierBook) -> Iterator[str]:
    """Yield the lines of a mail that say who else operates; prose about partners and stops is left alone."""
    own, day = _own(flights, book), _day(flights)
    for line in text.split("\n"):
        is_operated = bool(_OPERATED.search(line)) and not _is_operator_taken(
            line, flights, _carriers(line, day, book), own
        )
        is_operated |= _is_column_lost(line, flights)
        may_name = _OPERATOR.search(line) or _NUMBERED.search(line)
        if is_operated or (may_name and _names_another(_carriers(line, day, book), flights, own)):
            yield _shown(line)


def cancellations_in(text: str, flights: Sequence[DraftSegment]) -> Iterator[str]:
    """Yield the lines that say that something is cancelled, where a flight is not read as cancelled."""
    if all(flight.status is Status.CANCELLED for flight in flights):
        return
    for written in text.split("\n"):
        line = _IF.sub("", written)
        is_said = _IS_CANCELLED.search(line) or (
            _NUMBERED.search(line) and re.search(_CANCELLED, line, re.IGNORECASE)
        )
        if is_said or any(_NUMBERED.search(struck[0]) for struck in _STRUCK.finditer(line)):
            yield _shown(written)


def tells_a_change(subject: str) -> bool:
    """Say whether the subject of a mail is that a booking was changed or given back."""
    return bool(_CHANGE.search(subject))


def is_about_travel(text: str, day: date, atlas: Atlas, book: CarrierBook) -> bool:
    """Say whether a text speaks of travel, or names a carrier or a place that the tables know."""
    if any(pattern.search(text) for pattern in (_TRAVEL, _STOP, _OPERATOR)):
        return True
    names = {name for line in text.split("\n") for name in _names(line)}
    return any(map(atlas.named, names)) or any(carriers_called(text, day, book))


def carriers_called(text: str, day: date, book: CarrierBook) -> Iterator[str]:
    """Yield the words of a text that are the whole name of a carrier, present or former."""
    for line in text.split("\n"):
        small = (match[0] for match in _WORD.finditer(line) if match[0].islower())
        yield from (each for each in _names(line) if _called(each, day, book))
        yield from (each for each in small if any(found.name == each for found in _called(each, day, book)))


def is_called_otherwise(code: str, name: str, atlas: Atlas) -> bool:
    """Say whether code and name of an airport are both known and are those of different places."""
    coded, called = atlas.candidates(code), atlas.named(name)
    cities = {(airport.country, folded(airport.city)) for airport in coded}
    is_same = any(each in coded or (each.country, folded(each.city)) in cities for each in called)
    return bool(coded and called) and not is_same


def _is_operator_taken(
    line: str, flights: Sequence[DraftSegment], named: Sequence[Carrier], own: set[str]
) -> bool:
    """Say whether a line about an operator names the one that a flight has, or the flight's own carrier."""
    written = f" {folded(line)} "
    stated = (name for flight in flights for name in (flight.operator, flight.operating_code))
    if any(name and f" {folded(name)} " in written for name in stated):
        return True
    return any(carrier.icao in own for carrier in named)


def _is_column_lost(line: str, flights: Sequence[DraftSegment]) -> bool:
    """Say whether a line is the heading of a table with operators, and a flight has none."""
    is_stated = all(flight.operator or flight.operating_code for flight in flights)
    return not is_stated and bool(_COLUMN.search(line)) and bool(_HEADING.match(line))


def _is_stop_lost(line: str, flights: Sequence[DraftSegment]) -> bool:
    if not _STOP.search(_NO_STOP.sub("", line)):
        return False
    written = f" {folded(line)} "
    return not any(f" {folded(stop)} " in written for flight in flights for stop in flight.stops)


def _names_another(named: Sequence[Carrier], flights: Sequence[DraftSegment], own: set[str]) -> bool:
    others = [folded(carrier.name) for carrier in named if carrier.icao not in own]
    return any(all(name not in folded(flight.operator) for flight in flights) for name in others)


def _own(flights: Sequence[DraftSegment], book: CarrierBook) -> set[str]:
    """Return the carriers that the flights are sold or flown by."""
    day = _day(flights)
    codes = (code for flight in flights for code in (flight.marketing_code, flight.operating_code))
    names = (name for flight in flights for name in (flight.marketing_name, flight.operator))
    found = [*(book.find(code, day) for code in codes), *(book.named(name, day) for name in names)]
    return {carrier.icao for carriers in found for carrier in carriers}


def _day(flights: Sequence[DraftSegment]) -> date:
    """Return a day of travel; without one, a day on which only those exist that still do."""
    for flight in flights:
        moment = flight.departs
        if moment.instant:
            return moment.instant.date()
        if moment.year and moment.month and moment.day:
            try:
                return date(moment.year, moment.month, moment.day)
            except ValueError:
                continue
    return date.max


def _carriers(line: str, day: date, book: CarrierBook) -> list[Carrier]:
    """Return the carriers that a line calls by their whole name, present or former."""
    return [carrier for name in _names(line) for carrier in _called(name, day, book)]


def _called(name: str, day: date, book: CarrierBook) -> list[Carrier]:
    wanted = folded(name)
    return [
        carrier
        for carrier in book.named(name, day)
        if wanted in {folded(each) for each in (carrier.name, *carrier.former_names)}
    ]


def _names(line: str) -> Iterator[str]:
    """Yield every run of some words that begins with a capital, as names do."""
    found = list(_WORD.finditer(line))
    for number, first in enumerate(found):
        for last in found[number : number + _LONGEST_NAME]:
            name = line[first.start() : last.end()]
            if name[:1].isupper() and len(name) >= _SHORTEST:
                yield name


def _shown(line: str) -> str:
    return " ".join(line.split())[:_LONGEST]
