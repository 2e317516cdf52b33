"""One traveller's spells as a bar: a filled piece for a stay, a line for a flight, broken where in doubt.

The bar has no words and no scale of its own: it is as wide as its place on the page, and the page says the
same in sentences. So it can be read at any width.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from travelrisk.domain.whereabouts import Flight, Span, Spell
from travelrisk.picture.sheet import written

_WIDTH, _HEIGHT = 1000, 28
_INK: Final = "#0b4f8a"
_THIN: Final = 'vector-effect="non-scaling-stroke"'  # the bar is stretched, its lines are not


def bar(spells: Iterable[Spell], shown: Span, asked: Span, title: str) -> str:
    """Return a bar as SVG.

    Args:
        spells: of one itinerary.
        shown: from one end of the bar to the other.
        asked: the time that was asked for, which has a ground of its own.
        title: what it shows, for those who do not see it.
    """
    pieces = "".join(piece for each in spells for piece in _pieces(each, shown))
    ground = _rect(asked, shown, 0, _HEIGHT, 'class="tr-bar-asked" fill="#fdf1c7"')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tr-spells" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
        f' preserveAspectRatio="none" role="img"><title>{written(title)}</title>'
        f'<rect class="tr-bar-ground" width="{_WIDTH}" height="{_HEIGHT}" fill="#eef1f4"/>'
        f"{ground}{pieces}</svg>"
    )


def _pieces(spell: Spell, shown: Span) -> Iterable[str]:
    top, tall = (11, 6) if isinstance(spell, Flight) else (4, 20)
    if spell.expected != spell.possible:
        edge = f'fill="none" stroke="{_INK}" stroke-width="1.5" stroke-dasharray="4 3" {_THIN}'
        yield _rect(spell.possible, shown, top, tall, edge)
    if spell.expected is not None:
        yield _rect(spell.expected, shown, top, tall, f'fill="{_INK}"')


def _rect(span: Span, shown: Span, top: int, tall: int, look: str) -> str:
    left, right = _across(max(span.since, shown.since), shown), _across(min(span.until, shown.until), shown)
    if not span.meets(shown):
        return ""
    return f'<rect x="{left}" y="{top}" width="{max(right - left, 2)}" height="{tall}" {look}/>'


def _across(moment: datetime, shown: Span) -> int:
    return round(_WIDTH * ((moment - shown.since) / (shown.until - shown.since)))
