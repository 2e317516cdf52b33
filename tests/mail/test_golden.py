"""The letters are the golden ones, and tell the same facts in each language and form."""

import re
from collections import Counter
from datetime import date

import pytest
from lxml import html as lxml_html

from tests.mail.golden_letters import FOLDER, golden_letters
from tests.mail.reading import EVERY_LANGUAGE, EVERY_STORY, URL, flat, page_text, told
from tests.mail.stories import STORIES
from travelrisk.domain.texts import LANGUAGES, Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain

GOLDEN = dict(golden_letters())
MONTHS = {
    day_in_words(date(2026, month, 1), language).split(" ")[1]: month
    for language in LANGUAGES
    for month in range(1, 13)
}
DATE = re.compile(r"\b(\d{1,2})(?:er)?\s+([^\W\d]+\.?)\s+(\d{4})\b")


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_letter_is_the_golden_one(name: str) -> None:
    assert GOLDEN[name] == (FOLDER / name).read_text("utf-8")


def test_every_golden_file_has_its_story() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDEN)


@EVERY_STORY
def test_the_name_of_the_story_is_the_name_of_its_letter(story: str) -> None:
    assert told(story).name == story.partition("-")[0]


@pytest.mark.parametrize("story", sorted(STORIES))
def test_the_name_of_the_letter_is_the_verdict_or_that_it_changed(story: str) -> None:
    facts = STORIES[story]()
    word = facts.advisory.verdict.word if facts.was is None else "changed"
    assert told(story).name == word


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
