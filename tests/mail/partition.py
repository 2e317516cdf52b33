"""A network that falls apart: a proxy on this machine whose connections stay while nothing comes through."""

import asyncio
import threading
from asyncio import Queue, StreamReader, StreamWriter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_AT_ONCE = 65_536
_TICK_S = 0.01


@dataclass
class Network:
    """What lies between a client and its mail server.

    Attributes:
        cut: from where on nothing comes through, in neither direction: ``connect``, ``body`` (in the midst of
            it), ``reply`` (after the final dot); empty = all does.
        is_late: what was on its way when the client hung up still arrives, once the network is whole.
        pace: bytes that come through every 10 ms, as to a slow server; 0 = as fast as they come.
        met: the cuts that were met.
        resets: how many clients broke off, so that their systems deliver nothing more by themselves.
    """

    cut: str = ""
    is_late: bool = False
    pace: int = 0
    met: list[str] = field(default_factory=list)
    resets: int = 0

    async def passing(self, where: str) -> None:
        """Wait while the network is cut there."""
        if self.cut == where:
            self.met.append(where)
        while self.cut == where:  # noqa: ASYNC110 - it is mended from another thread
            await asyncio.sleep(_TICK_S)


class _Conversation:
    """A client and a server; what the one has sent is kept until the network carries it to the other."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sent: Queue[bytes] = Queue()
        self._is_body = self._is_over = self._is_gone = False

    async def run(self, client: tuple[StreamReader, StreamWriter], port: int) -> None:
        """Carry all that is said until one of them hangs up."""
        await self._network.passing("connect")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        ways = (self._listen(client[0]), self._outwards(writer), self._back(reader, client[1]))
        tasks = [asyncio.ensure_future(each) for each in ways]
        try:
            await asyncio.wait(tasks[1:], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:
                each.cancel()
            for end in (writer, client[1]):
                end.close()

    async def _listen(self, reader: StreamReader) -> None:
        try:
            while data := await reader.read(_AT_ONCE):
                self._sent.put_nowait(data)
        except ConnectionResetError:
            self._network.resets += 1
        self._is_gone = True
        self._sent.put_nowait(b"")

    async def _outwards(self, writer: StreamWriter) -> None:
        while data := await self._sent.get():
            half = len(data) // 2 if self._is_body else 0
            await self._carry(data[:half], writer)
            if self._is_body:
                await self._network.passing("body")
            if self._is_gone and not self._network.is_late:
                return
            await self._carry(data[half:], writer)
            self._is_over = self._is_body and data.endswith(b".\r\n")
        await asyncio.sleep(_TICK_S)  # for the server to take what came last

    async def _carry(self, data: bytes, writer: StreamWriter) -> None:
        while data:
            step = self._network.pace or len(data)
            writer.write(data[:step])
            await writer.drain()
            data = data[step:]
            if self._network.pace:
                await asyncio.sleep(_TICK_S)

    async def _back(self, reader: StreamReader, writer: StreamWriter) -> None:
        while data := await reader.read(_AT_ONCE):
            self._is_body = self._is_body or data.startswith(b"354")
            if self._is_over:
                await self._network.passing("reply")
                self._is_body = self._is_over = False
            with suppress(OSError):
                writer.write(data)


@contextmanager
def between(network: Network, port: int) -> Iterator[int]:
    """Put a network before the server on *port*, and yield the port on which clients find it."""
    ready: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = []
    started = threading.Event()

    async def meet(reader: StreamReader, writer: StreamWriter) -> None:
        with suppress(OSError, asyncio.CancelledError):
            await _Conversation(network).run((reader, writer), port)

    async def carry() -> None:
        end = asyncio.Event()
        listening = await asyncio.start_server(meet, "127.0.0.1", 0)
        ready.append((asyncio.get_running_loop(), end, listening.sockets[0].getsockname()[1]))
        started.set()
        await end.wait()
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(_TICK_S)

    thread = threading.Thread(target=lambda: asyncio.run(carry()), daemon=True)
    thread.start()
    assert started.wait(30)
    loop, end, entrance = ready[0]
    try:
        yield entrance
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(30)
