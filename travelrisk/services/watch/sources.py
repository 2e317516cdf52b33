"""A source grows stale, or can be read again: those whose answers rest on it are judged again.

What was asked for last says how each source stood then: ``easa_czib:easa-czib:20261120:20261122T180500`` is
its name, what its evidence is called, since which day it is stale (``fresh`` = it is not), and when that was
noticed.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.codes import folded
from travelrisk.domain.ratings import Caution, Rating, Subject, subject_of
from travelrisk.domain.staleness import StaleSource
from travelrisk.services.application import Application
from travelrisk.store import ratings, rescreenings
from travelrisk.store.database import transact
from travelrisk.store.rescreenings import Cause

_FRESH: Final = "fresh"
_LONGEST: Final = 60  # a key is a word of the audit trail, which takes no more than 128 letters


def notice(app: Application) -> int:
    """Ask for what sources that grew stale, or fresh again, may have made different; return how many did.

    Under the hold of the ratings: whoever judged before knows nothing of it and is found, and whoever judges
    after does know.

    Raises:
        StoreError: the database cannot be written; then the next look finds the same.
        ConfigurationError: a card cannot be used.
    """

    def ask(c: Connection) -> int:
        ratings.hold(c, alone=True)
        before, at = _standings(rescreenings.keys(c, Cause.SOURCE)), app.clock()
        turned = _turned(before, app.shelf.stale(c))
        return sum(rescreenings.add(c, Cause.SOURCE, f"{each}:{_stamp(at)}", at) for each in turned)

    return transact(app.engine, ask)


def resting_on(c: Connection, key: str) -> set[Subject]:
    """Return the subjects about which anything in force has evidence from the source of a key."""
    _, evidence, *_ = key.split(":")
    return {
        subject_of(record)
        for record in ratings.in_force(c)
        if isinstance(record, Rating | Caution)
        and any(_word(folded(each.kind)) == evidence for each in record.evidence)
    }


def _standings(keys: Sequence[str]) -> dict[str, str]:
    """Return how each source stood when it was asked for last, by its name."""
    return {key.partition(":")[0]: key.rpartition(":")[0] for key in keys}


def _turned(before: dict[str, str], stale: Sequence[StaleSource]) -> Iterator[str]:
    now = {each.name: f"{each.name}:{_word(each.evidence)}:{each.since:%Y%m%d}" for each in stale}
    yield from (standing for name, standing in now.items() if before.get(name) != standing)
    for name, standing in before.items():
        known, _, since = standing.rpartition(":")
        if name not in now and since != _FRESH:
            yield f"{known}:{_FRESH}"


def _word(evidence: str) -> str:
    """Return what evidence is called as a word of the audit trail: signs of other alphabets have none."""
    return "-".join(evidence.encode("ascii", "ignore").decode().split())[:_LONGEST]


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}"
