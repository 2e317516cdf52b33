"""EASA's bulletins as a source of our own gives them: the export, the links, and a page for each."""

import html
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.sources import Server, content
from travelrisk import resources

NAME: Final = "easa_czib"
_STATUS: Final = "Active"


@dataclass(frozen=True)
class Bulletin:
    """A bulletin of invented words."""

    nid: str = "20582"
    number: str = "CZIB-2017-02R20"
    country: str = "Libya"
    until: str = "31/01/2027"
    area: str = "Tripoli FIR (HLLL), all altitudes"
    advice: str = "Air operators should not operate within the affected airspace below FL 320."
    status: str = _STATUS

    def row(self) -> dict[str, str]:
        """Return its row in the export."""
        return {
            "Nid": self.nid,
            "issued_date": "2017-03-31T00:00:00+0300",
            "valid_until_date": self.until,
            "field_easa_valid_until_descr": f"<p>{self.until}, unless reviewed earlier.</p>\n",
            "name": f"Airspace of {self.country}",
            "status": self.status,
            "country": html.escape(self.country),
            "coordinates": "27.0331541, 14.4316929",
            "updated": '<time datetime="2026-07-24T14:20:52+03:00">2026-07-24T14:20:52+0300</time>\n',
        }

    def page(self) -> str:
        """Return its page."""
        fields = {
            "Status": self.status,
            "CZIB number": self.number,
            "Affected Airspace": f"<p>{self.area}</p>",
            "Affected Countries": self.country,
            "Recommendation(s)": f"<p>{self.advice}</p>",
        }
        pairs = "".join(
            f'<div class="field-label">{label}</div><div class="field-item">{text}</div>'
            for label, text in fields.items()
        )
        return f"<!DOCTYPE html><html><body><main>{pairs}</main></body></html>"


LIBYA = Bulletin()
UKRAINE = Bulletin(
    nid="136057",
    number="CZIB-2022-01R14",
    country="Ukraine",
    area="Kyiv FIR (UKBV) and Odesa FIR (UKFV)",
    advice="Do not operate at all altitudes.",
)


def export(*bulletins: Bulletin) -> str:
    """Return the list."""
    return json.dumps({"conflict_zones": [each.row() for each in bulletins]})


def put(source: Server, *bulletins: Bulletin) -> None:
    """Let the source list these bulletins, and no others."""
    items = "".join(
        f"<item><title>{each.number}</title><link>{source.url(f'/{each.nid}')}</link>"
        f'<guid isPermaLink="false">{each.nid} on Fri, 24 Jul 2026 00:00:00 +0200</guid></item>'
        for each in bulletins
    )
    source.answers["/list"] = content(export(*bulletins))
    source.answers["/links"] = content(f'<rss version="2.0"><channel>{items}</channel></rss>')
    for each in bulletins:
        source.answers[f"/{each.nid}"] = content(each.page())


def card(folder: Path, source: Server, floor: int = 1) -> Path:
    """Write a card that names the source, as an organisation may, and return its folder."""
    text = resources.data("feeds", f"{NAME}.toml").read_text(encoding="utf-8")
    before, _, after = text.partition("[urls]")
    rest = after[after.index("\n#") :]
    urls = f'[urls]\nlist = "{source.url("/list")}"\nlinks = "{source.url("/links")}"\n'
    before = before.replace("floor = 20", f"floor = {floor}")
    (folder / f"{NAME}.toml").write_text(before + urls + rest, encoding="utf-8")
    return folder
