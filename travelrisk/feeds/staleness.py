"""Which sources have not been read for so long that answers may not rest on them as before."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from travelrisk.domain.codes import folded
from travelrisk.domain.staleness import StaleSource
from travelrisk.feeds.card import Card, load_card


def stale_among(
    read_since: Mapping[str, datetime], folder: Path | None, at: datetime
) -> tuple[StaleSource, ...]:
    """Return the sources that are too old at a moment, in the order of their names.

    Args:
        read_since: when each was read last, or else when that was first tried. A source that was never tried
            has told nobody anything yet; one that was never read is too old when it has failed for as long as
            a copy of it may be used.
        folder: of the organisation's own cards.
        at: the moment.

    Raises:
        ConfigurationError: a card cannot be used.
    """
    cards = ((name, _card(name, folder), read_since[name]) for name in sorted(read_since))
    return tuple(
        StaleSource(name, card.title, folded(card.evidence), read.date())
        for name, card, read in cards
        if card.is_too_old(at - read)
    )


@lru_cache(maxsize=64)  # asked at every judgement; a changed card counts from the next start on
def _card(name: str, folder: Path | None) -> Card:
    return load_card(name, folder)
