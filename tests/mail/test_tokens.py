"""Signing in without a password: a real token server, a real relay, and all that goes wrong between them."""

import base64
import json
import logging
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from tests.mail.servers import PATIENT, Server, serving
from travelrisk.domain.errors import ConfigurationError
from travelrisk.mail.smtp import Smtp
from travelrisk.mail.tokens import Tokens
from travelrisk.mail.transport import Sent, TransientFailure
from travelrisk.settings import Settings
from travelrisk.wiring import transport_for

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
USER, SECRET = "travelrisk@example.org", "hush-hush"


@dataclass
class Provider:
    """Gives tokens, one after the other, or does not.

    Attributes:
        status, body: what it answers instead. pause_s: how long it waits. drip: byte after byte, for ever.
        asked: the forms it was sent.
    """

    status: int = 200
    body: bytes = b""
    lasts_s: object = 3600
    pause_s: float = 0
    drip: bool = False
    asked: list[dict[str, list[str]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    def answer(self) -> bytes:
        """Return the body of the answer."""
        given = {"access_token": f"token-{len(self.asked)}", "expires_in": self.lasts_s}
        return self.body or json.dumps(given).encode()


class _Handler(BaseHTTPRequestHandler):
    provider: ClassVar[Provider]

    def do_POST(self) -> None:
        form = self.rfile.read(int(self.headers["Content-Length"]))
        self.provider.asked.append(parse_qs(form.decode()))
        self.provider.headers.append(dict(self.headers))
        time.sleep(self.provider.pause_s)
        content = self.provider.answer()
        self.send_response(self.provider.status)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        while self.provider.drip:
            self.wfile.write(b" ")
            time.sleep(0.05)
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Keep still."""


class _Quiet(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base has it
        """Keep still about clients that hang up."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Run a token server on this machine."""
    provider = Provider()
    handler = type("Handler", (_Handler,), {"provider": provider})
    with _Quiet(("127.0.0.1", 0), handler) as server:
        provider.url = f"http://127.0.0.1:{server.server_address[1]}/token"
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield provider
        provider.drip = False
        server.shutdown()
        thread.join()


@dataclass
class Relay(Server):
    """A relay that takes some tokens, and says why it does not take others."""

    takes: tuple[str, ...] = ("token-1",)
    seen: list[str] = field(default_factory=list)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802 - aiosmtpd finds it so
        """Look at the token."""
        said = base64.b64decode(args[1]).decode()
        user, bearer, *rest = said.split("\1")
        assert (user, rest) == (f"user={USER}", ["", ""])
        token = bearer.removeprefix("auth=Bearer ")
        self.seen.append(token)
        if token in self.takes:
            return AuthResult(success=True)
        await server.challenge_auth(b'{"status":"400","schemes":"Bearer"}', encode_to_b64=True)
        return AuthResult(success=False, handled=False)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep still what aiosmtpd logs of every fault we ask of it."""
    caplog.set_level(logging.CRITICAL, logger="mail.log")


def client(port: int, tokens: Tokens) -> Smtp:
    return Smtp("127.0.0.1", port, tls="none", username=USER, tokens=tokens, patience=PATIENT)


def send(smtp: Smtp) -> object:
    try:
        return smtp.send(b"Subject: x\r\n\r\ny\r\n", USER, "alice@example.org", lambda: True)
    finally:
        smtp.close()


def refused(provider: Provider, relay: Relay, **changes: Any) -> str:  # noqa: ANN401 - options of Tokens
    """Return why the letter waits; nothing secret is in that, nor in what a traceback would show."""
    tokens = Tokens(provider.url, "client", SECRET, **{"patience_s": 0.4, **changes})
    serving_relay = serving(relay, auth_required=True, auth_require_tls=False)
    with serving_relay as port, pytest.raises(TransientFailure) as caught:
        send(client(port, tokens))
    assert relay.accepted == []
    told = str(caught.getrepr(style="short", showlocals=False).reprcrash)
    for secret in (SECRET, "token-", "example.org"):
        assert secret not in f"{caught.value.reply} {told}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value.reply


def test_a_letter_leaves_with_a_token(provider: Provider) -> None:
    relay = Relay()
    tokens = Tokens(provider.url, "client", SECRET, "https://relay.example.org/.default")
    with serving(relay, auth_required=True, auth_require_tls=False) as port:
        assert send(client(port, tokens)) == Sent("250 2.0.0")
        assert send(client(port, tokens)) == Sent("250 2.0.0")
    assert provider.asked == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["client"],
            "client_secret": [SECRET],
            "scope": ["https://relay.example.org/.default"],
        }
    ], "the token is kept"
    assert "Authorization" not in provider.headers[0]


def test_a_token_is_fetched_anew_shortly_before_it_ends(provider: Provider) -> None:
    at = [1000.0]
    tokens = Tokens(provider.url, "client", SECRET, clock=lambda: at[0])
    relay = Relay(takes=("token-1", "token-2"))
    with serving(relay, auth_required=True, auth_require_tls=False) as port:
        for later in (0, 3400, 200):
            at[0] += later
            send(client(port, tokens))
    assert relay.seen == ["token-1", "token-1", "token-2"]


def test_a_token_that_was_withdrawn_is_fetched_anew_once(provider: Provider) -> None:
    tokens = Tokens(provider.url, "client", SECRET)
    relay = Relay(takes=("token-1",))
    with serving(relay, auth_required=True, auth_require_tls=False) as port:
        send(client(port, tokens))
        relay.takes = ("token-2",)
        assert send(client(port, tokens)) == Sent("250 2.0.0")
        relay.takes = ()
        with pytest.raises(TransientFailure, match=r"^535 at signing in$"):
            send(client(port, tokens))
    assert relay.seen == ["token-1", "token-1", "token-2", "token-2", "token-3"]


def test_a_wrong_token_lets_the_letter_wait(provider: Provider) -> None:
    relay = Relay(takes=("another",))
    assert refused(provider, relay) == "535 at signing in"
    assert relay.seen == ["token-1"], "the provider gives no other one so soon"


def test_a_relay_that_knows_no_tokens_is_said_to(provider: Provider) -> None:
    tokens = Tokens(provider.url, "client", SECRET)
    with serving(Server()) as port, pytest.raises(TransientFailure, match=r"^login not offered at"):
        send(client(port, tokens))
    assert provider.asked == []


@pytest.mark.parametrize(
    ("status", "body", "reply"),
    [
        (401, b'{"error": "invalid_client", "error_description": "hush-hush"}', "answers 401 invalid_client"),
        (400, b'{"error": "no <code> at all"}', "answers 400"),
        (503, b"<html>hush-hush", "answers 503"),
        (302, b"", "answers 302"),
        (200, b"<html>", "the provider's answer holds none"),
        (200, b"[" * 50_000, "the provider's answer holds none"),
        (200, b"[]", "the provider's answer holds none"),
        (200, b'{"access_token": 5}', "the provider's answer holds none"),
        (200, b'{"access_token": "a\\u0001b"}', "the provider's answer holds none"),
        (200, b"x" * 70_000, "the provider's answer is too long"),
    ],
)
def test_an_answer_without_a_token_lets_the_letter_wait(
    provider: Provider, status: int, body: bytes, reply: str
) -> None:
    provider.status, provider.body = status, body
    assert refused(provider, Relay()).endswith(reply)
    assert len(provider.asked) == 1, "and nobody follows it elsewhere with the secret"


@pytest.mark.parametrize("how", [{"pause_s": 0.6}, {"drip": True}])
def test_a_slow_provider_lets_the_letter_wait(provider: Provider, how: dict[str, Any]) -> None:
    for name, value in how.items():
        setattr(provider, name, value)
    begun = time.monotonic()
    assert refused(provider, Relay()) == "no access token: timeout"
    assert time.monotonic() - begun < 30, "seconds of a busy machine, where it would drip for ever"


def test_a_provider_that_is_down_lets_the_letter_wait() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = Provider(url=f"http://127.0.0.1:{free.getsockname()[1]}/token")
        assert refused(down, Relay()) == "no access token: the provider cannot be reached"


@pytest.mark.parametrize("lasts_s", [None, "soon", -5])
def test_a_token_of_unknown_length_is_used(provider: Provider, lasts_s: object) -> None:
    provider.lasts_s = lasts_s
    with serving(Relay(), auth_required=True, auth_require_tls=False) as port:
        assert send(client(port, Tokens(provider.url, "client", SECRET))) == Sent("250 2.0.0")


def test_the_secret_never_travels_in_clear() -> None:
    for url in ("http://login.example.org/token", "ftp://127.0.0.1/", "login.example.org", ""):
        with pytest.raises(ConfigurationError, match="https"):
            Tokens(url, "client", SECRET)
    tokens = Tokens("https://login.example.org/token", "client", SECRET)
    with pytest.raises(ConfigurationError, match="may not travel in clear"):
        Smtp("mail.example.org", 25, tls="none", username=USER, tokens=tokens)


def test_what_is_not_set_is_named(provider: Provider) -> None:
    given: dict[str, Any] = {"mail_transport": "smtp", "smtp_auth": "oauth2", "smtp_tls": "none"}
    with pytest.raises(ConfigurationError) as caught:
        transport_for(Settings(**given, smtp_client_id="client"))
    assert str(caught.value) == (
        "TRAVELRISK_SMTP_AUTH=oauth2 needs TRAVELRISK_SMTP_USERNAME, TRAVELRISK_SMTP_TOKEN_URL,"
        " TRAVELRISK_SMTP_CLIENT_SECRET"
    )
    with serving(Relay(), auth_required=True, auth_require_tls=False) as port:
        more: dict[str, Any] = {
            "smtp_token_url": provider.url,
            "smtp_client_secret": SECRET,
            "smtp_username": USER,
        }
        smtp = transport_for(Settings(**given, **more, smtp_client_id="client", smtp_port=port))
        assert smtp.send(b"Subject: x\n\ny\n", USER, USER, lambda: True) == Sent("250 2.0.0")
        smtp.close()
