"""The United Kingdom's foreign travel advice: an index of countries, and a document for each with its flags.

A flag for parts of a country can mean all of it but three regions, which only the prose says: so the
sentences that advise against travel are kept with it.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.feeds.advice import LONGEST, UNKNOWN, Row, about, day_of, link_or, row_with
from travelrisk.feeds.card import Card
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer, Fetched, Reading, Session
from travelrisk.feeds.parsing import json_of, words_of

_INDEX: Final = "index"
_COUNTRY: Final = "country"
_FLAGS: Final = "alert_status"
_NONE: Final = "no advice against travel"
_ALL: Final = "avoid_all_travel_to_whole_country"
_KNOWN_FLAGS: Final = (
    *(_ALL, "avoid_all_but_essential_travel_to_whole_country"),
    *("avoid_all_travel_to_parts", "avoid_all_but_essential_travel_to_parts"),
)
_SLUG: Final = re.compile(r"/([a-z0-9-]+)/?$")
_AGAINST: Final = re.compile(r"\badvises? against\b", re.IGNORECASE)
_HEADING: Final = re.compile(r"<(h\d)\b[^<>]*>[^<]*</\1>", re.IGNORECASE)
_GOES_ON: Final = re.compile(r"</p>\s*<[uo]l\b[^<>]*>\s*<li\b[^<>]*>", re.IGNORECASE)  # in a list
_ITEM: Final = re.compile(r"</li>\s*<li\b[^<>]*>", re.IGNORECASE)
_BLOCK: Final = re.compile(r"</?(?:p|li|ul|ol|div|table|tr|td)\b[^<>]*>", re.IGNORECASE)
_MOST_MISSING: Final = 3  # documents; more are an outage, and wait for the next round
_MOST_WITHOUT: Final = 0.1  # of all documents may have no flags; more are another form


class GovukTravelAdvice:
    """The feed."""

    name = "govuk_travel_advice"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the index and each country's document; where a few are none, their last copies are read."""
        answers = {_INDEX: session.get(card.urls[_INDEX])}
        problems = []
        for slug in _entries(answers[_INDEX]):
            url = card.urls[_COUNTRY].replace("{slug}", slug)
            try:
                came = session.get(url)
                _document(came)
                answers[_part(slug)] = came
            except FeedError as error:
                if (known := session.known(url)) is not None:
                    answers[_part(slug)] = known
                problems.append(Problem(ProblemKind.OLD_COPY, slug, str(error)))
                if len(problems) > _MOST_MISSING:
                    raise
        return Fetched(card, session.now(), answers, tuple(problems))

    def facts(self, fetched: Fetched) -> Reading:
        """Read all countries of the index."""
        entries = _entries(fetched.answers[_INDEX])
        documents = {
            slug: _document(fetched.answers[_part(slug)])
            for slug in entries
            if _part(slug) in fetched.answers
        }
        _check_flags(documents)
        facts: list[Fact] = []
        problems = list(fetched.problems)
        for slug, entry in entries.items():
            fact, found = _fact(slug, entry, documents.get(slug), fetched.card)
            facts.append(fact)
            problems.extend(found)
        return Reading(tuple(facts), tuple(problems), len(entries))


def _part(slug: str) -> str:
    return f"{_COUNTRY}:{slug}"


def _entries(answer: Answer) -> dict[str, Row]:
    """Return the entries of the index by their slugs, which are no codes of countries."""
    index = json_of(answer)
    links = index.get("links") if isinstance(index, dict) else None
    children = links.get("children") if isinstance(links, dict) else None
    if not isinstance(children, list):
        raise FeedError(Fault.CHANGED, f"{answer.url}: has no links.children: its form has changed")
    found = {}
    for number, child in enumerate(children, 1):
        where = f"{answer.url}: entry {number}"
        entry = row_with(child, frozenset({"title", "base_path"}), where)
        slug = _SLUG.search(str(entry["base_path"]))
        if slug is None:
            raise FeedError(Fault.CHANGED, f"{where}: base_path names no country: its form has changed")
        found[slug[1]] = entry
    return found


def _document(answer: Answer) -> Row:
    document = row_with(json_of(answer), frozenset({"details"}), answer.url)
    row_with(document["details"], frozenset({"country"}), f"{answer.url}: details")
    return document


def _check_flags(documents: dict[str, Row]) -> None:
    """Refuse documents without flags: a field of another name must not read as "no advice"."""
    missing = [slug for slug, document in documents.items() if _FLAGS not in document["details"]]
    most = max(_MOST_MISSING, int(len(documents) * _MOST_WITHOUT))
    if missing and len(missing) >= min(most + 1, len(documents)):
        raise FeedError(
            Fault.CHANGED,
            f"{len(missing)} documents have no {_FLAGS}, such as {missing[0]}: their form has changed",
        )


def _fact(slug: str, entry: Row, document: Row | None, card: Card) -> tuple[Fact, list[Problem]]:
    details: dict[str, Any] = document["details"] if document else {}
    name = _name(entry, details)
    place = about(name)
    flags = details.get(_FLAGS)
    level, others = _level(flags)
    words = _words(details) if level != _NONE else ""
    told = list(_doubts(name, flags, is_there=document is not None))
    if flags and not words:
        told.append(
            Problem(
                ProblemKind.NOT_UNDERSTOOD, name, "its prose does not say where travel is advised against"
            )
        )
    changed = (document or entry).get("public_updated_at")
    fact = Fact(
        key=slug,
        title=f"FCDO travel advice, {name}",
        subjects=place.subjects,
        level=level,
        words=words or level,
        asks=card.asks(level),
        issued=day_of(changed),
        url=link_or(entry.get("web_url"), card.page),
        undrawn=others,
    )
    return fact, [*place.problems(name), *told]


def _name(entry: Row, details: Row) -> str:
    """Return how the source calls a country: its document, else the index."""
    inner = entry.get("details")
    for country in (details.get("country"), inner.get("country") if isinstance(inner, dict) else None):
        if isinstance(country, dict) and country.get("name"):
            return words_of(str(country["name"]))
    return words_of(str(entry["title"])).removesuffix(" travel advice")


def _level(flags: object) -> tuple[str, tuple[str, ...]]:
    """Return the gravest flag, and the others that stand beside it; one that nobody knows is unknown."""
    if not isinstance(flags, list):
        return UNKNOWN, ()
    known = [each for each in _KNOWN_FLAGS if each in flags]
    odd = [str(each) for each in flags if each not in _KNOWN_FLAGS]
    said = [each.replace("_", " ") for each in (*known, *odd)]
    if odd and _ALL not in known:
        return UNKNOWN, tuple(said)
    return (said[0], tuple(said[1:])) if said else (_NONE, ())


def _words(details: Row) -> str:
    """Return the paragraphs of its parts that advise against travel, each with its list."""
    parts = details.get("parts")
    bodies = [
        str(part.get("body", ""))
        for part in (parts if isinstance(parts, list) else ())
        if isinstance(part, dict)
    ]
    paragraphs = (each for body in bodies if _AGAINST.search(body) for each in _paragraphs(body))
    found = dict.fromkeys(filter(_AGAINST.search, paragraphs))
    return " ".join(each if each.endswith(".") else f"{each}." for each in found)[:LONGEST]


def _paragraphs(body: str) -> Iterator[str]:
    text = _HEADING.sub(" <p>", body)
    text = _ITEM.sub("; ", _GOES_ON.sub(" ", text))
    return (words_of(each) for each in _BLOCK.split(text))


def _doubts(name: str, flags: object, *, is_there: bool) -> Iterator[Problem]:
    if not is_there:
        words = "its document could not be had: what it advises is unknown"
    elif not isinstance(flags, list):
        words = f"its document has no list {_FLAGS}"
    else:
        words = ", ".join(str(each) for each in flags if each not in _KNOWN_FLAGS)
    if words:
        yield Problem(ProblemKind.NOT_UNDERSTOOD, name, words)
