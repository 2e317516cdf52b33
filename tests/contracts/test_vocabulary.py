"""A text is written as if it will leak: the words of the field, and none that accuse or prescribe."""

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import NamedTuple

import pytest

from tests.contracts.tree import texts

# A star stands for any ending. What is never said, in code neither: a name ends up in somebody's spreadsheet.
NEVER = (
    # English
    *("ban", "bans", "banned", "banning", "blacklist*", "black-list*", "black list*"),
    *("whitelist*", "white-list*", "greylist*", "grey-list*", "graylist*", "gray-list*"),
    *("forbidden", "unsafe", "denied", "waiver*", "unapproved", "unknown risk"),
    *("overfly", "overflies", "overflying", "overflew", "flies over", "flight path", "route flown"),
    # French
    *("interdit*", "interdiction*", "liste noire", "listes noires", "liste grise", "survol*"),
    # Spanish
    *("prohib*", "vetad*", "veto", "lista negra", "listas negras", "lista gris", "sobrevuel*", "sobrevol*"),
)
# What has a plain meaning in a program, but not in a text that a traveller or a focal point reads.
NEVER_TO_PEOPLE = (
    *("safe", "safer", "approved", "restricted", "rejected", "do not fly"),
    *("danger*", "alert", "alerts", "alerte", "alertes", "alerta", "alertas", "peligro*"),
)
CODE = (
    "travelrisk/*.py",
    "travelrisk/*.js",
    "travelrisk/*.css",
    "README.md",
    "CHANGELOG.md",
    "data/NOTICE.md",
)
FOR_PEOPLE = ("templates/*", "data/*.toml", "*.po")


class Exempt(NamedTuple):
    """Lines of some files that may say such a word, and why."""

    files: str
    line: str
    reason: str


EXEMPT = (
    Exempt(
        "travelrisk/intake/partners/*.py",
        r"\bdenied\b|\|blacklist\b",
        "states and fields in the words of other systems, which are not ours",
    ),
    Exempt("data/ratings/*.toml", r"^\s*title\s*=", "a third party's document keeps the title it was given"),
    *(
        Exempt(
            file,
            r"^\[\w*safe\w*\]$|\bAre you safe\b|\bI am safe\b|\bare safe\b",
            "what travellers are asked, and say, of themselves: nothing calls a flight or a place so",
        )
        for file in ("templates/web/whereabouts/*", "templates/mail/desk.toml")
    ),
    Exempt(
        "travelrisk/web/*.py",
        r"HTTPStatus\.FORBIDDEN|\bForbidden\b",
        "the name of status 403, which is not ours",
    ),
    Exempt(
        "travelrisk/web/*.py",
        r"'unsafe-inline'",
        "a keyword of Content-Security-Policy, which is not ours",
    ),
)
NOT_READ = re.compile(
    r"\{[{%#].*?[}%#]\}|<(script|style)\b.*?</\1>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE
)


def _matcher(words: tuple[str, ...]) -> re.Pattern[str]:
    endings = (re.escape(word).replace(r"\*", "[^\\W_]*").replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(endings)})(?![^\W_])", re.IGNORECASE)


ANYWHERE, TO_PEOPLE = _matcher(NEVER), _matcher(NEVER_TO_PEOPLE)


def _said(name: str, text: str) -> Iterator[str]:
    """Give each place, as `file:line: word`, where a text says what it should not."""
    for_people = any(fnmatch(name, pattern) for pattern in FOR_PEOPLE)
    if for_people:
        yield from _found(TO_PEOPLE, name, _as_read(text) if name.startswith("templates/") else text)
    if for_people or any(fnmatch(name, pattern) for pattern in CODE):
        yield from _found(ANYWHERE, name, text)


def _found(words: re.Pattern[str], name: str, text: str) -> Iterator[str]:
    exempt = [re.compile(entry.line) for entry in EXEMPT if fnmatch(name, entry.files)]
    for number, line in enumerate(text.splitlines(), 1):
        if not any(pattern.search(line) for pattern in exempt):
            yield from (f"{name}:{number}: {word}" for word in words.findall(line))


def _as_read(template: str) -> str:
    """Blank out tags, attributes and template code, and keep the lines where they are."""
    return NOT_READ.sub(lambda match: "\n" * match[0].count("\n"), template)


def test_no_text_accuses_promises_or_prescribes() -> None:
    places = [place for name, text in texts() for place in _said(name, text)]
    assert not places, "\n".join(places)


@pytest.mark.parametrize(
    ("name", "text", "word"),
    [
        ("travelrisk/domain/ratings.py", 'BANNED = "no"', "BANNED"),
        ("travelrisk/domain/ratings.py", "is_banned: bool", "banned"),
        ("travelrisk/domain/ratings.py", "x\n# a black  list", "black  list"),
        ("README.md", "It overflies.", "overflies"),
        ("templates/mail/cleared/body.html", "<p>Vol interdit.</p>", "interdit"),
        ("templates/web/check.html", "<p>This is <b>safe</b>.</p>", "safe"),
        ("data/messages/es.toml", 'text = "transportista vetado"', "vetado"),
        ("data/ratings/eu.toml", 'reason = "banned"', "banned"),
    ],
)
def test_such_a_word_is_found(name: str, text: str, word: str) -> None:
    assert [place.rpartition(": ")[2] for place in _said(name, text)] == [word]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("templates/web/check.html", '<div class="alert alert-danger" role="alert">{{ text | safe }}</div>'),
        ("templates/web/check.html", "<p>Bangui, bandwidth, the EU Air Safety List</p>"),
        ("data/ratings/eu.toml", 'title = "List of air carriers banned within the Union"'),
        ("travelrisk/web/problems.py", "return HTTPStatus.FORBIDDEN"),
        ("travelrisk/store/outbox.py", "# thread-safe: the server rejected it"),
        ("tests/domain/test_ratings.py", "banned"),
    ],
)
def test_such_a_word_has_its_place(name: str, text: str) -> None:
    assert list(_said(name, text)) == []
