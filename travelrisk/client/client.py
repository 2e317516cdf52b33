"""What a program asks the service for, each in a method of its own."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, cast
from urllib.parse import quote

from travelrisk.client.calling import Caller, File
from travelrisk.client.errors import UnansweredError
from travelrisk.client.shapes import (
    AuditEntry,
    Batch,
    BatchRow,
    ListedBatch,
    PutTrip,
    Released,
    Screened,
    Trip,
)

_AT_ONCE: Final = "200"


class Client(Caller):
    """Screens itineraries and files, puts and reads trips, and reads ratings and the audit trail."""

    def screen(
        self,
        queries: Mapping[str, Mapping[str, Any]],
        *,
        store: bool = False,
        as_of: str = "",
        alternatives: bool = False,
        idempotency_key: str = "",
    ) -> Screened:
        """Screen up to a hundred itineraries, each under a key of yours.

        With *alternatives*, better-rated ways are looked for where an answer is not cleared: it takes longer.

        Where they are stored, an idempotency key is made if you give none: what is sent again because an
        answer was lost then makes no second trip. Give your own if your program may be started again.
        """
        key = idempotency_key or (secrets.token_hex(16) if store else "")
        query = {
            "store": "true" if store else "",
            "as_of": as_of,
            "alternatives": "true" if alternatives else "",
        }
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
        for page in self._pages("/ratings", {"as_of": as_of, "limit": "500"}):
            yield from page["ratings"]

    def send_batch(
        self, content: bytes, name: str, *, keep_back: bool = True, idempotency_key: str = ""
    ) -> Batch:
        """Have a file screened, and return at once; the same file again touches only what changed.

        Nobody is written to before ``release``; without *keep_back* letters leave, and nobody looks at them
        first. An idempotency key is made if you give none.
        """
        key, query = idempotency_key or secrets.token_hex(16), {} if keep_back else {"keep_back": "false"}
        called = self.call("POST", "/batches", query, idempotency_key=key, file=File(name, content))
        return cast("Batch", called.body)

    def batches(self) -> Iterator[ListedBatch]:
        """Yield the files that were brought for the key's office, the newest first."""
        for page in self._pages("/batches", {"limit": _AT_ONCE}):
            yield from page["batches"]

    def batch(self, reference: str) -> Batch:
        """Return how far a file has come, its problems first."""
        return cast("Batch", self.call("GET", f"/batches/{quote(reference, safe='')}").body)

    def wait(
        self,
        reference: str,
        progress: Callable[[Batch], None] = lambda _: None,
        *,
        every_s: float = 2,
        timeout_s: float | None = None,
    ) -> Batch:
        """Wait until a file is screened, and return how it stands then: it may have been given up.

        Args:
            reference: of the batch.
            progress: told each time how far it has come.
            every_s: how often to ask.
            timeout_s: how long to wait; None = as long as it takes.

        Raises:
            UnansweredError: it was not done in that time; it goes on there all the same.
        """
        ends = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            batch = self.batch(reference)
            progress(batch)
            if batch["state"] != "screening":
                return batch
            if ends is not None and time.monotonic() >= ends:
                raise UnansweredError(f"{reference} is still being screened after {timeout_s:g} seconds")
            time.sleep(every_s)

    def batch_results(self, reference: str, standing: str = "") -> Iterator[BatchRow]:
        """Yield what came of each booking of a file in its order; of all, or of one standing."""
        path = f"/batches/{quote(reference, safe='')}/results"
        for page in self._pages(path, {"standing": standing, "limit": _AT_ONCE}):
            yield from page["results"]

    def batch_file(self, reference: str, form: Literal["csv", "xlsx"] = "csv") -> bytes:
        """Return the rows that were brought, with what came of each beside it."""
        return self.fetch(f"/batches/{quote(reference, safe='')}/results.{form}")

    def release(
        self, batch: Batch, which: Literal["all", "warnings"] = "all", *, idempotency_key: str = ""
    ) -> Released:
        """Let the letters leave that wait by this state of a batch; if others wait by now, none leaves."""
        seen = batch["waiting"]
        body = {"which": which, "clearances": seen["clearances"], "warnings": seen["warnings"]}
        path = f"/batches/{quote(batch['batch'], safe='')}/release"
        key = idempotency_key or secrets.token_hex(16)
        return cast("Released", self.call("POST", path, body=body, idempotency_key=key).body)

    def audit(self, since: str = "", until: str = "") -> Iterator[AuditEntry]:
        """Yield what stands in the audit trail about the key's office, the oldest first."""
        asked = {"from": since, "to": until, "limit": "500", "cursor": ""}
        while True:
            page = self.call("GET", "/audit", asked).body
            yield from page["entries"]
            if not page["has_more"]:  # a page may hold no entry of the office, and the trail goes on
                return
            asked["cursor"] = page["cursor"]

    def _pages(self, path: str, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        cursor = ""
        while True:
            page = self.call("GET", path, {**asked, "cursor": cursor}).body
            yield page
            cursor = page["cursor"]
            if not cursor:
                return
