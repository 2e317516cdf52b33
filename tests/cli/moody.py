"""A service that answers as a test wants it to: late, never, in a proxy's words, or as it should."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LISTING = "GET /api/v1/batches?limit=200"
BATCH = {"batch": "BA-222222", "state": "screened", "bookings": 1, "trouble": "", "name": ""}
Reply = tuple[int, str, dict[str, str]]


class Moody:
    """A service that answers each call as a test wants it to."""

    def __init__(self, *moods: Reply | None) -> None:
        """Answer with *moods* first, of which None is a silence that lasts; then as a service does."""
        self.moods = list(moods)
        self.calls: list[str] = []
        self.hung, self.over = threading.Event(), threading.Event()

    def answer(self, call: str, body: bytes) -> Reply:
        """Answer a call."""
        self.calls.append(call)
        mood = self.moods.pop(0) if self.moods else self.usual(call, body)
        if mood is None:
            self.hung.set()
            self.over.wait(60)
        return mood or (503, "{}", {})

    def usual(self, call: str, body: bytes) -> Reply:
        """Answer as a service does; files are judged by their names."""
        if b"unusable" in body:
            return 422, '{"title": "Not usable", "errors": [{"pointer": "/file", "detail": "no file"}]}', {}
        if b"large" in body:
            return 413, "<html>too large</html>", {}
        if b"unlucky" in body:
            return 500, '{"title": "Fault"}', {}
        if "results.csv" in call:
            return 200, "\ufeffverdict\r\ncleared\r\n", {}
        shape = {"batches": [], "cursor": ""} if call == LISTING else BATCH
        return 200, json.dumps(shape), {}


@contextmanager
def serving(moody: Moody) -> Iterator[str]:
    """Let it answer, and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, text, headers = moody.answer(f"{self.command} {self.path}", body)
            content = text.encode()
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - as above

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    moody.over.set()
    server.shutdown()
    server.server_close()
    thread.join()
