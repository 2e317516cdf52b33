"""Why a document or a line of it could not be read, in the reader's language.

The readers of documents say it in English, in a process of their own that knows no languages. Their sentences
are found again by their words; one that is not known stays English and says so, rather than half of it.
"""

import re
from collections.abc import Mapping
from functools import cache
from string import Formatter

from travelrisk.domain.texts import Language, Texts
from travelrisk.telling.foreign import visible
from travelrisk.telling.reasons import Line
from travelrisk.telling.words import texts_in, typeset

_LONGEST = 2000
_DEEPEST = 4
_FIGURES = frozenset({"count", "most", "most_parts", "number", "parts", "seconds", "size"})
_SENTENCES = frozenset({"rest", "then"})
_PARTS = ("column_", "place_")  # of a sentence, never one by themselves
_NAMELESS = {
    "The document": Texts("The document", "Le document", "El documento"),
    "The table": Texts("The table", "Le tableau", "La tabla"),
    "an attachment": Texts("an attachment", "pièce jointe", "archivo adjunto"),
}


@cache
def refusal_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/telling/refusals.toml``, once."""
    return texts_in("telling/refusals.toml")


def refusal(reason: str, language: Language) -> Line:
    """Return what a reader of documents says in *language*, or in English where it is not known."""
    shown = visible(reason)[:_LONGEST]
    known = None if language == "en" else _sentence(shown, language, _DEEPEST)
    return Line(shown, "en") if known is None else Line(known, language)


def is_refusal(line: str) -> bool:
    """Say whether a line is what a reader says of something it could not read, and none of a document."""
    shown = visible(line)[:_LONGEST]
    return any(pattern.fullmatch(shown) for pattern, _ in _patterns())


@cache
def _patterns(part: str = "") -> tuple[tuple[re.Pattern[str], Texts], ...]:
    """Return a pattern for each English text: of the sentences, or of one kind of their parts."""
    return tuple(
        (re.compile(_pattern(texts.en), re.DOTALL), texts)
        for key, texts in refusal_texts().items()
        if (key.startswith(part) if part else not key.startswith(_PARTS))
    )


def _pattern(english: str) -> str:
    return "".join(
        re.escape(words) + (f"(?P<{slot}>{'[0-9.,]+' if slot in _FIGURES else '.+?'})" if slot else "")
        for words, slot, _, _ in Formatter().parse(english)
    )


def _sentence(text: str, language: Language, deepest: int, part: str = "") -> str | None:
    """Return *text* in *language*; None where it, or a sentence in it, is not known."""
    for pattern, texts in _patterns(part) if deepest else ():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        slots = {name: _slot(name, value, language, deepest) for name, value in found.groupdict().items()}
        if None not in slots.values():
            return typeset(texts.in_language(language), language).format(**slots)
    return None


def _slot(name: str, value: str, language: Language, deepest: int) -> str | None:
    if name in _SENTENCES:
        return _sentence(value, language, deepest - 1)
    if name == "place":
        return _sentence(value, language, deepest, "place_")
    if name == "columns":
        columns = [_sentence(each, language, deepest, "column_") for each in value.split(", ")]
        return ", ".join(each or "" for each in columns) if None not in columns else None
    return _NAMELESS[value].in_language(language) if value in _NAMELESS else value
