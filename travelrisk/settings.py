"""Every setting of the service: one frozen object, a sentence and a default that runs for each field.

Order: environment (``TRAVELRISK_...``), secrets from files (``TRAVELRISK_..._FILE``), ``travelrisk.toml``
in the current folder or where ``TRAVELRISK_CONFIG`` points, defaults.
"""

import difflib
import os
import re
import sys
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from travelrisk.domain.errors import ConfigurationError, reason_of
from travelrisk.domain.texts import Language

_PREFIX = "TRAVELRISK_"
# No settings, but known: where the TOML file is, the password of whoever acts at a terminal, the key for a
# service elsewhere, and what the tests look for, which people keep in their profile.
_OTHERS = ("CONFIG", "PASSWORD_FILE", "API_KEY", "CHROMIUM", "REQUIRE_BROWSER")
# Kubernetes gives every process the addresses of its services, one of which may well be called travelrisk.
_GUESSED = frozenset(
    {"changeme", "change-me", "change_me", "change me", "secret", "password", "travelrisk", "default", "test"}
)
_OF_A_CLUSTER = re.compile(
    r"(?:\w+_)?(?:SERVICE_HOST=.*|SERVICE_PORT\w*=.*|PORT_[0-9]+_\w+=.*|PORT=(?:tcp|udp|sctp)://.*)"
)


def _own_folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return Path(base) / "travelrisk" if base else Path.home() / "AppData" / "Local" / "travelrisk"
    base = os.environ.get("XDG_DATA_HOME")
    return Path(base) / "travelrisk" if base else Path.home() / ".local" / "share" / "travelrisk"


def _configuration() -> Path:
    """Return the TOML file: one that is asked for must exist, or settings of another service would count."""
    asked = os.environ.get(f"{_PREFIX}CONFIG")
    if asked and not Path(asked).is_file():
        raise ConfigurationError(f"{_PREFIX}CONFIG: there is no file {asked}; check the path")
    return Path(asked or "travelrisk.toml")


class Settings(BaseSettings):
    """What can be set, and what it is when nothing is."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )

    data_dir: Path = Field(
        default_factory=_own_folder, description="Folder for the database and the letters."
    )
    database_url: str = Field(
        "", description="sqlite:///FILE or postgresql://...; empty = SQLite in data_dir."
    )
    policy_file: Path | None = Field(
        None, description="The organisation's policy (TOML); empty = the default."
    )
    base_url: str = Field("http://127.0.0.1:8000", description="Address of the pages, as letters name it.")
    trusted_hosts: tuple[str, ...] = Field((), description="Host names served; empty = that of base_url.")
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs tokens of forms, return paths and digests, and encrypts what is personal in the"
        " database; empty = a new one at each start, and nothing is encrypted.",
    )
    previous_secret_key: SecretStr = Field(
        SecretStr(""),
        description="The secret_key before this one, until travelrisk db encrypt has renewed the database"
        ", and a worker the anchor.",
    )
    proxies: int = Field(
        0, ge=0, le=10, description="Proxies before the pages whose X-Forwarded-For says who asks."
    )
    fresh_sign_in_minutes: int = Field(
        30, ge=1, le=720, description="Minutes after signing in in which one may sign, publish or approve."
    )
    oidc_issuer: str = Field(
        "", description="Issuer of the organisation's own sign-in (OpenID Connect); empty = none."
    )
    oidc_client_id: str = Field("", description="What this service is called there.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Its secret there.")
    api_issuer: str = Field(
        "", description="Issuer of the organisation's own tokens (JWT) that programs may show; empty = none."
    )
    api_audience: str = Field("", description="What these tokens call this service in their claim aud.")
    api_keys_url: str = Field("", description="Where the issuer publishes its keys (JWKS).")
    api_office_claim: str = Field("office", description="Claim that names the office of the program.")
    api_write_scope: str = Field(
        "travelrisk.write", description="Word in the claim scope that lets a program make trips."
    )
    api_calls_a_day: int = Field(
        10_000, ge=1, le=10_000_000, description="Calls and itineraries a day of a program with such a token."
    )
    api_private: tuple[str, ...] = Field(
        (), description="host:port of the issuer's keys inside our own network; none = public addresses only."
    )
    upload_limit: int = Field(10_000_000, ge=1_000, le=50_000_000, description="Largest upload, in bytes.")
    requests_a_minute: int = Field(
        60,
        ge=0,
        le=100_000,
        description="Dear requests (answers, uploads, forms) of one account or network address in a minute on"
        " average, in each process; twice as many at once; 0 = any number.",
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="Bearer token that /metrics asks for; empty = there is no such page."
    )
    anchor_file: Path | None = Field(
        None,
        description="File outside of the database that says how far its audit trail goes, best on another"
        " disk; empty = beside the SQLite file, or in data_dir.",
    )
    ratings_open: bool = Field(default=False, description="Whether the pages show the ratings to everybody.")
    mail_transport: Literal["folder", "smtp"] = Field("folder", description="How letters leave.")
    mail_folder: Path | None = Field(
        None, description="Maildir of the folder transport; empty = in data_dir."
    )
    mail_from: str = Field("travelrisk@localhost.localdomain", description="Sender of the letters.")
    bounce_address: str = Field(
        "", description="Where bounces come back, each to an address made of it: bounces+...; empty = none."
    )
    language: Language = Field(
        "en", description="Language of letters to people of the desk who have not said theirs."
    )
    reply_to: str = Field("", description="Whom an answer reaches; empty = the focal point of the policy.")
    smtp_host: str = Field("127.0.0.1", description="Mail server.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_tls: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="Encryption; once set it is required, never tried."
    )
    smtp_username: str = Field("", description="Login; empty = none.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password of the login.")
    smtp_auth: Literal["password", "oauth2"] = Field(
        "password", description="How the login is proved: its password, or an access token (XOAUTH2)."
    )
    smtp_token_url: str = Field("", description="Where access tokens are had (OAuth2 client credentials).")
    smtp_client_id: str = Field("", description="What this service is called there.")
    smtp_client_secret: SecretStr = Field(SecretStr(""), description="Its secret there.")
    smtp_scope: str = Field("", description="What the tokens are for, as the provider names it.")
    smtp_ca_file: Path | None = Field(None, description="Certificates to trust besides the system's own.")
    mailbox: Literal["off", "imap", "folder"] = Field("off", description="Where mails to the service wait.")
    mailbox_domains: tuple[str, ...] = Field(
        (), description="Domains whose addresses are answered; none = no mail is read."
    )
    mailbox_authserv_id: str = Field(
        "",
        description="Name of our receiving server in Authentication-Results; 'unnamed' where it writes none"
        " but puts its line above all others, as Microsoft 365 does; empty = nobody is known.",
    )
    mailbox_answers_a_day: int = Field(
        50, ge=1, le=10_000, description="Mails of one sender that are answered within 24 hours."
    )
    mailbox_folder: Path | None = Field(None, description="Maildir or folder of files that is watched.")
    mailbox_host: str = Field("127.0.0.1", description="IMAP server.")
    mailbox_port: int = Field(993, ge=1, le=65535, description="Its port for TLS.")
    mailbox_username: str = Field("", description="Login there.")
    mailbox_password: SecretStr = Field(SecretStr(""), description="Password of the login.")
    mailbox_token_file: Path | None = Field(
        None, description="File with an access token (XOAUTH2) in place of a password; read at each visit."
    )
    mailbox_ca_file: Path | None = Field(None, description="Certificates to trust besides the system's own.")
    mailbox_inbox: str = Field("INBOX", description="IMAP folder in which mails wait.")
    mailbox_done: str = Field("Done", description="IMAP folder for mails that were dealt with.")
    mailbox_failed: str = Field("Failed", description="IMAP folder for mails that a person should look at.")
    feeds: tuple[str, ...] = Field((), description="Public sources that are fetched; none = nothing is.")
    feeds_contact: str = Field(
        "", description="Address of who runs this service; each request to a public source names it."
    )
    feeds_folder: Path | None = Field(
        None, description="Folder of own cards (NAME.toml) that take the place of shipped ones."
    )
    feeds_private: tuple[str, ...] = Field(
        (), description="host:port of sources inside our own network; no other private address is reached."
    )
    webhooks_private: tuple[str, ...] = Field(
        (),
        description="host:port inside our own network that webhooks may go to; none = public addresses only.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    demo: bool = Field(default=False, description="Every page and letter says that the ratings are for show.")

    @cached_property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'travelrisk.db'}"

    @property
    def database_secrets(self) -> tuple[str, ...]:
        """What opens what is encrypted in the database, the present one first; none where none is set."""
        own, previous = self.secret_key.get_secret_value(), self.previous_secret_key.get_secret_value()
        return tuple(filter(None, (own, previous))) if own else ()

    @cached_property
    def anchor(self) -> Path | None:
        """The file of the anchor, with the default filled in; None where there is no folder for one."""
        if self.anchor_file is not None:
            return self.anchor_file
        _, is_sqlite, path = self.database.partition("sqlite:///")
        beside = Path(path.partition("?")[0]) if is_sqlite else self.data_dir / "travelrisk"
        named = beside.with_name(f"{beside.name}.anchor")
        return named if beside.name and named.parent.is_dir() else None

    @cached_property
    def letters_folder(self) -> Path:
        """The maildir of the folder transport, with the default filled in."""
        return self.mail_folder or self.data_dir / "letters"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the signature is pydantic's
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - as above
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment first, then secrets in files, then the TOML file."""
        toml = TomlConfigSettingsSource(settings_cls, _configuration())
        return init_settings, env_settings, _SecretFiles(settings_cls), toml


class _SecretFiles(PydanticBaseSettingsSource):
    """Reads ``TRAVELRISK_SMTP_PASSWORD_FILE`` and its kind: a secret in a file is in no process listing."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        path = os.environ.get(f"{_PREFIX}{field_name.upper()}_FILE")
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"{_PREFIX}{field_name.upper()}_FILE: cannot be read: {error}"
            ) from error

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


def load_settings(**given: object) -> Settings:
    """Read the settings; *given* ones win over all others.

    Raises:
        ConfigurationError: a setting cannot be used, or a variable is none; the message names it, and never
            shows a secret.
    """
    _refuse_unknown()
    try:
        return _with_good_secrets(Settings(**given))  # type: ignore[arg-type] # pydantic checks every value
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        name = str(first["loc"][0])
        reason = reason_of(first["msg"]) if name in Settings.model_fields else "there is no such setting"
        raise ConfigurationError(f"{_place(name)}: {reason}") from error
    except ValueError as error:  # a file that is no TOML, or no text at all
        raise ConfigurationError(f"{_configuration()}: is not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{_configuration()}: cannot be read ({error.strerror})") from error


def _with_good_secrets(settings: Settings) -> Settings:
    """Refuse a word of examples as a secret of our own: whoever guesses it signs whatever they like.

    Raises:
        ConfigurationError: there is one; the message names the setting, and never the word.
    """
    for name in ("secret_key", "metrics_token"):
        if getattr(settings, name).get_secret_value().strip().lower() in _GUESSED:
            raise ConfigurationError(
                f'{_place(name)}: is a word that anybody tries; make one with python3 -c "import secrets;'
                ' print(secrets.token_urlsafe(32))"'
            )
    return settings


def _refuse_unknown() -> None:
    """Refuse a variable that names no setting: mistyped, it would leave the default in force unseen.

    Raises:
        ConfigurationError: there is one; the message names it, and what may be meant.
    """
    fields = [name.upper() for name in Settings.model_fields]
    known = {*fields, *(f"{name}_FILE" for name in fields), *_OTHERS}
    for variable, value in sorted(os.environ.items()):
        name = variable.upper().removeprefix(_PREFIX)
        is_ours = variable.upper().startswith(_PREFIX)
        if not is_ours or name in known or _OF_A_CLUSTER.fullmatch(f"{name}={value}"):
            continue
        near = difflib.get_close_matches(name, sorted(known), n=1)
        meant = f"is {_PREFIX}{near[0]} meant?" if near else f"the settings are {', '.join(fields)}."
        raise ConfigurationError(f"{variable}: there is no such setting: {meant} Mend its name, or unset it")


def _place(name: str) -> str:
    """Return where a setting was read, as a person finds it: in the environment, or in the file."""
    variable, names = f"{_PREFIX}{name.upper()}", {each.upper() for each in os.environ}
    file = _configuration()
    if names.isdisjoint({variable, f"{variable}_FILE"}) and file.is_file():
        return f"{file}: setting {name}"
    return f"setting {variable}"
