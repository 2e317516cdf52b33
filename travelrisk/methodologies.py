"""The table from factors to proposed levels, read from its file."""

from decimal import Decimal
from pathlib import Path

from pydantic import Field

from travelrisk import resources
from travelrisk.domain.errors import ConfigurationError
from travelrisk.domain.methodology import Methodology, Row
from travelrisk.domain.ratings import Level
from travelrisk.domain.texts import Texts
from travelrisk.reference import read_as
from travelrisk.reference.parts import Part


def load_methodology(path: Path | None = None) -> Methodology:
    """Read the methodology from *path*, or the shipped one.

    Raises:
        ConfigurationError: the file is missing, is no TOML, or a row cannot be used; the message names the
            file, the row and the field.
    """
    path = path or resources.data("policy", "methodology.toml")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"methodology {path}: cannot be read ({error})") from error
    return methodology_of(text, str(path))


def methodology_of(text: str, name: str = "methodology") -> Methodology:
    """Make a Methodology from TOML *text*; *name* is used in messages only.

    Raises:
        ConfigurationError: see load_methodology.
    """
    file = read_as(_MethodologyFile, text, name)
    rows: list[Row] = []
    for number, part in enumerate(file.rows, start=1):
        try:
            rows.append(Row(**dict(part)))
        except ConfigurationError as error:
            raise ConfigurationError(f"{name}: row {number}: {error}") from error
    return Methodology(file.version, tuple(rows))


class _Row(Part):
    factor: str
    level: Level
    reason: Texts
    value: str = ""
    at_least: Decimal | None = None
    below: Decimal | None = None
    supports: bool = False


class _MethodologyFile(Part):
    version: str = Field(min_length=1, max_length=40)
    rows: tuple[_Row, ...] = Field(min_length=1)
