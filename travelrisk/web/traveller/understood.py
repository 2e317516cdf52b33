"""The page "What we understood": each value beside its source, the questions, and a form to put them right.

Sent once it is a preview that stores nothing; confirmed, it is a new version of the trip. What is typed goes
from the form to the preview and back in hidden fields, so that all of it works without a script.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from travelrisk.domain.itineraries import Itinerary, Question, Segment
from travelrisk.domain.settling.stating import answer_of, is_answerable, is_open_ended
from travelrisk.domain.texts import day_in_words
from travelrisk.screening.questions import QUESTIONS
from travelrisk.services.trips import understood as services
from travelrisk.services.trips.stating import Restated
from travelrisk.services.trips.understood import Failure, Understood
from travelrisk.store.statements import Statement
from travelrisk.telling.foreign import visible
from travelrisk.telling.names import city_name, told
from travelrisk.telling.questions import asked, open_questions
from travelrisk.telling.refusals import refusal
from travelrisk.web import who
from travelrisk.web.access import open_to_all
from travelrisk.web.desk.pages import done
from travelrisk.web.languages import language
from travelrisk.web.parts import application
from travelrisk.web.telling import tell
from travelrisk.web.traveller.claims import claimed, stated
from travelrisk.web.traveller.pages import blueprint
from travelrisk.web.traveller.stated import kept, shown, statements_in
from travelrisk.web.words import speaker

_BY_TOKEN: Final = open_to_all("as the page of the trip: its token stands only in the letters of the trip")
_LONGEST: Final = 300
_MOST_CHOICES: Final = 12


class Choice(NamedTuple):
    """A possible answer, and what it is sent as."""

    label: str
    value: str


class Asked(NamedTuple):
    """An open question; where it cannot be answered here, the segment is to be corrected."""

    number: int
    segment: int
    text: str
    choices: tuple[Choice, ...]
    is_answerable: bool
    is_open: bool


class Value(NamedTuple):
    """A value of a segment: the key of its name, and how it is told."""

    key: str
    text: str


class Source(NamedTuple):
    """A line of a document, and the file it stands in (empty = the document itself)."""

    part: str
    text: str


class Row(NamedTuple):
    """A segment: what was understood, what it was read from, and the fields that correct it."""

    place: int
    name: str
    values: tuple[Value, ...]
    sources: tuple[Source, ...]
    claims: tuple[str, ...]
    fields: dict[str, str]


@blueprint.route("/trips/<token>/understood", methods=["GET", "POST"])
@_BY_TOKEN
def understood(token: str) -> ResponseReturnValue:
    """Show what was understood; show what would be, and make it so."""
    app = application()
    seen = services.understood(app, token)
    if request.method == "GET":
        return _form(seen)
    if request.form.get("before") != str(seen.itinerary_id):
        return _form(seen, Failure.MOVED)
    typed = kept(request.form)
    if request.form.get("act") == "edit":
        return _form(seen, typed=typed)
    visit = who.visit()
    said = statements_in(typed, seen.itinerary, visit.person.name if visit else "")
    if request.form.get("act") == "confirm":
        failure = services.confirm(app, seen, said, visit.person.id if visit else "traveller")
        if failure is None:
            return done("traveller.trip", "done_understood", token=token)
        return _form(seen, failure, typed)
    made = services.preview(app, seen, said)
    return _form(seen, made, typed) if isinstance(made, Failure) else _preview(seen, made, typed)


def _form(
    seen: Understood, failure: Failure | None = None, typed: dict[str, str] | None = None
) -> ResponseReturnValue:
    page = render_template(
        "understood/page.html",
        seen=seen,
        failure=failure,
        typed=typed or {},
        rows=_rows(seen.itinerary),
        questions=_asked(seen.itinerary),
        unread=[(_told_line(each), each in seen.dismissable) for each in seen.itinerary.unread],
        claims=tuple(map(claimed, seen.itinerary.claims)),
        dropped=tuple(map(claimed, seen.dropped)),
    )
    return make_response(page, 200 if failure is None else 409 if failure is Failure.MOVED else 422)


def _preview(seen: Understood, made: Restated, typed: dict[str, str]) -> ResponseReturnValue:
    app, after = application(), made.itinerary
    advisory = services.foreseen(app, seen, made)
    page = render_template(
        "understood/preview.html",
        seen=seen,
        typed=typed,
        rows=_rows(after),
        answer=tell(after, advisory, app.policy.policy, language()) if made.used else None,
        questions=_asked(after),
        unread=tuple(map(_told_line, after.unread)),
        used=_statements(made.used, seen.itinerary),
        refused=_statements(made.refused, seen.itinerary),
    )
    return make_response(page, 200 if made.used else 422)


def _statements(said: Sequence[Statement], known: Itinerary) -> tuple[str, ...]:
    return tuple(stated(each, known if len(known.segments) > 1 else None) for each in said)


def _told_line(line: str) -> str:
    return refusal(line, language()).text[:_LONGEST]


def _rows(itinerary: Itinerary) -> tuple[Row, ...]:
    return tuple(_row(index, each) for index, each in enumerate(itinerary.segments))


def _row(index: int, segment: Segment) -> Row:
    name = visible(segment.flight or segment.marketing.name) or speaker(language())("understood_no_flight")
    return Row(
        index,
        name,
        tuple(_values(segment)),
        tuple(Source(visible(each.part), visible(each.text)[:_LONGEST]) for each in segment.evidence),
        tuple(map(claimed, segment.claims)),
        shown(segment),
    )


def _values(segment: Segment) -> list[Value]:
    say = speaker(language())
    operating = segment.operating
    carrier = operating.carrier
    name = f"{carrier.name} ({carrier.code})" if carrier else operating.name or operating.code
    basis = say("basis_" + operating.basis.value)
    unknown = say("value_unknown")
    found = [
        Value("field_flight", visible(segment.flight) or unknown),
        Value("field_operator", say("value_with_basis", value=visible(name), basis=basis) if name else basis),
        Value("field_origin", _place(segment, "origin") or unknown),
        Value("field_destination", _place(segment, "destination") or unknown),
        Value("field_departs", _moment(segment, "departs") or unknown),
        Value("field_arrives", _moment(segment, "arrives") or unknown),
        Value("field_status", say("booking_" + segment.status.value)),
    ]
    if segment.stops:
        found.append(Value("field_stops", visible(", ".join(each.code for each in segment.stops))))
    return found


def _place(segment: Segment, end: str) -> str:
    place = getattr(segment, end)
    if place.airport is None:
        return visible(place.text)
    return f"{visible(city_name(place.airport, language()))} ({place.airport.code})"


def _moment(segment: Segment, end: str) -> str:
    moment = getattr(segment, end)
    if moment.day is None:
        return ""
    day = day_in_words(moment.day, language(), weekday=True)
    return f"{day}, {moment.local:%H:%M}" if moment.local else day


def _asked(itinerary: Itinerary) -> tuple[Asked, ...]:
    return tuple(_question(number, each) for number, each in enumerate(open_questions(itinerary), 1))


def _question(number: int, question: Question) -> Asked:
    can = is_answerable(question)
    offered = question.choices[:_MOST_CHOICES] if can else ()
    choices = tuple(Choice(told(visible(each), language()), answer_of(each)) for each in offered)
    # As radio buttons the choices need not stand in the sentence too.
    asks_last = can and QUESTIONS[question.code].en.endswith("{choices}")
    shown_question = replace(question, choices=()) if asks_last else question
    segment = 0 if question.segment is None else question.segment + 1
    return Asked(number, segment, asked(shown_question, language()), choices, can, is_open_ended(question))
