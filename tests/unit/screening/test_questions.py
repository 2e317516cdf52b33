"""Every question stands in three languages, with the same slots in each."""

from string import Formatter

import pytest

from travelrisk.domain.itineraries import Question, Severity
from travelrisk.domain.texts import LANGUAGES
from travelrisk.screening.explain import question_text
from travelrisk.screening.questions import QUESTIONS

KNOWN_SLOTS = {"text", "choices", "segment"}


def _slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_question_has_the_same_slots_in_each_language(code: str) -> None:
    slots = [_slots(text) for text in QUESTIONS[code]]
    assert slots == [slots[0]] * len(LANGUAGES)
    assert slots[0] <= KNOWN_SLOTS


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_question_is_translated(code: str) -> None:
    assert all(QUESTIONS[code].is_translated(language) for language in LANGUAGES)
    assert len(set(QUESTIONS[code])) == len(LANGUAGES)


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_question_can_be_put_without_choices(code: str) -> None:
    question = Question(code, Severity.ASK, 0, "12/11")
    for language in LANGUAGES:
        sentence = question_text(question, language)
        assert sentence == sentence.strip()
        assert "{" not in sentence
