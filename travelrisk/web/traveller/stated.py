"""What is stated in the form of the page "What we understood": only what differs from what it showed."""

from collections.abc import Iterator, Mapping
from typing import Final

from travelrisk.domain.itineraries import Itinerary, Segment
from travelrisk.domain.settling.correcting import ADDED, NO_FLIGHT, NOT_MINE, when
from travelrisk.domain.settling.stating import is_answerable
from travelrisk.services.trips.understood import LONGEST, LONGEST_LINE
from travelrisk.store.statements import Statement
from travelrisk.telling.questions import open_questions

FIELDS: Final = ("flight", "operator", "origin", "destination", "departs", "arrives")
MOMENTS: Final = frozenset({"departs", "arrives"})
_MOST_LINES: Final = 10
_ADMINISTRATIVE: Final = frozenset({"csrf_token", "act", "before"})

Typed = Mapping[str, str]


def shown(segment: Segment) -> dict[str, str]:
    """Return the fields of a segment as the form shows them."""
    operating = segment.operating
    name = operating.carrier.name if operating.carrier else operating.name or operating.code
    days = {about: f"{when(getattr(segment, about))} ".split(" ") for about in MOMENTS}
    return {
        "flight": segment.flight,
        "operator": name,
        "origin": segment.origin.code,
        "destination": segment.destination.code,
        **{f"{about}-day": parts[0] for about, parts in days.items()},
        **{f"{about}-clock": parts[1] for about, parts in days.items()},
    }


def kept(typed: Typed) -> dict[str, str]:
    """Return what is carried from the form to the preview and back."""
    return {name: value for name, value in typed.items() if value.strip() and name not in _ADMINISTRATIVE}


def statements_in(typed: Typed, known: Itinerary, author: str) -> tuple[Statement, ...]:
    """Return what is stated: answers, then corrections segment by segment, then lines."""
    said = (*_answers(typed, known), *_corrections(typed, known), *_lines(typed, known))
    return tuple(dict.fromkeys(each._replace(author=author) for each in said))


def _answers(typed: Typed, known: Itinerary) -> Iterator[Statement]:
    for number, question in enumerate(open_questions(known), 1):
        value = _value(typed, f"q{number}-other") or _value(typed, f"q{number}")
        if value and is_answerable(question):
            yield Statement(question.code, question.segment, question.text, value)


def _corrections(typed: Typed, known: Itinerary) -> Iterator[Statement]:
    for index, segment in enumerate(known.segments):
        if _value(typed, f"s{index}-{NOT_MINE}"):
            yield Statement(NOT_MINE, index, "", "")
            continue
        before = shown(segment)
        for about in FIELDS:
            value = _moment(typed, index, about) if about in MOMENTS else _value(typed, f"s{index}-{about}")
            was = when(getattr(segment, about)) if about in MOMENTS else before[about]
            if value and value != " ".join(was.split()):
                yield Statement(about, index, "", value)


def _moment(typed: Typed, index: int, about: str) -> str:
    day, clock = (_value(typed, f"s{index}-{about}-{part}") for part in ("day", "clock"))
    return f"{day} {clock}".strip() if day else ""


def _lines(typed: Typed, known: Itinerary) -> Iterator[Statement]:
    for number, line in enumerate(known.unread):
        if _value(typed, f"line{number}"):
            yield Statement(NO_FLIGHT, None, "", line)
    for line in typed.get("add", "").splitlines()[:_MOST_LINES]:
        if line.strip():
            yield Statement(ADDED, None, "", line.strip()[:LONGEST_LINE])


def _value(typed: Typed, name: str) -> str:
    return " ".join(typed.get(name, "").split())[:LONGEST]
