"""Tables of routes: our own CSV, and two layouts of open data; read as a whole, or refused row by row.

Our own has a heading: carrier, from, to, and perhaps source and as_of. ``optd_airline_por`` of OPTD parts its
columns with ``^``; ``routes.dat`` of OpenFlights has no heading, and names code-shares, which fly nothing.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from travelrisk.domain.errors import BadInputError

_LARGEST: Final = 50_000_000
_MOST_NAMED: Final = 10
_LONGEST_SOURCE: Final = 200
_OWN: Final = ("carrier", "from", "to")
_OPTD: Final = ("airline_code", "apt_org", "apt_dst")
_OPENFLIGHTS_WIDTH: Final = 9
_SOURCES: Final = {"optd": "OPTD", "openflights": "OpenFlights"}


class Told(NamedTuple):
    """What one row says, in the codes of the file; *source* is empty and *as_of* None where it is silent."""

    carrier: str
    origin: str
    destination: str
    source: str = ""
    as_of: date | None = None


class Read(NamedTuple):
    """A whole table; *code_shares* were left out, for whoever sells a seat on them flies nothing there."""

    rows: tuple[Told, ...]
    code_shares: int


class _BadRowError(Exception):
    """What is wrong with one row."""


_Taker = Callable[[Sequence[str]], Told | None]  # None = a code-share


def read_routes(path: Path) -> Read:
    """Read a table of routes.

    Raises:
        BadInputError: it cannot be read, has none of the layouts, or rows of it are wrong; the message names
            the first of them and what to do.
    """
    lines = _text(path).splitlines()
    rows = csv.reader(lines, delimiter=_delimiter(lines))
    first = next(rows, [])
    names = [each.strip().casefold() for each in first]
    if set(_OWN) <= set(names):
        return _read(path, rows, 2, _by_heading(names, _OWN))
    if set(_OPTD) <= set(names):
        return _read(path, rows, 2, _by_heading(names, _OPTD, _SOURCES["optd"]))
    if len(first) == _OPENFLIGHTS_WIDTH:
        return _read(path, [first, *rows], 1, _openflights)
    raise BadInputError(
        f"{path.name}: row 1: begin with the heading carrier,from,to (and, if you like, source and as_of)"
    )


def _read(path: Path, rows: Iterable[Sequence[str]], start: int, take: _Taker) -> Read:
    told: list[Told] = []
    wrong: list[str] = []
    shared = 0
    for number, row in enumerate(rows, start):
        if not any(map(str.strip, row)):
            continue
        try:
            one = take(row)
        except _BadRowError as error:
            wrong.append(f"row {number}: {error}")
            continue
        shared += one is None
        told.extend([one] if one is not None else ())
    if wrong:
        more = f" (and {len(wrong) - _MOST_NAMED:,} more)" if len(wrong) > _MOST_NAMED else ""
        raise BadInputError(
            f"{path.name}: {'; '.join(wrong[:_MOST_NAMED])}{more}: mend or remove them; nothing was loaded"
        )
    return Read(tuple(told), shared)


def _by_heading(names: Sequence[str], codes: Sequence[str], source: str = "") -> _Taker:
    places = [names.index(each) for each in codes]
    of_source = names.index("source") if "source" in names and not source else None
    of_day = names.index("as_of") if "as_of" in names else None

    def take(row: Sequence[str]) -> Told:
        if len(row) != len(names):
            raise _BadRowError(f"has {len(row)} columns where the heading has {len(names)}")
        said = row[of_source].strip() if of_source is not None else source
        return _told([row[each] for each in places], said, row[of_day].strip() if of_day is not None else "")

    return take


def _openflights(row: Sequence[str]) -> Told | None:
    if len(row) != _OPENFLIGHTS_WIDTH:
        raise _BadRowError(f"has {len(row)} columns where routes.dat has {_OPENFLIGHTS_WIDTH}")
    if row[6].strip().upper() == "Y":
        return None
    return _told([row[0], row[2], row[4]], _SOURCES["openflights"], "")


def _told(codes: Sequence[str], source: str, as_of: str) -> Told:
    carrier, origin, destination = (each.strip().upper() for each in codes)
    missing = [name for name, each in zip(_OWN, (carrier, origin, destination), strict=True) if not each]
    if missing:
        raise _BadRowError(f"has no {' and no '.join(missing)}")
    if len(source) > _LONGEST_SOURCE:
        raise _BadRowError(f"source is longer than {_LONGEST_SOURCE} characters")
    return Told(carrier, origin, destination, source, _day(as_of))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _BadRowError(f"as_of is no day like 2026-11-23: {text[:20]!r}") from None


def _delimiter(lines: Sequence[str]) -> str:
    first = lines[0] if lines else ""
    return next((each for each in ("^", ";", "\t") if each in first), ",")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInputError(f"{path.name}: larger than {_LARGEST // 1_000_000} MB: load it in parts")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BadInputError(f"{path}: cannot be read ({reason}): check the path and its rights") from error
    except UnicodeDecodeError as error:
        raise BadInputError(f"{path.name}: is not UTF-8 text: save it as UTF-8") from error
