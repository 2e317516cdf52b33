"""``travelrisk screen DIR --watch --server URL``: what comes into a folder is screened by another service.

Files are taken, put away and told as those that are screened here. Whatever keeps the service from answering
is waited for, and said once; a file that it refuses for what it is holds up no other.
"""

import codecs
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple, Self, TypeVar

from travelrisk.cli import sent
from travelrisk.cli.batching import Printer, is_of_the_file, refusal, result_of
from travelrisk.cli.console import complain, counted, hint
from travelrisk.cli.elsewhere import calling, key_of, name_of
from travelrisk.cli.faults import Fault
from travelrisk.cli.sent import Sent
from travelrisk.cli.watching import Stop, Stopped, put_words, stopping, tell, the_one
from travelrisk.client import ApiError, Batch, BatchRow, Client, ClientError, ListedBatch, UnansweredError
from travelrisk.client.calling import is_worth_another
from travelrisk.domain.errors import BadInputError
from travelrisk.intake.document import Document
from travelrisk.services.batches import accepting
from travelrisk.services.batches.folder import (
    Filed,
    Folder,
    Marks,
    content_of,
    marks,
    note_unreadable,
    prepare,
    put_away,
    refuse,
    unchanged,
)

MOST_AT_ONCE: Final = 20
"""Files that are screened there at the same time; the others wait in the folder."""
TIMEOUT_S: Final = 60
"""Seconds after which a service that does not answer is taken for one that hangs."""
LONGEST_OWN_PAUSE_S: Final = 300.0
"""Seconds between two tries where the service does not say when to come again."""
_LONGEST_PAUSE_S: Final = 3600.0
_NEWEST: Final = 200  # of one page
_NOT_FOUND: Final = 404
_OF_THE_SERVER: Final = 500

Answer = TypeVar("Answer")


class Standing(NamedTuple):
    """How far a file has come there, and why it was given up if it was."""

    is_done: bool
    trouble: str
    bookings: int

    @classmethod
    def of(cls, batch: Batch | ListedBatch) -> Self:
        """Take it from what the service says."""
        return cls(batch["state"] in {"screened", "given_up"}, batch["trouble"], batch["bookings"])


class Told(NamedTuple):
    """A file that was put away.

    Attributes:
        path: where it had lain. rows: what came of its bookings, if that was asked for.
        unsaid: why it failed, where none of these says so.
    """

    path: Path
    filed: Filed
    rows: tuple[BatchRow, ...] = ()
    unsaid: str = ""


def forward(
    files: tuple[Path, ...], url: str, *, every: float, keeps_back: bool, printer: Printer | None
) -> None:
    """Have screened by the service at *url* what comes into a folder, until SIGTERM or Ctrl-C.

    Args:
        files: the folder.
        url: of the service.
        every: how often to look, in seconds.
        keeps_back: whether letters wait there until somebody releases them.
        printer: prints each booking; None = one line a file is printed.

    Raises:
        BadInputError: the folder cannot be used.
        Fault: the service does not let us in, or refuses what no time heals.
    """
    folder = Folder(the_one(files), "", keeps_back)
    prepare(folder)
    with stopping() as stop, calling(url, tries=1, timeout_s=TIMEOUT_S) as client:
        hint(f"Watching {folder.path} for {url}; stop with Ctrl-C.")
        with suppress(Stopped):
            forwarding = Forwarding(client, folder, url, stop, with_rows=printer is not None)
            _until(stop, forwarding, Patience(url, every), printer)
    waiting = sum(1 for path in sent.on_their_way(folder.path))
    if waiting:
        hint(f"On their way: {counted(waiting, 'file')}; watch the folder again to have the results.")


class Forwarding:
    """The files of a folder on their way to another service, and back."""

    def __init__(self, client: Client, folder: Folder, url: str, stop: Stop, *, with_rows: bool) -> None:
        self.folder = folder
        self._client, self._url, self._stop, self._with_rows = client, url.rstrip("/"), stop, with_rows
        self._is_let_in = False
        self._heard: dict[str, Standing] = {}
        self._failures: Counter[Path] = Counter()
        self._named: set[Path] = set()

    def look(self, before: Marks) -> Iterator[Told]:
        """Send what has not changed since a look before, ask about what was sent, yield what was put away.

        Raises:
            ClientError: the service does not answer; nothing is lost.
        """
        turn = self._in_turn(before)
        self._hear()
        held: list[tuple[Path, ApiError]] = []
        for path, mark in turn:
            try:
                yield from self._dealt_with(path, mark)
            except OSError as error:  # the next look sees
                note_unreadable(error)
            except ClientError as error:
                self._failures[path] += 1
                if not isinstance(error, ApiError) or error.status != _OF_THE_SERVER:
                    raise
                held.append((path, error))  # it may fail at this file alone
        if held and len(held) == len(turn):
            raise held[0][1]
        self._complain(held)

    def _hear(self) -> None:
        """Ask in one call how all files have come on, for calls are counted; the first shows who we are."""
        if self._is_let_in and not sent.on_their_way(self.folder.path):
            return
        self._heard = self._ask(
            lambda: {each["batch"]: Standing.of(each) for each in islice(self._client.batches(), _NEWEST)}
        )
        self._is_let_in = True

    def _complain(self, held: Sequence[tuple[Path, ApiError]]) -> None:
        """Name the files at which the service fails while it takes others, once each."""
        for path, error in held:
            if path not in self._named:
                complain(f"{path.name}: {str(error).strip('.')}. It stays in the folder, and is tried again.")
        self._named = {path for path in self._named if self._failures[path]} | {path for path, _ in held}

    def _in_turn(self, before: Marks) -> list[tuple[Path, tuple[int, int]]]:
        """Return what to deal with: what is on its way, others, then those at which it failed."""
        found = unchanged(self.folder, before)
        away = set(sent.on_their_way(self.folder.path))
        self._failures = Counter({path: self._failures[path] for path in found})
        turn = sorted(found, key=lambda path: (self._failures[path], path not in away, path))
        room = MOST_AT_ONCE - sum(1 for path in away if not self._failures[path])
        fresh = [path for path in turn if path not in away][: max(room, 0)]
        return [(path, found[path]) for path in turn if path in away or path in fresh]

    def _dealt_with(self, path: Path, mark: tuple[int, int]) -> Iterator[Told]:
        content = content_of(path, mark)
        if content is None:
            return
        document = Document(content, path.name)
        digest = key_of(document)
        known = sent.recall(path)
        try:
            if known is None or not known.is_of(self._url, digest):
                accepting.check(path.name, content)
                known = Sent.anew(self._url, digest, keeps_back=self.folder.keeps_back)
                sent.remember(path, known)
            if not known.batch:
                known = self._sent(document, known)
                sent.remember(path, known)
                hint(f"{path.name}: taken as {known.batch}; it is screened there.")
            else:
                yield from self._asked_about(path, known.batch)
        except BadInputError as error:
            filed = refuse(path, str(error))
            sent.forget(path)
            yield Told(path, filed, unsaid=filed.reason)
        self._failures.pop(path, None)

    def _sent(self, document: Document, known: Sent) -> Sent:
        try:
            batch = self._ask(
                lambda: self._client.send_batch(
                    document.content,
                    name_of(document),
                    keep_back=known.keeps_back,
                    idempotency_key=known.key,
                )["batch"]
            )
        except ApiError as error:
            if not is_of_the_file(error):
                raise
            raise BadInputError(f"{document.name}: {refusal(error)}") from error
        return known._replace(batch=batch)

    def _asked_about(self, path: Path, reference: str) -> Iterator[Told]:
        try:
            stands = self._heard.get(reference) or self._ask(
                lambda: Standing.of(self._client.batch(reference))
            )
        except ApiError as error:
            if error.status != _NOT_FOUND:
                raise
            raise BadInputError(
                f"{path.name}: {reference} is not known there any more: look whether its letters were sent,"
                " and put the file into the folder again"
            ) from error
        if not stands.is_done:
            return
        results = self._ask(lambda: self._client.batch_file(reference))
        if not results.startswith(codecs.BOM_UTF8):  # as the results of that service do
            raise self._stranger()
        rows = self._ask(lambda: tuple(self._client.batch_results(reference))) if self._with_rows else ()
        filed = put_away(path, results, reference, stands.trouble, stands.bookings)
        sent.forget(path)
        yield Told(path, filed, rows, stands.trouble or ("" if rows else filed.reason))

    def _stranger(self) -> UnansweredError:
        return UnansweredError(f"{self._url} answers, and is no travelrisk")

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        try:
            return self._stop.breaking_off(call)
        except (AttributeError, KeyError, TypeError) as error:  # JSON, and not that of the service
            raise self._stranger() from error


class Patience:
    """Waits for a service that does not answer: longer each time, or as long as it says; told once."""

    def __init__(self, url: str, every: float) -> None:
        self.every = every
        self._url, self._own, self._is_told = url.rstrip("/"), every, False

    def heal(self) -> float:
        """Return how long to wait after a look at which it answered."""
        if self._is_told:
            hint(f"{self._url} answers again.")
        self._own, self._is_told = self.every, False
        return self.every

    def after(self, error: ClientError) -> float:
        """Return how long to wait after it did not.

        Raises:
            Fault: no time heals it.
        """
        reason = str(error).removeprefix(self._url).strip(" .")
        if not is_worth_another(error):
            raise Fault(
                f"{self._url}: {reason}. The watch ends; what was not put away stays in the folder, and is"
                " taken up when it is watched again"
            ) from error
        if not self._is_told:
            complain(f"{self._url}: {reason}. Nothing is lost: it is tried again until it answers.")
        self._is_told = True
        own, self._own = self._own, min(2 * self._own, max(self.every, LONGEST_OWN_PAUSE_S))
        return min(max(own, error.retry_after_s or 0), max(self.every, _LONGEST_PAUSE_S))


def _until(stop: Stop, forwarding: Forwarding, patience: Patience, printer: Printer | None) -> None:
    seen, pause = marks(forwarding.folder), patience.every
    while not stop.wait(pause):
        now = marks(forwarding.folder)
        try:
            for told in forwarding.look(seen):
                _print(forwarding.folder, told, printer)
            pause = patience.heal()
        except ClientError as error:
            pause = patience.after(error)
        seen = now


def _print(folder: Folder, told: Told, printer: Printer | None) -> None:
    if printer is None:
        tell(folder, told.filed)
        return
    for row in told.rows:
        printer.add(str(told.path), result_of(row))
    if told.unsaid:
        printer.refuse(str(told.path), told.unsaid)
    hint(put_words(folder, told.filed))
