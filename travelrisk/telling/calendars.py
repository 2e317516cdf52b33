"""Flights as calendar entries (RFC 5545), for a letter and for a feed.

Calendars are shared with colleagues and assistants: an entry names no traveller and no record locator, and it
has no link, for the link to a trip opens it. What it says is the answer on the whole trip: a flight that is
in order is of no use in a journey that is not cleared. Written by hand: a table may bring thousands of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Mode, Place, Segment, Status
from travelrisk.domain.texts import Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.names import city_name
from travelrisk.telling.segments import route, sentence_case
from travelrisk.telling.words import Say, speaker, typeset

PRODUCT: Final = "-//travelrisk//EN"
"""What wrote a calendar, where it is ours."""
LINE_END: Final = "\r\n"
_OCTETS: Final = 75
_SPECIAL: Final = re.compile(r"([\\;,])")
_UID: Final = re.compile(r"(TR-[0-9A-Z]+)-[0-9]+@travelrisk", re.IGNORECASE | re.ASCII)
_FLIES: Final = (Mode.AIR, Mode.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Answer:
    """A trip and the answer on it.

    Attributes:
        sequence: rises with each letter, so that a program knows which entry is the newer one.
        is_cancelled: the whole trip is; its flights are then marked so.
    """

    itinerary: Itinerary
    advisory: Advisory
    reference: str
    sequence: int
    is_cancelled: bool = False


def calendar(answers: Iterable[Answer], language: Language, *, name: str = "") -> str:
    """Return a calendar of all flights that have a date; *name* is that of a feed, empty for a letter."""
    say = speaker(language)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "METHOD:PUBLISH"]
    if name:
        lines += [_folded(f"X-WR-CALNAME:{_text(name)}"), "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    for answer in answers:
        told = [
            (index, segment)
            for index, segment in enumerate(answer.itinerary.segments)
            if segment.departs.day is not None and _has_news(answer, index, segment)
        ]
        description = _folded(_description(answer, say, language)) if told else ""
        for index, segment in told:
            lines += map(_folded, _event(answer, index, segment, say, language))
            lines += (description, "CLASS:PRIVATE", "END:VEVENT")
    return "".join(f"{line}{LINE_END}" for line in (*lines, "END:VCALENDAR"))


def trip_of(uid: str) -> str:
    """Return the reference of the trip whose entry of ours bears *uid*; empty where it is not one of ours."""
    found = _UID.fullmatch(uid.strip())
    return found[1].upper() if found else ""


def _has_news(answer: Answer, index: int, segment: Segment) -> bool:
    """Say whether there is something to tell of a flight: not of one that was flown, nor of a train."""
    verdicts = answer.advisory.segment_verdicts
    is_judged = index < len(verdicts) and verdicts[index] is not None
    return is_judged or (segment.mode in _FLIES and segment.status is Status.CANCELLED)


def _event(answer: Answer, index: int, segment: Segment, say: Say, language: Language) -> Iterator[str]:
    advisory = answer.advisory
    is_off = answer.is_cancelled or segment.status is Status.CANCELLED
    label = say("event_cancelled") if is_off else sentence_case(_words(advisory.verdict, language))
    stamp = _stamp(advisory.at)
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(answer.reference)}-{index + 1}@travelrisk"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    yield f"SEQUENCE:{answer.sequence}"
    yield from _times(segment)
    yield f"SUMMARY:{_text(f'[{label}] {foreign(segment.flight)} {route([segment])}')}"
    yield f"LOCATION:{_text(_place(segment.origin, language))}"
    yield f"STATUS:{_status(advisory.verdict, is_off=is_off)}"


def _times(segment: Segment) -> Iterator[str]:
    """Give the times in UTC; a flight whose time is not known fills its day, wherever one looks from."""
    departs, arrives = segment.departs, segment.arrives
    if departs.utc is None:
        yield f"DTSTART;VALUE=DATE:{departs.day:%Y%m%d}"
        return
    yield f"DTSTART:{_stamp(departs.utc)}"
    if arrives.utc is not None and arrives.utc > departs.utc:
        yield f"DTEND:{_stamp(arrives.utc)}"


def _description(answer: Answer, say: Say, language: Language) -> str:
    """Return what the answer means, in the words of the letter: the same for all flights of a trip."""
    advisory = answer.advisory
    at = advisory.at.astimezone(UTC)
    moment = say("moment", day=day_in_words(at.date(), language), clock=f"{at:%H:%M}")
    sentences = (
        say("trip", reference=answer.reference, verdict=_words(advisory.verdict, language)),
        say("checked", moment=moment, edition=advisory.edition),
        typeset(explain.what_to_do(advisory.verdict).in_language(language), language),
        say("not_the_security_clearance"),
    )
    return "DESCRIPTION:" + r"\n".join(map(_text, sentences))


def _words(verdict: Verdict, language: Language) -> str:
    return explain.verdict_words(verdict).in_language(language)


def _status(verdict: Verdict, *, is_off: bool) -> str:
    if is_off:
        return "CANCELLED"
    return "CONFIRMED" if verdict <= Verdict.CONDITIONAL else "TENTATIVE"


def _place(place: Place, language: Language) -> str:
    if place.airport is None:
        return foreign(place.text)
    return f"{foreign(city_name(place.airport, language))} ({place.airport.code})"


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", visible(text).replace("\N{NO-BREAK SPACE}", " "))


def _folded(line: str) -> str:
    """Break a line into pieces of at most 75 octets, never within a character."""
    octets = line.encode()
    if len(octets) <= _OCTETS:
        return line
    pieces, start, room = [], 0, _OCTETS
    while start < len(octets):
        end = start + room
        while end < len(octets) and octets[end] & 0xC0 == 0x80:  # noqa: PLR2004 - a character goes on (UTF-8)
            end -= 1
        pieces.append(octets[start:end].decode())
        start, room = end, _OCTETS - 1
    return f"{LINE_END} ".join(pieces)
