"""Every letter states the same facts in English, French and Spanish: as text, as a page and in its calendar.

The golden letters are all of them, in each of their branches (tests/mail); a new letter is held to this as
soon as it has its files. Words differ, and so does their order: compared is how often each fact is stated.
"""

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from lxml import html as lxml_html

from travelrisk.domain.texts import LANGUAGES, Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain

GOLDEN = [Path(__file__).parents[1] / "mail" / name for name in ("golden", "golden_desk")]
LETTERS = sorted({(folder.name, path.name.split(".")[0]) for folder in GOLDEN for path in folder.iterdir()})
FORMS = ("txt", "html", "ics")
URL = re.compile(r"https?://[^\s\"<>]+")
DATE = re.compile(r"\b(\d{1,2})(?:er)?\s+([^\W\d]+\.?)\s+(\d{4})\b")
MONTHS: dict[Language, dict[str, int]] = {
    language: {day_in_words(date(2026, month, 1), language).split(" ")[1]: month for month in range(1, 13)}
    for language in LANGUAGES
}


def seen(path: Path) -> str:
    """Return what a reader sees: a page without its marks, a calendar with its lines put together again."""
    content = path.read_text("utf-8")
    if path.suffix == ".html":
        body = lxml_html.document_fromstring(content).find("body")
        assert body is not None
        content = " ".join(map(str, body.itertext()))
    if path.suffix == ".ics":
        content = content.replace("\n ", "").replace("\\n", "\n").replace("\\", "")
    return " ".join(content.replace("\u00a0", " ").split())


def facts(path: Path, language: Language) -> dict[str, object]:
    """Return what must be equal, whatever the words around it."""
    text = seen(path)
    links = URL.findall(path.read_text("utf-8"))
    plain = URL.sub(" ", text)
    months = MONTHS[language]
    dates = [(int(d), months[m], int(y)) for d, m, y in DATE.findall(plain) if m in months]
    bare = DATE.sub(" ", plain)
    return {
        "dates": Counter(dates),
        "times": Counter(re.findall(r"\b\d\d:\d\d\b", plain)),
        "numbers": Counter(re.findall(r"(?<![\w-])\d+(?![\w-])", bare)),
        "flights": Counter(re.findall(r"\b[A-Z][A-Z0-9] \d{3,4}\b", plain)),
        "places and carriers": Counter(re.findall(r"\(([A-Z][A-Z0-9]{1,2})\)", plain)),
        "routes": Counter(re.findall(r"\b[A-Z]{3}(?:[-/][A-Z]{3})+\b", plain)),
        "findings": Counter(re.findall(r"\[[a-z_]+\.[a-z_.]+\]", plain)),
        "references": Counter(re.findall(r"\b(?:TR|CH|EX)-\w+(?:-\d+)*", plain)),
        "addresses": Counter(re.findall(r"[\w.-]+@[\w.-]+\w", plain)),
        "links": Counter(re.sub(r"[?&](?:amp;)?language=..", "", url) for url in links),
        "stamps": Counter(re.findall(r"\b\d{8}(?:T\d{6}Z)?\b", plain)),
        "verdicts": verdicts(plain, language) if path.parent == GOLDEN[0] else {},
    }


def verdicts(text: str, language: Language) -> dict[Verdict, int]:
    """Count each verdict where it stands for one: in capitals, at the head of a subject or entry, of a trip.

    Only letters of trips state any. Sentences may say it in other words: where English has "is not cleared",
    French has no "avis favorable". The longest word goes first: 'cleared' stands within 'not cleared'.
    """
    words = {verdict: explain.verdict_words(verdict).in_language(language) for verdict in Verdict}
    left, counts = text, {}
    for verdict, word in sorted(words.items(), key=lambda item: -len(item[1])):
        label, said = re.escape(word[0].upper() + word[1:]), re.escape(word)
        stands = re.compile(rf"{re.escape(word.upper())}|\[{label}|(?<=TR-7KQ2M9)\s?: {said}")
        counts[verdict] = len(stands.findall(left))
        left = stands.sub(" ", left)
    return counts


@pytest.mark.parametrize(("folder", "letter"), LETTERS)
def test_the_three_languages_state_the_same_facts(folder: str, letter: str) -> None:
    where = GOLDEN[0].parent / folder
    for form in FORMS:
        files = {language: where / f"{letter}.{language}.{form}" for language in LANGUAGES}
        there = {language for language, file in files.items() if file.exists()}
        assert there in (set(LANGUAGES), set() if form == "ics" else set(LANGUAGES)), f"{letter}.{form}"
        if not there:
            continue
        english = facts(files["en"], "en")
        for language in LANGUAGES[1:]:
            told = facts(files[language], language)
            assert told == english, f"{letter}.{language}.{form}"


def test_the_facts_are_found_at_all() -> None:
    """A pattern that finds nothing would make every letter agree."""
    found: Counter[str] = Counter()
    for folder, letter in LETTERS:
        for form in FORMS:
            path = GOLDEN[0].parent / folder / f"{letter}.en.{form}"
            if path.exists():
                found.update(kind for kind, told in facts(path, "en").items() if told)
    assert min(found.values()) >= 10, found
    assert set(found) == set(facts(GOLDEN[0] / "changed-worse.en.txt", "en"))
