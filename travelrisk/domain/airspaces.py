"""Airspaces: outlines on the globe, and which of the flights through one a rating or a caution concerns.

An airspace is a dated record like a rating: it is published in an edition and closed in a later one, never
edited, so that an old answer can be made again although its outline was corrected since. What is thought of
it stands in ratings and cautions about it; the airspace itself says only where it is.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from travelrisk.domain.texts import Texts

HIGHEST_LEVEL: Final = 660
"""The highest flight level that a scope may name; who means more means no limit."""


class AirspaceKind(StrEnum):
    """What an outline is the outline of."""

    STATE = "state"  # the land of a State or territory, where no better outline of its airspace is at hand
    FIR = "fir"  # a flight information region
    AREA = "area"  # any other part of the sky that somebody described, such as the waters of a gulf


class Movement(StrEnum):
    """Which flights a record about an airspace concerns."""

    ANY = "any"
    OVERFLIGHT = "overflight"  # those that neither begin, stop nor end inside
    LANDING = "landing"  # those that begin, stop or end inside


@dataclass(frozen=True, slots=True)
class Scope:
    """Which of the flights through an airspace a rating or a caution concerns.

    Attributes:
        floor, ceiling: flight levels (hundreds of feet), both included; no ceiling = no upper limit.
        movement: which flights.
        airports: codes of airports whose flights are not concerned, such as a coastal one reached by sea.
    """

    floor: int = 0
    ceiling: int | None = None
    movement: Movement = Movement.ANY
    airports: tuple[str, ...] = ()

    def meets(self, lowest: int, highest: int) -> bool:
        """Say whether a flight between these levels is in the band."""
        return self.floor <= highest and (self.ceiling is None or lowest <= self.ceiling)

    def is_apart_from(self, other: "Scope") -> bool:
        """Say whether no flight is in both."""
        movements = {self.movement, other.movement}
        return (
            (self.ceiling is not None and self.ceiling < other.floor)
            or (other.ceiling is not None and other.ceiling < self.floor)
            or movements == {Movement.LANDING, Movement.OVERFLIGHT}
        )

    def holds(self, other: "Scope") -> bool:
        """Say whether all flights of the *other* scope are in this one."""
        is_below = self.ceiling is None or (other.ceiling is not None and other.ceiling <= self.ceiling)
        return (
            self.floor <= other.floor
            and is_below
            and self.movement in {Movement.ANY, other.movement}
            and set(self.airports) <= set(other.airports)
        )

    def __str__(self) -> str:
        top = "no limit" if self.ceiling is None else f"FL{self.ceiling:03}"
        spared = f", not {' '.join(self.airports)}" if self.airports else ""
        return f"{self.movement.value}, FL{self.floor:03} to {top}{spared}"


EVERY_FLIGHT = Scope()
_LAND: Final = Texts("land territory", "territoire terrestre", "territorio terrestre")


@dataclass(frozen=True, slots=True)
class Airspace:
    """An outline on the globe, believed from one edition on until another.

    Attributes:
        key: how it is called in subjects: the location indicator of a FIR (``OIIX``), the code of a State
            (``LY``), or a name of the form ``GULF-WATERS``.
        outline: its polygons as WKT (``MULTIPOLYGON (((lon lat, ...)))``, degrees, east and north positive);
            edges are arcs of great circles, and a ring may run over 180 degrees.
        state: alpha-2 code of the State it belongs to, where it belongs to one.
        source: who drew or described it, and when.
        approximate: whether the outline stands for something that nobody drew for us exactly.
    """

    id: str
    key: str
    names: Texts
    kind: AirspaceKind
    outline: str
    valid_from: date
    valid_until: date | None
    source: str
    set_by: str
    set_on: date
    state: str = ""
    approximate: bool = False
    opened_in: int = 0
    closed_in: int | None = None
    record: Literal["airspace"] = "airspace"

    @property
    def full_name(self) -> Texts:
        """How it is called, and that a State's land stands for it where that is so."""
        if self.kind is not AirspaceKind.STATE:
            return self.names
        names = zip(self.names, _LAND, strict=True)
        return Texts(*(f"{name} ({land})" if name else "" for name, land in names))
