"""The letters read anywhere: small, asking nothing of the network, and cut where they would grow too long."""

import re
from dataclasses import replace
from datetime import date

from lxml import html as lxml_html

from tests.mail.reading import EVERY_LANGUAGE, EVERY_STORY, URL, told
from tests.mail.world import (
    ADD,
    ALL_WELL,
    ALPHA,
    BRAVO,
    NBO,
    NOT_RECOMMENDED,
    PLACES,
    carrier,
    facts,
    journey,
    rating,
    segment,
)
from travelrisk.domain.itineraries import Basis, Itinerary, Outcome, Question, Severity
from travelrisk.domain.ratings import Evidence, Level, Subject, SubjectKind
from travelrisk.domain.texts import Language, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.mail.letters import LetterFacts, compose


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
