"""Numbers, parts and times as people write them in each language."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from travelrisk.domain.texts import Language

_BETWEEN: Final[Mapping[Language, str]] = {
    "en": ",",
    "fr": "\N{NARROW NO-BREAK SPACE}",
    "es": "\N{NO-BREAK SPACE}",
}
_UNGROUPED: Final = 10_000  # Spanish writes four figures together
_DAYS: Final[Mapping[Language, str]] = {"en": "d", "fr": "j", "es": "d"}
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def grouped(number: int, language: Language) -> str:
    """Return a whole number: ``1,240``, ``1 240``, ``1240``."""
    if language == "es" and number < _UNGROUPED:
        return str(number)
    return f"{number:,}".replace(",", _BETWEEN[language])


def percent(part: float, language: Language) -> str:
    """Return a part of the whole with one decimal: ``12.5%``, ``12,5 %``."""
    said = f"{part * 100:.1f}"
    return f"{said}%" if language == "en" else f"{said.replace('.', ',')}\N{NO-BREAK SPACE}%"


def duration(time: timedelta, language: Language) -> str:
    """Return a time in its largest unit and the next one: ``12 s``, ``3 min``, ``5 h 20 min``, ``3 d``."""
    seconds = round(time.total_seconds())
    if seconds < _MINUTE:
        return f"{seconds}\N{NO-BREAK SPACE}s"
    if seconds < _HOUR:
        return f"{round(seconds / _MINUTE)}\N{NO-BREAK SPACE}min"
    if seconds < 2 * _DAY:
        hours, minutes = divmod(round(seconds / _MINUTE), _MINUTE)
        rest = f"\N{NO-BREAK SPACE}{minutes:02d}\N{NO-BREAK SPACE}min" if minutes else ""
        return f"{hours}\N{NO-BREAK SPACE}h{rest}"
    return f"{grouped(round(seconds / _DAY), language)}\N{NO-BREAK SPACE}{_DAYS[language]}"
