"""The process that reads foreign documents: few rights, little memory, and an end when its parent ends.

Started by sandbox.py as `python -m travelrisk.intake.apart.child`. It loads the tables once, then reads one
document after the other: an order and the bytes come in, readings go out as lines of JSON, an empty line ends
a document.
"""

import gc
import importlib
import importlib.util
import sys
from typing import Any, BinaryIO, Never

from travelrisk.domain.errors import TravelriskError
from travelrisk.intake.apart.wire import TAKEN, Order, order_from, reading_line
from travelrisk.intake.document import refused
from travelrisk.intake.limits import LIMITS, Limits
from travelrisk.intake.registry import Readers
from travelrisk.reference import load_atlas, load_book

# Windows has no such module: only the parent's clock limits this process there.
resource: Any = importlib.import_module("resource") if importlib.util.find_spec("resource") else None

_OPEN_FILES = 64
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.kill",
)


class _ForbiddenError(TravelriskError):
    """A reader tried to reach the network or to start a program."""


def main() -> None:
    """Read documents until the parent closes its end."""
    atlas = load_atlas()
    book = load_book()
    gc.freeze()  # the tables never die: looking for garbage among them took a tenth of the time of a table
    _confine()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    for line in stdin:
        order = order_from(line)
        content = stdin.read(order.size)
        _say(stdout, TAKEN)
        _allow(order.limits)
        is_fit = _serve(Readers(atlas, book, order.limits), order, content, stdout)
        _say(stdout, b"\n")
        if not is_fit:
            return  # the parent starts a fresh one


def _serve(readers: Readers, order: Order, content: bytes, stdout: BinaryIO) -> bool:
    """Write the readings of a document; False if this process had better end afterwards."""
    try:
        for reading in readers.read(order.document(content)):
            _say(stdout, reading_line(reading))
    except (MemoryError, RecursionError):
        _say(stdout, reading_line(refused("unknown", "The document needs more memory than a reader may use")))
        return False
    except ValueError:  # a reading that is no JSON, such as half a character
        _say(stdout, reading_line(refused("unknown", "The document holds characters that cannot be written")))
    return True


def _say(stdout: BinaryIO, line: bytes) -> None:
    stdout.write(line)
    stdout.flush()


def _confine() -> None:
    sys.addaudithook(_refuse)
    if resource is None:
        return
    _lower(resource.RLIMIT_AS, LIMITS.memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)


def _lower(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (ceiling, ceiling))


def _allow(limits: Limits) -> None:
    """Grant the processor time for one more document; beyond it the system ends this process."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(_REFUSED):
        _forbid(event)


def _forbid(event: str) -> Never:
    raise _ForbiddenError(f"{event}: a reader reaches for nothing outside of its document")


if __name__ == "__main__":
    main()
