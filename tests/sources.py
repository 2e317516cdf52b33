"""A public source on this machine, with outages and defects: what it answers at each path is a function."""

import gzip
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answering = Callable[["Request"], None]
BIG = 200 * 1024 * 1024


class Request(BaseHTTPRequestHandler):
    """One request; what is done with it is looked up by its path."""

    server: "Server"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as the test wants."""
        path = self.path.partition("?")[0]
        self.server.asked.append((path, dict(self.headers.items())))
        self.close_connection = True
        answering = self.server.answers.get(path, status(404))
        try:
            answering(self)
        except (BrokenPipeError, ConnectionResetError):
            return  # whoever asked has heard enough

    def log_message(self, *_arguments: object) -> None:
        """Keep silent."""

    def send(self, code: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; names of headers are written with ``_`` for ``-``."""
        self.send_response(code)
        said = {"Content_Length": str(len(body)), "Connection": "close"} | headers
        for name, value in said.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """The source; *asked* are the paths and headers of all requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answers: dict[str, Answering] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_port}"

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://{self.place}{path}"


@contextmanager
def serving(encrypted: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Run a source until the test is over."""
    server = Server()
    if encrypted is not None:
        server.socket = encrypted.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def content(body: bytes | str, **headers: str) -> Answering:
    """Answer with a body."""
    raw = body.encode() if isinstance(body, str) else body
    return lambda request: request.send(200, raw, **headers)


def tagged(body: bytes, etag: str) -> Answering:
    """Answer with a body once, and then that nothing has changed."""

    def answer(request: Request) -> None:
        if request.headers.get("If-None-Match") == etag:
            request.send(304, ETag=etag, Content_Length="")
        else:
            request.send(200, body, ETag=etag)

    return answer


def status(code: int, body: bytes = b"<html><body>Sorry</body></html>", **headers: str) -> Answering:
    """Answer with an error."""
    return lambda request: request.send(code, body, **headers)


def in_turn(*answers: Answering) -> Answering:
    """Answer differently each time; the last one stays."""
    left = list(answers)

    def answer(request: Request) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(request)

    return answer


def redirect(target: str) -> Answering:
    """Pass on to another address."""
    return lambda request: request.send(302, b"", Location=target)


def silent(seconds: float) -> Answering:
    """Say nothing for so long."""
    return lambda _request: time.sleep(seconds)


def dripping(pieces: int, pause_s: float) -> Answering:
    """Send a byte at a time."""

    def answer(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(pieces))
        request.end_headers()
        for _ in range(pieces):
            request.wfile.write(b"x")
            request.wfile.flush()
            time.sleep(pause_s)

    return answer


def reset(request: Request) -> None:
    """Break the connection off without a word."""
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def cut(body: bytes) -> Answering:
    """Promise a whole body, and send half of it."""
    return lambda request: request.send(200, body[: len(body) // 2], Content_Length=str(len(body)))


def endless(request: Request) -> None:
    """Send 200 MB."""
    request.send_response(200)
    request.end_headers()
    piece = b"[" * (1024 * 1024)
    for _ in range(BIG // len(piece)):
        request.wfile.write(piece)


def bomb(request: Request) -> None:
    """Answer with 200 kB that unpack to 200 MB."""
    request.send(200, _packed(), Content_Encoding="gzip")


def garbage(request: Request) -> None:
    """Say that a body is packed, which it is not."""
    request.send(200, gzip.compress(b'{"a": 1}')[:8] + b"no gzip at all", Content_Encoding="gzip")


@cache
def _packed() -> bytes:
    """Return one packed piece again and again: whoever unpacks never comes to the missing end."""
    packing = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packing.compress(b" " * (1024 * 1024)) + packing.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + piece * (BIG // (1024 * 1024))
