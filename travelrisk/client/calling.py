"""Calls of the API: sent, tried again where that is safe, and read."""

import random
import secrets
import time
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, Self, cast
from urllib.parse import quote, urlsplit

import requests
from requests.auth import AuthBase

from travelrisk.client.errors import ApiError, ClientError, UnansweredError
from travelrisk.client.shapes import PutTrip, Screened, Trip

_PREFIX: Final = "/api/v1"
_WORTH_ANOTHER: Final = frozenset({409, 429, 500, 502, 503, 504})
_NEAR: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST_WAIT_S: Final = 60
_CONNECT_S: Final = 10
_MALFORMED: Final = 400


class Called(NamedTuple):
    """An answer; *is_again* where it was given before, under the same idempotency key."""

    body: Any
    etag: str
    is_again: bool


class Client:
    """Calls one service with one key; a session is kept, so use it in a ``with`` or close it.

    Args:
        url: of the service, such as ``https://travelrisk.example.org``; http only to this very machine.
        key: ``trk_...``, or a token of the organisation's own.
        timeout_s: how long to wait for an answer. tries: how often to send what may be sent again.
    """

    def __init__(self, url: str, key: str, *, timeout_s: float = 60, tries: int = 4) -> None:
        split = urlsplit(url.rstrip("/"))
        if split.scheme != "https" and not (split.scheme == "http" and split.hostname in _NEAR):
            raise ClientError(f"{url}: give an https address: over http the key could be read on the way")
        if not key.isascii() or not key.isprintable() or not key.strip():
            raise ClientError("the key is missing, or is none")
        self._url = url.rstrip("/")
        self._timeout_s, self._tries = timeout_s, tries
        self._session = requests.Session()
        self._session.auth = _Bearer(key.strip())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def screen(
        self,
        queries: Mapping[str, Mapping[str, Any]],
        *,
        store: bool = False,
        as_of: str = "",
        idempotency_key: str = "",
    ) -> Screened:
        """Screen up to a hundred itineraries, each under a key of yours.

        Where they are stored, an idempotency key is made if you give none: what is sent again because an
        answer was lost then makes no second trip. Give your own if your program may be started again.
        """
        key = idempotency_key or (secrets.token_hex(16) if store else "")
        query = {"store": "true" if store else "", "as_of": as_of}
        called = self.call("POST", "/screen", query, {"queries": queries}, idempotency_key=key)
        return cast("Screened", called.body)

    def put_trip(self, system: str, ext_id: str, trip: Mapping[str, Any], *, if_match: str = "") -> PutTrip:
        """Let the trip of your id be what you say; with *if_match* only if it still has that etag."""
        path = f"/trips/{quote(system, safe='')}/{quote(ext_id, safe='')}"
        called = self.call("PUT", path, body=trip, headers={"If-Match": if_match} if if_match else {})
        return cast("PutTrip", called.body | {"etag": called.etag})

    def trip(self, reference: str) -> Trip:
        """Return where a trip stands."""
        called = self.call("GET", f"/trips/{quote(reference, safe='')}")
        return cast("Trip", called.body | {"etag": called.etag})

    def catalog(self) -> dict[str, Any]:
        """Return what answers rest on just now."""
        return cast("dict[str, Any]", self.call("GET", "/catalog").body)

    def ratings(self, as_of: str = "") -> Iterator[dict[str, Any]]:
        """Yield all ratings of one edition, page after page."""
        asked = {"as_of": as_of, "limit": "500", "cursor": ""}
        while True:
            page = self.call("GET", "/ratings", asked).body
            yield from page["ratings"]
            if not page["cursor"]:
                return
            asked = {"limit": "500", "cursor": page["cursor"]}

    def call(  # noqa: PLR0913 - what a call is made of, all named
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        *,
        idempotency_key: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Called:
        """Call below ``/api/v1``; tried again where the answer was lost and that does nothing twice.

        Raises:
            ApiError: the service says why it does not do it.
            UnansweredError: it cannot be reached.
        """
        asked = {name: value for name, value in (query or {}).items() if value}
        own = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        is_safe = method in {"GET", "PUT", "DELETE"} or bool(own) or asked.get("store") != "true"
        is_safe &= method != "POST" or bool(own) or path == "/screen"
        for left in range(self._tries - 1, -1, -1):
            try:
                return self._once(method, path, asked, body, own | dict(headers or {}))
            except ClientError as error:
                wait = _wait(error, self._tries - left)
                if not left or wait is None or not is_safe:
                    raise
                time.sleep(wait)
        raise ClientError("tries: give 1 at least")

    def _once(
        self, method: str, path: str, query: Mapping[str, str], body: object, headers: Mapping[str, str]
    ) -> Called:
        try:
            answer = self._session.request(
                method,
                f"{self._url}{_PREFIX}{path}",
                params=query,
                json=body,
                headers=headers,
                timeout=(_CONNECT_S, self._timeout_s),
                allow_redirects=False,  # the key is for this address, and for no other
            )
            told = answer.json()
        except requests.JSONDecodeError:
            raise UnansweredError(f"{self._url} answers {answer.status_code}, and is no travelrisk") from None
        except requests.RequestException as error:
            raise UnansweredError(f"{self._url} cannot be reached ({type(error).__name__})") from None
        if answer.status_code >= _MALFORMED:
            raise ApiError(
                {"status": answer.status_code, **told}, _seconds(answer.headers.get("Retry-After"))
            )
        is_again = answer.headers.get("Idempotent-Replayed") == "true"
        return Called(told, answer.headers.get("ETag", ""), is_again)


class _Bearer(AuthBase):
    """Shows the key; as a header alone, ``requests`` would replace it by what a .netrc holds."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def _wait(error: ClientError, past: int) -> float | None:
    """Return how long to wait before another try, in seconds; None where none is worth it."""
    pause: float = 2 ** (past - 1) * random.uniform(0.4, 0.6)  # noqa: S311 - spreads the load, hides nothing
    if isinstance(error, UnansweredError):
        return pause
    if not isinstance(error, ApiError) or error.status not in _WORTH_ANOTHER:
        return None
    if error.status == 409 and error.code != "in_flight":  # noqa: PLR2004 - a conflict that no time heals
        return None
    asked = error.retry_after_s or 0
    return None if asked > _LONGEST_WAIT_S else max(pause, asked)


def _seconds(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() else None
