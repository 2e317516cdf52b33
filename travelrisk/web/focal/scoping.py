"""The fields that say which flights through an airspace a record concerns: levels, movement, airports."""

import re
from collections.abc import Iterator
from typing import Final

from travelrisk.domain.airspaces import HIGHEST_LEVEL, Movement, Scope
from travelrisk.domain.codes import plain
from travelrisk.domain.ratings import SubjectKind
from travelrisk.services.application import Application
from travelrisk.web.focal.entries import END, Entry, codes_in
from travelrisk.web.focal.faults import Fault
from travelrisk.web.focal.subjects import airports_meant

_LEVEL: Final = re.compile(r"(?:FL ?)?([0-9]{1,3})", re.ASCII)
_LEVELS: Final = ("scope_floor", "scope_ceiling")


def is_scoped(entry: Entry) -> bool:
    """Say whether an entry says which flights it concerns: what is thought of an airspace does."""
    return entry.subject.kind is SubjectKind.AIRSPACE and entry.what != END


def scope_from(entry: Entry) -> Scope | None:
    """Return the scope of an entry without faults; None where nothing limits it, as in its record."""
    if not is_scoped(entry):
        return None
    floor, ceiling = (_level(entry[name]) for name in _LEVELS)
    movement, airports = Movement(entry["scope_movement"]), codes_in(entry["scope_airports"])
    if floor is None and ceiling is None and movement is Movement.ANY and not airports:
        return None
    return Scope(floor or 0, ceiling, movement, airports)


def scope_faults(app: Application, entry: Entry) -> Iterator[Fault]:
    """Give every fault of the fields of a scope, in the order in which they stand on the page."""
    if not is_scoped(entry):
        return
    for name in _LEVELS:
        if entry[name] and _level(entry[name]) is None:
            yield Fault(name, "error_flight_level", {"highest": HIGHEST_LEVEL})
    floor, ceiling = (_level(entry[name]) for name in _LEVELS)
    if ceiling is not None and ceiling < (floor or 0):
        yield Fault("scope_ceiling", "error_levels_crossed")
    if entry["scope_movement"] not in set(Movement):  # a page of before it was asked: it would drop a scope
        yield Fault("scope_movement", "error_no_movement")
    for code in codes_in(entry["scope_airports"]):
        airport = app.atlas.airport(code)
        if airport is None or airport.code != code:
            near = ", ".join(each.code for each in airports_meant(app, code))
            key = "error_spared_airport_near" if near else "error_spared_airport"
            yield Fault("scope_airports", key, {"code": code, "near": near} if near else {"code": code})


def _level(text: str) -> int | None:
    """Return a flight level as people write it, ``259`` or ``FL259``; None where it is none."""
    written = _LEVEL.fullmatch(plain(text))
    level = int(written[1]) if written else None
    return level if level is not None and level <= HIGHEST_LEVEL else None
