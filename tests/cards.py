"""Shipped cards of public sources that name a source of our own instead, as an organisation may."""

import re
from pathlib import Path

from tests.sources import Server
from travelrisk import resources


def card(folder: Path, source: Server, name: str, floor: int, **cautions: str) -> Path:
    """Write the card of a feed with another floor and further cautions, and return its folder.

    Each part lies at the path ``/<part>`` of the source.
    """
    text = resources.data("feeds", f"{name}.toml").read_text(encoding="utf-8")
    head, _, rest = text.partition("[urls]\n")
    urls, _, tail = rest.partition("\n\n")
    parts = [line.partition(" = ")[0] for line in urls.splitlines()]
    head = re.sub(r"^floor = \d+$", f"floor = {floor}", head, flags=re.MULTILINE)
    ours = "\n".join(f'{part} = "{source.url(f"/{part}")}"' for part in parts)
    asked = "".join(f'"{level}" = "{verdict}"\n' for level, verdict in cautions.items())
    tail = tail.replace("[cautions]\n", f"[cautions]\n{asked}")
    (folder / f"{name}.toml").write_text(f"{head}[urls]\n{ours}\n\n{tail}", encoding="utf-8")
    return folder
