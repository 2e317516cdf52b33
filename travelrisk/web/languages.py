"""The language of a page: the prefix of its address, or ``?language=`` where a letter links to it."""

from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Flask, g, request, url_for

from travelrisk.domain.policy import Contact
from travelrisk.domain.texts import LANGUAGES, Language, day_in_words
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening import explain
from travelrisk.telling.segments import sentence_case
from travelrisk.web.parts import application
from travelrisk.web.words import speaker

NAMES: Final[dict[Language, str]] = {"en": "English", "fr": "Français", "es": "Español"}
_PREFIXES: Final[dict[Language, str]] = {"en": "", "fr": "/fr", "es": "/es"}


class Person(NamedTuple):
    """Whom to ask; each field may be empty."""

    name: str
    email: str
    phone: str


class Elsewhere(NamedTuple):
    """This page in a language; *url* is where it stands."""

    language: Language
    name: str
    url: str


def register(pages: Flask, blueprint: Blueprint) -> None:
    """Register a blueprint once for each language."""
    for each in LANGUAGES:
        pages.register_blueprint(blueprint, name=f"{blueprint.name}_{each}", url_prefix=_PREFIXES[each])


def speak(pages: Flask) -> None:
    """Give the templates the language of the page and the words in it."""
    pages.context_processor(_words)


def language() -> Language:
    """Return the language of the present page."""
    if "language" not in g:
        g.language = _asked_for()
    known: Language = g.language
    return known


def here(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - as url_for takes them
    """Return the address of a page in the present language."""
    return _address(endpoint, language(), **values)


def day(value: datetime | Any) -> str:  # noqa: ANN401 - a date, or a moment whose UTC date is meant
    """Write a date in the present language."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    return day_in_words(value, language())


def moment(value: datetime) -> str:
    """Write a moment in UTC in the present language."""
    return speaker(language())("moment", day=day(value), clock=f"{value.astimezone(UTC):%H:%M}")


def verdict_label(verdict: Verdict | str) -> str:
    """Return a verdict in the present language, with a capital; empty for a word that is no verdict."""
    try:
        known = verdict if isinstance(verdict, Verdict) else Verdict.from_word(verdict)
    except KeyError:
        return ""
    return sentence_case(explain.verdict_words(known).in_language(language()))


def person(contact: Contact) -> Person | None:
    """Return whom to ask, in the present language; None where the policy names nobody."""
    found = Person(contact.name.in_language(language()), contact.email, contact.phone)
    return found if any(found) else None


def _asked_for() -> Language:
    wanted = (request.args.get("language"), request.path.split("/", 2)[1])
    for each in LANGUAGES:
        if each == wanted[0]:
            return each
    return next((each for each in LANGUAGES if each == wanted[1]), "en")


def _address(endpoint: str, wanted: Language, **values: Any) -> str:  # noqa: ANN401 - as here
    blueprint, _, view = endpoint.partition(".")
    return url_for(f"{blueprint}_{wanted}.{view}", **values)


def _elsewhere() -> tuple[Elsewhere, ...]:
    """Return this page in every language; for what is no page of ours, the first page."""
    name, _, view = (request.endpoint or "").partition(".")
    blueprint, _, known = name.rpartition("_")
    if known not in LANGUAGES:
        return tuple(Elsewhere(each, NAMES[each], _address("traveller.check", each)) for each in LANGUAGES)
    arguments = [(key, value) for key, value in request.args.items(multi=True) if key != "language"]
    query = f"?{urlencode(arguments)}" if arguments else ""
    return tuple(
        Elsewhere(
            each, NAMES[each], _address(f"{blueprint}.{view}", each, **(request.view_args or {})) + query
        )
        for each in LANGUAGES
    )


def _words() -> dict[str, Any]:
    policy = application().policy.policy
    return {
        "language": language(),
        "say": speaker(language()),
        "here": here,
        "day": day,
        "moment": moment,
        "verdict_label": verdict_label,
        "facts": application().facts,
        "languages": _elsewhere(),
        "focal_point": person(policy.focal_point),
        "alternate": person(policy.alternate),
    }
