"""What every request and every answer must keep to: hosts, sizes, where forms come from, headers, cookies."""

import secrets
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from travelrisk.services.application import Facts
from travelrisk.web.parts import application

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self';"
    " worker-src 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "same-origin",  # with no-referrer every form would fail on HTTPS
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "X-Robots-Tag": "noindex",
}
_A_YEAR: Final = 31_536_000
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})
_LONGEST_TEXT: Final = 2_000_000  # bytes of one field of a form; longer texts are sent as files

csrf = CSRFProtect()


def believe_proxies(pages: Flask, proxies: int) -> None:
    """Take from the proxies we know of who asks, and nothing else: our address stands in the settings."""
    if proxies:
        behind = ProxyFix(pages.wsgi_app, x_for=proxies, x_proto=0, x_host=0, x_port=0, x_prefix=0)
        pages.wsgi_app = behind  # type: ignore[method-assign] # the way Flask's own documentation does it


def own_forms_only(pages: Flask) -> None:
    """Refuse forms from elsewhere before anything else is asked: the answer tells another site nothing."""
    pages.before_request(_refuse_forms_from_elsewhere)


def protect(pages: Flask, facts: Facts, secret_key: str, trusted_hosts: Sequence[str]) -> None:
    """Set up everything in this module."""
    https = facts.base_url.startswith("https:")
    pages.config.update(
        SECRET_KEY=secret_key or secrets.token_hex(32),
        TRUSTED_HOSTS=_hosts(facts.base_url, trusted_hosts),
        MAX_CONTENT_LENGTH=facts.upload_limit,
        MAX_FORM_MEMORY_SIZE=min(facts.upload_limit, _LONGEST_TEXT),
        MAX_FORM_PARTS=400,  # thirty pieces of evidence with all their fields
        SESSION_COOKIE_NAME="__Host-travelrisk" if https else "travelrisk",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # a form left open over lunch can still be sent
    )
    pages.before_request(_refuse_long_fields)
    csrf.init_app(pages)
    pages.after_request(_with_headers)


def _hosts(base_url: str, trusted_hosts: Sequence[str]) -> list[str]:
    own = urlsplit(base_url).hostname or "127.0.0.1"
    return sorted({own, *trusted_hosts} | (_LOOPBACK if own in _LOOPBACK else set()))


def _refuse_forms_from_elsewhere() -> None:
    """Refuse what changes something, or costs something, when another site sends it."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    sent = request.environ  # where a header that is missing, as most are for programs, costs no exception
    site, origin = sent.get("HTTP_SEC_FETCH_SITE"), sent.get("HTTP_ORIGIN")
    if site is not None and site not in {"same-origin", "none"}:
        abort(403)
    if origin is None:
        return
    own = {request.host, urlsplit(application().facts.base_url).netloc}
    if urlsplit(origin).netloc not in own:
        abort(403)


def _refuse_long_fields() -> None:
    """Hold plain forms to the limit of one field, which Werkzeug holds only forms with files to."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_content_length = request.max_form_memory_size


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if application().facts.base_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
    is_file = (request.endpoint or "").endswith("static")
    if not is_file or response.status_code >= 400:  # noqa: PLR2004 - the first status of an error
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    return response
