"""An IMAP server on this machine, over TLS, that behaves as badly as real ones, one fault at a time."""

import asyncio
import base64
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_LONG = 30.0  # seconds; no client waits for it
_DATE = "23-Nov-2026 17:58:00 +0000"


@dataclass
class Server:
    """Folders of messages by UID, and the one fault of the server.

    Attributes:
        fault: ``VERB:drop`` breaks the connection at that command, ``VERB:hang`` says nothing, ``VERB:bad``
            and ``VERB:no`` refuse it, ``VERB:nonsense`` answers what no client understands, ``drip`` sends
            one letter at a time, ``huge`` announces a literal of a gigabyte, ``lies`` a size of 10 bytes.
        moves: whether the server knows MOVE.
        commands: what was asked, without arguments.
    """

    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    fault: str = ""
    moves: bool = True
    password: str = "right"  # noqa: S105 - of this server alone
    token: str = "token-1"  # noqa: S105 - as above
    commands: list[str] = field(default_factory=list)
    deleted: set[int] = field(default_factory=set)

    def keep(self, *contents: bytes) -> None:
        """Let messages wait."""
        for content in contents:
            uid = 1 + max((uid for folder in self.folders.values() for uid in folder), default=6)
            self.folders["INBOX"][uid] = content


class _Conversation:
    def __init__(self, server: Server, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._server, self._reader, self._writer = server, reader, writer

    async def run(self) -> None:
        await self._say("* OK ready")
        while line := await self._reader.readline():
            tag, _, rest = line.decode().strip().partition(" ")
            verb, _, arguments = rest.partition(" ")
            if verb.upper() == "UID":
                verb, _, arguments = arguments.partition(" ")
            verb = verb.upper()
            self._server.commands.append(verb)
            if not await self._fault(tag, verb):
                await getattr(self, f"_{verb.lower()}", self._unknown)(tag, arguments)
            if verb == "LOGOUT":
                return

    async def _fault(self, tag: str, verb: str) -> bool:
        where, _, what = self._server.fault.partition(":")
        if where != verb:
            return False
        if what == "drop":
            self._writer.transport.abort()
        elif what == "hang":
            await asyncio.sleep(_LONG)
        elif what == "nonsense":
            await self._say("* 99 FETCH (((NIL", "%%%", f"{tag} MAYBE")
        else:
            await self._say(f"{tag} {what.upper()} not for alice@un.example")
        return True

    async def _say(self, *lines: str | bytes) -> None:
        for line in lines:
            raw = (line.encode() if isinstance(line, str) else line) + b"\r\n"
            step = 1 if self._server.fault == "drip" else len(raw)
            for start in range(0, len(raw), step):
                self._writer.write(raw[start : start + step])
                await self._writer.drain()
                if step == 1:
                    await asyncio.sleep(0.05)

    async def _unknown(self, tag: str, _arguments: str) -> None:
        await self._say(f"{tag} BAD what?")

    async def _capability(self, tag: str, _arguments: str) -> None:
        moves = " MOVE" if self._server.moves else ""
        await self._say(f"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 AUTH=PLAIN{moves}", f"{tag} OK done")

    async def _login(self, tag: str, arguments: str) -> None:
        fits = arguments == f'"alice@un.example" "{self._server.password}"'
        await self._say(f"{tag} OK in" if fits else f"{tag} NO [AUTHENTICATIONFAILED] alice@un.example")

    async def _authenticate(self, tag: str, _mechanism: str) -> None:
        await self._say("+ ")
        given = base64.b64decode(await self._reader.readline())
        fits = given == f"user=alice@un.example\1auth=Bearer {self._server.token}\1\1".encode()
        if fits:
            await self._say(f"{tag} OK in")
            return
        await self._say("+ " + base64.b64encode(b'{"status":"401"}').decode())
        await self._reader.readline()
        await self._say(f"{tag} NO expired")

    async def _list(self, tag: str, arguments: str) -> None:
        wanted = re.findall(r'"([^"]*)"', arguments)[-1]
        if wanted in self._server.folders:
            await self._say(f'* LIST (\\HasNoChildren) "/" "{wanted}"')
        await self._say(f"{tag} OK done")

    async def _create(self, tag: str, arguments: str) -> None:
        self._server.folders[arguments.strip('"')] = {}
        await self._say(f"{tag} OK made")

    async def _select(self, tag: str, _arguments: str) -> None:
        await self._say(
            f"* {len(self._inbox)} EXISTS", "* OK [UIDVALIDITY 1] fine", f"{tag} OK [READ-WRITE] in"
        )

    async def _search(self, tag: str, _arguments: str) -> None:
        await self._say(f"* SEARCH {' '.join(map(str, sorted(self._inbox, reverse=True)))}", f"{tag} OK done")

    async def _fetch(self, tag: str, arguments: str) -> None:
        uid, _, what = arguments.partition(" ")
        content = self._inbox.get(int(uid))
        if content is None:
            await self._say(f"{tag} OK nothing")
            return
        if "RFC822.SIZE" in what:
            size = 10 if self._server.fault in {"lies", "huge"} else len(content)
            about = f'(UID {uid} RFC822.SIZE {size} INTERNALDATE "{_DATE}")'
            await self._say("* 1 EXISTS", f"* 1 FETCH {about}", f"{tag} OK done")
            return
        part = content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else content
        size = 1_000_000_000 if self._server.fault == "huge" else len(part)
        head = f"* 1 FETCH (UID {uid} {what.strip('()').replace('.PEEK', '')} {{{size}}}\r\n".encode()
        await self._say(head + part + b")", f"{tag} OK done")

    async def _move(self, tag: str, arguments: str) -> None:
        uid, _, folder = arguments.partition(" ")
        self._copied(int(uid), folder)
        self._inbox.pop(int(uid), None)
        await self._say(f"{tag} OK moved")

    async def _copy(self, tag: str, arguments: str) -> None:
        uid, _, folder = arguments.partition(" ")
        self._copied(int(uid), folder)
        await self._say(f"{tag} OK copied")

    async def _store(self, tag: str, arguments: str) -> None:
        self._server.deleted.add(int(arguments.partition(" ")[0]))
        await self._say(f"{tag} OK stored")

    async def _expunge(self, tag: str, _arguments: str) -> None:
        for uid in self._server.deleted:
            self._inbox.pop(uid, None)
        await self._say(f"{tag} OK gone")

    async def _logout(self, tag: str, _arguments: str) -> None:
        await self._say("* BYE", f"{tag} OK bye")

    @property
    def _inbox(self) -> dict[int, bytes]:
        return self._server.folders["INBOX"]

    def _copied(self, uid: int, folder: str) -> None:
        if uid in self._inbox:
            self._server.folders[folder.strip('"')][uid] = self._inbox[uid]


@contextmanager
def serving(server: Server, context: ssl.SSLContext) -> Iterator[int]:
    """Run *server* in a thread of its own, and yield its port."""
    ready: list[int] = []
    started = threading.Event()
    over: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            await _Conversation(server, reader, writer).run()
        writer.transport.abort()

    async def listen() -> None:
        end = asyncio.Event()
        over.append((asyncio.get_running_loop(), end))
        listening = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context)
        ready.append(listening.sockets[0].getsockname()[1])
        started.set()
        await end.wait()
        listening.close()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        await asyncio.sleep(0.01)

    thread = threading.Thread(target=lambda: asyncio.run(listen()), daemon=True)
    thread.start()
    assert started.wait(30)
    try:
        yield ready[0]
    finally:
        loop, end = over[0]
        loop.call_soon_threadsafe(end.set)
        thread.join(30)
