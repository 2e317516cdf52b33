"""``travelrisk config``: the settings in force, where each comes from, and no secret."""

import os
from typing import Any

import click
from pydantic import SecretStr

from travelrisk.cli.console import print_json, say
from travelrisk.cli.opening import settled
from travelrisk.cli.options import Commands, as_json
from travelrisk.domain.errors import StoreError
from travelrisk.settings import Settings
from travelrisk.store.database import parsed_url
from travelrisk.telling.foreign import visible

_PREFIX = "TRAVELRISK_"
_SET, _UNSET = "(set, not shown)", "(not set)"


@click.group(cls=Commands)
def config() -> None:
    """Look at the settings."""


@config.command
@as_json("Print an object with value, origin and meaning of each setting.")
def show(*, as_json: bool) -> None:
    """Print every setting, with secrets masked.

    A setting is taken from the environment (TRAVELRISK_NAME), for secrets also from a file
    (TRAVELRISK_NAME_FILE), from travelrisk.toml (or where TRAVELRISK_CONFIG points), or else is the default.
    """
    settings = settled()
    shown = {name: _shown(settings, name) for name in Settings.model_fields}
    if as_json:
        print_json(shown)
        return
    for name, each in shown.items():
        click.echo(f"{click.style(name, bold=True)} = {visible(_words(each['value']))}  ({each['from']})")
        say(each["meaning"], indent=4)


def _shown(settings: Settings, name: str) -> dict[str, Any]:
    return {
        "value": _value(settings, name),
        "from": _origin(settings, name),
        "meaning": Settings.model_fields[name].description or "",
    }


def _value(settings: Settings, name: str) -> object:
    """Return a value as it may be seen: empty ones with what takes their place, secrets as set or not."""
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        return _SET if value.get_secret_value() else _UNSET
    if name == "database_url":
        return _without_password(settings.database)
    if name == "mail_folder":
        return str(settings.letters_folder)
    return value if isinstance(value, bool | int) or value is None else _text(value)


def _text(value: object) -> object:
    return list(value) if isinstance(value, tuple) else str(value)


def _without_password(url: str) -> str:
    try:
        return parsed_url(url).set(query={}).render_as_string(hide_password=True)
    except StoreError:
        return "(cannot be used: write sqlite:///FILE or postgresql://USER@HOST/NAME)"


def _origin(settings: Settings, name: str) -> str:
    variable = f"{_PREFIX}{name.upper()}"
    known = {key.upper() for key in os.environ}
    if variable in known:
        return variable
    if os.environ.get(f"{variable}_FILE"):
        return f"{variable}_FILE"
    if name in settings.model_fields_set:
        return os.environ.get(f"{_PREFIX}CONFIG", "travelrisk.toml")
    return "default"


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
