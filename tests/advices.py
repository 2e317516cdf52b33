"""Sources of travel advice on this machine: they give saved answers at the paths of the shipped cards."""

import json
import re
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.sources import Server, content
from travelrisk import resources
from travelrisk.feeds.card import load_card

CASES: Final = Path(__file__).parent / "cases" / "feeds"
GOOD: Final = {
    "govuk_travel_advice": "flags-and-the-words-that-say-where",
    "canada_travel_advice": "four-numbers-and-both-languages",
    "germany_travel_warnings": "what-stands-beside-the-states-is-none",
    "us_state_advisories": "categories-are-no-codes-of-countries",
}
_HOST: Final = re.compile(r'(?<=")https://[^/"]+')


def saved(name: str, part: str) -> Any:  # noqa: ANN401 - JSON has any form
    """Return a part of the good answer of a feed."""
    return json.loads((CASES / name / GOOD[name] / f"{part}.json").read_text("utf-8"))


def path(name: str, part: str) -> str:
    """Return the path at which a feed asks for a part."""
    kind, _, slug = part.partition("-")
    return urlsplit(load_card(name).urls[kind].replace("{slug}", slug)).path


def put(source: Server, name: str, part: str, body: Any) -> None:  # noqa: ANN401 - as above
    """Let the source answer with this where the feed asks for the part."""
    source.answers[path(name, part)] = content(json.dumps(body))


def put_all(source: Server, name: str) -> None:
    """Let the source give the good answer."""
    for file in (CASES / name / GOOD[name]).glob("*.json"):
        if file.name != "out.json":
            put(source, name, file.stem, saved(name, file.stem))


def card(folder: Path, source: Server, name: str, floor: int = 3) -> Path:
    """Write the shipped card with the source as its host and a lower floor, and return its folder."""
    text = resources.data("feeds", f"{name}.toml").read_text(encoding="utf-8")
    before, _, after = text.partition("[urls]")
    here, _, rest = after.partition("\n\n")
    urls = _HOST.sub(f"http://{source.place}", here)
    before = re.sub(r"(?m)^floor = \d+$", f"floor = {floor}", before)
    (folder / f"{name}.toml").write_text(f"{before}[urls]{urls}\n\n{rest}", encoding="utf-8")
    return folder
