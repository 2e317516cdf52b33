"""Makes processes quickly: everything is loaded once, and each life begins with a fork.

The nursery is a process of its own with one thread and no database. It reads lives from standard input, and
says on standard output who was born, who has stopped and who has died.
"""

import base64
import gc
import os
import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, Queue

from tests.contracts.tree import ROOT
from tests.services.kills.child import Life, live, warm_up

_LOOK_S = 0.01
_PATIENCE_S = 180.0  # the first one waits until all is loaded


class Nursery:
    """Whoever asks for processes; call from one thread."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._born: Queue[int] = Queue()
        self._news: Queue[tuple[str, int]] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def bear(self, life: Life) -> int:
        """Begin a life, and return its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(base64.b64encode(pickle.dumps(life)) + b"\n")
        self._process.stdin.flush()
        return self._born.get(timeout=_PATIENCE_S)

    def news(self) -> Iterator[tuple[str, int]]:
        """Give what has happened: ("stopped" or "dead", process id)."""
        while True:
            try:
                yield self._news.get_nowait()
            except Empty:
                return

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            word, number = line.split()
            if word == b"born":
                self._born.put(int(number))
            else:
                self._news.put((word.decode(), int(number)))


@contextmanager
def nursery(url: str, offset_s: float) -> Iterator[Nursery]:
    """Run a nursery for a database; whoever still lives at the end is killed with it."""
    command = [sys.executable, "-m", "tests.services.kills.nursery", url, str(offset_s)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            yield Nursery(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(_PATIENCE_S)


def _say(word: str, number: int) -> None:
    os.write(1, f"{word} {number}\n".encode())


def _bear(line: bytes) -> int:
    child = os.fork()
    if child:
        return child
    life: Life = pickle.loads(base64.b64decode(line))  # noqa: S301 - from our own parent
    code = 1
    try:
        os.close(0)
        live(life)
        code = 0
    finally:
        os._exit(code)


def _bury(living: set[int]) -> None:
    while living:
        number, status = os.waitpid(-1, os.WNOHANG | os.WUNTRACED)
        if number == 0:
            return
        if os.WIFSTOPPED(status):
            _say("stopped", number)
        else:
            living.discard(number)
            _say("dead", number)


def _main() -> None:
    warm_up(sys.argv[1], float(sys.argv[2]))
    gc.freeze()
    living: set[int] = set()
    pending = b""
    while True:
        _bury(living)
        if not select.select([0], [], [], _LOOK_S)[0]:
            continue
        some = os.read(0, 65536)
        if not some:
            break
        *lines, pending = (pending + some).split(b"\n")
        for line in lines:
            living.add(child := _bear(line))
            _say("born", child)
    for number in living:
        os.kill(number, 9)


if __name__ == "__main__":
    _main()
