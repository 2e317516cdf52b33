"""The letters of the desk are the golden ones, and tell the same facts in each language and form."""

import re
from collections import Counter

import pytest
from lxml import html as lxml_html

from tests.mail.deadline_stories import DESK_DEADLINES
from tests.mail.desk_stories import DESK_STORIES
from tests.mail.golden_letters import DESK_FOLDER, golden_desk_letters
from tests.mail.reading import EVERY_LANGUAGE, URL, flat, page_text
from tests.mail.test_golden import DATE, MONTHS
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.render import Letter
from travelrisk.telling.words import texts_in

GOLDEN = dict(golden_desk_letters())
EVERY_STORY = pytest.mark.parametrize("story", sorted(DESK_STORIES))


def told(story: str, language: Language = "en") -> Letter:
    return DESK_STORIES[story](language)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_the_letter_is_the_golden_one(name: str) -> None:
    assert GOLDEN[name] == (DESK_FOLDER / name).read_text("utf-8")


def test_every_golden_file_has_its_story() -> None:
    assert {path.name for path in DESK_FOLDER.iterdir()} == set(GOLDEN)


@EVERY_STORY
def test_the_name_of_the_story_is_the_name_of_its_letter(story: str) -> None:
    assert told(story).name == story.partition("-")[0]


def facts_in(text: str) -> dict[str, object]:
    """Return what must be equal in the three languages, whatever the words around it."""
    plain = URL.sub(" ", flat(text))
    return {
        "dates": Counter((int(d), MONTHS[m], int(y)) for d, m, y in DATE.findall(plain) if m in MONTHS),
        "times": Counter(re.findall(r"\b\d\d:\d\d\b", plain)),
        "numbers": Counter(re.findall(r"\b\d+\b", DATE.sub(" ", plain))),
        "codes": Counter(re.findall(r"\b(?:XX[AB]|X[12]|ET|ADD|NBO|Q\d+)\b", plain)),
        "references": Counter(re.findall(r"\b(?:CH|TR)-\w+", plain)),
        "flights": Counter(re.findall(r"\bX\d \d{3,4}\b", plain)),
        "people": Counter(re.findall(r"Alice Author|Bob Signer", plain)),
        "urls": Counter(re.sub(r"[?&]language=..", "", url) for url in URL.findall(text)),
    }


@EVERY_STORY
def test_the_three_languages_tell_the_same_facts(story: str) -> None:
    english, french, spanish = (facts_in(GOLDEN[f"{story}.{language}.txt"]) for language in LANGUAGES)
    assert english == french
    assert english == spanish
    assert english["urls"]


@EVERY_STORY
@EVERY_LANGUAGE
def test_text_and_page_tell_the_same_facts(story: str, language: Language) -> None:
    letter = told(story, language)
    text, page = facts_in(letter.text), facts_in(page_text(letter))
    hrefs = {each.get("href", "") for each in lxml_html.document_fromstring(letter.html).iter("a")}
    assert hrefs == set(URL.findall(letter.text))
    assert text["times"] == page["times"]
    for kind in ("dates", "numbers", "codes", "references", "flights", "people"):
        assert set(text[kind]) <= set(page[kind]), kind  # type: ignore[call-overload]  # Counters, as built above


@EVERY_STORY
@EVERY_LANGUAGE
def test_the_text_part_reads_anywhere(story: str, language: Language) -> None:
    text = told(story, language).text
    assert not re.search("[\u00a0\u202f\t\r]", text)
    assert [line for line in text.splitlines() if len(line) > 78 and not URL.fullmatch(line.strip())] == []
    assert "\n\n\n" not in text


@EVERY_STORY
@EVERY_LANGUAGE
def test_the_page_is_small_names_its_language_and_asks_nothing_of_the_network(
    story: str, language: Language
) -> None:
    page = told(story, language).html
    root = lxml_html.document_fromstring(page)
    assert len(page.encode()) <= 40_000
    assert (root.get("lang"), root.get("dir")) == (language, "ltr")
    for loaded in ("img", "link", "script", "iframe", "object", "embed", "video", "form", "input", "base"):
        assert root.xpath(f"//{loaded}") == []
    assert "url(" not in page


@EVERY_STORY
def test_nothing_that_somebody_typed_stands_in_a_letter(story: str) -> None:
    """Grounds of an exception and texts of a record may name a traveller, a trip or an office."""
    letter = told(story)
    is_about_trips = (
        letter.name in {"undelivered", "concentration", "broadcast", "help", "question"}
        or story in DESK_DEADLINES
    )
    trips = () if is_about_trips else ("TR-",)
    for secret in ("Zimmer", "clinic", "Nairobi", "Two travel", "oversight", "operations manual", *trips):
        assert secret not in letter.subject + letter.text + letter.html
    for person in ("Doe", "alice@", "ABC123"):
        assert person not in letter.subject + letter.text + letter.html


def test_every_text_is_used_by_some_letter() -> None:
    """A text whose words stand in no golden letter is a branch that no story tells."""
    every = "\n".join(flat(text) for name, text in GOLDEN.items() if name.endswith(".en.txt")).casefold()
    silent = [
        key
        for key, texts in texts_in("mail/desk.toml").items()
        for fixed in [max(re.split(r"\{\w+\}", texts.en), key=len).strip().casefold()]
        if fixed not in every
    ]
    assert silent == []
