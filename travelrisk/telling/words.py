"""The words in which an answer is told: every text in English, French and Spanish, or none of it is used."""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from string import Formatter

from travelrisk import resources
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import LANGUAGES, Language, Texts

Say = Callable[..., str]

_FILE = "telling/texts.toml"
_LANGUAGES = frozenset(LANGUAGES)


@cache
def telling_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/telling/texts.toml``, once."""
    return texts_in(_FILE)


def texts_in(file: str) -> dict[str, Texts]:
    """Read and check a file of texts under ``templates/``.

    Raises:
        ConfigurationError: as ``texts_of``, or the file cannot be read.
    """
    try:
        toml = (resources.templates() / file).read_text(encoding="utf-8")
    except OSError:
        raise ConfigurationError(f"templates/{file} cannot be read: install travelrisk again") from None
    return texts_of(toml, file)


def texts_of(toml: str, file: str = _FILE) -> dict[str, Texts]:
    """Return the texts of a TOML document with one table a key; *file* stands in messages.

    Raises:
        ConfigurationError: it is no TOML, a language is missing, empty or unknown, or the placeholders of the
            three languages differ.
    """
    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    return {key: _texts(f"{file}: '{key}'", table) for key, table in tables.items()}


def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def typeset(text: str, language: Language) -> str:
    """Tie French punctuation to its word, so that no line of a page begins with a colon."""
    if language != "fr":
        return text
    return re.sub(r" (?=[:;?!»])", "\N{NO-BREAK SPACE}", text).replace("« ", "«\N{NO-BREAK SPACE}")


def speaker(language: Language, texts: Mapping[str, Texts] | None = None) -> Say:
    """Return ``say(key, **slots)`` for one language.

    ``say`` raises ConfigurationError for an unknown key, and for a slot missing or too many: an answer with a
    hole in it must fail a test, not reach a traveller.
    """
    known = telling_texts() if texts is None else texts

    def say(key: str, /, **slots: object) -> str:
        if key not in known:
            raise ConfigurationError(f"{_FILE}: there is no text '{key}'")
        text, wanted = _typeset(known[key].in_language(language), language)
        if wanted != slots.keys():
            raise ConfigurationError(f"{_FILE}: '{key}' wants {sorted(wanted)}, not {sorted(slots)}")
        return text.format(**slots)

    return say


@lru_cache(maxsize=4096)  # a letter says forty of the same few hundred texts
def _typeset(text: str, language: Language) -> tuple[str, frozenset[str]]:
    return typeset(text, language), placeholders(text)


def _texts(where: str, table: object) -> Texts:
    if not isinstance(table, dict) or table.keys() != _LANGUAGES:
        raise ConfigurationError(f"{where} must have exactly the languages {', '.join(LANGUAGES)}")
    if not all(isinstance(text, str) and text.strip() for text in table.values()):
        raise ConfigurationError(f"{where} has an empty text")
    texts = Texts(**table)
    if len({placeholders(text) for text in texts}) != 1:
        raise ConfigurationError(f"{where}: the placeholders differ between the languages")
    return texts
