"""What stands round a map: the frame of the document, its legend, and the sentences under it."""

from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import NamedTuple
from zlib import crc32

from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.labels import SIZE, SMALL, width_of, wrapped
from travelrisk.picture.looks import (
    APPROXIMATE,
    FONT,
    INK,
    LOOKS,
    PAPER,
    SOFT,
    dashed,
    group,
    hatched,
    marker,
    pattern,
    words,
)
from travelrisk.picture.rings import Line, path
from travelrisk.picture.sketch import Area
from travelrisk.telling.foreign import visible

MARK = "tr-map-~"
"""Stands for the beginning of the ids of a picture until all of it is known."""

_PAD, _ROW, _SWATCH = 60, 250, 340
_BOX = 'y="-70" width="260" height="140" stroke="currentColor"'


class Occurring(NamedTuple):
    """Which verdicts occur on a map, and as what."""

    areas: Collection[Verdict | None] = ()
    legs: Collection[Verdict | None] = ()
    places: Collection[Verdict | None] = ()
    approximate: bool = False


def written(text: str) -> str:
    """Return a text as it may stand in a document: nothing invisible, and nothing that is markup."""
    return escape(visible(text))


def text(x: float, y: float, content: str, size: int = SIZE, more: str = "") -> str:
    """Return a line of text, whose middle is at *y* in whatever size a stylesheet gives it."""
    return f'<text x="{round(x)}" y="{round(y)}" dy=".36em" font-size="{size}"{more}>{content}</text>'


def legend(
    occurring: Occurring, language: Language, top: int, width: int, names: dict[str, str]
) -> tuple[str, int]:
    """Return a line for each verdict that occurs, and where the legend ends.

    Args:
        occurring: what is on the map.
        language: of the words.
        top: where it begins.
        width: of the sheet.
        names: the words for what is no verdict: ``track`` and ``approximate``.
    """
    entries = [
        (_swatch(verdict, occurring), words(verdict, language))
        for verdict in LOOKS
        if verdict in occurring.areas
        or (verdict is not None and (verdict in occurring.legs or verdict in occurring.places))
    ]
    if None in occurring.legs:  # an entry of its own: that a track has no verdict is not its rating
        entries.append((f"<g {group(None)}>{_sample(None)}</g>", names["track"]))
    if occurring.approximate:
        box = f'<rect {_BOX} fill="none" stroke-width="16" {APPROXIMATE}/>'
        entries.append((f"<g {group(None)}>{box}</g>", names["approximate"]))
    drawn, x, y = [], _PAD, top + _ROW // 2
    for swatch, said in entries:
        across = _SWATCH + round(width_of(said, SIZE)) + 120
        if x > _PAD and x + across > width:
            x, y = _PAD, y + _ROW
        label = text(_SWATCH - 30, 0, written(said), SIZE, f" {INK}")
        drawn.append(f'<g transform="translate({x} {y})">{swatch}{label}</g>')
        x += across
    return "".join(drawn), y + _ROW // 2 if entries else top


def _swatch(verdict: Verdict | None, occurring: Occurring) -> str:
    parts = []
    if verdict in occurring.areas:
        parts.append(f'<rect {_BOX} {hatched(verdict, MARK)} stroke-width="14"/>')
    if verdict is not None and verdict in occurring.legs:
        parts.append(_sample(verdict))
    if verdict is not None and verdict in occurring.places:
        parts.append(marker(verdict, 130, 0))
    return f"<g {group(verdict)}>{''.join(parts)}</g>"


def _sample(verdict: Verdict | None) -> str:
    return f'<path d="M0 0H260" fill="none" stroke-width="34" {dashed(verdict)}/>'


def airspace(area: Area, lines: Iterable[Line], edge: int) -> str:
    """Return an airspace on a map; *edge* is the width of its outline."""
    dash = f" {APPROXIMATE}" if area.approximate else ""
    return (
        f'<path {group(area.verdict)} d="{path(lines)}" fill-rule="evenodd" {hatched(area.verdict, MARK)}'
        f' stroke="currentColor" stroke-width="{edge}" stroke-linejoin="round"{dash}/>'
    )


def sentences(paragraphs: Iterable[str], top: int, width: int) -> tuple[str, int]:
    """Return sentences under a map, and where they end."""
    drawn, y = [], top
    for paragraph in paragraphs:
        for line in wrapped(visible(paragraph), width - 2 * _PAD):
            y += round(SMALL * 1.35)
            drawn.append(text(_PAD, y - SMALL * 0.5, escape(line), SMALL))
        y += 50
    return f"<g {SOFT}>{''.join(drawn)}</g>", y


def hatchings(areas: Iterable[Verdict | None], size: float = 1) -> str:
    """Return the hatchings of verdicts, as coarse as *size* says."""
    wanted = set(areas)
    patterns = "".join(pattern(each, MARK, size) for each in LOOKS if each in wanted)
    return f"<defs>{patterns}</defs>" if patterns else ""


def document(title: str, desc: str, size: tuple[int, int], body: Sequence[str]) -> str:
    """Return a whole picture.

    The ids of its hatchings are made of its content, so that two different maps may stand on one page.
    """
    width, height = size
    inside = "".join(body)
    mark = f"tr-map-{crc32((title + inside).encode()):08x}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tr-map" viewBox="0 0 {width} {height}" role="img"'
        f' font-family="{FONT}"><title>{written(title)}</title><desc>{written(desc)}</desc>'
        f'<rect {PAPER} width="{width}" height="{height}"/>{inside}</svg>'
    ).replace(MARK, mark)
