"""Access tokens for relays without passwords: OAuth2 client credentials, and XOAUTH2 with what they give.

A token is kept until shortly before it ends. One that cannot be had is a transient failure: the letters wait
until the provider answers, or somebody mends the settings. No secret, no token and none of the provider's own
words reach an error or the log.
"""

import json
import re
import smtplib
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as Silence

from travelrisk.domain.errors import ConfigurationError
from travelrisk.mail.hosts import is_here
from travelrisk.mail.transport import TransientFailure

_PATIENCE_S: Final = 10.0
_LONGEST_ANSWER: Final = 64 * 1024
_ENDS_EARLY_S: Final = 120.0
_UNSAID_S: Final = 600.0  # how long a token is kept that does not say when it ends
_REFUSED: Final = 535
_TOKEN: Final = re.compile(r"[!-~]{1,16384}", re.ASCII)
_ERROR_CODE: Final = re.compile(r"[a-z_]{1,40}", re.ASCII)


class Tokens:
    """The access token of one client at one provider, fetched when it is needed.

    Args:
        url: the provider's token endpoint; ``https``, but on this machine.
        client_id: what this service is called there.
        client_secret: its secret there.
        scope: what the token is for; empty = the client's own default.
        patience_s: seconds to wait for the provider.
        clock: seconds, from anywhere, never set back.

    Raises:
        ConfigurationError: the secret would travel in clear.
    """

    def __init__(  # noqa: PLR0913 - the settings of one client, the last ones for tests
        self,
        url: str,
        client_id: str,
        client_secret: str,
        scope: str = "",
        *,
        patience_s: float = _PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        where = urlsplit(url)
        if where.scheme != "https" and not (where.scheme == "http" and is_here(where.hostname or "")):
            raise ConfigurationError("smtp: the address for tokens must begin with https://")
        self._url = url
        self._asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            **({"scope": scope} if scope else {}),
        }
        self._patience_s = patience_s
        self._clock = clock
        self._token, self._until = "", 0.0

    def sign_in(self, server: smtplib.SMTP, username: str) -> None:
        """Sign in with XOAUTH2; a token that was kept and is refused is fetched anew, once.

        Raises:
            TransientFailure: there is no token to be had now.
            smtplib.SMTPException: the server does not let us in.
        """
        if "XOAUTH2" not in server.esmtp_features.get("auth", "").upper().split():
            raise smtplib.SMTPNotSupportedError
        is_kept = bool(self._token) and self._clock() < self._until
        try:
            _authenticate(server, username, self._token if is_kept else self._fresh())
        except smtplib.SMTPAuthenticationError as error:
            self._token = ""
            if not is_kept or error.smtp_code != _REFUSED:
                raise
            _authenticate(server, username, self._fresh())

    def _fresh(self) -> str:
        begun = self._clock()
        self._token, lasts_s = self._fetched()
        self._until = begun + max(lasts_s - _ENDS_EARLY_S, lasts_s / 2)
        return self._token

    def _fetched(self) -> tuple[str, float]:
        answer = self._answer()
        token, lasts = answer.get("access_token"), answer.get("expires_in", _UNSAID_S)
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise TransientFailure("no access token: the provider's answer holds none")
        try:
            return token, max(float(lasts), 0.0)
        except (TypeError, ValueError):
            return token, _UNSAID_S

    def _answer(self) -> dict[str, Any]:
        try:
            with requests.post(
                self._url,
                data=self._asked,
                headers={"Accept": "application/json"},
                timeout=self._patience_s,
                allow_redirects=False,  # the secret is for this address alone
                auth=_unchanged,
                stream=True,
            ) as response:
                status, content = response.status_code, self._content(response)
        except (requests.RequestException, HTTPError) as error:
            # "from None": a traceback would show what was asked, with the secret
            raise TransientFailure(f"no access token: {_told(error)}") from None
        answer = _json(content)
        if status != requests.codes.ok:
            code = str(answer.get("error", ""))
            said = f" {code}" if _ERROR_CODE.fullmatch(code) else ""
            raise TransientFailure(f"no access token: the provider answers {status}{said}")
        return answer

    def _content(self, response: requests.Response) -> bytes:
        """Read an answer of bounded length in bounded time: a provider may send byte after byte."""
        give_up_at, content = time.monotonic() + self._patience_s, b""
        while piece := response.raw.read1(_LONGEST_ANSWER, decode_content=True):  # whatever has come
            content += piece
            if len(content) > _LONGEST_ANSWER:
                raise TransientFailure("no access token: the provider's answer is too long")
            if time.monotonic() > give_up_at:
                raise TransientFailure("no access token: timeout")
        return content


def _authenticate(server: smtplib.SMTP, username: str, token: str) -> None:
    def answer(challenge: bytes | None = None) -> str:
        """Say who we are; where the server tells what is wrong with that, end the exchange."""
        return f"user={username}\1auth=Bearer {token}\1\1" if challenge is None else ""

    server.auth("XOAUTH2", answer)


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Add no credentials: without this, requests would look for some in ~/.netrc."""
    return request


def _told(error: Exception) -> str:
    if isinstance(error, requests.Timeout | Silence):
        return "timeout"
    if isinstance(error, requests.exceptions.SSLError):
        return "TLS failed"
    return "the provider cannot be reached"


def _json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
