"""What is wrong with a table that somebody brings in, in the reader's language.

The import says it in English, for the terminal and for the column of problems. Its sentences are found again
by their words, as those of the readers of documents are (``telling.refusals``); what is not known stays
English and says so.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from string import Formatter
from typing import Final

from travelrisk.domain.texts import Language, Texts
from travelrisk.telling.foreign import visible
from travelrisk.telling.reasons import Line
from travelrisk.telling.refusals import refusal
from travelrisk.telling.words import texts_in, typeset

_LONGEST: Final = 2000
_DEEPEST: Final = 4
_FIGURES: Final = frozenset({"count", "most", "number", "position"})
_MEANING: Final = "meaning_"
_WORDS: Final = re.compile(r"[a-z_]+(?:, [a-z_]+)*(?: or [a-z_]+)?")
_OR: Final[Mapping[Language, str]] = {"en": " or ", "fr": " ou ", "es": " o "}
_SAID: Final = {"further notice": Texts("further notice", "nouvel ordre", "nuevo aviso")}


@cache
def rowfault_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/telling/rowfaults.toml``, once."""
    return texts_in("telling/rowfaults.toml")


def rowfault(text: str, language: Language) -> Line:
    """Return what an import says in *language*, or in English where it is not known."""
    shown = visible(text)[:_LONGEST]
    known = None if language == "en" or not shown else _sentence(shown, language, _DEEPEST)
    return refusal(text, language) if known is None else Line(known, language)


@cache
def _patterns(part: str) -> tuple[tuple[re.Pattern[str], Texts], ...]:
    """Return a pattern for each English text, of the sentences or of the meanings of columns."""
    found = (
        (key, texts)
        for key, texts in rowfault_texts().items()
        if (key.startswith(_MEANING) if part else not key.startswith(_MEANING))
    )
    return tuple((re.compile(_pattern(texts.en), re.DOTALL), texts) for _, texts in found)


def _pattern(english: str) -> str:
    return "".join(
        re.escape(words) + (f"(?P<{slot}>{'[0-9.,]+' if slot in _FIGURES else '.+?'})" if slot else "")
        for words, slot, _, _ in Formatter().parse(english)
    )


def _sentence(text: str, language: Language, deepest: int, part: str = "") -> str | None:
    """Return *text* in *language*; None where it, or a sentence in it, is not known."""
    return next(_sentences(text, language, deepest, part), None)


def _sentences(text: str, language: Language, deepest: int, part: str) -> Iterator[str]:
    for pattern, texts in _patterns(part) if deepest else ():
        match = pattern.fullmatch(text)
        if match is None:
            continue
        slots = {name: _slot(name, said, language, deepest) for name, said in match.groupdict().items()}
        if None not in slots.values():
            yield typeset(texts.in_language(language), language).format(**slots)


def _slot(name: str, said: str, language: Language, deepest: int) -> str | None:
    if name == "rest":
        return _sentence(said, language, deepest - 1)
    if name == "meaning":
        return _sentence(said, language, deepest - 1, _MEANING)
    if name == "words":
        return said.replace(_OR["en"], _OR[language]) if _WORDS.fullmatch(said) else None
    return _SAID[said].in_language(language) if said in _SAID else said
