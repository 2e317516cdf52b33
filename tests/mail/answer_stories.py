"""One story for each answer to a mail, with the cast of the other letters."""

from collections.abc import Callable
from functools import partial

from tests.mail.stories import STORIES
from travelrisk.domain.texts import Language
from travelrisk.intake.lines.text import HOW
from travelrisk.mail.answers import AnswerFacts, TripLine, answer, not_understood, received, unreadable
from travelrisk.mail.letters import LetterFacts
from travelrisk.mail.render import Letter

CHECK = "https://travelrisk.example.org/check"


def _facts(trip: LetterFacts, url: str = CHECK) -> AnswerFacts:
    return AnswerFacts(trip.policy, url, demo=trip.demo)


def _answer(story: str) -> Callable[[Language], Letter]:
    def write(language: Language) -> Letter:
        trip = STORIES[story]()
        return answer(_facts(trip), trip.itinerary, trip.advisory, language)

    return write


def _received(language: Language, *, is_ours: bool = False) -> Letter:
    trip = STORIES["cleared-all_well"]()
    line = TripLine("TR-7KQ2M9", trip.itinerary, trip.trip_url)
    return received(_facts(trip), [line], language, is_ours=is_ours)


def _unreadable(language: Language) -> Letter:
    reason = f"One flight-like line was not understood. No flight was found in the mail: {HOW}"
    return unreadable(
        _facts(STORIES["cleared-all_well"]()), reason, ["XX 9I2 A?? http://evil.example"], language
    )


def _not_understood(*lines: str, is_newest: bool = True, asks: bool = True) -> Callable[[Language], Letter]:
    def write(language: Language) -> Letter:
        trip = STORIES["review-questions_and_unread"]()
        line = TripLine("TR-7KQ2M9", trip.itinerary, trip.trip_url)
        facts = _facts(trip, trip.trip_url)
        return not_understood(facts, line, lines, language, is_newest=is_newest, asks=asks)

    return write


ANSWER_STORIES: dict[str, Callable[[Language], Letter]] = {
    **{f"answer-{story}": _answer(story) for story in STORIES},
    "received": _received,
    "received-ours": partial(_received, is_ours=True),
    "unreadable": _unreadable,
    "not_understood": _not_understood("1 = perhaps in November", "7 = NBO"),
    "not_understood-none": _not_understood(),
    "not_understood-nothing_asked": _not_understood(asks=False),
    "not_understood-replaced": _not_understood("1 = 12 Nov 2026", is_newest=False),
}
