"""The answers to mails are the golden ones: short, plain, without names, and the same in each language."""

from dataclasses import replace

import pytest

from tests.mail.answer_stories import ANSWER_STORIES, CHECK
from tests.mail.golden_letters import ANSWER_FOLDER, golden_answers
from tests.mail.reading import EVERY_LANGUAGE
from tests.mail.stories import STORIES
from tests.mail.test_golden import facts_in
from travelrisk.domain.itineraries import Locator, Traveller
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.answers import LARGEST, AnswerFacts, TripLine, answer, not_understood, received

GOLDEN = dict(golden_answers())
EVERY_ANSWER = pytest.mark.parametrize("story", sorted(ANSWER_STORIES))


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_answer_is_the_golden_one(name: str) -> None:
    assert GOLDEN[name] == (ANSWER_FOLDER / name).read_text("utf-8")


def test_every_golden_file_has_its_story() -> None:
    assert {path.name for path in ANSWER_FOLDER.iterdir()} == set(GOLDEN)


@EVERY_ANSWER
def test_the_three_languages_tell_the_same_facts(story: str) -> None:
    english, french, spanish = (
        facts_in(GOLDEN[f"{story}.{language}.txt"], language) for language in LANGUAGES
    )
    assert english == french
    assert english == spanish


@EVERY_ANSWER
@EVERY_LANGUAGE
def test_an_answer_is_short_and_plain(story: str, language: Language) -> None:
    letter = ANSWER_STORIES[story](language)
    assert letter.html == ""
    assert len(letter.text.encode()) < LARGEST
    assert all(len(line) <= 78 for line in letter.text.splitlines() if "://" not in line)


@EVERY_LANGUAGE
def test_no_name_of_a_traveller_and_no_locator_stands_in_an_answer(language: Language) -> None:
    trip = STORIES["review-questions_and_unread"]()
    traveller = Traveller("CANARY/ALICE", "Canary", "Alice", email="canary@un.example")
    named = replace(trip.itinerary, travellers=(traveller,), locators=(Locator("CANARY"),))
    facts, line = AnswerFacts(trip.policy, CHECK), TripLine("TR-7KQ2M9", named, trip.trip_url)
    for letter in (
        answer(facts, named, trip.advisory, language),
        received(facts, [line], language),
        not_understood(facts, line, ["1 = x"], language, is_newest=True, asks=True),
    ):
        assert "canary" not in f"{letter.subject} {letter.text}".lower()


@EVERY_LANGUAGE
def test_an_answer_to_many_flights_keeps_its_verdict_and_its_size(language: Language) -> None:
    facts = STORIES["not_cleared-segments"]()
    many = replace(facts.itinerary, segments=facts.itinerary.segments * 8)
    told = answer(AnswerFacts(facts.policy, CHECK), many, facts.advisory, language)
    short = ANSWER_STORIES["answer-not_cleared-segments"](language)
    assert len(told.text.encode()) < LARGEST
    assert told.text.splitlines()[:2] == short.text.splitlines()[:2]
