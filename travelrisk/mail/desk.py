"""What letters to people of the desk have in common: their words, their links, their last lines."""

from collections.abc import Mapping
from functools import cache

from travelrisk.domain.texts import Language, Texts
from travelrisk.mail.lines import in_language, other_languages
from travelrisk.mail.render import Context
from travelrisk.telling.words import Say, speaker, telling_texts, texts_in


def desk_speaker(language: Language) -> Say:
    """Return ``say`` for letters to people of the desk; it knows the words of the other letters too."""
    return speaker(language, _texts())


@cache
def _texts() -> Mapping[str, Texts]:
    return {**telling_texts(), **texts_in("mail/desk.toml")}


def frame(url: str, language: Language, *, demo: bool) -> Context:
    """Return what the frame of each letter needs; *url* leads to a page, in no language yet."""
    return {
        "language": language,
        "say": desk_speaker(language),
        "demo": demo,
        "url": in_language(url, language),
        "others": other_languages(url, language),
    }
