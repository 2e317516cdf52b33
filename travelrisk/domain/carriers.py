"""Carriers, and the CarrierBook that finds them by designator or name as of a date of travel."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, takewhile

from travelrisk.domain.codes import carrier_code, folded
from travelrisk.domain.places import Country

_SHORTEST_PREFIX = 12  # reservation systems cut names at 26 to 40 characters; shorter prefixes say too little


class CarrierClass(StrEnum):
    """How a carrier sells its seats; UNHAS and charter are judged by their own standards."""

    COMMERCIAL = "commercial"
    UNHAS = "UNHAS"
    CHARTER = "charter"


@dataclass(frozen=True, slots=True)
class Carrier:
    """An operator: its ICAO designator is the identity, IATA codes and names are only ways to find it."""

    icao: str
    iata: str
    name: str
    state: Country
    former_names: tuple[str, ...] = ()
    kind: CarrierClass = CarrierClass.COMMERCIAL
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def code(self) -> str:
        """The code people know: IATA, or ICAO where there is none."""
        return self.iata or self.icao

    def exists_on(self, day: date) -> bool:
        """Say whether the carrier bore these codes on *day* (both ends included)."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_until is None or day <= self.valid_until)


class CarrierBook:
    """Finds carriers as of a day; designators are re-used, so a code without a day means nothing."""

    def __init__(self, carriers: Iterable[Carrier]) -> None:
        self._by_code: dict[str, list[Carrier]] = defaultdict(list)
        self._by_name: dict[str, list[Carrier]] = defaultdict(list)
        for carrier in carriers:
            for code in {carrier.icao, carrier.iata} - {""}:
                self._by_code[code].append(carrier)
            for name in {folded(each) for each in (carrier.name, *carrier.former_names)} - {""}:
                self._by_name[name].append(carrier)
        self._names = sorted(self._by_name)

    def find(self, code: str, day: date) -> tuple[Carrier, ...]:
        """Return the carriers that bear this code on *day*: none = unknown, several = ambiguous."""
        found = self._by_code.get(carrier_code(code) or "", ())
        return tuple(carrier for carrier in found if carrier.exists_on(day))

    def ever(self, code: str) -> tuple[Carrier, ...]:
        """Return the carriers that bear this code at any time, so that a defunct one can be named."""
        return tuple(self._by_code.get(carrier_code(code) or "", ()))

    def knows(self, code: str) -> bool:
        """Say whether any carrier ever bore this code; used to tell flights from other words in free text."""
        return (carrier_code(code) or "") in self._by_code

    def of_state(self, state: str) -> frozenset[str]:
        """Return the ICAO designators of all carriers ever certified in the State with this alpha-2 code."""
        every = chain.from_iterable(self._by_code.values())
        return frozenset(carrier.icao for carrier in every if carrier.state.code == state)

    def named(self, name: str, day: date) -> tuple[Carrier, ...]:
        """Return the carriers called *name*, by present or former name, in full or cut short.

        Several answers mean that the name does not decide; the caller asks and never picks.
        """
        wanted = folded(name)
        if not wanted:
            return ()
        exact = tuple(each for each in self._by_name.get(wanted, ()) if each.exists_on(day))
        if exact or len(wanted) < _SHORTEST_PREFIX:
            return exact
        cut = {each.icao: each for each in self._beginning(wanted) if each.exists_on(day)}
        return tuple(cut[icao] for icao in sorted(cut))

    def _beginning(self, wanted: str) -> Iterator[Carrier]:
        start = bisect_left(self._names, wanted)
        for name in takewhile(lambda name: name.startswith(wanted), self._names[start:]):
            yield from self._by_name[name]
