"""WHO's Disease Outbreak News: which outbreaks were reported in the last months, and where.

No more than a hundred come at once, in no order of dates, and asking for an order is no help: so a year is
asked for, and ever shorter times as long as a hundred come, and the days are put in order here. The country
stands in the title alone. The texts are not ours to pass on: a title, a link and a line are.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final
from urllib.parse import quote

from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.card import Card
from travelrisk.feeds.countries import countries_in
from travelrisk.feeds.feed import Fetched, Reading, Session
from travelrisk.feeds.rows import Row, day_in, free, rows_of, text_in

_LEVEL: Final = "Disease Outbreak News"  # the source grades nothing
_PART: Final = "since"
_NEEDED: Final = frozenset({"DonId", "Title", "PublicationDate"})
_MOST: Final = 100  # rows, whatever is asked for
_MONTHS: Final = (12, 6, 3, 1)
_TOLD_DAYS: Final = 180  # what was reported longer ago is no news, though its row shows that the source lives
_LONGEST: Final = 200  # letters quoted
_DASH: Final = re.compile(r"\s*[\u2013\u2014]\s*|\s+-\s*|-\s+")
_NO_COUNTRY: Final = re.compile(
    r"\b(?:global|worldwide|multi-?country|(?:african|european|eastern mediterranean|western pacific) region"
    r"|south-?east asia(?:n)? region|region of the americas)\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[\w-]+", re.ASCII)


class WhoDon:
    """The feed."""

    name = "who_don"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the reports of a year, and of shorter times until fewer come than may come at once."""
        now = session.now()
        answers = {}
        for months in _MONTHS:
            wanted = quote(f"PublicationDate ge {_since(now.date(), months)}")
            part = f"{_PART}:{months}"
            answers[part] = session.get(f"{card.urls['list']}?$filter={wanted}&$top={_MOST}")
            if len(rows_of(answers[part], _NEEDED, "value")) < _MOST:
                break
        return Fetched(card, now, answers)

    def facts(self, fetched: Fetched) -> Reading:
        """Read the newest reports, newest first; older ones count as rows only."""
        today = fetched.retrieved_at.date()
        parts = {part: rows_of(answer, _NEEDED, "value") for part, answer in fetched.answers.items()}
        reports = _newest_first(parts.values(), today)
        facts: dict[str, Fact] = {}
        problems = [*_cut(parts)]
        for row in reports:
            if _day(row, today) >= today - timedelta(days=_TOLD_DAYS):
                codes, unknown = _countries(_title(row))
                problems += [Problem(ProblemKind.UNMAPPED_COUNTRY, _title(row), name) for name in unknown]
                problems += _doubts(row)
                key = free(_key(row), facts)
                facts[key] = _fact(key, row, codes, fetched)
        return Reading(tuple(facts.values()), tuple(problems), len(reports))


def _newest_first(parts: Iterable[list[Row]], today: date) -> list[Row]:
    """Return the reports of a year, each once: whoever ignores the filter adds none."""
    found: list[Row] = []
    for row in (row for rows in parts for row in rows):
        if row not in found and _day(row, today) >= _since(today, _MONTHS[0]):
            found.append(row)
    return sorted(found, key=lambda row: (_day(row, today), _key(row)), reverse=True)


def _day(row: Row, today: date) -> date:
    """Return the day of a report; one whose day nobody can read is not taken for an old one."""
    return day_in(row, "PublicationDate") or today


def _since(day: date, months: int) -> date:
    """Return the first day of the month so many months before: the same question all month."""
    number = day.year * 12 + day.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def _key(row: Row) -> str:
    return (text_in(row, "DonId") or text_in(row, "UrlName") or _title(row)).lower()


def _title(row: Row) -> str:
    return text_in(row, "OverrideTitle") or text_in(row, "Title")


def _fact(key: str, row: Row, codes: tuple[str, ...], fetched: Fetched) -> Fact:
    name = text_in(row, "UrlName") or text_in(row, "DonId")
    page = fetched.card.page
    return Fact(
        key=key,
        title=f"WHO, {_title(row)}",
        subjects=tuple(Subject(SubjectKind.COUNTRY, code) for code in codes),
        level=_LEVEL,
        words=_quoted(text_in(row, "Summary") or text_in(row, "Overview")) or _title(row),
        asks=fetched.card.asks(_LEVEL),
        issued=day_in(row, "PublicationDate"),
        url=f"{page}/item/{name}" if _NUMBER.fullmatch(name) else page,
    )


def _quoted(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "\u2026"


def _countries(title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the countries behind the last dash of a title, or else its first comma; and who is none."""
    behind = _DASH.split(title)[-1] if _DASH.search(title) else title.partition(",")[2]
    codes, unknown = countries_in(behind)
    if codes or not _NO_COUNTRY.search(behind or title):
        return codes, unknown or (() if codes else ("no country is named",))
    return (), ()


def _doubts(row: Row) -> Iterator[Problem]:
    if day_in(row, "PublicationDate") is None:
        words = f"PublicationDate: {text_in(row, 'PublicationDate') or 'none'}"
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), words)


def _cut(parts: dict[str, list[Row]]) -> Iterator[Problem]:
    """Tell where as many came as may come at once for each time that holds all that is told."""
    long = {f"{_PART}:{months}" for months in _MONTHS if months * 30 >= _TOLD_DAYS}
    if all(len(rows) >= _MOST for part, rows in parts.items() if part in long):
        words = f"{_MOST} came at once for {_TOLD_DAYS} days: there may be more"
        yield Problem(ProblemKind.NOT_UNDERSTOOD, "the list of reports", words)
