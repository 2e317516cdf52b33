"""The folder of a demonstration: its settings, the port its letters link to, and what other commands find."""

import json
import secrets
import socket
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from travelrisk.cli.opening import settled
from travelrisk.domain.errors import ConfigurationError
from travelrisk.settings import Settings

_HERE = "127.0.0.1"
_SENDER = "travelrisk@example.org"
_CONFIGURATION = "travelrisk.toml"
_DATABASE = "travelrisk.db"
_SECRET_BYTES = 32
_OURS = "# Written by travelrisk demo at each start."


class Place:
    """A folder of the demonstration's own, made where there is none.

    Attributes:
        folder: absolute.
        port: of the pages; that of an earlier time, 0 where there was none, until another one is set.
        secret: signs certificates and the like; that of an earlier time, or a new one.

    Raises:
        ConfigurationError: it cannot be made, or belongs to another service, whose ratings must not be mixed
            with those for show.
    """

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"the folder {folder} cannot be made ({error.strerror})") from error
        self.folder = folder.absolute()
        before = self._text_before()
        self.port = self._port_in(before)
        self.secret = _secret_in(before) or secrets.token_urlsafe(_SECRET_BYTES)

    @property
    def address(self) -> str:
        """Where the pages are, as the letters name it."""
        return f"http://{_HERE}:{self.port}"

    @property
    def letters(self) -> Path:
        """The maildir of the inbox."""
        return self.folder / "letters"

    @property
    def configuration(self) -> Path:
        """What lets other commands find this demonstration."""
        return self.folder / _CONFIGURATION

    def settings(self, smtp_port: int) -> Settings:
        """Return settings in which nothing of this machine's own configuration has a say."""
        return settled(
            data_dir=self.folder,
            database_url=self._database_url,
            secret_key=self.secret,
            policy_file=None,
            base_url=self.address,
            trusted_hosts=(),
            ratings_open=True,
            mail_transport="smtp",
            mail_folder=None,
            mail_from=_SENDER,
            reply_to="",
            smtp_host=_HERE,
            smtp_port=smtp_port,
            smtp_tls="none",
            smtp_username="",
            smtp_password="",
            smtp_ca_file=None,
            demo=True,
        )

    def leave_configuration(self) -> None:
        """Let other commands find this demonstration, and say like it that the ratings are for show."""
        values: dict[str, Any] = {
            "data_dir": str(self.folder),
            "database_url": self._database_url,
            "base_url": self.address,
            "secret_key": self.secret,
            "mail_transport": "folder",
            "mail_folder": str(self.letters),
            "mail_from": _SENDER,
            "ratings_open": True,
            "demo": True,
        }
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
        try:
            self.configuration.write_text("\n".join([_OURS, *lines, ""]), encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                f"the folder {self.folder} cannot be written ({error.strerror})"
            ) from error

    @property
    def _database_url(self) -> str:
        return f"sqlite:///{self.folder / _DATABASE}"

    def _port_in(self, text: str) -> int:
        if not text:
            return 0
        try:
            return urlsplit(tomllib.loads(text)["base_url"]).port or 0
        except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError, ValueError):
            raise ConfigurationError(
                f"{self.configuration} was changed and cannot be read: remove it, or give another --folder"
            ) from None

    def _text_before(self) -> str:
        """Return what an earlier demonstration left here; empty where nothing is left of any service."""
        left = [name for name in (_CONFIGURATION, _DATABASE) if (self.folder / name).exists()]
        try:
            text = self.configuration.read_text(encoding="utf-8") if _CONFIGURATION in left else ""
        except (OSError, UnicodeError):
            text = ""
        if left and not text.startswith(_OURS):
            raise ConfigurationError(
                f"the folder {self.folder} belongs to another service, for it holds {left[0]}:"
                " give the demonstration a --folder of its own"
            )
        return text


def _secret_in(text: str) -> str:
    """Return the secret of an earlier demonstration; empty where it had none."""
    known = tomllib.loads(text).get("secret_key", "")
    return known if isinstance(known, str) else ""


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as trial:
        trial.bind((_HERE, 0))
        port: int = trial.getsockname()[1]
    return port
