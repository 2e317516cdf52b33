"""The report of a month as a letter: each figure as lines of text, and as a small table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from travelrisk.domain.texts import Language, day_in_words
from travelrisk.mail.desk import desk_speaker, frame
from travelrisk.mail.lines import in_language
from travelrisk.mail.render import Letter, rendered


class Part(NamedTuple):
    """One figure in the reader's words; the first cell of a row says what it is about."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """Everything that the letter tells.

    Attributes:
        base_url: address of the pages, without a slash at the end.
        first, last: days of the month.
        is_own: whether it is about the reader's own office, and not about the whole organisation.
    """

    base_url: str
    first: date
    last: date
    parts: Sequence[Part]
    is_own: bool
    demo: bool = False


def month(facts: MonthFacts, language: Language) -> Letter:
    """Write the letter.

    Raises:
        ValueError: there is nothing to tell; then there is no letter.
    """
    if not facts.parts:
        raise ValueError("a report of nothing is no letter")
    say = desk_speaker(language)
    page = f"{facts.base_url}/reports?period=own&from={facts.first}&to={facts.last}"
    return rendered(
        "report",
        language,
        "",
        {
            **frame(page, language, demo=facts.demo),
            "label": say("report_label"),
            "title": day_in_words(facts.first, language).partition(" ")[2],
            "headline": say("report_headline_own" if facts.is_own else "report_headline"),
            "parts": facts.parts,
            "to_do": say("report_do"),
            "open": say("report_open"),
            "why": say("report_why"),
            "url": in_language(page, language),
        },
        folder="month",
    )
