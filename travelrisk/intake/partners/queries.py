"""Our own form: one query of the API, as the API takes it and keeps it.

A query holds segments, or a text, or a document in base64. What a program says of a segment is taken like the
words of any document: codes are looked up later, and what does not fit is asked about.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.codes import airport_code, bare_number, carrier_code, flight_number
from travelrisk.domain.drafts import Draft, DraftSegment, DraftTime
from travelrisk.domain.itineraries import Locator, Mode, Status, Traveller
from travelrisk.domain.places import Atlas
from travelrisk.domain.texts import LANGUAGES
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused
from travelrisk.intake.partners.moments import moment_at
from travelrisk.intake.partners.source import When
from travelrisk.intake.sniffing import Form, form_of
from travelrisk.intake.words.names import traveller_named

MARK: Final = "travelrisk_query"
_HEAD: Final = 200
_WHEN: Final = When(at=("at",))
_NOT_BASE64: Final = "The document is not in base64: encode its bytes, not its text"
_NOTHING: Final = "The query holds no segment"

Query = Mapping[str, Any]
Read = Callable[[Document], Iterator[Reading]]


class Queries:
    """Reads a query that was kept, and what is packed into it."""

    name = "query"

    def __init__(self, _atlas: Atlas, book: CarrierBook, read: Read) -> None:
        self._book = book
        self._read = read

    def accepts(self, document: Document) -> bool:
        """Say whether this is JSON that begins with our mark."""
        begins = document.content[:_HEAD].lstrip()
        return begins.startswith(b'{"' + MARK.encode() + b'"') and form_of(document) is Form.JSON

    def read(self, document: Document) -> Iterator[Reading]:
        """Read a query."""
        try:
            query = json.loads(decode(document.content))["query"]
            _check(query)
            inner = inner_document(document, query, self._book)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            yield refused(Form.JSON.value, "This query is damaged: send it to the API again")
            return
        if isinstance(inner, Reading):
            yield inner
            return
        yield from self._read(inner)


def kept(query: Query, office: str, reference: str) -> bytes:
    """Return a query as it is kept: that of another office, or another trip, is another document."""
    whole = {MARK: 1, "office": office, "reference": reference, "query": query}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def inner_document(around: Document, query: Query, book: CarrierBook) -> Document | Reading:
    """Return what is to be read, or, of segments and of what is not in base64, the reading itself."""
    if "segments" in query:
        return reading_of_segments(query, book)
    if "text" in query:
        return around.inner(query["text"].encode(), "", "text/plain")
    packed = query["document"]
    try:
        content = base64.b64decode("".join(packed["content"].split()), validate=True)
    except (binascii.Error, ValueError):
        return refused("unknown", _NOT_BASE64)
    return around.inner(content, packed.get("name", ""), packed.get("media_type", ""))


def _check(query: Query) -> None:
    """Refuse what the API would not have kept: a document that only looks like a query may hold anything."""
    parts = [*query.get("segments", ()), *query.get("travellers", ())]
    words = [each for part in parts for name, each in part.items() if name != "stops"]
    stops = [part.get("stops", []) for part in parts]
    words += [each for some in stops for each in some]
    words += [query.get("record_locator", ""), query.get("text", "")]
    words += query.get("document", {"content": ""}).values()
    if not all(isinstance(each, list) for each in stops) or not all(isinstance(each, str) for each in words):
        raise TypeError("a query holds words")
    "".join(words).encode()  # half of a pair of surrogates is no text, and cannot be kept


def reading_of_segments(query: Query, book: CarrierBook) -> Reading:
    """Make a booking of the segments of a query; *book* knows which codes are of one carrier."""
    said = query["segments"]
    draft = replace(
        people_of(query),
        segments=tuple(map(_segment, said)),
        unread=tuple(_contradictions(said, book)),
    )
    return reading_of(Form.JSON.value, (draft,) if draft.segments else (), (), _NOTHING)


def people_of(query: Query) -> Draft:
    """Return the booking of a query without its flights: who travels, and under which record locator."""
    locator = query.get("record_locator", "")
    return Draft(
        travellers=tuple(map(_traveller, query.get("travellers", ()))),
        locators=(Locator(locator.strip().upper()),) if locator.strip() else (),
    )


def _segment(said: Query) -> DraftSegment:
    code, number = _flight(said)
    seller, operator = said.get("marketing_carrier", ""), said.get("operating_carrier", "")
    origin, destination = said.get("origin", ""), said.get("destination", "")
    flies = carrier_code(operator) or ""
    return DraftSegment(
        marketing_code=code,
        marketing_number=number,
        marketing_name="" if code else seller,
        operating_code=flies,
        operator="" if flies else operator,
        aircraft_owner=said.get("aircraft_owner", ""),
        origin=airport_code(origin) or "",
        origin_name="" if airport_code(origin) else origin,
        destination=airport_code(destination) or "",
        destination_name="" if airport_code(destination) else destination,
        departs=_moment(said.get("departs_local", "")),
        arrives=_moment(said.get("arrives_local", "")),
        mode=Mode(said["kind"]),
        status=Status.HELD,
        stops=tuple(said.get("stops", ())),
        source=_line(said),
    )


def _flight(said: Query) -> tuple[str, str]:
    """Return the seller's code and the number; a number may bring the code along."""
    written = said.get("flight_number", "")
    whole = flight_number(written) if bare_number(written) is None else None
    code = carrier_code(said.get("marketing_carrier", "")) or ""
    if whole is None:
        return code, bare_number(written) or written
    return code or ("" if said.get("marketing_carrier") else whole.carrier), whole.number + whole.suffix


def _contradictions(segments: Iterable[Query], book: CarrierBook) -> Iterator[str]:
    """Yield each segment whose number brings the code of another carrier along than that of its seller."""
    for said in segments:
        seller, written = said.get("marketing_carrier", ""), said.get("flight_number", "")
        whole = flight_number(written) if bare_number(written) is None else None
        if seller and whole is not None and not _is_same(seller, whole.carrier, book):
            yield f"{_line(said)}: flight_number and marketing_carrier name different carriers"


def _is_same(seller: str, code: str, book: CarrierBook) -> bool:
    bearers = [{each.icao for each in book.ever(text)} for text in (seller, code)]
    return carrier_code(seller) == code or bool(bearers[0] & bearers[1])


def _moment(written: str) -> DraftTime:
    return moment_at(lambda paths: written if paths else "", _WHEN) if written else DraftTime()


def _traveller(said: Query) -> Traveller:
    language = next((each for each in LANGUAGES if each == said.get("language")), None)
    return replace(traveller_named(said.get("name", ""), said.get("email", "")), language=language)


def _line(said: Query) -> str:
    """Write a segment in one line, which stands beside the answer."""
    flight = f"{said.get('marketing_carrier', '')} {said.get('flight_number', '')}".strip()
    parts = (flight, said.get("origin", ""), said.get("destination", ""), said.get("departs_local", ""))
    operated = said.get("operating_carrier", "")
    return " ".join(filter(None, (*parts, f"operated by {operated}" if operated else "")))
