"""Canada's travel advice: one file in English and in French, with a number from 0 to 3 for each country.

The number decides; where the words are those of another number, the graver is taken and a person is told.
"""

from typing import Final

from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.feeds.advice import UNKNOWN, Row, about, day_of, row_with
from travelrisk.feeds.card import Card
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer, Fetched, Reading, Session
from travelrisk.feeds.parsing import json_of, words_of

_PART: Final = "list"
_LEVELS: Final = (
    "Exercise normal security precautions",
    "Exercise a high degree of caution",
    "Avoid non-essential travel",
    "Avoid all travel",
)
_REGIONAL: Final = "(with regional advisories)"
_TEXT: Final = "advisory-text"
_NEEDED: Final = frozenset({"country-iso", "country-eng", "advisory-state", "eng"})


class CanadaTravelAdvice:
    """The feed."""

    name = "canada_travel_advice"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the one file."""
        return Fetched(card, session.now(), {_PART: session.get(card.urls[_PART])})

    def facts(self, fetched: Fetched) -> Reading:
        """Read all countries; a key that is no code of a country is told, and its fact is about none."""
        rows = _rows(fetched.answers[_PART])
        facts: list[Fact] = []
        problems: list[Problem] = []
        for key, row in rows.items():
            fact, found = _fact(key, row, fetched.card)
            facts.append(fact)
            problems.extend(found)
        return Reading(tuple(facts), tuple(problems), len(rows))


def _rows(answer: Answer) -> dict[str, Row]:
    document = json_of(answer)
    rows = document.get("data") if isinstance(document, dict) else None
    if not isinstance(rows, dict):
        raise FeedError(Fault.CHANGED, f"{answer.url}: has no countries under data: its form has changed")
    for key, row in rows.items():
        row_with(row, _NEEDED, f"{answer.url}: {key}")
        row_with(row["eng"], frozenset({_TEXT}), f"{answer.url}: {key}, eng")
    return rows


def _fact(key: str, row: Row, card: Card) -> tuple[Fact, list[Problem]]:
    name = words_of(str(row["country-eng"]))
    place = about(name, str(row["country-iso"]))
    level, doubts = _level(row)
    words = _words(row)
    is_regional = row.get("has-regional-advisory") in {1, "1"} and "regional" not in words
    published = row.get("date-published")
    dates = published if isinstance(published, dict) else {}
    fact = Fact(
        key=key.lower(),
        title=f"Canada, {name}",
        subjects=place.subjects,
        level=level,
        words=words,
        asks=card.asks(level),
        # "date" has no zone and is left alone
        issued=day_of(dates.get("asp")) or day_of(dates.get("timestamp")),
        url=card.page,
        undrawn=(_REGIONAL,) if is_regional else (),
    )
    told = [Problem(ProblemKind.NOT_UNDERSTOOD, name, each) for each in doubts]
    return fact, [*place.problems(name), *told]


def _level(row: Row) -> tuple[str, list[str]]:
    state = row["advisory-state"]
    said = words_of(str(row["eng"][_TEXT])).removesuffix(_REGIONAL).strip()
    by_number = {each for each in range(len(_LEVELS)) if str(each) == str(state)}
    by_words = {each for each, level in enumerate(_LEVELS) if level.casefold() == said.casefold()}
    if not by_number:
        return UNKNOWN, [f"advisory-state: {state}, {said}"]
    doubts = [f"advisory-state: {state}, and yet '{said}'"] if by_words - by_number else []
    return _LEVELS[max(by_number | by_words)], doubts


def _words(row: Row) -> str:
    """Return what it says in English and in French, as it stands there."""
    both = (row["eng"], row.get("fra"))
    texts = [words_of(str(each.get(_TEXT, ""))) for each in both if isinstance(each, dict)]
    return " / ".join(dict.fromkeys(filter(None, texts)))
