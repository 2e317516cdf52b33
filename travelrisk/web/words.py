"""The words of the pages: every text in English, French and Spanish, or none of it is used."""

from collections.abc import Mapping
from functools import cache

from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import Language, Texts
from travelrisk.telling.words import Say, placeholders, texts_in, typeset

_FILE = "web/texts.toml"


@cache
def page_texts() -> Mapping[str, Texts]:
    """Read and check ``templates/web/texts.toml``, once."""
    return texts_in(_FILE)


@cache
def speaker(language: Language) -> Say:
    """Return ``say(key, **slots)`` for one language; a slot missing or too many is an error, never a hole."""
    known = {
        key: (typeset(texts.in_language(language), language), placeholders(texts.en))
        for key, texts in page_texts().items()
    }

    def say(key: str, /, **slots: object) -> str:
        if key not in known:
            raise ConfigurationError(f"{_FILE}: there is no text '{key}'")
        text, wanted = known[key]
        if wanted != slots.keys():
            raise ConfigurationError(f"{_FILE}: '{key}' wants {sorted(wanted)}, not {sorted(slots)}")
        return text.format(**slots)

    return say
