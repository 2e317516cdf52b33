"""What the doctor asks beside the parts that do the work: secrets, sign-in, copies, optional libraries.

Each is a sentence if it is well, and a TravelriskError that says what to do if not.
"""

import json
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from urllib.parse import urlsplit

import requests
from sqlalchemy import URL

from travelrisk.cli.backups import standing
from travelrisk.domain.errors import ConfigurationError, StoreError
from travelrisk.services.application import Application
from travelrisk.services.letters import holding
from travelrisk.services.watch import anchor
from travelrisk.settings import Settings
from travelrisk.store import encrypting
from travelrisk.store.clock import clock_for
from travelrisk.store.database import reading
from travelrisk.wiring import now

_PATIENCE_S = (3, 5)
_MOST = 1_000_000  # bytes of an answer of the sign-in
_LONG_ENOUGH = 32  # characters of a secret of our own
_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
_SKEW = timedelta(seconds=30)
_OPTIONAL = (
    ("weasyprint", "PDF files", "pip install 'travelrisk[pdf]'"),
    ("psycopg", "PostgreSQL", "pip install 'travelrisk[postgres]'"),
    ("gunicorn", "several processes of the pages", "pip install gunicorn"),
    ("zxingcpp", "boarding passes in pictures", "pip install zxing-cpp"),
    ("pypdfium2", "itineraries in PDF", "pip install pypdfium2"),
    ("python_calamine", "tables in XLSX", "pip install python-calamine"),
    ("olefile", "mails of Outlook", "pip install olefile"),
)


def sending(app: Application) -> str:
    """Say whether letters may leave."""
    found = holding.held(app)
    lines = " ".join(standing(found))
    if found.behind is not None:
        raise StoreError(
            f"{lines} Set the clock right, then: travelrisk release; where it is right, and had been ahead:"
            " travelrisk release --clock-is-right"
        )
    if found.hold is not None:
        raise StoreError(f"{lines} Look at what was lost, then: travelrisk release")
    if found.aside:
        raise StoreError(
            f"{lines} Tell their travellers (travelrisk letters undelivered), or queue them again with"
            " travelrisk release --with-letters"
        )
    return "letters leave; nothing is held"


def copies(app: Application, url: URL) -> str:
    """Say whether the database is the one that worked last, and when it was copied."""
    known = anchor.read(app.facts.anchor, *app.facts.secrets)
    if app.facts.anchor is None:
        return anchor.OFF
    with reading(app.engine) as c:
        lost = anchor.missing(c, known)
    if lost:
        raise StoreError(
            f"an older copy stands in place of the database: {lost:,} entries of the audit trail are missing."
            " Find the newer file; a worker that starts holds all letters"
        )
    if url.get_backend_name() != "sqlite":
        return "the newest one; backups are made by PostgreSQL's own programs (travelrisk backup FILE)"
    last = known.backup_at if known else None
    made = f"last backup {last:%Y-%m-%d %H:%M} UTC" if last else "no backup by travelrisk backup yet"
    return f"the newest one; {made}"


def secrets(settings: Settings) -> str:
    """Say whether secrets and addresses fit a service that others reach."""
    address = urlsplit(settings.base_url)
    if (address.hostname or "") in _LOCAL:
        return "this machine serves itself only, and needs no secret"
    wrong = []
    if len(settings.secret_key.get_secret_value()) < _LONG_ENOUGH:
        wrong.append(
            "secret_key is not set or short: give 32 random characters, for instance of"
            ' python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )
    token = settings.metrics_token.get_secret_value()
    if token and len(token) < _LONG_ENOUGH:
        wrong.append("metrics_token is short: give 32 random characters")
    if address.scheme != "https":
        wrong.append("base_url is not https, so that passwords travel in the open: add TLS before the pages")
    elif not settings.proxies:
        wrong.append(
            "proxies is 0 although TLS is added before the pages: set how many proxies there are, or nobody"
            " can be told from anybody else when too much is asked"
        )
    if wrong:
        raise ConfigurationError("; ".join(wrong))
    return "set, and long enough"


def encryption(app: Application, settings: Settings) -> str:
    """Say whether what is personal stands encrypted in the database, and what is left to be done."""
    found = encrypting.standing(app.engine)
    if not settings.database_secrets:
        return (
            "off: who travels where stands in clear in the database, and in every copy of it; set secret_key,"
            " then stop serve and worker, and run travelrisk db encrypt"
        )
    if not found.is_own:
        how = "with the secret before this one" if found.is_encrypted else "not yet encrypted"
        raise ConfigurationError(
            f"what is personal stands {how}: stop serve and worker, and run travelrisk db encrypt"
        )
    if not found.is_finished:
        return "what comes in is encrypted; a worker still renews what was there before"
    if not settings.previous_secret_key.get_secret_value():
        return "all that is personal is encrypted"
    if anchor.is_signed_before(app):
        return "all that is personal is encrypted; a worker still signs the anchor anew"
    return "all that is personal is encrypted; unset previous_secret_key, it is over"


def sign_in(settings: Settings) -> str:
    """Ask the organisation's sign-in who it is; nobody signs in."""
    issuer = settings.oidc_issuer
    if not issuer:
        return "by password; set oidc_issuer to use the organisation's own accounts"
    place = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
    try:
        with requests.Session() as session:
            session.trust_env = False
            with session.get(place, timeout=_PATIENCE_S, allow_redirects=False, stream=True) as answer:
                known = answer.ok and answer.raw.read(_MOST, decode_content=True)
        said = json.loads(known) if known else {}
    except (requests.RequestException, ValueError) as error:
        raise ConfigurationError(
            f"{issuer} does not answer ({type(error).__name__}): check oidc_issuer, and the network"
        ) from None
    if not isinstance(said, dict) or said.get("issuer") != issuer:
        raise ConfigurationError(f"{place} does not name itself as oidc_issuer says: check the address")
    return f"{issuer} answers"


def clocks(app: Application) -> None:
    """Refuse a clock of this machine that differs from that of the database."""
    apart = abs(clock_for(app.engine, now)() - now())
    if apart > _SKEW:
        raise ConfigurationError(
            f"the clocks of this machine and of the database are {apart.total_seconds():,.0f} seconds apart:"
            " set both by NTP"
        )


def extras(settings: Settings) -> str:
    """Say which optional libraries are there; one that is there and cannot be loaded is wrong."""
    missing = [f"{what} ({how})" for name, what, how in _OPTIONAL if find_spec(name) is None]
    if find_spec("weasyprint") is not None:
        try:
            import_module("weasyprint")
        except OSError:
            raise ConfigurationError(
                "PDF files cannot be made: WeasyPrint is there, but not the libraries of the system that it"
                " needs (Pango); install them, or remove WeasyPrint"
            ) from None
    if settings.database.startswith("postgres") and find_spec("psycopg") is None:
        raise ConfigurationError("PostgreSQL needs psycopg: pip install 'travelrisk[postgres]'")
    return f"not there, and not needed: {'; '.join(missing)}" if missing else "all are there"
