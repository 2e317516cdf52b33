"""Who flies where: tables of it come in, and are listed beside what itineraries have shown.

They are hints where to look. A loaded route is no known service: it proves nothing and clears nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.carriers import Carrier
from travelrisk.services.application import Application
from travelrisk.services.trips.routefile import Told, read_routes
from travelrisk.store import audit, known_routes
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.known_routes import Flown, Loaded

_BY: Final = "operator"  # whoever can start the program


class Brought(NamedTuple):
    """What became of a table, or would.

    Attributes:
        new, changed, unchanged: routes, each of a carrier between two airports in both directions.
        removed: routes that were loaded before, and that the table does not name.
        total: routes that are loaded then.
        code_shares: rows left out because the carrier only sells seats there.
        nowhere: rows left out because they end where they begin.
        unknown: codes that no carrier bears today, several bear, or that are no airport -> rows left out.
    """

    new: int
    changed: int
    unchanged: int
    removed: int
    total: int
    code_shares: int
    nowhere: int
    unknown: Mapping[str, int]


class Listed(NamedTuple):
    """A route and how it is known: loaded, seen, or both; *name* is the designator where nobody bears it."""

    one: str
    other: str
    carrier: str
    name: str
    loaded: Loaded | None
    seen: Flown | None


def import_routes(app: Application, path: Path, *, replace: bool = False, dry_run: bool = False) -> Brought:
    """Load a table of routes, or say what it would change.

    Args:
        app: the parts of the service.
        path: the table.
        replace: whether what was loaded before goes; without it, only what the table names changes.
        dry_run: only look.

    Raises:
        BadInputError: the table cannot be used; nothing is changed then.
    """
    read = read_routes(path)
    resolved = _Resolved(app, path.name)
    wanted = {_key(each): each for each in resolved.routes(read.rows)}

    def load(c: Connection) -> Brought:
        held = {_key(each): each for each in known_routes.loaded(c)}
        kept = wanted if replace else held | wanted
        changed = sum(key in held and held[key] != each for key, each in wanted.items())
        new = len(wanted.keys() - held.keys())
        removed = len(held.keys() - kept.keys())
        if not dry_run and (new or changed or removed):
            known_routes.replace_all(c, kept.values())
            _record(app, c, {"file": path.name, "new": new, "changed": changed, "removed": removed})
        unchanged = len(wanted) - new - changed
        counts = (new, changed, unchanged, removed, len(kept))
        return Brought(*counts, read.code_shares, resolved.nowhere, dict(resolved.unknown.most_common()))

    if dry_run:
        with reading(app.engine) as c:
            return load(c)
    return transact(app.engine, load)


def listed(app: Application, airport: str = "", carrier: str = "") -> tuple[Listed, ...]:
    """Return the known routes by pair and carrier; *airport* and *carrier* narrow them down, by any code."""
    today = app.clock().date()
    found = app.atlas.airport(airport) if airport else None
    if airport and found is None:
        return ()
    wanted = {each.icao for each in app.book.ever(carrier)} if carrier else None
    airports = [found.code] if found else []
    with reading(app.engine) as c:
        loaded = {_key(each): each for each in known_routes.loaded(c, airports)}
        seen = {_key(each): each for each in known_routes.seen(c, airports)}
    routes = []
    for key in sorted(loaded.keys() | seen.keys()):
        one, other, icao = key
        if wanted is None or icao in wanted:
            bearer = bearer_of(app, icao, today)
            name = f"{bearer.name} ({bearer.code})" if bearer else icao
            routes.append(Listed(one, other, icao, name, loaded.get(key), seen.get(key)))
    return tuple(routes)


def bearer_of(app: Application, icao: str, day: date) -> Carrier | None:
    """Return the carrier with an ICAO designator on a day, or else who bore it at any time; None = nobody."""
    now = (each for each in app.book.find(icao, day) if each.icao == icao)
    ever = (each for each in app.book.ever(icao) if each.icao == icao)
    return next(now, next(ever, None))


def _record(app: Application, c: Connection, body: Mapping[str, Word]) -> None:
    audit.append(c, kind="routes.loaded", actor=_BY, at=app.clock(), subject="routes", body=body)


class _Resolved:
    """Finds what the codes of a table mean, and counts those that mean nothing."""

    def __init__(self, app: Application, name: str) -> None:
        self._app = app
        self._name = name
        self._today = app.clock().date()
        self._carriers: dict[str, str] = {}
        self._airports: dict[str, str] = {}
        self.unknown: Counter[str] = Counter()
        self.nowhere = 0

    def routes(self, rows: Iterable[Told]) -> Iterable[Loaded]:
        for row in rows:
            icao = self._carrier(row.carrier)
            ends = [self._airport(each) for each in (row.origin, row.destination)]
            self.unknown.update(_lost(row, icao, ends))
            if icao and all(ends):
                one, other = sorted(ends)
                self.nowhere += one == other
                if one != other:
                    yield Loaded(one, other, icao, row.source or self._name, row.as_of)

    def _carrier(self, code: str) -> str:
        if code not in self._carriers:
            found = {each.icao for each in self._app.book.find(code, self._today)}
            self._carriers[code] = found.pop() if len(found) == 1 else ""
        return self._carriers[code]

    def _airport(self, code: str) -> str:
        if code not in self._airports:
            found = self._app.atlas.airport(code)
            self._airports[code] = found.code if found else ""
        return self._airports[code]


def _lost(row: Told, icao: str, ends: Sequence[str]) -> Iterator[str]:
    if not icao:
        yield f"carrier {row.carrier}"
    for code, found in zip((row.origin, row.destination), ends, strict=True):
        if not found:
            yield f"airport {code}"


def _key(each: Loaded | Flown) -> tuple[str, str, str]:
    return each.one, each.other, each.carrier
