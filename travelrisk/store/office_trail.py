"""Which entries of the audit trail are about an office: its trips, files, addresses, and what its keys did.

An entry holds ids alone, so each is looked up. What leads to no office (ratings, people, feeds), or to none
that is known, is nobody's: it is in no office's part of the trail.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Integer, Select, select

from travelrisk.store.audit import is_word
from travelrisk.store.tables import (
    advisories,
    batches,
    broadcasts,
    itineraries,
    mappings,
    outbox,
    programs,
    trips,
    webhooks,
)


class About(NamedTuple):
    """What an entry is about: the kind of the thing, and its id."""

    thing: str
    key: str


_OFFICES: Final[Mapping[str, Select[Any]]] = {
    "trip": select(trips.c.id, trips.c.office),
    "itinerary": select(itineraries.c.id, trips.c.office).join(trips, trips.c.id == itineraries.c.trip_id),
    "advisory": select(advisories.c.id, trips.c.office).join(trips, trips.c.id == advisories.c.trip_id),
    "letter": select(outbox.c.id, trips.c.office).join(trips, trips.c.id == outbox.c.trip_id),
    "batch": select(batches.c.reference, batches.c.office),
    "webhook": select(webhooks.c.id, webhooks.c.office),
    "mapping": select(mappings.c.id, mappings.c.unit),
    "broadcast": select(broadcasts.c.id, broadcasts.c.office),
    "program": select(programs.c.id, programs.c.office),
    "key": select(programs.c.id, programs.c.office),
}
_BOUNCED: Final = "letter.bounced"
_LONGEST: Final = 15  # digits of an id


def subject_of(office: str) -> str:
    """Return the subject of an entry about an office itself: a digest where its name is no single word."""
    named = f"office:{office}"
    return named if is_word(named) else f"office:sha256.{hashlib.sha256(office.encode()).hexdigest()[:32]}"


def about(entry: Mapping[str, Any]) -> tuple[About, ...]:
    """Return what an entry is about, and which key did it.

    A letter that came back is named by the kind of its letter: "trip:5" is then letter 5 of a trip.
    """
    thing, _, key = str(entry["subject"]).partition(":")
    if entry["kind"] == _BOUNCED:
        thing = "letter" if thing == "trip" else ""
    doer, _, program = str(entry["actor"]).partition(":")
    return About(thing, key), *((About("key", program),) if doer == "key" else ())


def of_office(c: Connection, office: str, things: Iterable[About]) -> frozenset[About]:
    """Return those of some hundred things that belong to an office; one that is not known belongs to none."""
    if not office:
        return frozenset()
    by_thing: dict[str, set[str]] = {}
    for each in things:
        by_thing.setdefault(each.thing, set()).add(each.key)
    own = About(*subject_of(office).split(":", 1))
    found = {own} & {About("office", key) for key in by_thing.get("office", ())}
    for thing, query in _OFFICES.items():
        found |= {About(thing, key) for key in _those(c, query, office, by_thing.get(thing, set()))}
    return frozenset(found)


def _those(c: Connection, query: Select[Any], office: str, keys: set[str]) -> set[str]:
    column = query.selected_columns[0]
    is_number = isinstance(column.type, Integer)
    wanted = [int(each) for each in keys if _is_id(each)] if is_number else list(keys)
    if not wanted:
        return set()
    # The office is compared here: asked for it, a database reads all trips of a large one for each page.
    return {str(row[0]) for row in c.execute(query.where(column.in_(wanted))) if row[1] == office}


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= _LONGEST
