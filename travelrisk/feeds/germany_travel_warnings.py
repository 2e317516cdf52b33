"""Travel warnings of Germany's Foreign Office (Auswärtiges Amt): four yes-or-no fields for each country.

All its text is German. It has no step between a warning and none, such as "reconsider travel".
"""

from typing import Final

from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.feeds.advice import UNKNOWN, Row, about, day_of, row_with
from travelrisk.feeds.card import Card
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer, Fetched, Reading, Session
from travelrisk.feeds.parsing import json_of, words_of

_PART: Final = "list"
# The gravest first; those of a situation were made for an epidemic, and stand there with "false" since.
_LEVELS: Final = {
    "warning": "Reisewarnung",
    "situationWarning": "Reisewarnung (situationWarning)",
    "partialWarning": "Teilreisewarnung",
    "situationPartWarning": "Teilreisewarnung (situationPartWarning)",
}
_NO_WARNING: Final = "keine Reisewarnung"
_NO_STATES: Final = frozenset({"lastModified", "contentList"})
_NEEDED: Final = frozenset({"title", "countryCode", "countryName", "warning", "partialWarning"})


class GermanyTravelWarnings:
    """The feed."""

    name = "germany_travel_warnings"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the index."""
        return Fetched(card, session.now(), {_PART: session.get(card.urls[_PART])})

    def facts(self, fetched: Fetched) -> Reading:
        """Read all countries."""
        rows = _rows(fetched.answers[_PART])
        facts: list[Fact] = []
        problems: list[Problem] = []
        for key, row in rows.items():
            fact, found = _fact(key, row, fetched.card)
            facts.append(fact)
            problems.extend(found)
        return Reading(tuple(facts), tuple(problems), len(rows))


def _rows(answer: Answer) -> dict[str, Row]:
    """Return the countries by their numbers; what stands beside them is none."""
    document = json_of(answer)
    found = document.get("response") if isinstance(document, dict) else None
    if not isinstance(found, dict):
        raise FeedError(Fault.CHANGED, f"{answer.url}: has no response: its form has changed")
    rows = {key: row for key, row in found.items() if key not in _NO_STATES}
    return {key: row_with(row, _NEEDED, f"{answer.url}: {key}") for key, row in rows.items()}


def _fact(key: str, row: Row, card: Card) -> tuple[Fact, list[Problem]]:
    name = words_of(str(row["countryName"]))
    place = about(name, str(row["countryCode"]))
    said = [level for field, level in _LEVELS.items() if row.get(field) is True]
    odd = [f"{field}: {row[field]!r}" for field in _LEVELS if not isinstance(row.get(field, False), bool)]
    level = UNKNOWN if odd and _LEVELS["warning"] not in said else next(iter(said), _NO_WARNING)
    fact = Fact(
        key=key,
        title=f"Auswärtiges Amt, {name}",
        subjects=place.subjects,
        level=level,
        words=f"{words_of(str(row['title']))}: {', '.join(said) or level}",
        asks=card.asks(level),
        issued=day_of(row.get("effective")),
        url=card.page,
    )
    told = [Problem(ProblemKind.NOT_UNDERSTOOD, name, each) for each in odd]
    return fact, [*place.problems(name), *told]
