"""Words in three languages, and dates that nobody can misread."""

from datetime import date

import pytest

from travelrisk.domain.texts import LANGUAGES, Language, Texts, day_in_words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Sat 12 Dec 2026"), ("fr", "sam. 12 déc. 2026"), ("es", "sáb 12 dic 2026")],
)
def test_a_day_in_words(language: Language, words: str) -> None:
    day = date(2026, 12, 12)
    assert day_in_words(day, language, weekday=True) == words
    assert day_in_words(day, language) == words.split(maxsplit=1)[1]


def test_the_first_of_a_month_is_an_ordinal_in_french_alone() -> None:
    words = [day_in_words(date(2027, 1, 1), language) for language in LANGUAGES]
    assert words == ["1 Jan 2027", "1er janv. 2027", "1 ene 2027"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_days_of_a_year_read_alike(language: Language) -> None:
    days = [date.fromordinal(date(2028, 1, 1).toordinal() + shift) for shift in range(366)]
    assert len({day_in_words(day, language) for day in days}) == len(days)


def test_english_stands_in_for_what_is_not_translated() -> None:
    text = Texts(en="gap", es="hueco")
    assert [text.in_language(language) for language in LANGUAGES] == ["gap", "gap", "hueco"]
    assert [text.is_translated(language) for language in LANGUAGES] == [True, False, True]


def test_a_text_without_words_is_false() -> None:
    assert [bool(text) for text in (Texts(), Texts(fr="oui"))] == [False, True]
