"""What the letters must say: whether to buy, every reason, who rated on what evidence, and whom to ask."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from tests.mail.reading import EVERY_LANGUAGE, EVERY_STORY, FACTS, flat, page_text, told
from tests.mail.stories import STORIES
from tests.mail.world import ADD, BRAVO, FRA, NBO, NOT_RECOMMENDED, PLACES, facts, journey, segment
from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import compose
from travelrisk.screening import explain

EVERY_FIRST_STORY = pytest.mark.parametrize(
    "story", sorted(each for each in STORIES if not each.startswith("changed"))
)


@EVERY_FIRST_STORY
@EVERY_LANGUAGE
def test_whether_to_buy_and_why_stand_in_the_first_lines(story: str, language: Language) -> None:
    told_facts = STORIES[story]()
    paragraphs = flat(compose(replace(told_facts, demo=False), language).text.split("\n\n")[0])
    headline = {
        "cleared": ("You may buy", "Vous pouvez acheter", "Puede comprar"),
        "conditional": (
            "Buy this ticket only if",
            "N'achetez ce billet que si",
            "Compre este billete solo si",
        ),
        "review": ("Do not buy this ticket yet", "N'achetez pas encore", "No compre todavía"),
        "not_cleared": ("Do not buy this ticket for", "N'achetez pas ce billet", "No compre este billete"),
    }[told_facts.advisory.verdict.word][LANGUAGES.index(language)]
    assert paragraphs.startswith(headline)
    gravest = next(iter(told_facts.advisory.reasons()), None)
    if gravest is not None:
        assert flat(explain.finding_text(gravest, language)).replace("\u00a0", " ") in paragraphs


@EVERY_STORY
def test_every_reason_is_told_unless_the_trip_is_cleared(story: str) -> None:
    told_facts, text = FACTS[story](), flat(told(story).text)
    for finding in told_facts.advisory.reasons():
        assert _tells(text, finding, told_facts.itinerary), finding.code
    if told_facts.advisory.verdict is Verdict.CLEARED and told_facts.was is None:
        assert not re.search(r"\[[a-z_.]+\]", text.partition("Subject")[2] or text)
        assert "review" not in text.lower()
        assert "condition" not in text.lower()


def _tells(text: str, finding: Finding, itinerary: Itinerary) -> bool:
    if finding.code == "itinerary.unread":
        return flat(finding.matched) in text
    if finding.code.startswith("question."):
        asked = [each for each in itinerary.questions if f"question.{each.code}" == finding.code]
        bare = [flat(explain.question_text(replace(each, choices=()), "en")) for each in asked]
        return all(part in text for part in (*bare, *(choice for each in asked for choice in each.choices)))
    return f"[{finding.code}]" in text and flat(explain.finding_text(finding, "en")) in text


def test_a_reason_says_who_rated_when_until_when_and_on_what_evidence() -> None:
    text = flat(told("not_cleared-evidence").text)
    assert (
        "Rating: not recommended. Set by bob on 15 Dec 2025. Valid from 1 Jan 2026 until 30 Jun 2027." in text
    )
    assert (
        "Evidence: Assessment report 2026-04 of the air travel focal point, retrieved on 30 Oct 2026" in text
    )
    assert "https://ratings.example.org/reports/2026-04?carrier=XXB&lang=en" in text
    assert "Evidence: Letter of the operator" in text


def test_who_decides_and_whom_to_ask_stands_in_every_letter_that_needs_a_person() -> None:
    for story in STORIES:
        text = flat(told(story).text)
        for wanted in ("bob@example.org", "+41 22 555 01 00", "travel-unit@example.org"):
            assert wanted in text
        assert ("Who decides:" in text) is (STORIES[story]().advisory.verdict is not Verdict.CLEARED)
        assert "This is air-safety advice. It is not the TRIP security clearance." in text
        assert "You receive this because" in text


def test_a_late_itinerary_is_flagged_and_stays_cleared() -> None:
    letter = told("cleared-late")
    assert "PLEASE NOTE" in letter.text
    assert "Days before departure: 2; days asked for: 7." in letter.text
    assert letter.subject.startswith("[Cleared]")
    assert "PLEASE NOTE" not in told("cleared-all_well").text


def test_a_demonstration_says_so_first() -> None:
    for language in LANGUAGES:
        for story in ("cleared-demo", "not_cleared-demo"):
            letter = told(story, language)
            note = {"en": "Demonstration.", "fr": "Démonstration.", "es": "Demostración."}[language]
            assert letter.text.startswith(note)
            assert page_text(letter).startswith(note)
            assert letter.subject.endswith(")")
    assert "emonstration" not in told("cleared-all_well").html


def test_a_letter_names_the_message_it_replaces() -> None:
    assert "This message replaces the message of 20 Nov 2026, 09:14 UTC." in told("review-replaces").text
    assert "replaces" not in told("review-expired_rating").text


def test_questions_are_numbered_and_unread_lines_shown() -> None:
    text = told("review-questions_and_unread").text
    assert re.search(r"^1\. .*\n(?:   .*\n)*2\. ", text, re.MULTILINE)
    assert "   > 3 X1 99 Y 15DEC 2 NBOXXX HK1\n" in text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "> ticket. pdf: The document is damaged: send it again, or paste the flights"),
        ("fr", "> ticket. pdf : Le document est endommagé : renvoyez-le, ou collez les vols"),
        ("es", "> ticket. pdf: El documento está dañado: envíelo de nuevo, o pegue los vuelos"),
    ],
)
def test_why_an_attachment_was_not_read_is_said_in_the_language(language: Language, said: str) -> None:
    unread = ("ticket.pdf: The document is damaged: send it again, or paste the flights",)
    one = facts(journey(segment(), unread=unread))
    assert said in flat(compose(one, language).text)


def test_a_remark_not_yet_translated_says_so() -> None:
    assert "Daylight landings in Addis Ababa only. (en anglais, pas encore traduit)" in flat(
        told("conditional-rating", "fr").text
    )
    assert "not yet translated" not in told("conditional-rating").text


def test_a_record_is_told_in_full_once() -> None:
    flights = (segment(BRAVO, "410", ADD, NBO), segment(BRAVO, "411", NBO, ADD, date(2026, 12, 20)))
    text = compose(facts(journey(*flights), (*PLACES, NOT_RECOMMENDED)), "en").text
    assert text.count("Letter of the operator") == 1
    assert text.count("see above") == 1
    assert text.count("[operating.not_recommended]") == 2


@pytest.mark.parametrize(
    ("itinerary", "subject"),
    [
        (journey(segment()), "[Cleared] X1 707 FRA-ADD, 12 Dec 2026"),
        (
            journey(segment(), segment(number="708", origin=ADD, destination=FRA, day=date(2026, 12, 20))),
            "[Cleared] X1 707 FRA-ADD-FRA, 12 Dec 2026",
        ),
        (Itinerary(), "[Review needed] trip TR-7KQ2M9"),
    ],
)
def test_the_subject_names_verdict_flight_route_and_date(itinerary: Itinerary, subject: str) -> None:
    assert compose(facts(itinerary), "en").subject == subject


def test_a_long_route_is_cut_in_the_middle() -> None:
    ends = [FRA, ADD, NBO] * 4
    hops = [
        segment(number=str(700 + i), origin=one, destination=other, day=date(2026, 12, 1 + i))
        for i, (one, other) in enumerate(pairwise(ends))
    ]
    subject = compose(facts(journey(*hops)), "en").subject
    assert "…" in subject
    assert len(subject) < 78
