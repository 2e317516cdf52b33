"""Where the reference data and the templates lie: inside the wheel, or beside the package in a checkout."""

from pathlib import Path

from travelrisk.domain.errors import TravelriskError

PACKAGE = Path(__file__).resolve().parent


class ResourceError(TravelriskError):
    """A file or folder that ships with travelrisk cannot be found."""


def data(*parts: str) -> Path:
    """Give the path of something under `data/`, such as `data("policy", "default.toml")`.

    Raises:
        ResourceError: when there is no such file or folder.
    """
    return _find("data", *parts)


def templates() -> Path:
    """Give the folder of the templates, with `mail/`, `telling/` and `web/` inside.

    Raises:
        ResourceError: when there is no such folder.
    """
    return _find("templates")


def _find(*parts: str) -> Path:
    # The wheel first: beside an installed package lie the folders of strangers, which may be called data too.
    shipped = PACKAGE / "_shipped"
    root = shipped if shipped.is_dir() else PACKAGE.parent
    path = root.joinpath(*parts)
    if not path.exists():
        wanted = "/".join(parts)
        raise ResourceError(f"{wanted} is missing from {root}: install travelrisk again")
    return path
