"""Charts: bars, columns over time and lines, each one SVG in the look of the maps.

Nothing rests on colour alone: bars are hatched, lines differ by dash and mark, and what is drawn stands in a
table beside it. As with maps, all measures are tenths of a pixel of a narrow screen, and no font is asked how
wide it writes. A chart that has nothing to show is empty.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from travelrisk.domain.verdicts import Verdict
from travelrisk.picture.labels import SIZE, SMALL, width_of
from travelrisk.picture.looks import GRID, INK, SOFT, group, hatched, pattern
from travelrisk.picture.sheet import MARK, document, text, written
from travelrisk.telling.foreign import visible

NARROW: Final = 4400

COUNTS: Final = tuple(figure * 10**power for power in range(9) for figure in (1, 2, 5))
"""Steps of an axis that counts."""

_MINUTES: Final = (1, 2, 5, 10, 20, 30, 60, 120, 240, 480, 720, 1440)
SECONDS: Final = (1, 2, 5, 10, 20, 30, *(60 * each for each in _MINUTES))
"""Steps of an axis of times, up to days."""

_PAD: Final = 80
_ROW, _BAR = 470, 170
_PLOT: Final = 1500  # height of columns and lines
_BELOW: Final = 330
_LEGEND: Final = 300
_MOST_STEPS: Final = 4
_AXIS: Final = 'class="tr-map-edge" fill="none" stroke="#9fb1c0" stroke-width="12"'
_TONES: Final = (
    'class="tr-chart--first" color="#1f5f99"',
    'class="tr-chart--second" color="#8a4600"',
)
_DASHES: Final = ("", ' stroke-dasharray="130 70"')
_HATCHING: Final = (
    f'<pattern id="{MARK}-count" {_TONES[0]} width="90" height="90" patternUnits="userSpaceOnUse">'
    '<rect width="90" height="90" fill="currentColor" fill-opacity=".22"/>'
    '<path d="M-10 100 100-10" fill="none" stroke="currentColor" stroke-width="16"/></pattern>'
)
_COUNTED: Final = f'fill="url(#{MARK}-count)" stroke="currentColor" stroke-width="14"'


class Bar(NamedTuple):
    """One bar; *said* is its value in words. With a *verdict* it looks like it, and else like any count."""

    label: str
    value: float
    said: str
    verdict: Verdict | None = None


class Series(NamedTuple):
    """Values over time; None where there is none."""

    name: str
    values: Sequence[float | None]


class Axis(NamedTuple):
    """Both axes: labels of the parts of time; steps that the values may be counted in, and their words."""

    labels: Sequence[str]
    steps: Sequence[float]
    say: Callable[[float], str]


class _Plot(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float
    most: float
    parts: int

    def x(self, part: float) -> float:
        return self.left + (self.right - self.left) * (part + 0.5) / self.parts

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * value / self.most

    @property
    def slot(self) -> float:
        return (self.right - self.left) / self.parts


def bars(title: str, desc: str, those: Sequence[Bar], width: int = NARROW) -> str:
    """Return bars that lie one under the other, each with its label above and its value behind it."""
    most = max((each.value for each in those), default=0)
    if not most:
        return ""
    room = width - 2 * _PAD - max(width_of(visible(each.said)) for each in those) - 80
    drawn = [_bar(each, _PAD + row * _ROW, each.value / most * room, width) for row, each in enumerate(those)]
    patterns = [pattern(each, MARK, 1) for each in Verdict if any(bar.verdict is each for bar in those)]
    return document(
        title,
        desc,
        (width, 2 * _PAD + len(those) * _ROW),
        (f"<defs>{_HATCHING}{''.join(patterns)}</defs>", *drawn),
    )


def columns(title: str, desc: str, series: Series, axis: Axis, width: int = NARROW) -> str:
    """Return columns side by side, one for each part of time."""
    if not any(series.values):
        return ""
    plot, frame = _framed([series], axis, width, _PAD)
    wide = plot.slot * 0.72
    drawn = "".join(
        f'<rect class="tr-column" x="{plot.x(part) - wide / 2:.1f}" y="{plot.y(value):.1f}"'
        f' width="{wide:.1f}" height="{plot.bottom - plot.y(value):.1f}" {_COUNTED}/>'
        for part, value in enumerate(series.values)
        if value
    )
    body = (f"<defs>{_HATCHING}</defs>", frame, f"<g {_TONES[0]}>{drawn}</g>")
    return document(title, desc, (width, round(plot.bottom) + _BELOW), body)


def lines(title: str, desc: str, those: Sequence[Series], axis: Axis, width: int = NARROW) -> str:
    """Return a line for each of at most two series, with a legend; it is broken where there is no value."""
    if not any(value is not None for each in those for value in each.values):
        return ""
    plot, frame = _framed(those, axis, width, _PAD + _LEGEND * len(those))
    drawn = [
        f"<g {_TONES[number]}>{_key(number, each.name)}{''.join(_line(number, each, plot))}</g>"
        for number, each in enumerate(those)
    ]
    return document(title, desc, (width, round(plot.bottom) + _BELOW), (frame, *drawn))


def _bar(bar: Bar, top: float, long: float, width: int) -> str:
    label = _fitted(visible(bar.label), width - 2 * _PAD)
    look, fill = _TONES[0], _COUNTED
    if bar.verdict is not None:
        look = group(bar.verdict)
        fill = f'{hatched(bar.verdict, MARK)} stroke="currentColor" stroke-width="14"'
    said = text(_PAD + long + 60, top + 330, written(bar.said), SIZE, f' {INK} font-weight="700"')
    return (
        f"{text(_PAD, top + 110, written(label), SIZE, f' {INK}')}<g {look}>"
        f'<rect class="tr-bar-of-chart" x="{_PAD}" y="{top + 330 - _BAR / 2:.0f}" width="{long:.1f}"'
        f' height="{_BAR}" {fill}/></g>{said}'
    )


def _framed(those: Sequence[Series], axis: Axis, width: int, top: float) -> tuple[_Plot, str]:
    """Return where columns and lines stand, and the axes with their labels."""
    largest = max(value for each in those for value in each.values if value is not None) or axis.steps[0]
    step = next((each for each in axis.steps if largest / each <= _MOST_STEPS), None)
    step = step or axis.steps[-1] * -(-largest // (axis.steps[-1] * _MOST_STEPS))
    ticks = [step * number for number in range(int(-(-largest // step)) + 1)]
    left = _PAD + max(width_of(axis.say(each), SMALL) for each in ticks) + 60
    top += SMALL
    plot = _Plot(left, top, width - _PAD, top + _PLOT, ticks[-1], len(axis.labels))
    level = "".join(
        f'<path {GRID} d="M{plot.left:.0f} {plot.y(each):.0f}H{plot.right:.0f}"/>'
        + text(plot.left - 50, plot.y(each), written(axis.say(each)), SMALL, f' {SOFT} text-anchor="end"')
        for each in ticks
    )
    ground = f'<path {_AXIS} d="M{plot.left:.0f} {plot.bottom:.0f}H{plot.right:.0f}"/>'
    return plot, f"{level}{ground}{''.join(_times(axis.labels, plot))}"


def _times(labels: Sequence[str], plot: _Plot) -> Iterator[str]:
    """Give the labels under the parts of time that have room, each with a tick; the first one always has."""
    taken = 0.0
    for part, label in enumerate(labels):
        wide = width_of(label, SMALL)
        middle = min(max(plot.x(part), _PAD + wide / 2), plot.right - wide / 2)
        if middle - wide / 2 < taken:
            continue
        taken = middle + wide / 2 + 90
        yield f'<path {_AXIS} d="M{plot.x(part):.0f} {plot.bottom:.0f}v50"/>'
        yield text(middle, plot.bottom + 170, written(label), SMALL, f' {SOFT} text-anchor="middle"')


def _line(number: int, series: Series, plot: _Plot) -> Iterator[str]:
    points = [(part, value) for part, value in enumerate(series.values)]
    for is_known, run in groupby(points, key=lambda each: each[1] is not None):
        if is_known:
            at = [(plot.x(part), plot.y(value)) for part, value in run if value is not None]
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in at)
            yield (
                f'<path class="tr-line" d="M{path}" fill="none" stroke="currentColor" stroke-width="34"'
                f' stroke-linejoin="round"{_DASHES[number]}/>'
            )
            yield from (_mark(number, x, y) for x, y in at)


def _mark(number: int, x: float, y: float) -> str:
    if number:
        return f'<rect x="{x - 42:.1f}" y="{y - 42:.1f}" width="84" height="84" fill="currentColor"/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="46" fill="currentColor"/>'


def _key(number: int, name: str) -> str:
    y = _PAD + _LEGEND * number + _LEGEND / 2
    sample = f'<path d="M{_PAD} {y:.0f}h420" fill="none" stroke="currentColor" stroke-width="34"'
    said = text(_PAD + 500, y, written(name), SIZE, f" {INK}")
    return f"{sample}{_DASHES[number]}/>{_mark(number, _PAD + 210, y)}{said}"


def _fitted(label: str, room: float) -> str:
    """Return a label that fits, cut where it must be; the table beside the chart has all of it."""
    while width_of(label) > room:
        label = f"{label.rstrip('…')[:-1].rstrip()}…"
    return label
