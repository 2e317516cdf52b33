"""A row of a batch in words: who, which flights, why, and how to mend what was not understood."""

from functools import lru_cache
from typing import Final, NamedTuple

from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.services.batches.results import Row
from travelrisk.telling import words
from travelrisk.telling.foreign import foreign, visible
from travelrisk.telling.questions import asked, open_questions
from travelrisk.telling.reasons import Line, Teller
from travelrisk.telling.refusals import refusal
from travelrisk.telling.segments import title

_MOST: Final = 12
_LONGEST_NAME: Final = 80


class Told(NamedTuple):
    """What is told of a row.

    Attributes:
        who: the travellers' names. journey: first flight, route and day; both empty where nothing was found.
        reasons: why the verdict is what it is, the gravest first.
        problems: what was not understood, or is asked, each with what to do.
    """

    who: str
    journey: str
    reasons: tuple[str, ...]
    problems: tuple[Line, ...]


def told(row: Row, language: Language) -> Told:
    """Tell a row in a language."""
    result, say = row.result, words.speaker(language)
    if row.itinerary is None:
        lines = [result.reason, *result.unread.splitlines()]
        return Told("", "", (), tuple(refusal(line, language) for line in lines if line))
    found = row.advisory.reasons() if row.advisory else ()
    reasons = tuple(dict.fromkeys(_sentence(each, language) for each in found))
    return Told(
        names(row.itinerary),
        title(row.itinerary, "", say, language),
        reasons,
        _problems(row.itinerary, language),
    )


def names(itinerary: Itinerary) -> str:
    """Return the names of the travellers; empty where the booking has none."""
    whole = (f"{each.given} {each.surname}".strip() or each.raw_name for each in itinerary.travellers)
    return ", ".join(foreign(each, _LONGEST_NAME) for each in whole if each)


def english(problem: Line) -> str:
    """Return a problem as a file for programs has it."""
    return visible(problem.text)


def _sentence(finding: Finding, language: Language) -> str:
    """Return the finding's sentence; only what rests on a record is remembered, and quotes no booking."""
    return _on_record(finding, language) if finding.record else _told_anew(finding, language)


@lru_cache(maxsize=1024)
def _on_record(finding: Finding, language: Language) -> str:
    return _told_anew(finding, language)


def _told_anew(finding: Finding, language: Language) -> str:
    return Teller(words.speaker(language), language).sentence(finding)


def _problems(itinerary: Itinerary, language: Language) -> tuple[Line, ...]:
    questions = [Line(asked(each, language), language) for each in open_questions(itinerary)]
    unread = [refusal(line, language) for line in itinerary.unread]
    return (*questions, *unread)[:_MOST]
