"""``travelrisk serve``: the process of the pages."""

import errno
import secrets
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Never

import click
from waitress.server import create_server

from travelrisk.cli.beforehand import Channel
from travelrisk.cli.console import hint
from travelrisk.cli.doctor import examine
from travelrisk.cli.opening import opened, settled, stay
from travelrisk.cli.options import quiet
from travelrisk.domain.errors import ConfigurationError
from travelrisk.settings import Settings
from travelrisk.web.app import create_app

if TYPE_CHECKING:
    from flask import Flask

_THREADS = 8
_AT_ONCE = 65_536  # bytes taken from a connection in one turn: a file of ten megabytes is there in 160
_LARGEST_ANSWER = 8_000_000  # bytes: that of two hundred bookings takes no way round by a file
_SPARE = (
    2  # times what the pages take: up to there they say themselves that it is too much, and what would do
)


@click.command
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    metavar="PORT",
    help="Port to listen on, 0 = any free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    metavar="NUMBER",
    default=1,
    show_default=True,
    help="Number of processes; several are looked after by gunicorn, which Windows does not have.",
)
@quiet
def serve(*, host: str, port: int, workers: int) -> None:
    """Serve the pages until Ctrl-C. Letters are sent by another process: travelrisk worker."""
    settings = settled(serves=True)
    secret = _secret(settings)
    with opened(settings) as app, listening_on(host, port) as listening:
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}"
        hint(f"Listening on {address}/ - stop with Ctrl-C.")
        hint(f"Letters link to {settings.base_url}; TRAVELRISK_BASE_URL names another address.")
        if workers == 1:
            hosts = settings.trusted_hosts
            pages = create_app(app, secret_key=secret, trusted_hosts=hosts, examine=lambda: examine(settings))
            stay(app)
            serve_pages(pages, listening)
        else:
            app.engine.dispose()  # nothing that is open is taken along into another process
            _serve_with_gunicorn(settings, secret, listening, workers)


class PortTakenError(ConfigurationError):
    """Nobody can listen on this address and port."""


@contextmanager
def listening_on(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket that listens on *host* and *port* (0 = any free one).

    Raises:
        PortTakenError: the port is taken, or not for us.
        ConfigurationError: the address is not of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise ConfigurationError(f"cannot listen on {host}: {error.strerror}; give another --host") from error
    with listening:
        try:
            if sys.platform != "win32":
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen()  # whoever is told the address may come at once, and waits for the pages
        except OSError as error:
            reason = error.strerror or type(error).__name__
            if error.errno == errno.EADDRNOTAVAIL:
                raise ConfigurationError(
                    f"cannot listen on {host} ({reason}): give another --host"
                ) from error
            raise PortTakenError(
                f"cannot listen on {host}, port {port} ({reason}): give another --port, or 0 for any"
            ) from error
        yield listening


def serve_pages(pages: "Flask", listening: socket.socket) -> None:
    """Serve in this process until Ctrl-C or SIGTERM; requests that are being answered are finished."""
    # The pages read of X-Forwarded-For what the setting "proxies" lets them, and nothing where it is 0.
    server = create_server(
        pages,
        sockets=[listening],
        threads=_THREADS,
        ident="travelrisk",
        recv_bytes=_AT_ONCE,
        outbuf_overflow=_LARGEST_ANSWER,
        max_request_body_size=_SPARE * pages.config["MAX_CONTENT_LENGTH"],
        clear_untrusted_proxy_headers=False,
    )
    server.channel_class = Channel  # type: ignore[union-attr] # one socket makes one server

    def stop(_number: int, _frame: FrameType | None) -> Never:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        server.run()
    finally:
        server.close()
        signal.signal(signal.SIGTERM, before)


def _secret(settings: Settings) -> str:
    secret = settings.secret_key.get_secret_value()
    if secret:
        return secret
    hint(
        "No TRAVELRISK_SECRET_KEY is set: a new one is made at each start,"
        " and forms that are open then must be loaded again."
    )
    return secrets.token_hex(32)


def _serve_with_gunicorn(settings: Settings, secret: str, listening: socket.socket, workers: int) -> None:
    try:
        from travelrisk.cli.processes import serve_in_processes  # noqa: PLC0415 - gunicorn is not there on Windows
    except ImportError as error:
        raise ConfigurationError(
            "several processes need gunicorn, which is not installed: leave --workers away"
        ) from error
    serve_in_processes(settings, secret, listening, workers)
