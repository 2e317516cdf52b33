"""Characters with their boxes become lines with columns: the order of drawing is not that of reading.

What stands on one baseline is one line; a gap as wide as a character is high parts two columns, which then
stand in the line where they stand on the page.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter
from statistics import median
from typing import NamedTuple

_SAME_LINE = 0.4  # of the height of a character
_WORD_GAP = 0.15
_COLUMN_GAP = 0.95
_PARAGRAPH = 1.7
_PAGE_NUMBER = re.compile(
    r"[ ]*(?:(?:page|seite|p[áa]gina|pag\.?)[ ]*[0-9]{1,3}(?:[ ]*(?:of|/|sur|de|von|di)[ ]*[0-9]{1,3})?"
    r"|[0-9]{1,3}[ ]*/[ ]*[0-9]{1,3})[ ]*",
    re.IGNORECASE,
)


class Glyph(NamedTuple):
    """A character on a page: where it begins and ends on its line, its baseline and its height, in points."""

    character: str
    left: float
    right: float
    baseline: float
    height: float


def text_of(glyphs: Iterable[Glyph]) -> str:
    """Return the text of a page, its columns parted by two blanks or more."""
    seen = [glyph for glyph in glyphs if not glyph.character.isspace()]
    if not seen:
        return ""
    lines = _lines(seen)
    edge = min(glyph.left for glyph in seen)
    width = median(glyph.right - glyph.left for glyph in seen) or 1.0
    written: list[str] = []
    before: Glyph | None = None
    for line in lines:
        text = _written(line, edge, width)
        if _PAGE_NUMBER.fullmatch(text):
            continue
        if before and before.baseline - line[0].baseline > _PARAGRAPH * max(before.height, line[0].height):
            written.append("")
        written.append(text)
        before = line[0]
    return "\n".join(written)


def _lines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return the lines from top to bottom, each from left to right."""
    lines: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (-glyph.baseline, glyph.left)):
        line = lines[-1] if lines else None
        if line and line[0].baseline - glyph.baseline <= _SAME_LINE * min(glyph.height, line[0].height):
            line.append(glyph)
        else:
            lines.append([glyph])
    return [_once(sorted(line, key=attrgetter("left"))) for line in lines]


def _once(line: list[Glyph]) -> list[Glyph]:
    """Leave out a character drawn twice on one place, as some programs make letters bold."""
    kept = line[:1]
    for before, glyph in pairwise(line):
        is_shadow = (
            before.character == glyph.character and glyph.left - before.left < _WORD_GAP * glyph.height
        )
        if not is_shadow:
            kept.append(glyph)
    return kept


def _written(line: Sequence[Glyph], edge: float, width: float) -> str:
    text = ""
    before: Glyph | None = None
    for glyph in line:
        gap = glyph.left - before.right if before else 0.0
        if before is None or gap > _COLUMN_GAP * glyph.height:
            column = round((glyph.left - edge) / width)
            text = text.ljust(max(column, len(text) + 2 * bool(text)))
        elif gap > _WORD_GAP * glyph.height:
            text += " "
        text += glyph.character
        before = glyph
    return text
