"""The words of pictures and of their lists, and distances as people write them."""

from collections.abc import Mapping
from functools import cache

from travelrisk.domain.texts import Language, Texts
from travelrisk.telling.numbers import grouped
from travelrisk.telling.words import Say, speaker, texts_in

_EXACT = 100  # km: what is longer is told in tens, for it is an estimate


@cache
def picture_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/telling/picture.toml``, once."""
    return texts_in("telling/picture.toml")


def picture_words(language: Language) -> Say:
    """Return ``say(key, **slots)`` for the words of pictures."""
    return speaker(language, picture_texts())


def kilometres(km: float, language: Language) -> str:
    """Return a distance in figures, rounded to tens from 100 km on: ``1,240``, ``1 240``, ``1240``."""
    figure = round(km) if km < _EXACT else round(km / 10) * 10
    return grouped(figure, language)
