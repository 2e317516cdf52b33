"""The words of the pages: every text in English, French and Spanish, or none of it is used."""

from collections.abc import Mapping
from functools import cache

from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import Language, Texts
from travelrisk.telling.words import Say, placeholders, texts_in, typeset

_FILES = (
    "web/texts.toml",
    "web/traveller/texts.toml",
    "web/desk/texts.toml",
    "web/focal/texts.toml",
    "web/exceptions/texts.toml",
    "web/exchange/texts.toml",
    "web/history/texts.toml",
    "web/story/texts.toml",
    "web/undelivered/texts.toml",
    "web/correspondence/texts.toml",
    "web/crowded/texts.toml",
    "web/explained/texts.toml",
    "web/doctor/texts.toml",
    "web/feeds/texts.toml",
    "web/privacy/texts.toml",
    "web/understood/texts.toml",
    "web/whereabouts/texts.toml",
    "web/batches/texts.toml",
    "web/units/texts.toml",
    "web/world/texts.toml",
    "web/certificates/texts.toml",
    "web/api/texts.toml",
    "web/reports/texts.toml",
    "web/webhooks/texts.toml",
)


@cache
def page_texts() -> Mapping[str, Texts]:
    """Read and check the files of texts under ``templates/web``, once; each key stands in one of them."""
    found: dict[str, Texts] = {}
    for file in _FILES:
        texts = texts_in(file)
        twice = sorted(found.keys() & texts.keys())
        if twice:
            raise ConfigurationError(f"{file}: '{twice[0]}' is a text of another file already")
        found |= texts
    return found


@cache
def speaker(language: Language) -> Say:
    """Return ``say(key, **slots)`` for one language; a slot missing or too many is an error, never a hole."""
    known = {
        key: (typeset(texts.in_language(language), language), placeholders(texts.en))
        for key, texts in page_texts().items()
    }

    def say(key: str, /, **slots: object) -> str:
        if key not in known:
            raise ConfigurationError(f"texts of the pages: there is no text '{key}'")
        text, wanted = known[key]
        if wanted != slots.keys():
            raise ConfigurationError(
                f"texts of the pages: '{key}' wants {sorted(wanted)}, not {sorted(slots)}"
            )
        return text.format(**slots)

    return say
