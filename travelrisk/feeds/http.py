"""The one session through which sources are fetched.

Everything that a source may do wrong ends here, with a name: it does not answer, it answers byte after byte,
it answers without end, it passes us on to an address inside the house. Nothing but GET, no cookies kept
between rounds, no credentials, no proxy of the environment.

An address is judged when it is connected to, not before: a name may turn from a public address to ours
between two look-ups.
"""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from travelrisk import __version__
from travelrisk.feeds.addresses import ForbiddenAddressError, Gate, Line, pools
from travelrisk.feeds.faults import Fault, FeedError
from travelrisk.feeds.feed import Answer

_MIB: Final = 1024 * 1024
_PIECE: Final = 64 * 1024
_MOST_REDIRECTS: Final = 4
_TRIED_AGAIN: Final = (429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much is waited for.

    Attributes:
        connect_s, read_s: without a sign of life. total_s: for one address, with all attempts.
        retries: further attempts; backoff_s: before the second one, doubled with each.
        retry_after_s: the longest that a source may ask us to wait.
        most_bytes: of an answer, counted when it is unpacked.
    """

    connect_s: float = 5.0
    read_s: float = 10.0
    total_s: float = 60.0
    retries: int = 2
    backoff_s: float = 0.5
    retry_after_s: int = 20
    most_bytes: int = 20 * _MIB


class HttpSession:
    """Asks one source; opened for one round, and closed after it.

    Args:
        contact: an address of whoever runs this service, which every request names.
        gate: which hosts and addresses may be reached.
        clock: the aware time.
        known: the answers of the last good round, by their addresses.
        limits: for how long and how much.
    """

    def __init__(
        self,
        contact: str,
        gate: Gate,
        clock: Callable[[], datetime],
        known: Mapping[str, Answer] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._known = dict(known or {})
        self._limits = limits or Limits()
        self._clock = clock
        self._line = Line()
        self._requests = requests.Session()
        self._requests.trust_env = False
        self._requests.max_redirects = _MOST_REDIRECTS
        self._requests.headers.update(
            {
                "User-Agent": f"travelrisk/{__version__} (+{contact})",
                "Accept-Encoding": "gzip, deflate",
                "Accept": "*/*",
            }
        )
        adapter = Guarded(gate, self._line, self._limits)
        self._requests.adapters.clear()
        self._requests.mount("https://", adapter)
        self._requests.mount("http://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._requests.close()

    def now(self) -> datetime:
        """Return the aware time."""
        return self._clock()

    def known(self, url: str) -> Answer | None:
        """Return the answer of the last good round, if there was one."""
        return self._known.get(url)

    def get(self, url: str) -> Answer:
        """Return what stands there now; what has not changed since the last good round is not sent again.

        Raises:
            FeedError: nothing usable came; the message begins with the address.
        """
        deadline = Deadline(self._limits.total_s, self._line)
        try:
            with deadline:
                return self._asked(url, deadline)
        except FeedError:
            raise
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise _told(url, error, deadline) from None  # the cause would show nothing but our own code

    def _asked(self, url: str, deadline: "Deadline") -> Answer:
        known, limits = self._known.get(url), self._limits
        with self._requests.get(
            url, headers=_conditions(known), timeout=(limits.connect_s, limits.read_s), stream=True
        ) as response:
            _check_way(response)
            if response.status_code == requests.codes.not_modified and known is not None:
                return known
            if response.status_code != requests.codes.ok:
                raise FeedError(Fault.STATUS, f"{url}: answers {response.status_code}")
            content = self._content(url, response, deadline)
            headers = response.headers
            return Answer(
                url,
                content,
                headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                headers.get("ETag", ""),
                headers.get("Last-Modified", ""),
            )

    def _content(self, url: str, response: requests.Response, deadline: "Deadline") -> bytes:
        pieces, size = [], 0
        for piece in response.iter_content(_PIECE):
            pieces.append(piece)
            size += len(piece)
            if size > self._limits.most_bytes:
                most = self._limits.most_bytes // _MIB
                raise FeedError(Fault.TOO_LARGE, f"{url}: is larger than {most} MB unpacked")
            deadline.check(url)
        return b"".join(pieces)


class Posting:
    """Sends to one address of a program, once, without following it anywhere; opened for one message.

    Args:
        gate: which hosts and addresses may be reached.
        limits: for how long; nothing is tried again here.
    """

    def __init__(self, gate: Gate, limits: Limits) -> None:
        self._limits = limits
        self._line = Line()
        self._requests = requests.Session()
        self._requests.trust_env = False
        self._requests.headers.update({"User-Agent": f"travelrisk/{__version__}", "Accept": "*/*"})
        adapter = Guarded(gate, self._line, limits)
        self._requests.adapters.clear()
        self._requests.mount("https://", adapter)
        self._requests.mount("http://", adapter)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._requests.close()

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        """Send JSON; return the status of the answer, and its ``Retry-After``. What else it says is not read.

        Raises:
            FeedError: no answer came; the message begins with the address.
        """
        deadline = Deadline(self._limits.total_s, self._line)
        try:
            with (
                deadline,
                self._requests.post(
                    url,
                    data=content,
                    headers={**headers, "Content-Type": "application/json"},
                    timeout=(self._limits.connect_s, self._limits.read_s),
                    allow_redirects=False,
                    stream=True,
                ) as response,
            ):
                return response.status_code, response.headers.get("Retry-After", "")
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            raise _told(url, error, deadline) from None


def _told(url: str, error: Exception, deadline: "Deadline") -> FeedError:
    deadline.check(url)
    for kind, fault, words in _FAULTS:
        if _is(error, kind):
            return FeedError(fault, f"{url}: {words}")
    return FeedError(Fault.UNREACHABLE, f"{url}: cannot be reached ({type(error).__name__})")


class Guarded(HTTPAdapter):
    """Connects through the gate; what is only read is tried again, where that may help."""

    def __init__(self, gate: Gate, line: Line, limits: Limits) -> None:
        self._pools = pools(gate, line)
        retry = Retry(
            total=limits.retries,
            redirect=0,
            other=0,
            status_forcelist=_TRIED_AGAIN,
            allowed_methods={"GET"},
            backoff_factor=limits.backoff_s,
            retry_after_max=limits.retry_after_s,
            raise_on_status=False,
            raise_on_redirect=False,
        )
        super().__init__(max_retries=retry)

    def init_poolmanager(self, *arguments: object, **options: object) -> None:
        """Let every connection go through the gate."""
        super().init_poolmanager(*arguments, **options)  # type: ignore[arg-type] # as requests gives it
        self.poolmanager.pool_classes_by_scheme = self._pools


class Deadline:
    """Ends what takes too long altogether: whoever sends a byte a second never meets the other limits."""

    def __init__(self, total_s: float, line: Line) -> None:
        self._total_s = total_s
        self._ends = time.monotonic() + total_s
        self._timer = threading.Timer(total_s, line.shut)
        self._timer.daemon = True
        line.open()

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def check(self, url: str) -> None:
        """Refuse what came too late."""
        if time.monotonic() >= self._ends:
            raise FeedError(Fault.TIMEOUT, f"{url}: had not answered in full after {self._total_s:g} s")


def _conditions(known: Answer | None) -> dict[str, str]:
    if known is None:
        return {}
    said = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in said.items() if value}


def _check_way(response: requests.Response) -> None:
    """Refuse an answer that came by a way where somebody else could have written it."""
    way = [each.url for each in (*response.history, response)]
    for before, after in itertools.pairwise(way):
        if urlsplit(before).scheme == "https" and urlsplit(after).scheme != "https":
            raise FeedError(
                Fault.ADDRESS, f"{before}: passes on to {urljoin(before, after)}, without encryption"
            )


def _is(error: BaseException | None, kind: type[BaseException] | tuple[type[BaseException], ...]) -> bool:
    """Say whether an error of this kind lies at the bottom; the libraries wrap one another's."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, kind):
            return True
        inner = [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
        waiting += [every for every in inner if isinstance(every, BaseException)]
    return False


_FAULTS: Final = (
    (ForbiddenAddressError, Fault.ADDRESS, "leads to an address or host that its card does not allow"),
    (requests.exceptions.TooManyRedirects, Fault.ADDRESS, "passes on without end"),
    (
        (
            requests.exceptions.InvalidSchema,
            requests.exceptions.InvalidURL,
            requests.exceptions.MissingSchema,
        ),
        Fault.ADDRESS,
        "leads to what is no address of a page",
    ),
    (requests.exceptions.ContentDecodingError, Fault.DAMAGED, "cannot be unpacked"),
    (requests.exceptions.Timeout, Fault.TIMEOUT, "does not answer in time"),
    (TimeoutError, Fault.TIMEOUT, "does not answer in time"),
    (requests.exceptions.ChunkedEncodingError, Fault.INCOMPLETE, "broke off before its end"),
)
