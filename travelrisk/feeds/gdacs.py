"""GDACS, the Global Disaster Alert and Coordination System: which disasters are on now, where, and how grave.

An event counts for as long as its source calls it current: ``todate`` is the last observation and is often
past while a volcano still erupts, so that it ends nothing here. Times without a zone are UTC.
"""

import ast
from collections.abc import Iterator
from typing import Any, Final

from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.card import Card
from travelrisk.feeds.countries import countries_in
from travelrisk.feeds.feed import Fetched, Reading, Session
from travelrisk.feeds.rows import Row, check_words, day_in, link_in, rows_of, text_in
from travelrisk.reference import load_countries

_PART: Final = "events"
_NEEDED: Final = frozenset({"eventtype", "eventid", "alertlevel", "iscurrent", "country", "fromdate"})
_LEVELS: Final = ("Green", "Orange", "Red")
_UNKNOWN: Final = "unknown"
_TYPES: Final = {
    "EQ": "earthquake",
    "TC": "cyclone",
    "FL": "flood",
    "VO": "volcano",
    "DR": "drought",
    "WF": "wildfire",
}


class Gdacs:
    """The feed."""

    name = "gdacs"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the events of these days."""
        return Fetched(card, session.now(), {_PART: session.get(card.urls[_PART])})

    def facts(self, fetched: Fetched) -> Reading:
        """Read the current events; those that are over count as rows only."""
        rows = rows_of(fetched.answers[_PART], _NEEDED, "features", "properties")
        newest: dict[str, Row] = {}
        problems: list[Problem] = []
        for row in rows:
            if _is(row, "iscurrent") is False:
                continue
            key = _key(row)
            if key in newest:
                problems.append(Problem(ProblemKind.REPEATED, key, "its newest episode counts"))
            newest[key] = max(newest.get(key, row), row, key=_episode)
        check_words(sum(_level(row) == _UNKNOWN for row in newest.values()), len(newest), "alert levels")
        facts = []
        for key, row in newest.items():
            codes, found = _countries(row)
            facts.append(_fact(key, row, codes, fetched))
            problems += [*found, *_doubts(row)]
        return Reading(tuple(facts), tuple(problems), len(rows))


def _key(row: Row) -> str:
    return f"{text_in(row, 'eventtype')}{text_in(row, 'eventid')}".lower()


def _episode(row: Row) -> int:
    number = text_in(row, "episodeid")
    return int(number) if number.isdecimal() else 0


def _fact(key: str, row: Row, codes: tuple[str, ...], fetched: Fetched) -> Fact:
    level = _level(row)
    return Fact(
        key=key,
        title=_title(row),
        subjects=tuple(Subject(SubjectKind.COUNTRY, code) for code in codes),
        level=level,
        words=_words(row),
        asks=fetched.card.asks(level),
        issued=day_in(row, "fromdate"),
        url=link_in(_pairs(row.get("url")), "report") or fetched.card.page,
    )


def _level(row: Row) -> str:
    """Return how grave it is now: the episode's level; the event's is that of its gravest episode."""
    stated = text_in(row, "episodealertlevel") or text_in(row, "alertlevel")
    return next((each for each in _LEVELS if each.lower() == stated.lower()), _UNKNOWN)


def _title(row: Row) -> str:
    code = text_in(row, "eventtype")
    kind = _TYPES.get(code.upper(), code)
    name = text_in(row, "name") or " ".join(
        filter(None, (kind.capitalize(), text_in(row, "eventname"), text_in(row, "country")))
    )
    return f"GDACS, {name}"


def _words(row: Row) -> str:
    """Return what it says, how severe, its days, and whether it is preliminary, all in its own words."""
    days = " to ".join(str(day) for field in ("fromdate", "todate") if (day := day_in(row, field)))
    severity = text_in(_pairs(row.get("severitydata")), "severitytext")
    worst = text_in(row, "alertlevel")
    parts = (
        text_in(row, "description") or text_in(row, "htmldescription"),
        severity,
        f"{days} UTC" if days else "",
        f"alertlevel {worst}" if worst.lower() != _level(row).lower() else "",
        "istemporary" if _is(row, "istemporary") else "",
    )
    return "; ".join(filter(None, parts))


def _countries(row: Row) -> tuple[tuple[str, ...], list[Problem]]:
    """Return the codes of the countries that it affects: those listed, else those named; none = at sea."""
    listed = _literal(row.get("affectedcountries"))
    found: list[str] = []
    unknown: list[str] = []
    for each in listed if isinstance(listed, list | tuple) else ():
        pairs = _pairs(each)
        code, name = text_in(pairs, "iso2").upper(), text_in(pairs, "countryname")
        codes, names = ((code,), ()) if code in load_countries() else countries_in(name)
        found.extend(codes)
        unknown.extend(names or ([] if codes else filter(None, [code])))
    if not found and not unknown:
        codes, names = countries_in(text_in(row, "country"))
        found, unknown = [*codes], [*names]
    problems = [Problem(ProblemKind.UNMAPPED_COUNTRY, _title(row), name) for name in dict.fromkeys(unknown)]
    return tuple(dict.fromkeys(found)), problems


def _doubts(row: Row) -> Iterator[Problem]:
    if _level(row) == _UNKNOWN:
        stated = text_in(row, "episodealertlevel") or text_in(row, "alertlevel")
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), f"alert level: {stated or 'none'}")
    if _is(row, "iscurrent") is None:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), f"iscurrent: {text_in(row, 'iscurrent')}")
    if day_in(row, "fromdate") is None:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), f"fromdate: {text_in(row, 'fromdate')}")
    if text_in(row, "eventtype").upper() not in _TYPES:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), f"eventtype: {text_in(row, 'eventtype')}")
    if row.get("affectedcountries") and not isinstance(_literal(row["affectedcountries"]), list | tuple):
        yield Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), "affectedcountries: is no list")


def _is(row: Row, field: str) -> bool | None:
    """Return a truth that is written out, for the text ``false`` is true in Python; None = it is neither."""
    return {"true": True, "false": False}.get(text_in(row, field).lower())


def _literal(value: Any) -> Any:  # noqa: ANN401 - lists and pairs, sometimes as a text of Python that holds them
    if not isinstance(value, str):
        return value
    try:
        return ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def _pairs(value: object) -> Row:
    literal = _literal(value)
    return literal if isinstance(literal, dict) else {}
