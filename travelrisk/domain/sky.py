"""All airspaces of one edition, and which of them the direct track between two airports passes.

A direct track is a great circle. Which way a flight takes is for the airline to say: nobody may take what the
track passes for more than a reason to ask.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from travelrisk.domain.airspaces import Airspace
from travelrisk.domain.places import Airport
from travelrisk.domain.texts import Texts

if TYPE_CHECKING:
    from travelrisk.domain.sphere.areas import Areas, Passage


class Passed(NamedTuple):
    """An airspace that a direct track passes, or comes near, and where.

    Attributes:
        name: how the airspace is called; kept here because each judgement of the pair says it again.
    """

    airspace: Airspace
    passage: "Passage"
    name: Texts


class Sky:
    """Airspaces, ready to be asked; built once for an edition and never changed.

    What needs numpy is loaded with the first question, so that nobody waits for it who has none.
    """

    def __init__(self, airspaces: Iterable[Airspace] = ()) -> None:
        self.airspaces: Final = tuple(sorted(airspaces, key=lambda each: each.id))
        self._of_key: dict[str, tuple[Airspace, ...]] = {}
        for each in self.airspaces:
            self._of_key[each.key] = (*self._of_key.get(each.key, ()), each)
        self._asked: dict[tuple[float, float, float, float, float], tuple[Passed, ...] | None] = {}

    def of_key(self, key: str) -> tuple[Airspace, ...]:
        """Return the airspaces of this key: several where its outline changes from one day to the next."""
        return self._of_key.get(key, ())

    def part(self, is_wanted: Callable[[Airspace], bool]) -> "Sky":
        """Return the airspaces that are wanted, as a sky of their own; itself where all are."""
        wanted = [each for each in self.airspaces if is_wanted(each)]
        return self if len(wanted) == len(self.airspaces) else Sky(wanted)

    def passed(self, origin: Airport, destination: Airport, margin_km: float) -> tuple[Passed, ...] | None:
        """Return what the direct track passes or comes near, in the order of the journey.

        Args:
            origin: where it begins.
            destination: where it ends.
            margin_km: how near an airspace must be to be told, although the track does not pass it.

        Returns:
            None where the track cannot be drawn: between opposite points of the globe every way is equally
            short. That says nothing of what is passed.
        """
        asked = (
            origin.longitude,
            origin.latitude,
            destination.longitude,
            destination.latitude,
            margin_km,
        )
        try:
            return self._asked[asked]
        except KeyError:
            found = self._passed(asked)
        if len(self._asked) >= _REMEMBERED:
            self._asked.clear()
        self._asked[asked] = found
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sky) and self.airspaces == other.airspaces

    def __hash__(self) -> int:
        return hash(self.airspaces)

    def __bool__(self) -> bool:
        return bool(self.airspaces)

    @cached_property
    def _areas(self) -> "Areas":
        return areas_of(self.airspaces)

    def _passed(self, asked: tuple[float, float, float, float, float]) -> tuple[Passed, ...] | None:
        if not self.airspaces:
            return ()
        from travelrisk.domain.sphere.passages import passages  # noqa: PLC0415 - numpy takes its time
        from travelrisk.domain.sphere.points import CannotBeDrawnError  # noqa: PLC0415 - as above

        from_lon, from_lat, to_lon, to_lat, margin_km = asked
        try:
            found = passages(self._areas, (from_lon, from_lat), (to_lon, to_lat), margin_km)
        except CannotBeDrawnError:
            return None
        by_id = {each.id: each for each in self.airspaces}
        return tuple(Passed(by_id[each.key], each, by_id[each.key].full_name) for each in found)


def areas_of(airspaces: Sequence[Airspace]) -> "Areas":
    """Return the outlines of airspaces as arrays, each under its id."""
    from travelrisk.domain.sphere.areas import Areas  # noqa: PLC0415 - numpy takes its time

    return Areas((each.id, each.outline) for each in airspaces)


_REMEMBERED: Final = 20_000  # pairs of airports; there are some 37,000 that anybody flies
NOTHING_DRAWN: Final = Sky()
