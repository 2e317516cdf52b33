"""How verdicts look on a picture: a colour, a hatching, a dash and a shape each; none rests on colour alone.

The colours are those of the pages, and the shapes those of their icons. All of it is presentation attributes
and classes: a picture is whole as a file, and a stylesheet may change its colours. ``color`` stands on the
group, and what is drawn in it takes ``currentColor``: one rule of a stylesheet recolours a verdict.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from travelrisk.domain.ratings import Level
from travelrisk.domain.texts import Language
from travelrisk.domain.verdicts import Verdict
from travelrisk.screening.explain import level_words, verdict_words

PAPER: Final = 'class="tr-map-paper" fill="#fff"'
SEA: Final = 'class="tr-map-sea" fill="#d5e3ee"'
GRID: Final = 'class="tr-map-grid" fill="none" stroke="#7f9ab0" stroke-opacity=".35" stroke-width="6"'
LAND: Final = 'class="tr-map-land" fill="#f8f5ec" fill-rule="evenodd"'
EDGE: Final = 'class="tr-map-edge" fill="none" stroke="#9fb1c0" stroke-width="10"'
INK: Final = 'class="tr-map-ink" fill="#1b1f24"'
SOFT: Final = 'class="tr-map-soft" fill="#4a5460"'
CASING: Final = 'class="tr-map-casing" stroke="#fff" stroke-width="70" stroke-opacity=".8"'
BAR: Final = 'class="tr-map-bar" fill="none" stroke="#1b1f24" stroke-width="16"'
HALO: Final = (
    'class="tr-map-halo" fill="#1b1f24" stroke="#fff" stroke-width="36" stroke-linejoin="round"'
    ' paint-order="stroke"'
)
APPROXIMATE: Final = 'stroke-dasharray="46 34"'
FONT: Final = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"


class Look(NamedTuple):
    """What a verdict looks like.

    Attributes:
        word: as in its class, ``tr-map--review``.
        tint: behind the hatching, of little opacity.
        tile: side of the hatching, and what stands on it.
        dash: of its tracks; empty = one line.
        shape: of its airports, round 0 0.
    """

    word: str
    colour: str
    tint: float
    tile: int
    hatching: str
    dash: str
    shape: str


_STROKE = 'fill="none" stroke="currentColor" stroke-width'
LOOKS: Final[Mapping[Verdict | None, Look]] = {
    Verdict.NOT_CLEARED: Look(
        "not-cleared",
        "#b3261e",
        0.16,
        90,
        f'<path d="M-10-10 100 100M-10 100 100-10" {_STROKE}="14"/>',
        "70 60",
        "M-28-68h56l40 40v56l-40 40h-56l-40-40v-56z",
    ),
    Verdict.REVIEW: Look(
        "review",
        "#5b45b5",
        0.13,
        100,
        f'<path d="M-10-10 110 110M40-60 160 60M-60 40 60 160" {_STROKE}="12"/>',
        "160 60 30 60",
        "M0-80 80 0 0 80-80 0z",
    ),
    Verdict.CONDITIONAL: Look(
        "conditional",
        "#946200",
        0.12,
        130,
        f'<path d="M-10 140 140-10M-75 75 75-75M55 205 205 55" {_STROKE}="9"/>',
        "220 70",
        "M-60-60h120v120h-120z",
    ),
    Verdict.CLEARED: Look(
        "cleared",
        "#1a7f43",
        0.1,
        140,
        '<g fill="currentColor"><circle cx="35" cy="35" r="13"/><circle cx="105" cy="105" r="13"/></g>',
        "",
        "M-64 0a64 64 0 1 1 128 0 64 64 0 1 1-128 0z",
    ),
    None: Look("not-rated", "#56616d", 0.12, 0, "", "", "M-50 0a50 50 0 1 1 100 0 50 50 0 1 1-100 0z"),
}
"""Gravest first, as a legend lists them."""


def gravity(verdict: Verdict | None) -> int:
    """Return the order in which verdicts are drawn: the gravest last, lest another one hides it."""
    return -1 if verdict is None else int(verdict)


def words(verdict: Verdict | None, language: Language) -> str:
    """Return the words of a verdict; none is said as ``not rated``."""
    texts = level_words(Level.NOT_RATED) if verdict is None else verdict_words(verdict)
    return texts.in_language(language)


def group(verdict: Verdict | None) -> str:
    """Return the attributes of a group whose parts take the colour of a verdict."""
    look = LOOKS[verdict]
    return f'class="tr-map--{look.word}" color="{look.colour}"'


def pattern(verdict: Verdict | None, mark: str, size: float) -> str:
    """Return the hatching of a verdict, as coarse as *size* says, under the id that ``hatched`` names."""
    look = LOOKS[verdict]
    if not look.hatching:
        return ""
    side = f'width="{look.tile}" height="{look.tile}"'
    return (
        f'<pattern id="{mark}-{look.word}" {group(verdict)} {side} patternUnits="userSpaceOnUse"'
        f' patternTransform="scale({size:g})"><rect {side} fill="currentColor" fill-opacity="{look.tint}"/>'
        f"{look.hatching}</pattern>"
    )


def hatched(verdict: Verdict | None, mark: str) -> str:
    """Return the attributes that fill something with the hatching of a verdict."""
    look = LOOKS[verdict]
    if not look.hatching:
        return f'fill="currentColor" fill-opacity="{look.tint}"'
    return f'fill="url(#{mark}-{look.word})"'


def dashed(verdict: Verdict | None) -> str:
    """Return the attributes of a line in the manner of a verdict."""
    dash = LOOKS[verdict].dash
    return f'stroke="currentColor"{f" stroke-dasharray={chr(34)}{dash}{chr(34)}" if dash else ""}'


def marker(verdict: Verdict | None, x: int, y: int, size: float = 1) -> str:
    """Return the shape of an airport."""
    scaled = "" if size == 1 else f" scale({size})"
    at = f'd="{LOOKS[verdict].shape}" transform="translate({x} {y}){scaled}"'
    if verdict is None:
        return f'<path class="tr-map-hollow" {at} fill="#fff" stroke="currentColor" stroke-width="26"/>'
    return f'<path class="tr-map-dot" {at} fill="currentColor" stroke="#fff" stroke-width="16"/>'
