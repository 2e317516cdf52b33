"""Tokens (JWT) of the organisation's own identity provider, in place of a key of ours; we make none.

A token is believed only from the issuer that the settings name, only for this service, only under a signature
that needs the issuer's private key, and not beyond its end. It names the office; an office is never guessed.
The keys are fetched as public sources are: to no private address but those the settings except.
"""

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from travelrisk.domain.programs import Kind, Program
from travelrisk.feeds.addresses import Gate
from travelrisk.feeds.faults import FeedError
from travelrisk.feeds.http import HttpSession, Limits
from travelrisk.logs import logger
from travelrisk.services.application import Application, TokenIssuer
from travelrisk.services.people import accounts

_SIGNED_BY: Final = [
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
    "Ed25519",
]
_LONGEST: Final = 8_192
_LEEWAY_S: Final = 60  # between two clocks
_AGAIN: Final = timedelta(minutes=1)  # between two fetches, whatever anybody sends
_STALE: Final = timedelta(hours=1)
_LIMITS: Final = Limits(connect_s=3, read_s=3, total_s=6, retries=0, most_bytes=1_000_000)
_ID: Final = 12


class TokenError(ValueError):
    """A token that is not taken; the message may be shown, and quotes nothing of it."""


class UnreachableError(Exception):
    """The keys of the issuer cannot be had, so that no token can be judged."""


class Issuer:
    """Checks tokens; one object for each process, which keeps the issuer's keys."""

    def __init__(self, app: Application) -> None:
        if app.facts.tokens is None:
            raise LookupError("no issuer of tokens is set")
        self._app = app
        self._tokens: TokenIssuer = app.facts.tokens
        self._keys: KeySet | None = None
        self._tried_at: datetime | None = None
        self._fetching = threading.Lock()

    def program(self, token: str) -> Program:
        """Return the program that a token stands for.

        Raises:
            TokenError: it is not taken.
            UnreachableError: the keys of the issuer cannot be had.
        """
        if len(token) > _LONGEST:
            raise TokenError("the token is too long")
        claims = self._claims(token)
        office, subject = claims.get(self._tokens.office_claim), claims["sub"]
        if not isinstance(office, str) or not accounts.is_line(office):
            raise TokenError(f"the token names no office in its claim {self._tokens.office_claim}")
        if not isinstance(subject, str) or not subject:
            raise TokenError("the token names nobody in its claim sub")
        digest = hashlib.sha256(f"{self._tokens.issuer}|{subject}".encode()).hexdigest()[:_ID]
        kind = Kind.LIVE_WRITE if self._tokens.write_scope in _scopes(claims) else Kind.LIVE_READ
        return Program(
            f"jwt.{digest}", "", " ".join(office.split()), kind, calls_a_day=self._tokens.calls_a_day
        )

    def _claims(self, token: str) -> Mapping[str, Any]:
        for keys in (self._known, self._fetched):
            try:
                decoded = jwt.decode(token, keys(), algorithms=_SIGNED_BY)
            except (JoseError, ValueError, TypeError, KeyError):
                continue  # signed with a key that is new there, or never
            return self._checked(decoded.claims)
        raise TokenError("the token is not signed by a key of the issuer")

    def _checked(self, claims: Mapping[str, Any]) -> Mapping[str, Any]:
        registry = jwt.JWTClaimsRegistry(
            now=int(self._app.clock().timestamp()),
            leeway=_LEEWAY_S,
            iss={"essential": True, "value": self._tokens.issuer},
            aud={"essential": True, "value": self._tokens.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            registry.validate(dict(claims))
        except (JoseError, ValueError, TypeError) as error:
            raise TokenError(
                "the token is of another issuer, for another service, or past its end"
            ) from error
        return claims

    def _known(self) -> KeySet:
        is_stale = self._tried_at is None or self._app.clock() - self._tried_at >= _STALE
        return self._fetched() if self._keys is None or is_stale else self._keys

    def _fetched(self) -> KeySet:
        """Return the keys as they are now, asked for once a minute at most."""
        with self._fetching:
            now = self._app.clock()
            if self._tried_at is None or now - self._tried_at >= _AGAIN:
                self._tried_at = now
                self._fetch()
        if self._keys is None:
            raise UnreachableError
        return self._keys

    def _fetch(self) -> None:
        host = (urlsplit(self._tokens.keys_url).hostname or "").lower()
        gate = Gate(lambda asked: asked == host, self._tokens.excepted)
        try:
            with HttpSession(self._app.facts.base_url, gate, self._app.clock, limits=_LIMITS) as session:
                found = json.loads(session.get(self._tokens.keys_url).content)
            self._keys = KeySet.import_key_set(found)
        except (FeedError, JoseError, ValueError, TypeError, KeyError) as error:
            logger().warning("tokens.no_keys", error=type(error).__name__)


def _scopes(claims: Mapping[str, Any]) -> set[str]:
    said = claims.get("scope", claims.get("scp", ""))
    words = said.split() if isinstance(said, str) else said
    return {each for each in words if isinstance(each, str)} if isinstance(words, list) else set()
