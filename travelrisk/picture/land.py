"""The land of the world, and the sentence under a map, as shipped in ``data/outlines.json``."""

import json
from functools import cache

from travelrisk import resources
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.texts import LANGUAGES, Texts
from travelrisk.picture.rings import Ring, ring


@cache
def land() -> tuple[Ring, ...]:
    """Return the rings of the land, and of lakes in it: filled together by the even-odd rule.

    Raises:
        ConfigurationError: the file is missing or damaged.
    """
    content = _content()["rings"]
    if not isinstance(content, list):
        raise ConfigurationError("outlines.json: 'rings' is no list: install travelrisk again")
    return tuple(ring(tuple((lon, lat) for lon, lat in outline)) for outline in content)


@cache
def disclaimer() -> Texts:
    """Return the sentence that stands under every map unless the organisation has one of its own.

    Raises:
        ConfigurationError: the file is missing or damaged.
    """
    content = _content()["disclaimer"]
    if not isinstance(content, dict) or not all(content.get(language) for language in LANGUAGES):
        raise ConfigurationError("outlines.json: 'disclaimer' lacks a language: install travelrisk again")
    return Texts(*(str(content[language]) for language in LANGUAGES))


@cache
def _content() -> dict[str, object]:
    try:
        content = json.loads(resources.data("outlines.json").read_text(encoding="utf-8"))
        return {"rings": content["rings"], "disclaimer": content["disclaimer"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"outlines.json cannot be read ({error}): install travelrisk again"
        raise ConfigurationError(message) from error
