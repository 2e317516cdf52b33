"""Questions, and what is answered to them."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, Discriminator, Field, Tag, WithJsonSchema

from travelrisk.domain.shapes import Shape
from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.records import AnyRecord, MaybeDay, Words
from travelrisk.web.api.models.words import Day, Line, Local, Moment, Named, Stamp, Text

MOST_QUERIES: Final = 100  # itineraries of a call
Verdict = Literal["cleared", "conditional", "review", "not_cleared"]
Outcome = Literal["complete", "partial", "ambiguous", "nothing_found", "unreadable"]
Understood = Annotated[Shape | None, WithJsonSchema({"anyOf": [{"x-shape": "itinerary"}, {"type": "null"}]})]


class Segment(Strict):
    """What a booking sells under one flight number. What is not known is left away, and never guessed."""

    kind: Literal["air", "rail", "bus"]
    marketing_carrier: Line = Field("", description="IATA or ICAO code of the carrier that sells the seat.")
    flight_number: Line = Field("", description="410, or XX410.")
    operating_carrier: Line = Field(
        "", description="Code or name of the carrier that flies. Without it, the seller is only assumed to."
    )
    aircraft_owner: Line = Field("", description="Whose aircraft it is, where that is a third carrier.")
    origin: Line = Field("", description="IATA or ICAO code of the airport, or its name.")
    destination: Line = Field("", description="As origin.")
    stops: list[Named] = Field(
        default_factory=list, max_length=5, description="Airports where it lands under the same number."
    )
    departs_local: Local = ""
    arrives_local: Local = ""


class Traveller(Strict):
    """Somebody on the booking. No passport, ticket or card."""

    name: Line = Field("", description="Ana Example, or EXAMPLE/ANA.")
    email: Line = Field("", description="Where the letters go, if the trip is stored.")
    language: Literal["en", "fr", "es"] = "en"


class _Query(Strict):
    """What all queries may hold."""


class SegmentsQuery(_Query):
    """An itinerary of which the segments are known."""

    segments: list[Segment] = Field(min_length=1, max_length=50)
    travellers: list[Traveller] = Field(default_factory=list, max_length=20)
    record_locator: Line = ""


class TextQuery(_Query):
    """An itinerary as it was typed, pasted or mailed: it is read, and may hold several bookings."""

    text: Text


class Packed(Strict):
    """A file."""

    content: str = Field(
        min_length=1,
        max_length=14_000_000,
        pattern=r"^[A-Za-z0-9+/=\r\n]+$",
        json_schema_extra={"contentEncoding": "base64"},
    )
    name: Line = ""
    media_type: Line = ""


class DocumentQuery(_Query):
    """A file that holds an itinerary: a mail, a calendar, a PDF, a table ..."""

    document: Packed


def _form(query: Any) -> str | None:  # noqa: ANN401 - as it was sent
    forms = [
        each for each in ("segments", "text", "document") if isinstance(query, Mapping) and each in query
    ]
    return f"[{forms[0]}]" if len(forms) == 1 else None


Query = Annotated[
    Annotated[SegmentsQuery, Tag("[segments]")]
    | Annotated[TextQuery, Tag("[text]")]
    | Annotated[DocumentQuery, Tag("[document]")],
    Discriminator(
        _form,
        custom_error_type="query.form",
        custom_error_message="give exactly one of segments, text and document",
    ),
]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]


class ScreenRequest(Strict):
    """Up to a hundred itineraries, each under a key of the caller's; answers stand under the same keys."""

    queries: dict[Key, Query] = Field(
        min_length=1, max_length=MOST_QUERIES, json_schema_extra={"additionalProperties": False}
    )


class ScreenParameters(Strict):
    """How to judge."""

    as_of: Moment = Field("", description="Judge by the ratings of this moment, under the policy of now.")
    store: bool = Field(default=False, description="Make trips of the key's office, and write the letters.")
    alternatives: bool = Field(
        default=False, description="Look for better-rated ways where an answer is not cleared. Takes longer."
    )


class Finding(BaseModel):
    """One reason, good or bad, as page, letter and terminal show it too."""

    code: str
    effect: Verdict
    segment: int | None = Field(description="Index of the segment, from 0; null = the whole itinerary.")
    rule: str = Field(description="Name of the rule that found it, see /rules.")
    matched: str
    message: Words
    record: AnyRecord | None


class Stored(BaseModel):
    """The trip that was made of an itinerary."""

    reference: str
    screening_id: int | None
    is_new: bool = Field(description="False where the same had arrived before.")
    letters: int = Field(description="How many letters were queued.")
    nobody_written_to: str = Field(
        description="Why no letter could be written; empty = one could. A warning is then the task of the "
        "travel unit, which calls."
    )


class Judged(BaseModel):
    """By what a booking was judged: for one that arrived before, by what held then."""

    outcome: Outcome = Field(description="Of the booking alone.")
    edition: int
    policy_version: str
    engine: str
    evaluated_at: Stamp


class WayFlight(BaseModel):
    """A flight of another way, as far as it is known that somebody flies there."""

    operating_carrier: str = Field(description="ICAO code.")
    name: str
    from_: str = Field(alias="from")
    to: str
    known_from: Literal["service", "seen", "loaded"] = Field(
        description="A kept timetable, an itinerary that was screened, or a table that was loaded."
    )
    source: str
    as_of: MaybeDay


class Way(BaseModel):
    """Another way. Its seats and times are not known."""

    verdict: Verdict
    flights: list[WayFlight]
    extra_km: int
    extra_hours: float = Field(description="An estimate.")
    extra_connections: int
    needs_exemption: bool = Field(description="It takes longer than the policy lets anybody be asked to.")
    reasons: list[Finding] = Field(description="What keeps it from being cleared outright.")
    edition: int


class Ways(BaseModel):
    """Other ways for a part of a journey; a part without any says how many were judged."""

    segments: list[int]
    from_: str = Field(alias="from")
    to: str
    day: Day
    verdict: Verdict = Field(description="Of the part as it was booked.")
    judged: int
    ways: list[Way]
    unhas: list[Way] = Field(description="With the humanitarian air service, a class of its own.")


class Answer(BaseModel):
    """What is said of one booking: what was understood, and every reason."""

    verdict: Verdict
    outcome: Outcome
    form: str = Field(description="As what it was read: json, text, pdf ...")
    understood: Understood
    judged: Judged | None = Field(description="Null where no flight was found.")
    segments: list[Verdict | None] = Field(description="Of each segment; null = it is not judged.")
    findings: list[Finding]
    missing: list[str] = Field(description="What was not given, such as segments[0].operating_carrier.")
    reason: str = Field(description="Why the outcome is not complete, and what to do; may be empty.")
    unread: list[str] = Field(description="Lines like flights that were not understood.")
    trip: Stored | None = Field(description="Null where nothing was stored.")
    alternatives: list[Ways] | None = Field(
        description="Better-rated ways, never a recommendation to buy; null where nobody asked for them."
    )


NextStep = Literal["book", "book_if_conditions_hold", "ask_focal_point", "do_not_book", "send_again"]


class Response(BaseModel):
    """The answer to one query: the gravest of its bookings. It is never cleared by default."""

    status: int = Field(description="200; 422 = it could not be read; 503 = there was no time for it.")
    verdict: Verdict
    outcome: Outcome
    next_step: NextStep
    advice: Words
    missing: list[str]
    answers: list[Answer] = Field(description="One for each booking found; for segments exactly one.")


class ScreenResponse(BaseModel):
    """The answers, and by what they were judged."""

    responses: dict[str, Response]
    edition: int = Field(description="State of all ratings that was judged by.")
    policy_version: str
    engine: str
    evaluated_at: Stamp
    valid_until: Stamp = Field(description="Ask again from then on, and whenever the booking changes.")
    as_of: str
    stored: bool
    notice: str
