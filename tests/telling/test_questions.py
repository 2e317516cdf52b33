"""Open questions in the reader's words, and until when an answer may be relied on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.mail.stories import STORIES
from tests.mail.world import AT, POLICY, facts, journey, segment
from travelrisk.domain.itineraries import Question, Severity
from travelrisk.domain.texts import LANGUAGES
from travelrisk.domain.verdicts import Verdict
from travelrisk.telling.questions import asked, good_until


def test_a_question_is_asked_with_its_choices_in_the_language() -> None:
    question = Question(
        "day_month", Severity.ASK, 0, "12/11", ("2026-11-12 (12 Nov 2026)", "2026-12-11 (11 Dec 2026)")
    )
    assert [asked(question, language) for language in LANGUAGES] == [
        "12/11: which date is it? 2026-11-12 (12 Nov 2026) / 2026-12-11 (11 Dec 2026)",
        "12/11\u00a0: de quelle date s'agit-il\u00a0? 2026-11-12 (12 nov. 2026) / 2026-12-11 (11 déc. 2026)",
        "12/11: ¿qué fecha es? 2026-11-12 (12 nov 2026) / 2026-12-11 (11 dic 2026)",
    ]


def test_the_words_in_doubt_and_the_choices_are_foreign_text() -> None:
    question = Question(
        "airport_choice", Severity.ASK, 0, "http://evil.example", ("a@evil.example\u202e",) * 50
    )
    told = asked(question, "en")
    assert "evil.example" not in told
    assert "\u202e" not in told
    assert told.count("(at)") == 12


@pytest.mark.parametrize("verdict", Verdict)
def test_asking_again_helps_unless_the_flight_is_not_cleared(verdict: Verdict) -> None:
    told = facts(journey(segment()))
    until = good_until(told.itinerary, replace(told.advisory, verdict=verdict), POLICY)
    assert until == (None if verdict is Verdict.NOT_CLEARED else AT + timedelta(hours=72))


@pytest.mark.parametrize(("day", "helps"), [(26, False), (27, True)])
def test_after_departure_nobody_asks_again(day: int, *, helps: bool) -> None:
    told = facts(journey(segment(day=date(2026, 11, day))))
    assert (good_until(told.itinerary, told.advisory, POLICY) is not None) is helps


def test_without_a_date_the_answer_grows_old_all_the_same() -> None:
    told = STORIES["review-nothing_found"]()
    assert good_until(told.itinerary, told.advisory, POLICY) == AT + timedelta(hours=72)
