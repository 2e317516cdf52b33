"""What must never happen to a reader: it breaks, hangs, swallows memory, or makes a flight out of nothing.

Time is that of the processor, so that a busy machine accuses nobody; a reader that hangs is interrupted.
"""

import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import psutil

from tests.unit.intake.fuzz.mutants import Input
from travelrisk.domain.itineraries import Outcome
from travelrisk.intake.apart.sandbox import read_apart
from travelrisk.intake.apart.wire import reading_from, reading_line
from travelrisk.intake.document import Document, Reading
from travelrisk.intake.limits import MIB
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book

ARRIVED = date(2026, 11, 23)
SECONDS = 2.0
MEMORY = 256 * MIB
_BROKEN = ("stopped its reader", "its reader ran out", "its reader answered", "it took longer", "more memory")
_SHOWN = 120
_TIMED = hasattr(signal, "setitimer")


class _HangsError(BaseException):
    """The time for one document is over; no reader may catch this."""


class Watched(Readers):
    """Readers that keep the trace of what stopped one of them."""

    trace = ""

    def _read(self, document: Document) -> Iterator[Reading]:
        try:
            yield from super()._read(document)
        except Exception:
            self.trace += traceback.format_exc()
            raise


@dataclass
class Watch:
    """Reads inputs and keeps count.

    Attributes:
        counts: inputs read, by form and outcome.
        faults: what happened that must not, by the first line of what is said about it.
        slowest: seconds, and what took them.
        grown: bytes by which the process has grown since the first input.
    """

    folder: Path | None = None
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    grown: int = 0
    apart: int = 0

    def __post_init__(self) -> None:
        self._readers = Watched(load_atlas(), load_book())
        self._process = psutil.Process()
        self._base = 0

    def read(self, each: Input, *, is_apart: bool = False) -> None:
        """Read an input; write it to the folder if something happened that must not."""
        self._readers.trace = ""
        document = Document(each.content, each.name, context_date=ARRIVED)
        begun = time.process_time()
        try:
            with _limited():
                readings = list(self._readers.read(document))
            faults = [*faults_of(readings, each), *(faults_apart(document) if is_apart else ())]
        except _HangsError:
            readings, faults = [], [f"hangs: {traceback.format_exc()}"]
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            readings, faults = [], [f"raises: {traceback.format_exc()}"]
        taken = time.process_time() - begun
        self.apart += is_apart
        number = self.counts.total()
        form = each.form if each.may_fly else f"{each.form}, no flight"
        self.slowest = max(self.slowest, (taken, f"{form}, input {number}"))
        self.counts[form, readings[0].outcome if readings else "none"] += 1
        self._keep(number, each, [*faults, *self._swollen()])

    def _swollen(self) -> Iterator[str]:
        """Say whether the process has grown too much; what is loaded at first does not count."""
        size = self._process.memory_info().rss
        self._base = self._base or size
        self.grown = max(self.grown, size - self._base)
        if size - self._base > MEMORY:
            self._base = size
            yield "grew: the process holds more memory than it may"

    def _keep(self, number: int, each: Input, faults: list[str]) -> None:
        for fault in faults:
            told = f"{fault}\n{self._readers.trace}"
            first, *_, last = (*fault.splitlines(), *told.strip().splitlines())
            self.faults[f"{each.form}: {first[:_SHOWN]} | {last[:_SHOWN]}"] += 1
            if self.folder:
                self.folder.mkdir(parents=True, exist_ok=True)
                suffix = Path(each.name).suffix
                kept = self.folder / f"{number:07}-{each.form}{suffix}"
                kept.write_bytes(each.content)
                kept.with_suffix(f"{suffix}.why").write_text(told, "utf-8")


def faults_of(readings: list[Reading], each: Input) -> Iterator[str]:
    """Say what is wrong with the readings of an input, whoever made them."""
    if not readings:
        yield "nothing came of it"
    for reading in readings:
        said = " ".join((reading.reason, *reading.unread))
        yield from (f"broken: {words}" for words in _BROKEN if words in said)
        is_complete = reading.outcome is Outcome.COMPLETE
        has_all = bool(reading.drafts) and not reading.unread
        if is_complete != has_all or is_complete == bool(reading.reason):
            yield "dishonest: outcome, drafts, unread lines and reason do not agree"
        if is_complete and not each.may_fly:
            yield f"made up: {[each.source for draft in reading.drafts for each in draft.segments]}"
        if reading_from(reading_line(reading)) != reading:
            yield "changes on its way between processes"


def faults_apart(document: Document) -> Iterator[str]:
    """Say what happens to the process that reads the document."""
    readings = list(read_apart(document))
    if not readings:
        yield "apart: nothing came of it"
    said = " ".join(text for reading in readings for text in (reading.reason, *reading.unread))
    yield from (f"apart: {words}" for words in (*_BROKEN, "cannot be written") if words in said)


@contextmanager
def _limited() -> Iterator[None]:
    """Interrupt what takes longer than it may, where the system can."""
    if sys.platform == "win32" or not _TIMED:
        yield
        return
    before = signal.signal(signal.SIGPROF, _interrupt)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _interrupt(*_: object) -> None:
    raise _HangsError
