"""The cells of a report in the reader's words, and as plain values for files."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from travelrisk.domain.texts import Language, Texts, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import verdict_words
from travelrisk.services.reports.figures import Cell, Figure, Phrase, Share
from travelrisk.telling.foreign import visible
from travelrisk.telling.numbers import duration, grouped, percent
from travelrisk.telling.segments import sentence_case
from travelrisk.telling.words import Say, speaker, texts_in

NO_VALUE = "-"


@cache
def report_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/telling/reports.toml``, once."""
    return texts_in("telling/reports.toml")


def report_words(language: Language) -> Say:
    """Return ``say(key, **slots)`` for the words of reports."""
    return speaker(language, report_texts())


def headings(figure: Figure, language: Language) -> list[str]:
    """Return the headings of a figure."""
    say = report_words(language)
    return [say(f"column_{column}") for column in figure.columns]


def told(cell: Cell, language: Language, column: str = "") -> str:  # noqa: PLR0911 - one for each kind of cell
    """Return a cell as people read it; the *column* says what a date stands for."""
    if cell is None:
        return NO_VALUE
    if isinstance(cell, Phrase):
        return report_words(language)(cell.key, **dict(cell.slots))
    if isinstance(cell, Verdict):
        return sentence_case(verdict_words(cell).in_language(language))
    if isinstance(cell, Share):
        return percent(cell, language)
    if isinstance(cell, int):
        return grouped(cell, language)
    if isinstance(cell, date):
        return moment(cell, language, column)
    return duration(cell, language) if isinstance(cell, timedelta) else visible(cell)


def moment(start: date, language: Language, column: str) -> str:
    """Return the part of time that begins on a day."""
    words = day_in_words(start, language)
    return words.partition(" ")[2] if column == "month" else words


def plain(cell: Cell, language: Language) -> str | int | float:
    """Return a cell as a file holds it: numbers as numbers, a part from 0 to 1, a time in seconds."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return round(cell.total_seconds(), 3)
    if isinstance(cell, Share):
        return round(float(cell), 4)
    if isinstance(cell, int) and not isinstance(cell, Verdict):
        return cell
    return told(cell, language)


def plain_headings(figure: Figure, language: Language) -> list[str]:
    """Return the headings for a file, with the unit of the times."""
    say, times = report_words(language), {"median", "p95"}
    names = zip(figure.columns, headings(figure, language), strict=True)
    return [say("in_seconds", column=name) if key in times else name for key, name in names]
