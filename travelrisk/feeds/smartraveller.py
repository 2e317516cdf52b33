"""Smartraveller, the travel advice of Australia: one of four phrases for each destination, or none.

It may refuse programs: then its last good copy stays in force, and its age is shown.
"No travel advice" is no level at all, and least of all the lowest.
"""

from collections.abc import Iterator
from typing import Final

from travelrisk.domain.codes import folded
from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.card import Card
from travelrisk.feeds.countries import countries_in
from travelrisk.feeds.feed import Fetched, Reading, Session
from travelrisk.feeds.rows import Row, check_words, day_in, free, link_in, rows_of, text_in

_PART: Final = "destinations"
_LEVEL: Final = "field_overall_advice_level"
_NEEDED: Final = frozenset({"title", _LEVEL, "changed"})
_PHRASES: Final = {
    folded(phrase): phrase
    for phrase in (
        "Exercise normal safety precautions",
        "Exercise a high degree of caution",
        "Reconsider your need to travel",
        "Do not travel",
        "No travel advice",
    )
}
_UNKNOWN: Final = "unknown"


class Smartraveller:
    """The feed."""

    name = "smartraveller"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the export of all destinations."""
        return Fetched(card, session.now(), {_PART: session.get(card.urls[_PART])})

    def facts(self, fetched: Fetched) -> Reading:
        """Read one fact for each destination, whatever its level."""
        rows = rows_of(fetched.answers[_PART], _NEEDED)
        check_words(sum(_level(row) == _UNKNOWN for row in rows), len(rows), "advice levels")
        facts: dict[str, Fact] = {}
        problems: list[Problem] = []
        for row in sorted(rows, key=_title):  # their own order gives no key to a second row of one country
            codes, unknown = countries_in(_title(row))
            problems += [Problem(ProblemKind.UNMAPPED_COUNTRY, _title(row), name) for name in unknown]
            problems += _doubts(row)
            key = free("-".join(codes).lower() or folded(_title(row)), facts)
            facts[key] = _fact(key, row, codes, fetched)
        return Reading(tuple(facts.values()), tuple(problems), len(rows))


def _title(row: Row) -> str:
    return text_in(row, "title") or "a row without a title"


def _level(row: Row) -> str:
    """Return its phrase, however it is written; *unknown* = it is none of them, which is no lower level."""
    return _PHRASES.get(folded(text_in(row, _LEVEL)), _UNKNOWN)


def _fact(key: str, row: Row, codes: tuple[str, ...], fetched: Fetched) -> Fact:
    level = _level(row)
    return Fact(
        key=key,
        title=f"Smartraveller, {_title(row)}",
        subjects=tuple(Subject(SubjectKind.COUNTRY, code) for code in codes),
        level=level,
        words=_words(row),
        asks=fetched.card.asks(level),
        issued=day_in(row, "changed"),
        url=link_in(row, "field_url") or fetched.card.page,
    )


def _doubts(row: Row) -> Iterator[Problem]:
    if _level(row) == _UNKNOWN:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), f"level: {text_in(row, _LEVEL) or 'none'}")
    if day_in(row, "changed") is None:
        yield Problem(
            ProblemKind.NOT_UNDERSTOOD, _title(row), f"changed: {text_in(row, 'changed') or 'none'}"
        )


def _words(row: Row) -> str:
    """Return the overall phrase as it is written, the levels of regions, and what the last update says."""
    fields = (_LEVEL, "field_advice_levels", "field_last_update_notes")
    return "; ".join(dict.fromkeys(filter(None, (text_in(row, field) for field in fields))))
