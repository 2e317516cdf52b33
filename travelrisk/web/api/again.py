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
from collections.abc import Mapping, Sequence
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


class People(NamedTuple):
    """Record locators and travellers of a booking, as JSON."""

    locators: bytes = b"[]"
    travellers: bytes = b"[]"

    @classmethod
    def of(cls, understood: Mapping[str, Any]) -> "People":
        """Return those of a booking as it is told."""
        return cls(to_json(understood["locators"]), to_json(understood["travellers"]))


class Known(NamedTuple):
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

    def filled(self, people: People, moment: str) -> tuple[bytes, ...]:
        """Return it whole, in pieces of JSON.

        Args:
            people: those of the booking.
            moment: when it is judged, as it is told.
        """
        head, between, after, tail = self.parts
        return head, people.locators, between, people.travellers, after, b'"%b"' % moment.encode(), tail


class Again:
    """The answers that are known: those that were wanted last.

    Attributes:
        known: them, by office and digest of the flights. size: of them all, in bytes.
    """

    def __init__(self) -> None:
        self.known: OrderedDict[tuple[str, bytes], Known] = OrderedDict()
        self.size = 0
        self._lock = threading.Lock()

    def answer(self, flights: bytes, seen_from: Standpoint, policy: Policy) -> Known | None:
        """Return what is known of the flights of a digest, or None where it must be worked out.

        Args:
            flights: their digest.
            seen_from: from where to judge.
            policy: by which to judge.
        """
        key = seen_from.whose.office, flights
        with self._lock:
            known = self.known.get(key)
            if known is None or not known.holds(seen_from, policy):
                return None
            self.known.move_to_end(key)
        return known

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
        key, until = (seen_from.whose.office, flights), _changes_at(itinerary, seen_from.at)
        known = Known(seen_from.snapshot, policy, seen_from.at, until, parts)
        with self._lock:
            self._drop(key)
            self.known[key] = known
            self.size += _size(parts)
            while self.size > MOST_BYTES:
                self._drop(next(iter(self.known)))
        return known.filled(People.of(answer["understood"]), answer["judged"]["evaluated_at"])

    def _drop(self, key: tuple[str, bytes]) -> None:
        known = self.known.pop(key, None)
        self.size -= _size(known.parts) if known else 0


def asked_again() -> Again:
    """Return the answers that this process knows."""
    return cast("Again", current_app.extensions[_PLACE])


def remember(pages: Flask) -> None:
    """Give these pages a memory for answers."""
    pages.extensions[_PLACE] = Again()


def digest(flights: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the digest of flights as they were stated, for a field may hold what the answer masks."""
    return sha256(to_json(flights)).digest()


def _changes_at(itinerary: Itinerary, at: datetime) -> datetime:
    """Return when the same flights might be judged differently: the next day in UTC, or a departure."""
    tomorrow = datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    departures = (each.departs.utc for each in itinerary.segments)
    return min([tomorrow, *(each for each in departures if each is not None and each >= at)])


def _size(parts: tuple[bytes, ...]) -> int:
    return sum(map(len, parts))
