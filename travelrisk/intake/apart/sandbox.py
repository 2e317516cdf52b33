"""Reading apart: foreign bytes are taken to pieces in a child process; what breaks there breaks nothing here.

The children are kept warm, since loading the tables costs more than reading most documents. A child that is
killed, that takes too long or that answers nonsense is replaced; the document it read is `unreadable`, with
the reason.
"""

import atexit
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Self

from travelrisk.domain.carriers import CarrierBook
from travelrisk.domain.itineraries import Outcome
from travelrisk.domain.places import Atlas
from travelrisk.intake.apart.wire import TAKEN, order_line, reading_from
from travelrisk.intake.decoding import decode
from travelrisk.intake.document import Document, Reading, reading_of, refused, too_large
from travelrisk.intake.inturn import InTurn
from travelrisk.intake.limits import LIMITS, MIB, Limits
from travelrisk.intake.lines.text import FreeText
from travelrisk.intake.mails.forwards import holds_a_message
from travelrisk.intake.sniffing import Form, form_of

LINE = 500
"""Characters of plain text that may be read in this process."""

_CHILDREN = 2  # at a time; each is a Python with the tables loaded
_LONGEST_ANSWER = 16 * MIB
_BEGINNING = 2  # times as long as a document may take, a process may take to begin with it
_PATIENCE = 2.0
_MOMENT = 0.25  # in which the end of an answer follows what was the last of it
_KEPT = ("SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_ROOT = Path(__file__).resolve().parents[2]


class _Broken(Exception):  # noqa: N818 - a signal between two functions here, never seen outside
    """The child is of no more use; the text says why."""


class _Child:
    """One process that reads."""

    def __init__(self) -> None:
        self._left = 0.0
        self._is_late = False
        command = [sys.executable, "-P", "-m", "travelrisk.intake.apart.child"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, nothing from outside
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may quote the document
            env=_environment(),
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a child without pipes")  # cannot be: both are asked for above
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def takes(self, document: Document, limits: Limits) -> bool:
        """Hand over a document; False if the process does not take it, because it had died unseen.

        A new one loads the tables first. That is no time of the document, which would be refused on a slow
        machine for nothing that it holds.
        """
        self._left = _BEGINNING * limits.wall_seconds
        is_taken = False
        with _Watch(self), suppress(OSError):
            self._orders.write(order_line(document, limits) + document.content)
            self._orders.flush()
            is_taken = self._answers.readline(len(TAKEN)) == TAKEN
        self._left = limits.wall_seconds
        return is_taken

    def readings(self, limits: Limits) -> Iterator[Reading]:
        """Yield what is read of the document; raises _Broken when nothing more will come."""
        while True:
            line = self._answer(limits)
            if not line.strip():
                return
            try:
                yield reading_from(line)
            except ValueError as error:
                raise _Broken("its reader answered something nobody understands") from error

    def is_through(self) -> bool:
        """Say whether nothing follows, as mostly where a caller took one reading; only a moment is waited."""
        self._left = min(self._left, _MOMENT)
        with _Watch(self):
            return self._answers.readline(_LONGEST_ANSWER) == b"\n"

    def _answer(self, limits: Limits) -> bytes:
        with _Watch(self):
            line = self._answers.readline(_LONGEST_ANSWER)
        if line.endswith(b"\n"):
            return line
        if self._is_late:
            raise _Broken(f"it took longer than {limits.wall_seconds:g} seconds to read")
        raise _Broken("its reader ran out of memory or processor time")

    def spend(self, seconds: float) -> None:
        """Count time that was spent waiting for this child."""
        self._left -= seconds

    @property
    def left(self) -> float:
        """Seconds of waiting that are left for the present document."""
        return max(self._left, 0.01)

    @property
    def process_id(self) -> int:
        """The child's process id."""
        return self._process.pid

    def end_late(self) -> None:
        """End the process because the time for its document has run out."""
        self._is_late = True
        self.kill()

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()

    def close(self) -> None:
        """Let the process end, make sure that it does, and close the pipes."""
        with suppress(OSError):
            self._orders.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()


def _environment() -> dict[str, str]:
    """Give the child nothing but what Python needs; an empty PYTHONTZPATH makes it use the pinned tzdata."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "PYTHONPATH": str(_ROOT),
        "PYTHONTZPATH": "",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


class _Watch:
    """Kills the child when the time for its document has run out; only waiting for it counts."""

    def __init__(self, child: _Child) -> None:
        self._child = child
        self._timer = threading.Timer(child.left, self._ring)
        self._timer.daemon = True

    def _ring(self) -> None:
        self._child.end_late()

    def __enter__(self) -> Self:
        self._begun = time.monotonic()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._child.spend(time.monotonic() - self._begun)


class _Nursery:
    """The children of this process: some idle, some at work, never more than a few."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(_CHILDREN)
        self._idle: list[_Child] = []

    def read(self, document: Document, limits: Limits) -> Iterator[Reading]:
        if not self._room.acquire(timeout=_BEGINNING * limits.wall_seconds):
            yield refused("unknown", "The readers are busy with other documents: send it again in a minute")
            return
        try:
            yield from self._read(document, limits)
        finally:
            self._room.release()

    def _read(self, document: Document, limits: Limits) -> Iterator[Reading]:
        child = self._idle_child()
        if child is None or not child.takes(document, limits):
            if child is not None:
                self._give_back(child, is_fit=False)
            child = _Child()
            child.takes(document, limits)  # if it does not, there is no answer, which is said below
        is_fit = False
        try:
            yield from child.readings(limits)
            is_fit = True
        except GeneratorExit:  # whoever stops may leave a child in the middle of an answer
            is_fit = child.is_through()
            raise
        except _Broken as broken:
            name = document.name or "The document"
            yield refused(
                form_of(document).value, f"{name} cannot be read: {broken}; paste the flights as text"
            )
        finally:
            self._give_back(child, is_fit=is_fit)

    def _idle_child(self) -> _Child | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _give_back(self, child: _Child, *, is_fit: bool) -> None:
        if is_fit:
            with self._lock:
                self._idle.append(child)
        else:
            child.kill()
            child.close()

    def idle(self) -> list[int]:
        """Return the process ids of the children that wait for a document."""
        with self._lock:
            return [child.process_id for child in self._idle]

    def close(self) -> None:
        """End every idle child."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()


_nursery = _Nursery()


def _begin_anew() -> None:
    """Forget the children after a fork: they belong to the parent."""
    global _nursery  # noqa: PLW0603 - one nursery a process is the point
    _nursery = _Nursery()


def close() -> None:
    """End the idle children of this process; the next document starts a new one."""
    _nursery.close()


def children() -> list[int]:
    """Return the process ids of the idle children of this process."""
    return _nursery.idle()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


def read_apart(document: Document, limits: Limits = LIMITS) -> Iterator[Reading]:
    """Read a document as `Readers.read` does, but in a child process within limits.

    Yields:
        What the readers yield; a reading `unreadable` with its reason if the child breaks. Stopping early is
        allowed, and costs the child where more was to come.
    """
    if len(document.content) > limits.size:
        yield too_large(document, limits)
        return
    yield from _nursery.read(document, limits)


def read_line(text: str, context_date: date | None, atlas: Atlas, book: CarrierBook) -> Reading:
    """Read what somebody typed or pasted: a short plain text here and at once, anything else apart.

    So no process that answers such a question has to load the readers of all other forms.
    """
    document = Document(text.encode(errors="replace"), context_date=context_date)
    is_short = len(text) <= LINE and form_of(document) is Form.TEXT
    if is_short and not holds_a_message(decode(document.content)):
        return _joined(InTurn((FreeText(atlas, book),)).read(document))
    return _joined(read_apart(document))


def _joined(readings: Iterator[Reading]) -> Reading:
    """Return the chunks of a table as one reading; nobody types enough for that to be many."""
    first, *others = readings
    if not others:
        return first
    everything = (first, *others)
    drafts = tuple(draft for reading in everything for draft in reading.drafts)
    unread = tuple(line for reading in everything for line in reading.unread)
    broken = next((reading for reading in everything if reading.outcome is Outcome.UNREADABLE), None)
    if broken:
        return refused(first.form, broken.reason, unread)
    return reading_of(first.form, drafts, unread, first.reason)
