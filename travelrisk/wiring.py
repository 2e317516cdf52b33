"""The one place where the parts are put together."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from travelrisk.domain.errors import ConfigurationError
from travelrisk.reference import load_atlas, load_book, load_policy
from travelrisk.services.application import Application, Facts, Organisation
from travelrisk.settings import Settings
from travelrisk.store import schema
from travelrisk.store.clock import clock_for
from travelrisk.store.database import engine_for

if TYPE_CHECKING:
    from travelrisk.mail.transport import Transport


def build(settings: Settings, *, must_exist: bool = False) -> Application:
    """Put the service together; the database must be up to date.

    Args:
        settings: of this service.
        must_exist: whether to refuse an absent SQLite file instead of making it: an empty one in the place of
            one that was lost would forget every rating and letter without a word.

    Raises:
        ConfigurationError: a setting, the policy or a table cannot be used.
        StoreError: the database is missing, cannot be reached, or is outdated.
    """
    policy = load_policy(settings.policy_file)
    _own_folder(settings)
    (schema.check if must_exist else schema.ensure)(settings.database)
    engine = engine_for(settings.database)
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
            fresh_sign_in=timedelta(minutes=settings.fresh_sign_in_minutes),
        ),
    )


def upgrade(settings: Settings) -> None:
    """Make the database, or bring its tables up to date; harmless when repeated.

    Raises:
        ConfigurationError: the folder for it cannot be made.
        StoreError: the database cannot be reached or written, or a newer version made it.
    """
    _own_folder(settings)
    schema.upgrade(settings.database)


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
        ca_file=settings.smtp_ca_file,
    )


def now() -> datetime:
    """Return the aware time of this machine."""
    return datetime.now(UTC)


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
