"""Calls of the API: sent, tried again where that is safe, and read."""

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase

from travelrisk.client.errors import ApiError, ClientError, UnansweredError

_PREFIX: Final = "/api/v1"
_WORTH_ANOTHER: Final = frozenset({429, 500, 502, 503, 504})
_ALIKE: Final = frozenset({401, 403, 413})  # the same from whoever says it: a proxy may, before the service
_NEAR: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST_WAIT_S: Final = 60
_CONNECT_S: Final = 10
_MALFORMED: Final = 400

Answer = TypeVar("Answer")


class Called(NamedTuple):
    """An answer; *is_again* where it was given before, under the same idempotency key."""

    body: Any
    etag: str
    is_again: bool


class File(NamedTuple):
    """A file to be sent."""

    name: str
    content: bytes


class _Request(NamedTuple):
    method: str
    path: str
    query: Mapping[str, str]
    body: object
    headers: Mapping[str, str]
    file: File | None


class Caller:
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

    def call(  # noqa: PLR0913 - what a call is made of, all named
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: object = None,
        *,
        idempotency_key: str = "",
        headers: Mapping[str, str] | None = None,
        file: File | None = None,
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
        request = _Request(method, path, asked, body, own | dict(headers or {}), file)
        return self._tried(lambda: self._json(request), is_safe=is_safe)

    def fetch(self, path: str) -> bytes:
        """Return a file below ``/api/v1``; errors as those of ``call``."""
        request = _Request("GET", path, {}, None, {}, None)
        return self._tried(lambda: self._sent(request).content, is_safe=True)

    def _tried(self, send: Callable[[], Answer], *, is_safe: bool) -> Answer:
        for left in range(self._tries - 1, -1, -1):
            try:
                return send()
            except ClientError as error:
                wait = _wait(error, self._tries - left)
                if not left or wait is None or not is_safe:
                    raise
                time.sleep(wait)
        raise ClientError("tries: give 1 at least")

    def _json(self, request: _Request) -> Called:
        answer = self._sent(request)
        is_again = answer.headers.get("Idempotent-Replayed") == "true"
        return Called(self._read(answer), answer.headers.get("ETag", ""), is_again)

    def _sent(self, request: _Request) -> requests.Response:
        try:
            answer = self._session.request(
                request.method,
                f"{self._url}{_PREFIX}{request.path}",
                params=request.query,
                json=request.body,
                files={"file": request.file} if request.file else None,
                headers=request.headers,
                timeout=(_CONNECT_S, self._timeout_s),
                allow_redirects=False,  # the key is for this address, and for no other
            )
        except requests.RequestException as error:
            raise UnansweredError(f"{self._url} cannot be reached ({type(error).__name__})") from None
        if answer.status_code >= _MALFORMED:
            raise self._refusal(answer)
        return answer

    def _refusal(self, answer: requests.Response) -> ClientError:
        status, wait = answer.status_code, _seconds(answer.headers.get("Retry-After"))
        try:
            problem = self._read(answer)
        except UnansweredError as error:
            if status in _ALIKE:
                return ApiError({"title": str(error), "status": status}, wait)
            return UnansweredError(str(error), wait)
        return ApiError({**problem, "status": status}, wait)

    def _read(self, answer: requests.Response) -> dict[str, Any]:
        try:
            told = answer.json()
        except requests.JSONDecodeError:
            told = None
        if not isinstance(told, dict):
            raise UnansweredError(f"{self._url} answers {answer.status_code}, and is no travelrisk")
        return told


class _Bearer(AuthBase):
    """Shows the key; as a header alone, ``requests`` would replace it by what a .netrc holds."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


def is_worth_another(error: ClientError) -> bool:
    """Say whether the same call may be answered later: of most refusals, time heals none."""
    if not isinstance(error, ApiError):
        return isinstance(error, UnansweredError)
    return error.status in _WORTH_ANOTHER or error.code == "in_flight"


def _wait(error: ClientError, past: int) -> float | None:
    """Return how long to wait before another try, in seconds; None where none is worth it."""
    pause: float = 2 ** (past - 1) * random.uniform(0.4, 0.6)  # noqa: S311 - spreads the load, hides nothing
    if not is_worth_another(error):
        return None
    asked = error.retry_after_s or 0
    return None if asked > _LONGEST_WAIT_S else max(pause, asked)


def _seconds(written: str | None) -> int | None:
    return int(written) if written and written.isascii() and written.isdigit() else None
