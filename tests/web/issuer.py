"""A little OpenID provider on this machine, with keys of its own; it can be told to answer wrongly."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "travelrisk", "a secret of the tests"
Claims = dict[str, Any]


def plain(part: object) -> str:
    """Return JSON in base64, as the parts of a token are written."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@cache
def one_key() -> RSAKey:
    """Make a key; the next provider signs with it, too."""
    return RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Issuer:
    """What the provider says.

    Attributes:
        claims: of the person, besides those every token has; None takes one away.
        sign: makes the token from the claims.
        offered: the ways to sign that it publishes.
        calls_itself: the issuer it publishes; empty = where it really is.
    """

    url: str = ""
    claims: Claims = field(default_factory=lambda: {"sub": "1", "email_verified": True})
    key: RSAKey = field(default_factory=one_key)
    sign: "Callable[[Issuer, Claims], str] | None" = None
    offered: tuple[str, ...] = ("RS256",)
    calls_itself: str = ""
    without_id_token: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    waiting: dict[str, dict[str, str]] = field(default_factory=dict)

    def token_for(self, asked: dict[str, str]) -> str:
        """Return the signed statement about the person."""
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        return (self.sign or signed)(self, kept)


def signed(issuer: Issuer, claims: Claims) -> str:
    """Sign as it should be."""
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, issuer.key)


def unsigned(_issuer: Issuer, claims: Claims) -> str:
    """Do not sign at all."""
    return f"{plain({'alg': 'none'})}.{plain(claims)}."


def signed_by_another_key(_issuer: Issuer, claims: Claims) -> str:
    """Sign with a key that is not published, under the name of the one that is."""
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, RSAKey.generate_key(2048))


def signed_with_the_public_key(issuer: Issuer, claims: Claims) -> str:
    """Take the public key for a shared secret, by hand: the library does not let itself be used for that."""
    return sealed_with_the_public_key(issuer, plain(claims))


def sealed_with_the_public_key(issuer: Issuer, content: str) -> str:
    """Put such a signature to what a token says."""
    signed = f"{plain({'alg': 'HS256', 'kid': 'one'})}.{content}"
    seal = hmac.digest(issuer.key.as_pem(private=False), signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(seal).rstrip(b'=').decode()}"


def altered(issuer: Issuer, claims: Claims) -> str:
    """Change the statement after it was signed."""
    head, _, tail = signed(issuer, claims).split(".")
    return f"{head}.{plain(claims | {'sub': '2'})}.{tail}"


def not_a_token(_issuer: Issuer, _claims: Claims) -> str:
    """Send three parts that mean nothing."""
    return "no.token.at-all"


def nothing(_issuer: Issuer, _claims: Claims) -> str:
    """Send an empty token."""
    return ""


def pages_of(issuer: Issuer) -> Flask:
    """Return the four addresses of the provider."""
    pages = Flask("issuer")

    @pages.get("/.well-known/openid-configuration")
    def about() -> Response:
        return jsonify(
            issuer=issuer.calls_itself or issuer.url,
            authorization_endpoint=f"{issuer.url}/authorize",
            token_endpoint=f"{issuer.url}/token",
            jwks_uri=f"{issuer.url}/keys",
            id_token_signing_alg_values_supported=list(issuer.offered),
        )

    @pages.get("/keys")
    def keys() -> Response:
        return jsonify(keys=[issuer.key.as_dict(private=False)])

    @pages.get("/authorize")
    def authorize() -> Any:  # noqa: ANN401 - a redirect of Werkzeug's
        asked = request.args.to_dict()
        issuer.asked.append(asked)
        code = f"code-{len(issuer.asked)}"
        issuer.waiting[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    @pages.post("/token")
    def token() -> Any:  # noqa: ANN401 - as above
        asked = issuer.waiting.pop(request.form["code"], None)
        secret = request.authorization
        proof = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        fits = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        known = secret is not None and (secret.username, secret.password) == (CLIENT, SECRET)
        if asked is None or not known or asked["code_challenge"] != fits:
            return jsonify(error="invalid_grant"), 400
        answer = {"access_token": "opens nothing", "token_type": "Bearer"}
        return answer if issuer.without_id_token else answer | {"id_token": issuer.token_for(asked)}

    return pages


@contextmanager
def serving() -> Iterator[Issuer]:
    """Serve a provider on the loopback address."""
    issuer = Issuer()
    server = make_server("127.0.0.1", 0, pages_of(issuer), threaded=True)
    issuer.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answered(address: str) -> str:
    """Return path and query of an address, as a browser would ask for them."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def state_in(address: str) -> str:
    """Return the state that an address carries."""
    return parse_qs(urlsplit(address).query)["state"][0]
