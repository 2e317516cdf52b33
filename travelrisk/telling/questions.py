"""Open questions as a reader is asked them, and until when an answer may be relied on."""

from dataclasses import replace
from datetime import datetime, timedelta

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Question, Severity
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.telling.foreign import foreign
from travelrisk.telling.names import told
from travelrisk.telling.words import typeset

_LONGEST_TEXT = 300
_MOST_CHOICES = 12
_MOST_QUESTIONS = 12


def open_questions(itinerary: Itinerary) -> tuple[Question, ...]:
    """Return the questions that a letter asks, in the order in which it numbers them, from 1."""
    return tuple(each for each in itinerary.questions if each.severity is not Severity.NOTE)[:_MOST_QUESTIONS]


def asked(question: Question, language: Language) -> str:
    """Return a question with its choices, with every foreign word in it tamed."""
    choices = [foreign(told(choice, language)) for choice in question.choices[:_MOST_CHOICES]]
    tamed = replace(
        question,
        text=foreign(question.text, _LONGEST_TEXT),
        choices=(" / ".join(choices),) if choices else (),  # a comma stands within many of them
    )
    return typeset(explain.question_text(tamed, language), language)


def good_until(itinerary: Itinerary, advisory: Advisory, policy: Policy) -> datetime | None:
    """Return after which moment the answer should be asked for again; None where that helps nobody.

    What may be booked must be checked anew before it is booked late, and a review comes to its end with a
    person's decision. A flight that is not cleared stays so however often it is asked about: another
    flight is another question. After the journey has begun there is nothing left to book.
    """
    if advisory.verdict is Verdict.NOT_CLEARED:
        return None
    until = advisory.at + timedelta(hours=policy.answer_hours)
    days = [each.departs.day for each in itinerary.segments if each.is_judged and each.departs.day]
    return None if days and min(days) <= until.date() else until
