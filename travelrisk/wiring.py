"""The one place where the parts are put together."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from travelrisk.domain.errors import BadInputError, ConfigurationError, NotFoundError
from travelrisk.domain.programs import Sealing
from travelrisk.mail.bounces import ReturnPaths
from travelrisk.mail.unsubscribing import Unsubscribing
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import (
    Application,
    Correspondents,
    Facts,
    Organisation,
    Sources,
    TokenIssuer,
)
from travelrisk.settings import Settings
from travelrisk.store import encrypting, schema
from travelrisk.store.clock import clock_for
from travelrisk.store.database import engine_for

if TYPE_CHECKING:
    from pathlib import Path

    from travelrisk.intake.mailbox.imap import Account
    from travelrisk.intake.mailbox.waiting import Mailbox
    from travelrisk.mail.tokens import Tokens
    from travelrisk.mail.transport import Transport


def build(settings: Settings, *, must_exist: bool = False) -> Application:
    """Put the service together; the database must be up to date.

    Args:
        settings: of this service.
        must_exist: whether to refuse an absent SQLite file instead of making it: an empty one in the place of
            one that was lost would forget every rating and letter without a word.

    Raises:
        ConfigurationError: a setting, the policy or a table cannot be used.
        StoreError: the database is missing, outdated, cannot be reached, or is encrypted with another secret.
    """
    policy = load_policy(settings.policy_file)
    if must_exist:
        schema.check(settings.database)  # first: whoever is refused leaves no folder behind
    _own_folder(settings)
    if not must_exist:
        schema.ensure(settings.database)
    engine = engine_for(settings.database, secrets=settings.database_secrets)
    encrypting.standing(engine)  # rather no start than one with a wrong secret
    if settings.database_secrets and not must_exist:
        encrypting.begin(engine, now())
    return Application(
        engine=engine,
        atlas=load_atlas(),
        book=load_book(),
        policy=policy,
        clock=clock_for(engine, now),
        facts=Facts(
            base_url=settings.base_url.rstrip("/"),
            mail_from=settings.mail_from,
            reply_to=settings.reply_to,
            demo=settings.demo,
            ratings_open=settings.ratings_open,
            upload_limit=settings.upload_limit,
            organisation=_organisation(settings),
            proxies=settings.proxies,
            language=settings.language,
            correspondents=Correspondents(
                frozenset(each.strip().lower() for each in settings.mailbox_domains),
                settings.mailbox_authserv_id.strip(),
                settings.mailbox_answers_a_day,
            ),
            fresh_sign_in=timedelta(minutes=settings.fresh_sign_in_minutes),
            return_paths=_return_paths(settings),
            unsubscribing=_unsubscribing(settings),
            sources=sources_of(settings),
            secret=settings.secret_key.get_secret_value(),
            previous_secret=settings.previous_secret_key.get_secret_value(),
            webhooks_private=frozenset(map(str.lower, settings.webhooks_private)),
            sealing=_sealing(settings),
            tokens=_api_tokens(settings),
            anchor=settings.anchor,
            metrics_token=settings.metrics_token.get_secret_value(),
            requests_a_minute=settings.requests_a_minute,
        ),
    )


def bare_facts(settings: Settings) -> Facts:
    """Return what is known of a service of which something else may be broken."""
    return Facts(
        settings.base_url,
        settings.mail_from,
        anchor=settings.anchor,
        secret=settings.secret_key.get_secret_value(),
        previous_secret=settings.previous_secret_key.get_secret_value(),
    )


def upgrade(settings: Settings) -> None:
    """Make the database, or bring its tables up to date, and let it be encrypted; harmless when repeated.

    What it held before is encrypted by the worker, piece by piece.

    Raises:
        ConfigurationError: the folder for it cannot be made.
        StoreError: the database cannot be reached or written, a secret is missing, or a newer version made
            it.
    """
    _own_folder(settings)
    schema.upgrade(settings.database, settings.database_secrets)
    if not settings.database_secrets:
        return
    engine = engine_for(settings.database, secrets=settings.database_secrets)
    try:
        encrypting.begin(engine, now())
    finally:
        engine.dispose()


def transport_for(settings: Settings) -> "Transport":
    """Return the way letters leave.

    Raises:
        ConfigurationError: the mail settings contradict each other.
    """
    if settings.mail_transport == "folder":
        from travelrisk.mail.transport import Folder  # noqa: PLC0415 - only what sends needs it

        return Folder(settings.letters_folder)
    from travelrisk.mail.smtp import Smtp  # noqa: PLC0415 - as above

    return Smtp(
        settings.smtp_host,
        settings.smtp_port,
        tls=settings.smtp_tls,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        tokens=_tokens(settings),
        ca_file=settings.smtp_ca_file,
    )


def mailbox_for(settings: Settings) -> "Mailbox | None":
    """Return where mails wait; None where none are read.

    Raises:
        ConfigurationError: the settings of the mailbox contradict each other.
    """
    if settings.mailbox == "off" or not settings.mailbox_domains:
        return None
    if settings.mailbox == "folder":
        return _watched(settings)
    from travelrisk.intake.mailbox.imap import Folders, Imap  # noqa: PLC0415 - only what reads mails needs it

    return Imap(
        settings.mailbox_host,
        settings.mailbox_port,
        _account(settings),
        most_bytes=settings.upload_limit,
        folders=Folders(settings.mailbox_inbox, settings.mailbox_done, settings.mailbox_failed),
        ca_file=settings.mailbox_ca_file,
    )


def now() -> datetime:
    """Return the aware time of this machine."""
    return datetime.now(UTC)


def _tokens(settings: Settings) -> "Tokens | None":
    if settings.smtp_auth == "password":
        return None
    from travelrisk.mail.tokens import Tokens  # noqa: PLC0415 - only what sends needs it

    secret = settings.smtp_client_secret.get_secret_value()
    needed = {
        "USERNAME": settings.smtp_username,
        "TOKEN_URL": settings.smtp_token_url,
        "CLIENT_ID": settings.smtp_client_id,
        "CLIENT_SECRET": secret,
    }
    missing = [f"TRAVELRISK_SMTP_{name}" for name, value in needed.items() if not value]
    if missing:
        raise ConfigurationError(f"TRAVELRISK_SMTP_AUTH=oauth2 needs {', '.join(missing)}")
    return Tokens(settings.smtp_token_url, settings.smtp_client_id, secret, settings.smtp_scope)


def _return_paths(settings: Settings) -> ReturnPaths | None:
    secret = settings.secret_key.get_secret_value()
    if not settings.bounce_address:
        return None
    if not secret:
        raise ConfigurationError("TRAVELRISK_BOUNCE_ADDRESS needs TRAVELRISK_SECRET_KEY, which signs it")
    try:
        return ReturnPaths(settings.bounce_address, secret)
    except BadInputError as error:
        raise ConfigurationError(f"TRAVELRISK_BOUNCE_ADDRESS: {error}") from error


def _unsubscribing(settings: Settings) -> Unsubscribing | None:
    secret = settings.secret_key.get_secret_value()  # one that every process has, or none
    return Unsubscribing(secret) if secret else None


def _sealing(settings: Settings) -> Sealing | None:
    secret = settings.secret_key.get_secret_value()  # as above: a key works in every process
    return Sealing(secret) if secret else None


def _api_tokens(settings: Settings) -> TokenIssuer | None:
    if not settings.api_issuer:
        return None
    if not settings.api_audience or not settings.api_keys_url:
        raise ConfigurationError(
            "TRAVELRISK_API_ISSUER needs TRAVELRISK_API_AUDIENCE and TRAVELRISK_API_KEYS_URL"
        )
    local = ("http://127.0.0.1:", "http://localhost:")
    if not settings.api_keys_url.startswith(("https://", *local)):
        raise ConfigurationError("TRAVELRISK_API_KEYS_URL must begin with https://")
    return TokenIssuer(
        settings.api_issuer,
        settings.api_audience,
        settings.api_keys_url,
        settings.api_office_claim,
        settings.api_write_scope,
        settings.api_calls_a_day,
        frozenset(map(str.lower, settings.api_private)),
    )


def sources_of(settings: Settings) -> Sources:
    """Return which public sources are fetched, and how.

    Raises:
        ConfigurationError: there is no such feed, its card cannot be used, or nobody to write to about it is
            named.
    """
    if not settings.feeds:
        return Sources()
    if not settings.feeds_contact:
        raise ConfigurationError("TRAVELRISK_FEEDS needs TRAVELRISK_FEEDS_CONTACT, which every request names")
    from travelrisk.feeds.card import load_card  # noqa: PLC0415 - only who uses sources needs it
    from travelrisk.feeds.registry import by_name  # noqa: PLC0415 - only what fetches needs it

    try:
        names = tuple(by_name(name).name for name in settings.feeds)
    except NotFoundError as error:
        raise ConfigurationError(f"TRAVELRISK_FEEDS: {error}") from error
    for (
        name
    ) in names:  # every judgement asks a card how old its source may be: rather no start than no answers
        load_card(name, settings.feeds_folder)
    private = frozenset(map(str.lower, settings.feeds_private))
    return Sources(names, settings.feeds_contact, settings.feeds_folder, private)


def _watched(settings: Settings) -> "Mailbox":
    from travelrisk.intake.mailbox.waiting import WatchedFolder  # noqa: PLC0415 - only what reads mails needs it

    folder = settings.mailbox_folder
    if folder is None or not folder.is_dir():
        raise ConfigurationError(f"TRAVELRISK_MAILBOX_FOLDER: {folder or 'it'} is no folder; make it first")
    return WatchedFolder(folder, settings.upload_limit)


def _account(settings: Settings) -> "Account":
    from travelrisk.intake.mailbox.imap import Account  # noqa: PLC0415 - as above

    file, password = settings.mailbox_token_file, settings.mailbox_password.get_secret_value()
    if not settings.mailbox_username or bool(file) == bool(password):
        raise ConfigurationError(
            "an IMAP mailbox needs TRAVELRISK_MAILBOX_USERNAME, and either TRAVELRISK_MAILBOX_PASSWORD"
            " or TRAVELRISK_MAILBOX_TOKEN_FILE"
        )
    if file is None:
        return Account(settings.mailbox_username, lambda: password)
    return Account(settings.mailbox_username, lambda: _token(file), is_token=True)


def _token(file: "Path") -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"TRAVELRISK_MAILBOX_TOKEN_FILE: {file} cannot be read ({type(error).__name__})"
        ) from error


def _organisation(settings: Settings) -> Organisation | None:
    issuer, secret = settings.oidc_issuer, settings.oidc_client_secret.get_secret_value()
    if not issuer:
        return None
    if not settings.oidc_client_id or not secret:
        raise ConfigurationError(
            "TRAVELRISK_OIDC_ISSUER needs TRAVELRISK_OIDC_CLIENT_ID and TRAVELRISK_OIDC_CLIENT_SECRET"
        )
    if not issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise ConfigurationError("TRAVELRISK_OIDC_ISSUER must begin with https://")
    return Organisation(issuer, settings.oidc_client_id, secret)


def _own_folder(settings: Settings) -> None:
    if settings.database_url:
        return  # somebody chose the place, and a mistyped folder must not be made
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"the folder {settings.data_dir} cannot be made ({error}); set TRAVELRISK_DATA_DIR"
        ) from error
