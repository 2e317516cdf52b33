"""EASA's Conflict Zone Information Bulletins: the export says which there are, each page what it recommends.

A bulletin that is active is not always a recommendation not to operate: its words decide, and where they are
not understood, or the page cannot be had, the level is *unknown*, which asks a person and clears nothing.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from travelrisk.domain.facts import Fact, Problem, ProblemKind, expired
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.card import Card
from travelrisk.feeds.countries import country_named
from travelrisk.feeds.easa_words import Bulletin, bulletin_of
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer, Fetched, Reading, Session
from travelrisk.feeds.parsing import json_of, words_of, xml_of

_UNKNOWN: Final = "unknown"
_PAGE: Final = "page:"
_NEEDED: Final = frozenset({"Nid", "status", "name", "country", "valid_until_date"})
_NID: Final = re.compile(r"\s*(\d+)\b")
_DATETIME: Final = re.compile(r'datetime="(\d{4}-\d{2}-\d{2})T')
_MOST_PAGES: Final = 80
_MOST_MISSING: Final = 3  # pages; more are an outage, and wait for the next round

Row = Mapping[str, Any]


class EasaCzib:
    """The feed."""

    name = "easa_czib"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the list, the links, and the page of each active bulletin."""
        answers = {part: session.get(card.urls[part]) for part in ("list", "links")}
        links = _links(answers["links"])
        active = [str(row["Nid"]) for row in _rows(answers["list"]) if row["status"] == "Active"]
        problems = []
        for nid in active[:_MOST_PAGES]:
            if nid not in links:
                continue
            try:
                answers[_PAGE + nid] = session.get(links[nid])
            except FeedError as error:
                # One page in maintenance must keep back no other bulletin, and forget nothing of its own.
                if (known := session.known(links[nid])) is not None:
                    answers[_PAGE + nid] = known
                problems.append(Problem(ProblemKind.OLD_COPY, nid, str(error)))
                if len(problems) > _MOST_MISSING:
                    raise
        return Fetched(card, session.now(), answers, tuple(problems))

    def facts(self, fetched: Fetched) -> Reading:
        """Read the active bulletins; those that were withdrawn count as rows only."""
        rows, links = _rows(fetched.answers["list"]), _links(fetched.answers["links"])
        facts: list[Fact] = []
        problems = list(fetched.problems)
        for row in rows:
            if row["status"] == "Withdrawn":
                continue
            if row["status"] != "Active":
                problems.append(Problem(ProblemKind.NOT_UNDERSTOOD, _title(row), f"status: {row['status']}"))
            fact, found = _fact(row, fetched, links.get(str(row["Nid"]), ""))
            facts.append(fact)
            problems.extend(found)
        return Reading(tuple(facts), tuple(problems), len(rows))


def _rows(answer: Answer) -> list[Row]:
    document = json_of(answer)
    rows = document.get("conflict_zones") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise FeedError(Fault.CHANGED, f"{answer.url}: has no list conflict_zones: its form has changed")
    for number, row in enumerate(rows, 1):
        missing = _NEEDED - row.keys() if isinstance(row, dict) else _NEEDED
        if missing:
            names = ", ".join(sorted(missing))
            raise FeedError(Fault.CHANGED, f"{answer.url}: row {number} has no {names}: its form has changed")
    return rows


def _links(answer: Answer) -> dict[str, str]:
    """Return the address of each bulletin's page, by the number that the export gives it."""
    found = {}
    for item in xml_of(answer).iterfind(".//item"):
        nid = _NID.match(item.findtext("guid") or "")
        link = (item.findtext("link") or "").strip()
        if nid and link:
            found[nid[1]] = link
    return found


def _fact(row: Row, fetched: Fetched, link: str) -> tuple[Fact, list[Problem]]:
    title, nid = _title(row), str(row["Nid"])
    page = fetched.answers.get(_PAGE + nid)
    bulletin = bulletin_of(page) if page is not None else Bulletin()
    problems = list(_doubts(title, bulletin, is_there=page is not None))
    named = words_of(str(row["country"])) or bulletin.countries
    codes = {name: country_named(name) for name in _split(named)}
    problems += [
        Problem(ProblemKind.UNMAPPED_COUNTRY, title, name) for name, code in codes.items() if not code
    ]
    if not codes:
        problems.append(Problem(ProblemKind.UNMAPPED_COUNTRY, title, "no country is named"))
    try:
        until = _until(str(row["valid_until_date"]))
    except ValueError:
        until = None
        problems.append(
            Problem(ProblemKind.NOT_UNDERSTOOD, title, f"valid_until_date: {row['valid_until_date']}")
        )
    level = bulletin.level or _UNKNOWN
    fact = Fact(
        key=nid,
        title=f"EASA {bulletin.number}, {title}" if bulletin.number else f"EASA, {title}",
        subjects=tuple(Subject(SubjectKind.COUNTRY, code) for code in dict.fromkeys(codes.values()) if code),
        level=level,
        words=bulletin.recommendation or words_of(str(row.get("field_easa_valid_until_descr", ""))),
        asks=fetched.card.asks(level),
        issued=_issued(row),
        valid_until=until,
        url=link or fetched.card.page,
        airspaces=bulletin.firs,
        scope=bulletin.scope,
        undrawn=bulletin.undrawn,
        excepted=bulletin.excepted,
    )
    if expired(fact, fetched.retrieved_at.date()):
        problems.append(Problem(ProblemKind.EXPIRED, title, str(until)))
    return fact, problems


def _doubts(title: str, bulletin: Bulletin, *, is_there: bool) -> Iterator[Problem]:
    if not is_there:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, title, "its page could not be had: what it says is unknown")
    elif not bulletin.number or not bulletin.recommendation:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, title, "its page has no number, or no recommendation")
    elif not bulletin.level:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, title, bulletin.recommendation)


def _title(row: Row) -> str:
    return words_of(str(row["name"])) or str(row["Nid"])


def _split(names: str) -> list[str]:
    return [name for each in names.split(",") if (name := each.strip())]


def _until(text: str) -> date | None:
    """Read DD/MM/YYYY: the last day on which it holds; the other dates of a row are written otherwise."""
    return datetime.strptime(text.strip(), "%d/%m/%Y").date() if text.strip() else None  # noqa: DTZ007 - a bare day


def _issued(row: Row) -> date | None:
    """Return the day of the newest revision: ``updated`` is HTML around a time."""
    updated = _DATETIME.search(str(row.get("updated", "")))
    text = updated[1] if updated else str(row.get("issued_date", ""))[:10]
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
