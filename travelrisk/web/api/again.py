"""The same flights, asked about again: the answer is known until something could change it.

Booking tools ask at each step from the first offer to the ticket, and agencies ask every night about all that
is booked. An answer follows from the flights as they were stated, from what is believed (edition, stale
sources, policy), from the office, from the day, and from which of the flights have left. While all of these
are as they were, the judgement would say the same once more. Nobody's name is kept: people stand in a booking
beside its flights, and are put into each answer anew.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple, cast

from flask import Flask, current_app
from pydantic_core import to_json

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.policy import Policy
from travelrisk.domain.ratings import Snapshot
from travelrisk.services.trips.checking import Standpoint

MOST_BYTES: Final = 32_000_000  # about a thousand answers
_HOLE: Final = f"hole-{secrets.token_hex(16)}"  # nobody can send it
_IN_JSON: Final = to_json(_HOLE)
_PLACE: Final = "travelrisk_again"


class _Known(NamedTuple):
    """An answer, and while what it holds. *parts* of its JSON: between them stand people, and the moment."""

    snapshot: Snapshot
    policy: Policy
    since: datetime
    until: datetime
    parts: tuple[bytes, ...]

    def holds(self, seen_from: Standpoint, policy: Policy) -> bool:
        """Say whether it would be given from there too."""
        snapshot = seen_from.snapshot
        return (
            # Not by its number: after a restore another edition may bear the same one.
            snapshot.ratings is self.snapshot.ratings
            and snapshot.stale == self.snapshot.stale
            and policy is self.policy
            and self.since <= seen_from.at < self.until
        )


class Again:
    """The answers that are known: those that were wanted last.

    Attributes:
        known: them, by office and hash of the flights. size: of them all, in bytes.
    """

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[str, bytes], _Known] = OrderedDict()
        self.size = 0
        self._lock = threading.Lock()

    def answer(
        self, flights: bytes, people: Mapping[str, Any], moment: str, seen_from: Standpoint, policy: Policy
    ) -> tuple[bytes, ...] | None:
        """Return the answer to *flights* in pieces of JSON, or None where it must be worked out.

        Args:
            flights: the segments as they were stated.
            people: the record locators and travellers of the booking, as they are told.
            moment: as it is told.
            seen_from: from where to judge.
            policy: by which to judge.
        """
        key = _key(seen_from, flights)
        with self._lock:
            known = self.known.get(key)
            if known is None or not known.holds(seen_from, policy):
                return None
            self.known.move_to_end(key)
        return _filled(known.parts, people, moment)

    def keep(
        self,
        flights: bytes,
        response: Mapping[str, Any],
        itinerary: Itinerary,
        seen_from: Standpoint,
        policy: Policy,
    ) -> tuple[bytes, ...]:
        """Keep the response to a query that holds one booking, and return it in pieces of JSON."""
        (answer,) = response["answers"]
        understood = answer["understood"] | {"locators": _HOLE, "travellers": _HOLE}
        judged = answer["judged"] | {"evaluated_at": _HOLE}
        bare = answer | {"understood": understood, "judged": judged}
        parts = tuple(to_json({**response, "answers": [bare]}).split(_IN_JSON))
        key, until = _key(seen_from, flights), _changes_at(itinerary, seen_from.at)
        with self._lock:
            self._drop(key)
            self.known[key] = _Known(seen_from.snapshot, policy, seen_from.at, until, parts)
            self.size += _size(parts)
            while self.size > MOST_BYTES:
                self._drop(next(iter(self.known)))
        return _filled(parts, answer["understood"], answer["judged"]["evaluated_at"])

    def _drop(self, key: tuple[str, bytes]) -> None:
        known = self.known.pop(key, None)
        self.size -= _size(known.parts) if known else 0


def asked_again() -> Again:
    """Return the answers that this process knows."""
    return cast("Again", current_app.extensions[_PLACE])


def remember(pages: Flask) -> None:
    """Give these pages a memory for answers."""
    pages.extensions[_PLACE] = Again()


def _filled(parts: tuple[bytes, ...], people: Mapping[str, Any], moment: str) -> tuple[bytes, ...]:
    head, between, after, tail = parts
    locators, travellers = to_json(people["locators"]), to_json(people["travellers"])
    return head, locators, between, travellers, after, to_json(moment), tail


def _key(seen_from: Standpoint, flights: bytes) -> tuple[str, bytes]:
    """Return under what an answer is known; hashed, for a field may hold what the answer masks."""
    return seen_from.whose.office, sha256(flights).digest()


def _changes_at(itinerary: Itinerary, at: datetime) -> datetime:
    """Return when the same flights might be judged differently: the next day in UTC, or a departure."""
    tomorrow = datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    departures = (each.departs.utc for each in itinerary.segments)
    return min([tomorrow, *(each for each in departures if each is not None and each >= at)])


def _size(parts: tuple[bytes, ...]) -> int:
    return sum(map(len, parts))
