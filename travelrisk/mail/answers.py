"""Answers to mails that belong to no trip: plain text, short, and to whoever wrote alone.

They hold what the sender wrote, our verdict and a link. No name stands in them, not even the sender's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Language, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LETTERS, LetterFacts
from travelrisk.mail.lines import in_language, person
from travelrisk.mail.render import Context, Letter, rendered_plain
from travelrisk.telling.foreign import foreign
from travelrisk.telling.refusals import refusal
from travelrisk.telling.segments import title
from travelrisk.telling.words import Say, speaker, telling_texts, texts_in

LARGEST: Final = 2_000
"""Bytes of an answer's text: it is read where data is dear."""
_STEPS: Final = (8, 4, 2, 1, 0)  # segments, questions and lines; without room for any, they stand on the page
_LONGEST_REASON = 300
_MOST_TRIPS = 5
_MOST_LINES = 6
_LONGEST_LINE = 120


class TripLine(NamedTuple):
    """A trip as an answer names it; *url* is its page, without its language."""

    reference: str
    itinerary: Itinerary
    url: str


class _Named(NamedTuple):
    """A trip with its title, and its page in a language."""

    reference: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What every answer needs: whom to ask, the page to look at (without a language), and the demo's note."""

    policy: Policy
    url: str
    demo: bool = False


def answer(facts: AnswerFacts, itinerary: Itinerary, advisory: Advisory, language: Language) -> Letter:
    """Write the answer to a question, in less than 2 kB: what does not fit stands on the page."""
    trip = LetterFacts(itinerary, advisory, facts.policy, "", facts.url, demo=facts.demo)
    told = LETTERS[advisory.verdict](trip, language)
    letter = _answer(facts, told, advisory, _STEPS[0], language)
    for most in _STEPS[1:]:
        if len(letter.text.encode()) < LARGEST:
            break
        letter = _answer(facts, told, advisory, most, language)
    return letter


def received(
    facts: AnswerFacts, trips: Sequence[TripLine], language: Language, *, is_ours: bool = False
) -> Letter:
    """Write that a booking had arrived before, and where the newest answer to it stands.

    Args:
        facts: what every answer needs.
        trips: whose booking it is.
        language: of the reader.
        is_ours: what came was no booking, but a letter or calendar of ours about these trips.
    """
    say = _speaker(language)
    named = [_named(each, say, language) for each in trips[:_MOST_TRIPS]]
    more = {
        "headline": say("received_ours" if is_ours else "received_headline"),
        "subject_title": named[0].title if named else "",
        "trips": named,
        "trips_more": max(0, len(trips) - _MOST_TRIPS),
    }
    return _rendered("received", facts, more, language)


def unreadable(facts: AnswerFacts, reason: str, unread: Sequence[str], language: Language) -> Letter:
    """Write that no journey was found, why, and how to send it."""
    more = {
        "headline": _speaker(language)("unreadable_headline"),
        "subject_title": "",
        "reason": foreign(refusal(reason, language).text, _LONGEST_LINE * 3),
        "unread": _lines(refusal(line, language).text for line in unread[:_MOST_LINES]),
    }
    return _rendered("unreadable", facts, more, language)


def not_understood(  # noqa: PLR0913 - what, to whom, and how the trip stands
    facts: AnswerFacts,
    trip: TripLine,
    lines: Sequence[str],
    language: Language,
    *,
    is_newest: bool,
    asks: bool,
) -> Letter:
    """Write which numbered answers could not be used, or that a reply held none, and what to do.

    Args:
        facts: what every answer needs; its page is that of the trip.
        trip: as it stands now.
        lines: the answers that could not be used.
        language: of the reader.
        is_newest: whether the letter that was answered is the newest one.
        asks: whether any question is open.
    """
    say = _speaker(language)
    why = (
        "" if lines and is_newest else say("not_understood_kept" if is_newest else "not_understood_replaced")
    )
    more = {
        "headline": say("not_understood_headline" if lines else "not_understood_none"),
        "problem": why,
        "title": title(trip.itinerary, trip.reference, say, language),
        "lines": _lines(lines[:_MOST_LINES]),
        "asks": asks,
    }
    return _rendered("not_understood", facts, more, language)


def _answer(facts: AnswerFacts, told: Context, advisory: Advisory, most: int, language: Language) -> Letter:
    lists = {name: told.get(name, []) for name in ("rows", "questions", "unread")}
    more = {
        **told,
        **{name: each[:most] for name, each in lists.items()},
        "reason": _short(told["reason"]),
        "is_cut": any(len(each) > most for each in lists.values()) or bool(told["rows_more"]),
        "contact_key": "who_decides" if advisory.verdict >= Verdict.REVIEW else "whom_to_ask",
    }
    return _rendered("answer", facts, more, language)


def _rendered(name: str, facts: AnswerFacts, more: Context, language: Language) -> Letter:
    context = {
        "contact_key": "whom_to_ask",
        **more,
        "say": _speaker(language),
        "demo": facts.demo,
        "contact": person(facts.policy.focal_point, language),
        "url": in_language(facts.url, language),
    }
    return rendered_plain(name, language, "", context)


def _named(trip: TripLine, say: Say, language: Language) -> _Named:
    shown = title(trip.itinerary, trip.reference, say, language)
    return _Named(trip.reference, shown, in_language(trip.url, language))


def _lines(lines: Iterable[str]) -> list[str]:
    return [foreign(line, _LONGEST_LINE) for line in lines]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_REASON else text[: _LONGEST_REASON - 1].rstrip() + "…"


def _speaker(language: Language) -> Say:
    return speaker(language, _texts())


@cache
def _texts() -> Mapping[str, Texts]:
    return {**telling_texts(), **texts_in("mail/answers.toml")}
