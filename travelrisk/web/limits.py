"""How much one account or network address may ask of the service: what is dear is counted.

A bucket for each fills by the minute and holds twice that; whoever finds it empty is told how long to wait.
The buckets live in each process, so that several processes allow as much each; they are forgotten, the oldest
first, when there are very many. Signing in is slowed down elsewhere, in the database, for all processes
alike, and programs have quotas of their own.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Any, Final, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import TooManyRequests

from travelrisk.domain.texts import LANGUAGES
from travelrisk.services.application import Facts
from travelrisk.services.people.sign_in import network_of
from travelrisk.web import who

View = TypeVar("View", bound=Callable[..., Any])

_MARK: Final = "dear"
_MOST: Final = 10_000  # buckets, about two megabytes
_BURST: Final = 2  # minutes' worth at once
_LOCAL: Final = ("desk.sign_in", "desk.sign_out")


class Buckets:
    """Token buckets by name; of very many, those used last are kept.

    Args:
        a_minute: how many tokens each is given in a minute.
        clock: seconds of a clock that nobody can set.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_minute / 60
        self._most = float(a_minute * _BURST)
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def take(self, name: str) -> int:
        """Take a token out of a bucket; return 0, or in how many seconds there will be one."""
        with self._lock:
            now = self._clock()
            left, at = self._kept.pop(name, (self._most, now))
            left = min(left + (now - at) * self._a_second, self._most)
            wait = ceil((1 - left) / self._a_second) if left < 1 else 0
            self._kept[name] = (left if wait else left - 1, now)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return wait


def dear(view: View) -> View:
    """Mark a view whose GET is counted too, because it costs as much as a form that is sent."""
    setattr(view, _MARK, True)
    return view


def limit(pages: Flask, facts: Facts) -> None:
    """Count what is dear; to be called after it is known that a request is let in at all."""
    if facts.requests_a_minute:
        buckets = Buckets(facts.requests_a_minute)
        pages.before_request(lambda: _count(buckets, facts))


def _count(buckets: Buckets, facts: Facts) -> None:
    name = _payer(facts) if _is_dear() else ""
    wait = buckets.take(name) if name else 0
    if wait:
        raise TooManyRequests(retry_after=wait)


def _is_dear() -> bool:
    """Say whether this is a form or an upload of our pages, or a page that is marked."""
    blueprint, _, view = (request.endpoint or "").partition(".")
    name, _, language = blueprint.rpartition("_")
    if language not in LANGUAGES or f"{name}.{view}" in _LOCAL:
        return False
    if request.method == "POST":
        return True
    is_marked = getattr(current_app.view_functions.get(request.endpoint or ""), _MARK, False)
    return bool(is_marked and request.query_string)


def _payer(facts: Facts) -> str:
    """Return whose bucket it is; empty where nobody can be told from anybody else.

    Behind a proxy that we were not told of, all requests come from the proxy: one bucket for everybody would
    shut out a whole organisation.
    """
    visit = who.visit()
    if visit is not None:
        return f"person:{visit.person.id}"
    is_behind = facts.base_url.startswith("https:") and not facts.proxies
    return "" if is_behind or not who.place() else f"place:{network_of(who.place())}"
