"""Countries as public sources write them: found by name, or not at all, and then somebody must hear of it."""

import re
import tomllib
from functools import cache
from typing import Final

from travelrisk import resources
from travelrisk.domain.codes import folded
from travelrisk.domain.errors import ConfigurationError
from travelrisk.reference import load_countries

_FORMAL: Final = re.compile(
    r"^(?:the )?(?:(?:islamic|federal|bolivarian|arab|cooperative|socialist|united) )*"
    r"(?:republic|kingdom|state|sultanate|union|commonwealth|federation) of (?:the )?|^the "
)
_ASIDE: Final = re.compile(r"\([^()]*\)")
_BETWEEN: Final = (re.compile(r"\s*[,;/]\s*(?:(?:and|&)\s+)?"), re.compile(r"\s+(?:and|&)\s+"))


def country_named(name: str) -> str | None:
    """Return the alpha-2 code of a country; None where the name is none that we know for certain."""
    known = _names()
    whole, bare = _plain(name), _plain(_ASIDE.sub(" ", name))
    return next(
        (
            known[each]
            for each in (whole, bare, _FORMAL.sub("", whole), _FORMAL.sub("", bare))
            if each in known
        ),
        None,
    )


def _plain(name: str) -> str:
    return folded(name.replace("&", " and "))


@cache
def _names() -> dict[str, str]:
    """Return the folded names -> code; a name of two countries would be no name."""
    path = resources.data("feeds", "names", "countries.toml")
    found: dict[str, str] = {}
    for code, country in load_countries().items():
        for name in (country.names.en, _ASIDE.sub(" ", country.names.en)):
            found.setdefault(_plain(name), code)
    try:
        aliases: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})") from error
    for code, names in aliases.items():
        if code not in load_countries():
            raise ConfigurationError(f"{path}: {code} is no country of ours")
        for name in names:
            if found.setdefault(_plain(name), code) != code:
                raise ConfigurationError(f"{path}: {name} is the name of two countries")
    return found


def countries_in(names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the alpha-2 codes of the countries that a text lists, and the names that are none that we know.

    The whole is tried before its parts, for ``Trinidad and Tobago`` is one country. Where no part is one
    either, the whole is one name that nobody knows.
    """
    if code := country_named(names):
        return (code,), ()
    for mark in _BETWEEN:
        parts = [part for each in mark.split(names) if (part := each.strip())]
        if len(parts) > 1:
            found = [countries_in(part) for part in parts]
            if codes := dict.fromkeys(code for known, _ in found for code in known):
                return tuple(codes), tuple(name for _, unknown in found for name in unknown)
    return (), tuple(filter(None, [names.strip()]))
