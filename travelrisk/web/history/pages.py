"""The blueprint of these pages, and an edition with what it did as all of them tell it."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from flask import Blueprint

from travelrisk.domain.differences import Pair
from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.services.desk.history import AsOf, Countersigning, Published, as_of, countersignings
from travelrisk.store.ratings import Edition
from travelrisk.telling.editions import who_published, why_published
from travelrisk.telling.foreign import visible
from travelrisk.web.focal.told import PairTold, pair_told
from travelrisk.web.languages import language
from travelrisk.web.parts import application

history = Blueprint("history", __name__)

MOST_PAIRS: Final = 40  # records of one edition; an import may hold thousands
_FROM_THE_DESK: Final = re.compile(r"(CH-[0-9A-Z]{6}): (.*)", re.DOTALL)


class Told(NamedTuple):
    """An edition: when, who, why, and what it did to the records that are asked for.

    Attributes:
        reference: of the change it was published from; empty for a first loading.
        more: how many records are not told here.
        countersigning: what became of one that was published at once; None for all others.
    """

    number: int
    at: datetime
    actor: str
    note: str
    reference: str
    pairs: tuple[PairTold, ...]
    more: int
    countersigning: Countersigning | None


def all_told(published: Iterable[Published]) -> list[Told]:
    """Tell editions in the order in which they come."""
    every = tuple(published)
    found = countersignings(application(), *(each.edition.number for each in every))
    return [_told(each.edition, each.pairs, found.get(each.edition.number)) for each in every]


def editions_told(editions: Iterable[Edition]) -> list[Told]:
    """Tell editions without what they did."""
    return all_told(Published(each, ()) for each in editions)


def _told(edition: Edition, pairs: Iterable[Pair], countersigning: Countersigning | None) -> Told:
    every = tuple(pairs)
    change = _FROM_THE_DESK.fullmatch(edition.note)
    return Told(
        edition.number,
        edition.published_at,
        who_published(edition.actor, language()),
        visible(change[2]) if change else why_published(edition.note, language()),
        change[1] if change else "",
        tuple(map(pair_told, every[:MOST_PAIRS])),
        max(0, len(every) - MOST_PAIRS),
        countersigning,
    )


def moment_asked(app: Application, text: str) -> AsOf | None:
    """Return what was known on the day or in the edition that somebody typed; None where that is neither.

    Nothing typed means now.
    """
    wanted = text.strip() or app.clock().astimezone(UTC).date().isoformat()
    try:
        return as_of(app, wanted)
    except (BadInputError, NotFoundError):
        return None
