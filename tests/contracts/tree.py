"""The files of the checkout, as the contracts look at them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "travelrisk"


def tracked() -> Iterator[Path]:
    """Give each file that git tracks or would add: never what it ignores, never what was deleted."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607 - any git will do
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    paths = (ROOT / name for name in sorted(set(listing.split("\0"))) if name)
    return (path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Give the name, relative to the checkout, and the text of each tracked file that is text in UTF-8."""
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" in raw:
            continue
        try:
            yield path.relative_to(ROOT).as_posix(), raw.decode()
        except UnicodeDecodeError:
            continue
