"""Cells of a table that no column takes: harmless ones are left out, the others must be told.

A cell that is left out in silence may hold the real operator, a stop or a second flight, and what is left
would be cleared.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from travelrisk.domain.carriers import Carrier, CarrierBook
from travelrisk.domain.codes import bare_number, carrier_code, flight_number, folded
from travelrisk.domain.drafts import DraftSegment
from travelrisk.domain.places import Atlas
from travelrisk.intake.beside.doubts import carriers_called
from travelrisk.intake.tables.notes import Notes
from travelrisk.intake.words.headings import column_of

NOTHING = frozenset(
    {"", "0", "n", "no", "none", "non", "nil", "nein", "n a", "direct", "nonstop", "non stop", "false"}
)
"""Folded words for an empty cell: no stops, no return, no remarks. NA is a carrier; N/A is none."""

_NO_CARRIER = frozenset({"", "n a", "none"})  # NO is a carrier
_CARRIER_LIKE = re.compile(r"\b(?:oper\w*|carriers?|airlines?|flown|aerol\w*|compag\w*|compania\w*)")
_PERSONAL = {"locator", "trip", "traveller", "surname", "given", "email", "language"}  # change no flight
_FLIGHTLIKE = re.compile(
    r"\b(?:oper\w*|ausfuhr\w*|durchgefuhr\w*|carriers?|airlines?|flown|aerol\w*|compag\w*|compania\w*"
    r"|\w*gesellschaft|via|stop\w*|escal\w*|zwischen\w*|umst\w*|layover\w*|transit\w*|return\w*|retour\w*|regreso"
    r"|vuelta|ruckf\w*|ruckr\w*|legs?|segments?|segmentos?|tramos?|flights?|flt|vols?|vuelos?|flug\w*|connect\w*"
    r"|correspond\w*|conexion\w*|status|state|estado|estatus|statut|etat|remark\w*|remarques?|notes?|notas?"
    r"|comment\w*|comentario\w*|observ\w*|bemerk\w*|anmerk\w*|hinweis\w*"
    r"|stand ?by|option\w*|wait ?list\w*"
    r"|cancel+ed|cancel\w* date|annule\w*|cancelad\w*|storniert|void(?:ed)?|changed|modifie|cambiado|geandert"
    r"|rebook\w*|replac\w*|charter\w*|new|nouvel\w*|nouveau|nuev[oa]|neue[rs]?|revised"
    r"|onward\w*|divert\w*|transfer\w*|change of|codeshare|code share|lessor|leas(?:e|ed|ing)|aoc|metal"
    r"|(?:aircraft|plane) owner|owner of the (?:aircraft|plane)|proprietaire de l (?:avion|aeronef)"
    r"|propietario de(?:l avion| la aeronave))\b"
)
_HARMLESS = re.compile(
    r"\b(?:\w*class|classe|clase|\w*klasse|cabin\w*|fares?|tarif\w*|seats?|asiento|siege|meals?|baggage|luggage"
    r"|price|prix|precio|cost|amount|tax|taxes|currency|tickets?|billet|billete|miles|distance|duration|duree"
    r"|duracion|types?|aircraft|plane|ids?|oid|reason|equipment|department|dept|phone|mobile|tel\w*|terminal|gate|budget|project|fees?"
    r"|employee|staff|approv\w*|centre|center|fund|account|invoice|nationality|passport|visa|birth|hotel"
    r"|validating|plating|issuing|alliance)\b"
)
_NEVER_HARMLESS = re.compile(
    r"\b(?:oper\w*|via|stop\w*|layover\w*|status|remark\w*|notes?|comment\w*|lessor|leas(?:e|ed|ing)"
    r"|owner|proprietaire|propietario)\b"
)
_AIRCRAFT = re.compile(r"\b(?:aircraft|equipment|plane|avion|aeronef|aeronave)\b")
_REMARK = re.compile(r"\b(?:remark\w*|notes?|notas?|comment\w*|observ\w*|bemerk\w*|anmerk\w*|hinweis\w*)\b")
_OPERATOR_IF_CARRIER = frozenset({"op", "oc", "oa", "supplier"})  # an order number or an office as well
_COUNTING = re.compile(r"\b(?:legs?|segments?|segmentos?|tramos?)\b")
_OPERATED = re.compile(
    r"\b(?:operat\w* by|opere\w* par|effectue\w* par|exploite\w* par|operad\w por|durchgefuhrt von)\b"
)
_ADDRESS = re.compile(r"\S*@\S*")
_DESIGNATOR = re.compile(r"(?<!\w)(?:[A-Z][A-Z0-9]|[0-9][A-Z]|[A-Z]{3})[ ]?[0-9]{2,4}[A-Z]?(?!\w)")
_GRAVE_VALUES = frozenset(
    """cancelled canceled annule annulee cancelado cancelada storniert void voided waitlist waitlisted standby
    warteliste rail train bus coach ferry boat zug bahn tren""".split()  # noqa: SIM905 - a table of words is read as words
)
_TWO_LETTERS = re.compile(r"[A-Z]{2}")
_NUMBERED = re.compile(r"[A-Z]{2}[ ]?[0-9]{2,4}")
_OF_FLIGHT = re.compile(r"\b(?:\w*class|classe|clase|cabin\w*|fares?|seats?|aircraft|equipment|ids?|oid)\b")
_CODED = re.compile(
    r"\b(?:lang\w*|idioma|countr\w*|pays|pais|land|nation\w*|card|pay\w*|paiement|pago|curren\w*|title|grade"
    r"|regions?|office|oficina|bureau|initials|gender|state|province|unit|agen\w*)\b"
)
"""What has codes of two letters as well: countries, languages, cards, grades, offices."""
_HELD = frozenset(
    {"confirmed", "active", "valid", "booked", "held", "confirme", "actif", "valide", "confirmado"}
)
_NEGATIVE = frozenset({"n", "no", "non", "nein", "false", "0"})
_LONGEST = 100


class Strays:
    """Tells which cells of a row may change its flight although no column takes them.

    Args:
        headings: as they stand in the table.
        places: column -> position of the columns that are read.
    """

    def __init__(
        self, headings: Sequence[str], places: dict[str, int], atlas: Atlas, book: CarrierBook
    ) -> None:
        self._headings = headings
        self._places = places
        self._used = frozenset(places.values())
        self._atlas = atlas
        self._book = book
        self._notes = Notes(atlas, book)
        self._personal = frozenset(place for column, place in places.items() if column in _PERSONAL)

    def found(self, cells: Sequence[str], segment: DraftSegment) -> Iterator[str]:
        """Yield heading and value of each such cell; addresses of people are left out."""
        for place, cell in enumerate(cells):
            value = " ".join(cell.split())
            heading = self._headings[place] if place < len(self._headings) else ""
            if place in self._personal and self._says_more(value):
                yield f"column {heading}: {shown(value)}"
            if place in self._used or not value:
                continue
            nothing = _NO_CARRIER if _CARRIER_LIKE.search(folded(heading)) else NOTHING
            is_number_of_row = bool(heading) and not folded(heading) and value.isdigit()  # under a #
            if folded(heading) in _HELD and folded(value) in _NEGATIVE:
                yield f"column {heading}: {shown(value)}"
            if folded(value) in nothing or is_number_of_row:
                continue
            if self._matters(heading, value, cells, segment):
                yield f"column {heading or place + 1}: {shown(value)}"

    def _matters(self, heading: str, value: str, cells: Sequence[str], segment: DraftSegment) -> bool:
        words, column = folded(heading), column_of(heading)
        if not words or _OPERATED.search(folded(value)):
            return True
        if column:
            is_personal = column in _PERSONAL
            return self._says_more(value) if is_personal else not self._repeats(column, value, cells, segment)
        if column_of(re.sub(r"[0-9]+", " ", words)) not in {None, *_PERSONAL}:
            return True
        if _HARMLESS.search(words) and not _NEVER_HARMLESS.search(words):
            is_carrier = _AIRCRAFT.search(words) is not None and self._names_other_carrier(value, segment)
            is_carrier |= _OF_FLIGHT.search(words) is not None and self._is_numbered(value, segment)
            return is_carrier or self._says_more(value)
        if _COUNTING.search(words) and value.isdigit():
            return False
        is_flightlike = _FLIGHTLIKE.search(words) is not None or self._is_flight(value, segment)
        is_flightlike |= not _CODED.search(words) and self._is_code(value, segment)
        is_flightlike |= words in _OPERATOR_IF_CARRIER and bool(self._carriers(value, segment))
        is_flightlike |= self._says_more(value)
        is_comfort = _REMARK.search(words) is not None and self._notes.is_noise([value])
        return is_flightlike and not is_comfort and not self._is_carrier_of(segment, value)

    def _says_more(self, value: str) -> bool:
        """Say whether a cell about something else than the flight tells something of the flight."""
        return folded(value) in _GRAVE_VALUES or self._notes.announces(value)

    def _names_other_carrier(self, value: str, segment: DraftSegment) -> bool:
        """Say whether words, as those about an aircraft, name a carrier that is not the one that flies."""
        if self._is_code(value.rsplit(" ", maxsplit=1)[-1], segment):
            return True
        names = [value, *carriers_called(value, date.max, self._book)]
        return any(
            self._is_carrier_name(name, segment) and not self._is_carrier_of(segment, name) for name in names
        )

    def _is_code(self, value: str, segment: DraftSegment) -> bool:
        """Say whether a value is the code of a carrier that is not the one that flies."""
        is_known = _TWO_LETTERS.fullmatch(value) is not None and bool(self._carriers(value, segment))
        return is_known and not self._is_carrier_of(segment, value)

    def _is_numbered(self, value: str, segment: DraftSegment) -> bool:
        """Say whether a value is a flight of a carrier other than the one that flies."""
        return _NUMBERED.fullmatch(value) is not None and self._is_code(value[:2], segment)

    def _repeats(self, column: str, value: str, cells: Sequence[str], segment: DraftSegment) -> bool:
        """Say whether a second column of one meaning only says again what the first one says."""
        place = self._places.get(column, len(cells))
        first = cells[place] if place < len(cells) else ""
        if folded(first) == folded(value):
            return True
        if column in {"origin", "destination"}:
            code = segment.origin if column == "origin" else segment.destination
            return bool(
                set(self._atlas.candidates(code))
                & {*self._atlas.named(value), *self._atlas.candidates(value)}
            )
        if column == "flight":
            return self._is_same_flight(value, segment)
        return column in {"carrier", "operating", "operating_code"} and self._is_carrier_of(segment, value)

    def _is_flight(self, value: str, segment: DraftSegment) -> bool:
        """Say whether a value holds a flight of a known carrier, or is the full name of one."""
        written = [
            match[0] for match in _DESIGNATOR.finditer(value.upper() if flight_number(value) else value)
        ]
        flights = {each: flight_number(each) for each in written}
        known = [each for each, flight in flights.items() if flight and self._book.knows(flight.carrier)]
        if known:
            return not all(self._is_same_flight(each, segment) for each in known)
        return self._is_carrier_name(value, segment)

    def _is_carrier_name(self, value: str, segment: DraftSegment) -> bool:
        return any(folded(carrier.name) == folded(value) for carrier in self._carriers(value, segment))

    @staticmethod
    def _is_same_flight(value: str, segment: DraftSegment) -> bool:
        flight = flight_number(value)
        if flight is None:
            return bare_number(value) in {segment.marketing_number, None} and bare_number(value) is not None
        return (flight.carrier, flight.number + flight.suffix) == (
            segment.marketing_code,
            segment.marketing_number,
        )

    def _is_carrier_of(self, segment: DraftSegment, value: str) -> bool:
        """Say whether a value is the carrier that the row says flies or, where it says none, sells."""
        flying = [each for each in (segment.operating_code, segment.operator) if each]
        stated = flying or [each for each in (segment.marketing_code, segment.marketing_name) if each]
        meant = {carrier.icao for carrier in self._carriers(value, segment)}
        return any(
            folded(each) == folded(value)
            or meant & {carrier.icao for carrier in self._carriers(each, segment)}
            for each in stated
        )

    def _carriers(self, text: str, segment: DraftSegment) -> tuple[Carrier, ...]:
        departs = segment.departs
        try:
            day = date(departs.year or 0, departs.month or 0, departs.day or 0)
        except ValueError:
            return ()
        code = carrier_code(text)
        return self._book.named(text, day) or (self._book.find(code, day) if code else ())


def shown(value: str) -> str:
    """Return a value for a message: not too long, and without the addresses of people."""
    return _ADDRESS.sub("(address)", " ".join(value.split()))[:_LONGEST]
