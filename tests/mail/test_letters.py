"""What the letters say: golden in each branch, the same facts in each language, and every reason."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from lxml import html as lxml_html

from tests.mail.golden_letters import FOLDER, golden_letters
from tests.mail.stories import (
    ADD,
    ALL_WELL,
    ALPHA,
    BRAVO,
    FRA,
    NBO,
    NOT_RECOMMENDED,
    PLACES,
    STORIES,
    carrier,
    facts,
    journey,
    rating,
    segment,
)
from travelrisk.domain.advisories import Finding
from travelrisk.domain.itineraries import Basis, Itinerary, Outcome, Question, Severity
from travelrisk.domain.ratings import Evidence, Level, Subject, SubjectKind
from travelrisk.domain.texts import LANGUAGES, Language, Texts, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LetterFacts, compose
from travelrisk.mail.render import Letter
from travelrisk.screening import explain

GOLDEN = dict(golden_letters())
EVERY_STORY = pytest.mark.parametrize("story", sorted(STORIES))
EVERY_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
MONTHS = {
    day_in_words(date(2026, month, 1), language).split(" ")[1]: month
    for language in LANGUAGES
    for month in range(1, 13)
}
DATE = re.compile(r"\b(\d{1,2})(?:er)?\s+([^\W\d]+\.?)\s+(\d{4})\b")
URL = re.compile(r"https?://\S+")


def told(story: str, language: Language = "en") -> Letter:
    return compose(STORIES[story](), language)


def flat(text: str) -> str:
    return " ".join(text.split())


def page_text(letter: Letter) -> str:
    body = lxml_html.document_fromstring(letter.html).find("body")
    assert body is not None
    for line_break in body.iter("br", "p", "h1", "h2", "li"):
        line_break.tail = f" {line_break.tail or ''}"
    return flat("".join(map(str, body.itertext())).replace("\u00a0", " "))


# --- golden ---


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_letter_is_the_golden_one(name: str) -> None:
    assert GOLDEN[name] == (FOLDER / name).read_text("utf-8")


def test_every_golden_file_has_its_story() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDEN)


@EVERY_STORY
def test_the_name_of_the_story_is_the_name_of_its_letter(story: str) -> None:
    letter = told(story)
    assert letter.name == story.partition("-")[0] == STORIES[story]().advisory.verdict.word


# --- the same facts everywhere ---


def facts_in(text: str, language: Language) -> dict[str, object]:
    """Return what must be equal in the three languages, whatever the words around it."""
    plain = URL.sub(" ", flat(text))
    words = {verdict: explain.verdict_words(verdict).in_language(language) for verdict in Verdict}
    return {
        "dates": Counter((int(d), MONTHS[m], int(y)) for d, m, y in DATE.findall(plain) if m in MONTHS),
        "times": Counter(re.findall(r"\b\d\d:\d\d\b", plain)),
        "flights": Counter(re.findall(r"\bX\d \d{3,4}\b", plain)),
        "places": Counter(re.findall(r"\b(?:FRA|ADD|NBO)\b", plain)),
        "codes": Counter(re.findall(r"\[[a-z_.]+\]", plain)),
        "reference": Counter(re.findall(r"TR-\w+", plain)),
        "verdicts": Counter({verdict: _count(plain, words, verdict) for verdict in Verdict}),
        "urls": Counter(url.partition("?language=")[0] for url in URL.findall(text)),
    }


def _count(text: str, words: dict[Verdict, str], verdict: Verdict) -> int:
    """Count a verdict's word where it stands for a verdict: in capitals, or in the subject's brackets."""
    word = words[verdict]
    longer = [other for other in words.values() if word in other and other != word]
    found = text.count(word.upper()) + text.count(f"[{word[0].upper()}{word[1:]}]")
    return found - sum(text.count(other.upper()) for other in longer)


@EVERY_STORY
def test_the_three_languages_tell_the_same_facts(story: str) -> None:
    english, french, spanish = (
        facts_in(GOLDEN[f"{story}.{language}.txt"], language) for language in LANGUAGES
    )
    assert english == french
    assert english == spanish
    assert english["verdicts"]
    assert english["dates"]


@EVERY_STORY
@EVERY_LANGUAGE
def test_text_and_page_tell_the_same_facts(story: str, language: Language) -> None:
    letter = told(story, language)
    text, page = facts_in(letter.text, language), facts_in(f"{page_text(letter)}", language)
    hrefs = {each.get("href", "") for each in lxml_html.document_fromstring(letter.html).iter("a")}
    assert {url for url in hrefs if url.startswith("http")} == set(URL.findall(letter.text))
    for kind in ("times", "codes"):
        assert text[kind] == page[kind], kind
    for kind in ("dates", "flights", "places", "reference"):
        assert set(text[kind]) <= set(page[kind]), kind  # type: ignore[call-overload]  # Counters, as built above


@EVERY_STORY
@EVERY_LANGUAGE
def test_the_page_names_its_language(story: str, language: Language) -> None:
    root = lxml_html.document_fromstring(told(story, language).html)
    assert (root.get("lang"), root.get("dir")) == (language, "ltr")


# --- what must be said ---


@EVERY_STORY
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
    told_facts, text = STORIES[story](), flat(told(story).text)
    for finding in told_facts.advisory.reasons():
        assert _tells(text, finding, told_facts.itinerary), finding.code
    if told_facts.advisory.verdict is Verdict.CLEARED:
        assert not re.search(r"\[[a-z_.]+\]", text.partition("Subject")[2] or text)
        assert "review" not in text.lower()
        assert "condition" not in text.lower()


def _tells(text: str, finding: Finding, itinerary: Itinerary) -> bool:
    if finding.code == "itinerary.unread":
        return flat(finding.matched) in text
    if finding.code.startswith("question."):
        asked = [each for each in itinerary.questions if f"question.{each.code}" == finding.code]
        return all(flat(explain.question_text(each, "en")) in text for each in asked)
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
        assert ("Who decides:" in text) is not story.startswith("cleared")
        assert "This is air-safety advice. It is not the TRIP security clearance." in text
        assert "You receive this because" in text


def test_a_late_itinerary_is_flagged_and_stays_cleared() -> None:
    letter = told("cleared-late")
    assert "PLEASE NOTE" in letter.text
    assert "2 days before departure" in letter.text
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


# --- size and shape ---


@EVERY_STORY
@EVERY_LANGUAGE
def test_the_text_part_reads_anywhere(story: str, language: Language) -> None:
    text = told(story, language).text
    assert not re.search("[\u00a0\u202f\t\r]", text)
    assert [line for line in text.splitlines() if len(line) > 78 and not URL.fullmatch(line.strip())] == []
    assert "\n\n\n" not in text
    assert text.endswith("\n")


@EVERY_STORY
@EVERY_LANGUAGE
def test_the_page_is_small_and_asks_nothing_of_the_network(story: str, language: Language) -> None:
    page = told(story, language).html
    assert len(page.encode()) <= 40_000
    root = lxml_html.document_fromstring(page)
    for loaded in ("img", "link", "script", "iframe", "object", "embed", "video", "form", "input", "base"):
        assert root.xpath(f"//{loaded}") == []
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
    assert root.xpath("//td[contains(@class, 'said')]//h1")


def test_the_longest_letter_is_not_cut_off_by_mail_programs() -> None:
    evidence = tuple(
        Evidence(
            "T" * 400, "report", f"https://r.example.org/{'x' * 400}{i}", date(2026, 1, 1), date(2026, 2, 1)
        )
        for i in range(9)
    )
    rows = [
        rating(
            Subject(SubjectKind.CARRIER, of.icao),
            Level.NOT_RECOMMENDED,
            reason=Texts("R" * 5_000),
            condition=Texts("C" * 5_000),
            evidence=evidence,
        )
        for of in (ALPHA, BRAVO)
    ]
    flights = [segment(BRAVO, "410", ADD, NBO, date(2026, 12, 1 + i)) for i in range(28)]
    asked = [Question("day_month", Severity.ASK, i, "?" * 5_000, ("c" * 500,) * 50) for i in range(50)]
    itinerary = Itinerary(
        tuple(flights), questions=tuple(asked), unread=("x " * 5_000,) * 500, outcome=Outcome.PARTIAL
    )
    letter = compose(facts(itinerary, (*PLACES, *rows)), "en")
    assert len(letter.html.encode()) < 100_000
    assert "More on the trip page" in letter.text


def test_of_too_many_segments_the_worst_are_shown() -> None:
    flights = [segment(number=str(700 + i), day=date(2026, 12, 1 + i % 28)) for i in range(40)]
    flights.append(segment(BRAVO, "410", ADD, NBO, date(2026, 12, 30)))
    text = compose(facts(journey(*flights), (*PLACES, carrier(ALPHA), NOT_RECOMMENDED)), "en").text
    assert "41  X2 410" in text
    assert "[operating.not_recommended]" in text


def test_a_letter_is_chosen_by_the_verdict_alone() -> None:
    base = facts(journey(segment(basis=Basis.ASSUMED)), ALL_WELL)
    for verdict in Verdict:
        letter = compose(replace(base, advisory=replace(base.advisory, verdict=verdict)), "en")
        assert letter.name == verdict.word


def test_a_verdict_without_a_reason_still_says_that_something_is_open() -> None:
    base = facts(journey(segment()))
    bare = replace(base, advisory=replace(base.advisory, verdict=Verdict.REVIEW, findings=()))
    assert "could not be checked in full" in compose(bare, "en").text


def test_links_to_the_other_languages_keep_a_query(  # a signed link may have one
) -> None:
    one = replace(facts(journey(segment())), trip_url="https://travelrisk.example.org/t?k=1")
    letter = compose(one, "fr")
    assert "https://travelrisk.example.org/t?k=1&language=en" in letter.text
    assert "https://travelrisk.example.org/t?k=1&language=es" in letter.text
    assert "language=fr" not in letter.text
    assert isinstance(one, LetterFacts)
