"""The one reader of all sources: it follows the paths of a table and knows no source by name."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from travelrisk.domain.codes import airport_code, bare_number, flight_number
from travelrisk.domain.drafts import Draft, DraftSegment
from travelrisk.domain.itineraries import Basis, Status
from travelrisk.domain.places import Atlas
from travelrisk.intake.partners.booked import locators_of, travellers_of
from travelrisk.intake.partners.moments import moment_at
from travelrisk.intake.partners.place import Place
from travelrisk.intake.partners.sold import bare, carrier_at, others_at
from travelrisk.intake.partners.source import End, Paths, Source, reads_of
from travelrisk.intake.partners.statuses import status_of, strongest
from travelrisk.intake.partners.strange import (
    Heard,
    heard_in,
    is_gap,
    says_yes,
    spoken_operator,
    strange_fields,
)
from travelrisk.intake.partners.trees import Tree, at, identified, name_of, named, nodes_in, texts

_NUMBERED = frozenset(
    map(name_of, ("FlightNumber", "MarketingFlightNumber", "marketing_flight_number", "FlightNumberText"))
)
_OPEN = "OPEN"
_LONGEST = 200


class Orders:
    """Reads a document of one source."""

    def __init__(self, source: Source, tree: Tree, atlas: Atlas) -> None:
        self._source = source
        self._atlas = atlas
        self._reads = reads_of(source)
        self._document = Place(tree, identified(tree) if self._reads.references else {})
        self._states_elsewhere = named(tree, source.states.nodes)

    def found(self) -> tuple[list[Draft], list[str]]:
        """Return one draft for each booking, and what was not understood outside of them."""
        drafts = [self._draft(self._document.below(each)) for each in self._bookings()]
        heard = heard_in(
            self._document.node, self._source, [segment for each in drafts for segment in each.segments]
        )
        heeded = [replace(each, segments=tuple(_operated(each.segments, heard))) for each in drafts]
        return heeded, [*self._strays(drafts), *heard.unread]

    def _bookings(self) -> list[Tree]:
        """Return the bookings that hold flights; where nothing is called one, what is outermost is."""
        document, segment = self._document.node, self._source.segment
        outermost = [each for values in document.values() for each in values if isinstance(each, dict)]
        for found in (*(named(document, (name,)) for name in self._source.booking), outermost):
            if booked := [each for each in found if named(each, segment)]:
                return booked
        return [document]

    def _strays(self, drafts: Iterable[Draft]) -> Iterator[str]:
        """Yield what looks like a flight in the document and is none of those that were read."""
        known = {
            bare(number)
            for draft in drafts
            for segment in draft.segments
            for number in (segment.marketing_number, segment.operating_number)
        }
        for node, _ in nodes_in(self._document.node):
            said = [text for name in _NUMBERED & node.keys() for text in texts(node[name])]
            if said and known.isdisjoint(map(bare, said)):
                values = " ".join(text for values in node.values() for text in texts(values))
                yield f"A flight in a place that is not read: {values}"[:_LONGEST]

    def _draft(self, booking: Place) -> Draft:
        source = self._source
        unread: dict[str, None] = {}
        read = (self._segment(booking.below(node), unread) for node in named(booking.node, source.segment))
        segments = [each for each in read if each]
        whole = self._whole(booking, unread)
        if whole is Status.CANCELLED:
            segments = [replace(each, status=whole) for each in segments]
        for path in source.alarms:
            values = at(booking.node, path)
            if values:
                unread[f"{path}: the airline or the agency changed the booking"] = None
        return Draft(
            segments=tuple(dict.fromkeys(segments)),
            travellers=travellers_of(booking, self._document, source),
            locators=locators_of(booking, self._document, source),
            unread=tuple(unread),
        )

    def _whole(self, booking: Place, unread: dict[str, None]) -> Status | None:
        """Return the state of the whole booking; one that no table knows is told."""
        source, document = self._source, self._document
        if any(place.all(source.gone) for place in (booking, _first(document.node, document))):
            return Status.CANCELLED
        for place in (booking, _first(document.node, document)):
            written = place.all(source.whole)
            states = {each: status_of(each.rpartition(".")[2].rpartition(" ")[2]) for each in written}
            if None in states.values() or len({each is Status.CANCELLED for each in states.values()}) > 1:
                unread[f"State of the booking that nobody here knows: {', '.join(states)}"] = None
            if states:
                return next(iter(states.values()))
        return None

    def _segment(self, place: Place, unread: dict[str, None]) -> DraftSegment | None:
        source = self._source
        segment = self._plain(place)
        legs = self._legs(place, segment, unread)
        stops = tuple(dict.fromkeys([*place.all(source.stops), *(leg.destination for leg in legs[:-1])]))
        segment = replace(segment, stops=stops, operator=_of_legs(segment, legs))
        segment = replace(segment, source=_line(segment))
        if not (segment.marketing_number or segment.marketing_code) and is_gap(place.node):
            return None
        if not (segment.marketing_number or segment.origin or segment.origin_name):
            unread[f"A flight without number and places: {segment.source}".rstrip(": ")] = None
            return None
        count = place.text(source.stop_count)
        if _missing_stops(count, len(stops)):
            unread[f"{segment.source}: stops: {count}, and not all are named"] = None
        for line in self._doubts(place, segment):
            unread[line] = None
        return segment

    def _plain(self, place: Place) -> DraftSegment:
        """Read the fields of a segment, as they stand."""
        source = self._source
        code, number, name = carrier_at(place, source.marketing)
        operating, operating_number, operator = carrier_at(place, source.operating)
        origin, origin_name = self._end(place, source.origin)
        destination, destination_name = self._end(place, source.destination)
        if not (operating or operator):
            operator = spoken_operator(place.node)
        is_shared = _is_shared(place, source.shared) and not (operating or operator)
        return DraftSegment(
            marketing_code=code,
            marketing_number=number,
            marketing_name=name,
            operator=operator,
            operating_code=operating,
            operating_number=operating_number,
            operating_basis=Basis.UNKNOWN if is_shared else None,
            origin=origin,
            origin_name=origin_name,
            destination=destination,
            destination_name=destination_name,
            departs=moment_at(place.text, source.departs),
            arrives=moment_at(place.text, source.arrives),
            status=self._status(place, number),
        )

    def _end(self, place: Place, end: End) -> tuple[str, str]:
        """Return code and name of an airport; beside the code of a city, the terminal may be the airport."""
        written, name, terminal = (place.text(paths) for paths in (end.code, end.name, end.terminal))
        code = airport_code(written) or ""
        if not code:
            return "", written or name
        found = self._atlas.candidates(code)
        exact = self._atlas.airport(terminal) if len(found) > 1 else None
        return (airport_code(terminal) or code, name) if exact and exact in found else (code, name)

    def _status(self, place: Place, number: str) -> Status:
        if says_yes(place.text(self._source.past)):
            return Status.FLOWN
        written = place.text(self._source.status)
        states = [written] if written else self._states(place)
        status = strongest({status_of(each) or Status.UNKNOWN for each in states})
        is_open = says_yes(place.text(self._source.open)) or number.upper() == _OPEN
        return Status.OPEN if is_open and status.flies else status

    def _states(self, place: Place) -> list[str]:
        """Return the states that nodes elsewhere give to this segment."""
        states = self._source.states
        own = place.text(states.own)
        found = []
        for node in self._states_elsewhere if own else ():
            other = place.below(node)
            if own in (word for text in other.all(states.segments) for word in text.split()):
                found += other.all(states.status)
        return found

    def _legs(self, place: Place, segment: DraftSegment, unread: dict[str, None]) -> list[DraftSegment]:
        """Read the real legs; a chain that does not lead from end to end is told."""
        leg = self._source.legs
        found = []
        nodes = [node for path in leg.each for node in at(place.node, path, place.known)]
        for below in (place.below(node) for node in nodes if isinstance(node, dict)):
            code, number, name = carrier_at(below, leg.operating)
            found.append(
                DraftSegment(
                    operating_code=code,
                    operating_number=number,
                    operator=name,
                    origin=below.text(leg.origin).upper(),
                    destination=below.text(leg.destination).upper(),
                )
            )
        ends = [(each.origin, each.destination) for each in found]
        chain = [segment.origin, *(destination for _, destination in ends[:-1])]
        is_whole = all(ends[number][0] == each for number, each in enumerate(chain[: len(ends)]))
        if ends and not (is_whole and ends[-1][1] == segment.destination):
            legs = ", ".join("-".join(each) for each in ends)
            unread[f"{segment.origin}-{segment.destination}: its legs do not join: {legs}"] = None
        return found

    def _doubts(self, place: Place, segment: DraftSegment) -> Iterator[str]:
        """Yield what contradicts itself, or may say more than what was read."""
        written = place.text(self._source.marketing.number)
        designator = flight_number(written)
        code = segment.marketing_code
        if designator and bare_number(written) is None and code not in {"", designator.carrier}:
            yield f"{segment.source}: the flight number says {designator.carrier}, the airline says {code}"
        for carried in (self._source.marketing, self._source.operating):
            for paths in (carried.code, carried.number, carried.name):
                for other in others_at(place, paths):
                    yield f"{segment.source}: another field says {other}"
        number = segment.marketing_number
        if not bare_number(number) and number.upper() != _OPEN:
            yield f"{segment.source}: no flight number"
        for state in (place.text(self._source.status), *self._states(place)):
            if state and status_of(state) is None:
                yield f"{segment.source}: a state that nobody here knows: {state}"
        references = (each for path in self._reads.references for each in self._lost(place, path))
        for lost in dict.fromkeys(references):
            yield f"{segment.source}: refers to {lost}, which is not in the document"
        yield from strange_fields(place.node, self._source, segment)

    def _lost(self, place: Place, path: str) -> Iterator[str]:
        """Yield the references on a path that lead nowhere."""
        steps = path.split("/")
        for length, step in enumerate(steps, 1):
            if step.startswith("&"):
                bare = "/".join([*steps[: length - 1], step.removeprefix("&")])
                found = texts(at(place.node, bare, place.known))
                yield from (word for text in found for word in text.split() if word not in place.known)


def _first(value: Tree, place: Place) -> Place:
    """Return the outermost element, in which some sources say what happened to the whole."""
    children = (each for values in value.values() for each in values if isinstance(each, dict))
    return place.below(next(children, value))


def _is_shared(place: Place, paths: Paths) -> bool:
    """Say whether a yes, or a node, tells that another carrier flies."""
    found = [each for path in paths for each in at(place.node, path)]
    return any(isinstance(each, dict) or not each or says_yes(each) for each in found)


def _missing_stops(count: str, named_stops: int) -> bool:
    digits = "".join(re.findall(r"[0-9]+", count))
    stated = int(digits) if digits else 0
    return stated > named_stops


def _of_legs(segment: DraftSegment, legs: list[DraftSegment]) -> str:
    """Return the operator's words; where legs name others, all of them, since one number may hide two."""
    own = segment.operating_code or segment.operator
    others = [each for each in legs if each.operating_code or each.operator]
    codes = {each.operating_code for each in others}
    if not others or (len(codes) == 1 and own in codes):
        return segment.operator
    words = [each.operator or each.operating_code for each in others]
    if len(others) < len(legs) or (own and own not in codes):
        words.insert(0, segment.operator or segment.operating_code or segment.marketing_code)
    return " / ".join(dict.fromkeys(filter(None, words)))


def _operated(segments: Iterable[DraftSegment], heard: Heard) -> Iterator[DraftSegment]:
    """Give segments the operators that remarks name, where no field does."""
    for segment in segments:
        words = heard.operators.get((segment.marketing_code, segment.marketing_number), "")
        named_too = replace(segment, operator=words, operating_basis=None) if words else segment
        yield replace(named_too, source=_line(named_too))


def _line(segment: DraftSegment) -> str:
    """Return the flight as one line, shown beside the answer."""
    operator = " ".join(filter(None, (segment.operating_code, segment.operating_number, segment.operator)))
    parts = (
        segment.marketing_code or segment.marketing_name,
        segment.marketing_number,
        segment.origin or segment.origin_name,
        segment.destination or segment.destination_name,
        segment.departs.text,
        f"operated by {operator}" if operator else "",
    )
    return " ".join(filter(None, parts))
