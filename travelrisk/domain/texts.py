"""Words in the three languages of the service, and dates as people write them."""

from datetime import date
from typing import Literal, NamedTuple, get_args

Language = Literal["en", "fr", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        "janv.",
        "févr.",
        "mars",
        "avr.",
        "mai",
        "juin",
        "juil.",
        "août",
        "sept.",
        "oct.",
        "nov.",
        "déc.",
    ),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "fr": ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}


class Texts(NamedTuple):
    """One text in English, French and Spanish; an empty one has not been translated."""

    en: str = ""
    fr: str = ""
    es: str = ""

    def in_language(self, language: Language) -> str:
        """Return the text in *language*, or in English where it has not been translated."""
        text: str = getattr(self, language)
        return text or self.en

    def is_translated(self, language: Language) -> bool:
        """Say whether the text exists in *language* itself."""
        return bool(getattr(self, language))

    def __bool__(self) -> bool:
        return any(self)


def day_in_words(day: date, language: Language, *, weekday: bool = False) -> str:
    """Write a date so that nobody can mistake day and month: ``12 Dec 2026``, ``12 déc. 2026``."""
    first = "1er" if language == "fr" and day.day == 1 else day.day
    words = f"{first} {_MONTHS[language][day.month - 1]} {day.year}"
    return f"{_WEEKDAYS[language][day.weekday()]} {words}" if weekday else words
