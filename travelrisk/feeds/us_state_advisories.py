"""Travel advisories of the United States Department of State: a level from 1 to 4 in the title of each.

Its category looks like a country's code and is another one (CH is China): countries are found by name.
Entries go missing from one answer to the next and come back: each stays for a while as it was, and is told.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from travelrisk.domain.codes import folded
from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.feeds.advice import LONGEST, UNKNOWN, About, Row, about, day_of, link_or, row_with
from travelrisk.feeds.card import Card
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer, Fetched, Reading, Session
from travelrisk.feeds.parsing import json_of, words_of

_PART: Final = "list"
_MISSING: Final = "missing"
_SINCE: Final = "missing-since"  # our own field of an entry that is kept
_KEPT_FOR: Final = timedelta(days=30)
_NEEDED: Final = frozenset({"Title"})
_TITLE: Final = re.compile(
    r"(?P<name>.+?)(?:\s+-\s+D\.R\.C\.)?(?:\s+Travel Advisory)?"
    r"(?:\s*[-\u2013\u2014:]\s*(?:Level\s*(?P<number>\d+)\b.*|(?P<other>See Summaries)\W*))?",
    re.IGNORECASE | re.DOTALL,
)
_SUMMARIES: Final = "See Summaries"
_LEVELS: Final = {
    "1": "Level 1: Exercise Normal Precautions",
    "2": "Level 2: Exercise Increased Caution",
    "3": "Level 3: Reconsider Travel",
    "4": "Level 4: Do Not Travel",
}
# Where an entry stands there twice; what only the prose grades may be the gravest.
_GRAVEST_FIRST: Final = (_LEVELS["4"], UNKNOWN, _SUMMARIES, _LEVELS["3"], _LEVELS["2"], _LEVELS["1"])


class UsStateAdvisories:
    """The feed."""

    name = "us_state_advisories"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the list, and keep what stood in the last good one and is missing now."""
        url = card.urls[_PART]
        before, kept = session.known(url), session.known(_kept_url(url))
        came = session.get(url)
        missing = _missing(came, before, kept, session.now().date())
        content = json.dumps(missing, ensure_ascii=False, sort_keys=True).encode()
        answers = {_PART: came, _MISSING: Answer(_kept_url(url), content, "application/json")}
        return Fetched(card, session.now(), answers)

    def facts(self, fetched: Fetched) -> Reading:
        """Read all entries; of those about the same countries the gravest counts."""
        rows = _rows(fetched.answers[_PART])
        missing = _rows(fetched.answers[_MISSING]) if _MISSING in fetched.answers else []
        facts: dict[str, Fact] = {}
        problems: list[Problem] = []
        for row in (*rows, *missing):
            fact, found = _fact(row, fetched.card)
            problems.extend(found)
            if other := facts.get(fact.key):
                problems.append(_twice(fact, other))
                fact = min(other, fact, key=lambda each: _GRAVEST_FIRST.index(each.level))
            facts[fact.key] = fact
        return Reading(tuple(facts.values()), tuple(problems), len(rows))


def _kept_url(url: str) -> str:
    """Return what stands for an address where there is an answer of our own making: none that is asked."""
    return f"{url}#{_MISSING}"


def _rows(answer: Answer) -> list[Row]:
    rows = json_of(answer)
    if not isinstance(rows, list):
        raise FeedError(Fault.CHANGED, f"{answer.url}: is no list: its form has changed")
    return [row_with(row, _NEEDED, f"{answer.url}: row {number}") for number, row in enumerate(rows, 1)]


def _missing(came: Answer, before: Answer | None, kept: Answer | None, today: date) -> list[Row]:
    """Return the entries that are missing now, each with the day on which that was noticed first."""
    there = {_key(row) for row in _rows(came)}
    gone: dict[str, Row] = {}
    for row in (*(_rows(kept) if kept else ()), *(_rows(before) if before else ())):
        if (key := _key(row)) not in there:
            gone.setdefault(key, {_SINCE: today.isoformat(), **row})
    oldest = (today - _KEPT_FOR).isoformat()
    return [row for row in gone.values() if row[_SINCE] >= oldest]


def _split(row: Row) -> tuple[str, str]:
    """Return the name of the country, and the level."""
    found = _TITLE.fullmatch(words_of(str(row["Title"])))
    if found is None:
        return "", UNKNOWN
    level = _SUMMARIES if found["other"] else _LEVELS.get(found["number"] or "", UNKNOWN)
    return found["name"], level


def _key(row: Row) -> str:
    name, _ = _split(row)
    return _key_of(name, about(name))


def _key_of(name: str, place: About) -> str:
    """Return the code of its one country, which stays where its name changes; else the name."""
    one = place.subjects[0].key.lower() if len(place.subjects) == 1 else ""
    return one or folded(name).replace(" ", "-") or "no-name"


def _fact(row: Mapping[str, object], card: Card) -> tuple[Fact, list[Problem]]:
    name, level = _split(row)
    title = words_of(str(row["Title"]))
    place = about(name)
    prose = words_of(str(row.get("Summary") or ""))
    fact = Fact(
        key=_key_of(name, place),
        title=f"US Department of State, {name}",
        subjects=place.subjects,
        level=level,
        words=prose[:LONGEST] or title,
        asks=card.asks(level),
        issued=day_of(row.get("Updated")) or day_of(row.get("Published")),
        url=link_or(row.get("Link"), card.page),
    )
    return fact, [*place.problems(title), *_doubts(row, title, level)]


def _doubts(row: Mapping[str, object], title: str, level: str) -> Iterator[Problem]:
    if level in {UNKNOWN, _SUMMARIES}:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, title, "its title gives no level")
    if since := row.get(_SINCE):
        words = f"missing since {since}: what it said before is kept for {_KEPT_FOR.days} days"
        yield Problem(ProblemKind.OLD_COPY, title, words)


def _twice(fact: Fact, other: Fact) -> Problem:
    if fact.level == other.level:
        return Problem(ProblemKind.REPEATED, fact.title, fact.level)
    levels = f"stands there twice, as '{other.level}' and as '{fact.level}': the graver is taken"
    return Problem(ProblemKind.NOT_UNDERSTOOD, fact.title, levels)
