"""The very same body, sent once more: what it asks need not be read again.

Booking tools send one body at each step, and whoever missed an answer sends it again. What a body asks
follows from its bytes alone. Not one of them is kept: a hash tells a body, under a key of this process, so
that nobody can try what it held; and the caller's own keys are taken from the body that comes. Who travels is
put into each answer anew, and so a body with travellers or record locators is always read.
"""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final, NamedTuple, cast

from flask import Flask, current_app
from pydantic_core import to_json

MOST_QUERIES: Final = 50_000  # in all bodies that are told again
_PLACE: Final = "travelrisk_bodies"
_KEY_BYTES: Final = 32


class Query(NamedTuple):
    """A query of a body: where its key stands there, as JSON, and the digest of its flights."""

    begin: int
    end: int
    flights: bytes

    def key_in(self, body: bytes) -> bytes:
        """Return the key as JSON."""
        return body[self.begin : self.end]


class Bodies:
    """The bodies that are told again: those that came last.

    Attributes:
        known: the queries of each, by its hash. size: how many in all.
    """

    def __init__(self) -> None:
        self.known: OrderedDict[bytes, tuple[Query, ...]] = OrderedDict()
        self.size = 0
        self._secret = secrets.token_bytes(_KEY_BYTES)
        self._lock = threading.Lock()

    def queries(self, body: bytes) -> tuple[Query, ...] | None:
        """Return what *body* asks, or None where it must be read."""
        name = self._name(body)
        with self._lock:
            found = self.known.get(name)
            if found is not None:
                self.known.move_to_end(name)
        return found

    def keep(self, body: bytes, flights: Mapping[str, bytes]) -> None:
        """Keep what *body* asks: digests of flights, by the caller's keys in their order.

        A body that writes a key in another way than JSON mostly is written is read each time.
        """
        found, end = [], 0
        for key, digest in flights.items():
            written = to_json(key)
            # Wherever it is found: what is taken from there is the key, byte by byte.
            begin = body.find(written, end)
            if begin < 0:
                return
            end = begin + len(written)
            found.append(Query(begin, end, digest))
        name = self._name(body)
        with self._lock:
            self.size += len(found) - len(self.known.pop(name, ()))
            self.known[name] = tuple(found)
            while self.size > MOST_QUERIES:
                self.size -= len(self.known.popitem(last=False)[1])

    def _name(self, body: bytes) -> bytes:
        return blake2b(body, key=self._secret, digest_size=32).digest()


def read_before() -> Bodies:
    """Return the bodies that this process read."""
    return cast("Bodies", current_app.extensions[_PLACE])


def remember(pages: Flask) -> None:
    """Give these pages a memory for bodies."""
    pages.extensions[_PLACE] = Bodies()
