"""The card of a feed: what a source is called, where it is, under which terms, and what its words mean here.

A card is data, so that an organisation may set another floor or address, or take the words of a source for
graver, without touching code.
"""

from datetime import timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from travelrisk import resources
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.facts import Asked
from travelrisk.domain.ratings import Level
from travelrisk.domain.texts import LANGUAGES, Language, Texts
from travelrisk.domain.verdicts import Verdict
from travelrisk.reference import read_as
from travelrisk.reference.parts import Part, VerdictWord

_SLOTS = dict.fromkeys(("title", "where", "words", "level"), "")


class Card(Part):
    """What is known of a source beforehand.

    Attributes:
        publisher, licence, attribution: who is to be named, and how.
        page: where people read it.
        urls: where programs read it, by the names that the feed gives its parts.
        hosts: further hosts that may answer, where the source passes us on; those of *urls* always may.
        every_hours: how often it is fetched. stale_after_hours: when an older copy is somebody's task.
        floor: an answer with fewer rows is taken for half an answer.
        evidence: the kind of evidence that its facts are: a factor, or the source's own name.
        about_airspaces: whether what it says of countries is about the sky above, wherever that is drawn.
        tells_events: whether what it says passes by itself, so that it is no task of anybody's that it has.
        rates, cautions: the source's levels, and what each would ask for; of others nothing is asked.
        says: the text of a record, with ``{title}``, ``{where}``, ``{level}`` and ``{words}`` of the fact.
    """

    title: Texts
    publisher: str = Field(min_length=1)
    licence: str = Field(min_length=1)
    attribution: str = Field(min_length=1)
    page: str
    urls: dict[str, str] = Field(min_length=1)
    hosts: tuple[str, ...] = ()
    every_hours: int = Field(ge=1, le=24 * 31)
    stale_after_hours: int = Field(ge=1, le=24 * 400)
    floor: int = Field(ge=0)
    languages: tuple[str, ...] = Field(min_length=1)
    evidence: str = Field(min_length=1, max_length=80)
    about_airspaces: bool = False
    tells_events: bool = False
    rates: dict[str, Level] = Field(default_factory=dict)
    cautions: dict[str, VerdictWord] = Field(default_factory=dict)
    says: Texts

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        for url in (self.page, *self.urls.values()):
            where = urlsplit(url)
            if where.scheme not in {"http", "https"} or not where.hostname:
                raise ValueError(f"{url} is no address of a page: write https://...")
        if both := self.rates.keys() & self.cautions.keys():
            raise ValueError(f"{', '.join(sorted(both))} stands in rates and in cautions: keep one of them")
        if Verdict.CLEARED in self.cautions.values() or Level.RECOMMENDED in self.rates.values():
            raise ValueError("no source clears anything here: leave the level out, and nothing is asked")
        for language in LANGUAGES:
            _check_text(getattr(self.says, language), language)
        if self.stale_after_hours < self.every_hours:
            raise ValueError("stale_after_hours is less than every_hours: it would always be stale")
        return self

    def asks(self, level: str) -> Asked | None:
        """Return what a level of the source would ask for here; None = nothing."""
        return self.rates.get(level) or self.cautions.get(level)

    def is_too_old(self, age: timedelta) -> bool:
        """Say whether a copy of this age may no longer be what the source says."""
        return age > timedelta(hours=self.stale_after_hours)

    def allows(self, host: str) -> bool:
        """Say whether this host may answer for the source."""
        return host in self.hosts or host in {urlsplit(url).hostname for url in self.urls.values()}


def load_card(name: str, folder: Path | None = None) -> Card:
    """Read the card of a feed, from the organisation's own *folder* if it has one there.

    Raises:
        ConfigurationError: it is missing, or cannot be used; the message names file and field.
    """
    own = folder / f"{name}.toml" if folder else None
    path = own if own is not None and own.is_file() else resources.data("feeds", f"{name}.toml")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"card {path}: cannot be read ({error})") from error
    return read_as(Card, text, str(path))


def _check_text(text: str, language: Language) -> None:
    try:
        text.format(**_SLOTS)
    except (KeyError, IndexError, ValueError) as error:
        raise ValueError(
            f"says.{language}: only {{title}}, {{where}}, {{level}} and {{words}} are filled in"
        ) from error
    if not text:
        raise ValueError(f"says.{language} is missing")
