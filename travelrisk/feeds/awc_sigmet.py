"""The Aviation Weather Center's international SIGMETs: where volcanic ash is in the air, for some hours.

All SIGMETs are fetched, and those about ash are read: on a calm day there are none of these, while an answer
with none at all is an outage. A new one comes every six hours, so that series and begin belong to its key.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from travelrisk.domain.airspaces import Scope
from travelrisk.domain.facts import Fact, Problem, ProblemKind
from travelrisk.domain.ratings import Subject, SubjectKind
from travelrisk.feeds.card import Card
from travelrisk.feeds.feed import Fetched, Reading, Session
from travelrisk.feeds.rows import Row, free, rows_of, text_in

_PART: Final = "sigmets"
_NEEDED: Final = frozenset({"firId", "seriesId", "hazard", "validTimeFrom", "validTimeTo", "rawSigmet"})
_ASH: Final = "VA"
_SAYS_ASH: Final = re.compile(r"\bVA (?:CLD|ERUPTION)\b|\bVOLCANIC ASH\b")
_CANCELS: Final = re.compile(r"\b(?:CNL|CANCEL) SIGMET\b")
_ABOVE: Final = re.compile(r"\bABV ?FL ?\d{3}\b")
_FIR: Final = re.compile(r"[A-Z]{4}", re.ASCII)
_FEET: Final = 100  # of a flight level


class AwcSigmet:
    """The feed."""

    name = "awc_sigmet"

    def fetch(self, session: Session, card: Card) -> Fetched:
        """Fetch the SIGMETs of all hazards."""
        return Fetched(card, session.now(), {_PART: session.get(card.urls[_PART])})

    def facts(self, fetched: Fetched) -> Reading:
        """Read those about volcanic ash that have not ended; the others count as rows only."""
        rows = rows_of(fetched.answers[_PART], _NEEDED)
        ash = [row for row in rows if _is_ash(row)]
        facts: dict[str, Fact] = {}
        problems: list[Problem] = []
        for number, row in enumerate(ash):
            if row in ash[:number]:
                problems.append(Problem(ProblemKind.REPEATED, _title(row), "counts once"))
                continue
            problems.extend(_doubts(row))
            ends = _moment(row, "validTimeTo")
            if ends is None or ends > fetched.retrieved_at:
                key = free(_key(row), facts)
                facts[key] = _fact(key, row, fetched)
        return Reading(tuple(facts.values()), tuple(problems), len(rows))


def _is_ash(row: Row) -> bool:
    """Say whether it warns of ash, by its own text or by its hazard: neither is to hide the other."""
    if _SAYS_ASH.search(_raw(row)):
        return True
    return text_in(row, "hazard").upper() == _ASH and not _CANCELS.search(_raw(row))


def _raw(row: Row) -> str:
    return text_in(row, "rawSigmet").upper()


def _key(row: Row) -> str:
    begins = _moment(row, "validTimeFrom")
    stamp = f"{begins:%Y%m%d%H%M}" if begins else text_in(row, "validTimeFrom")
    return "-".join((text_in(row, "firId"), text_in(row, "seriesId"), stamp)).lower()


def _title(row: Row) -> str:
    name = text_in(row, "firName") or text_in(row, "firId")
    return f"SIGMET {text_in(row, 'seriesId')}, {name}, volcanic ash"


def _fact(key: str, row: Row, fetched: Fetched) -> Fact:
    begins, ends = _moment(row, "validTimeFrom"), _moment(row, "validTimeTo")
    fir = text_in(row, "firId").upper()
    return Fact(
        key=key,
        title=_title(row),
        subjects=(Subject(SubjectKind.AIRSPACE, fir),) if _FIR.fullmatch(fir) else (),
        level=_ASH,
        words="; ".join(filter(None, (_hours(begins, ends), _moves(row), text_in(row, "rawSigmet")))),
        asks=fetched.card.asks(_ASH),
        issued=begins.date() if begins else None,
        valid_until=ends.date() if ends else None,
        url=fetched.card.page,
        airspaces=(fir,) if _FIR.fullmatch(fir) else (),
        scope=_scope(row),
        undrawn=_outline(row),
    )


def _moment(row: Row, field: str) -> datetime | None:
    """Read seconds since 1970, or a time of ISO 8601: both stand in one record; without a zone it is UTC."""
    value = row.get(field)
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        found = datetime.fromisoformat(text_in(row, field))
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _hours(begins: datetime | None, ends: datetime | None) -> str:
    hours = " to ".join(f"{each:%Y-%m-%d %H:%M}" for each in (begins, ends) if each)
    return f"{hours} UTC" if hours else ""


def _moves(row: Row) -> str:
    """Return where it moves and how it changes, in the words of its report."""
    speed = text_in(row, "spd")
    direction = text_in(row, "dir")
    moving = f"MOV {direction} {speed}KT" if direction and speed.isdecimal() else ""
    return " ".join(filter(None, (moving, text_in(row, "chng"))))


def _scope(row: Row) -> Scope | None:
    """Return its flight levels, rounded outwards; None = neither bound is given."""
    base, top = _feet(row, "base"), _feet(row, "top")
    if _ABOVE.search(_raw(row)):
        top = None
    floor = (base or 0) // _FEET
    if top is not None and -(-top // _FEET) < floor:
        return None
    return Scope(floor, None if top is None else -(-top // _FEET)) if base or top is not None else None


def _feet(row: Row, field: str) -> int | None:
    value = row.get(field)
    return int(value) if isinstance(value, int | float) and value >= 0 else None


def _outline(row: Row) -> tuple[str, ...]:
    """Return its corners in words, for it is never the whole of a FIR; none where it gives none."""
    corners = row.get("coords")
    points = [each for each in corners if isinstance(each, dict)] if isinstance(corners, list) else []
    pairs = [
        f"{abs(lat):g}{'S' if lat < 0 else 'N'} {abs(lon):g}{'W' if lon < 0 else 'E'}"
        for each in points
        if isinstance(lat := each.get("lat"), int | float) and isinstance(lon := each.get("lon"), int | float)
    ]
    return (f"{text_in(row, 'geom') or 'AREA'}: {', '.join(pairs)}",) if pairs else ()


def _doubts(row: Row) -> Iterator[Problem]:
    title = _title(row)
    if not _FIR.fullmatch(text_in(row, "firId").upper()):
        yield Problem(ProblemKind.NOT_UNDERSTOOD, title, f"firId: {text_in(row, 'firId') or 'none'}")
    for field in ("validTimeFrom", "validTimeTo"):
        if _moment(row, field) is None:
            yield Problem(ProblemKind.NOT_UNDERSTOOD, title, f"{field}: {text_in(row, field) or 'none'}")
    if text_in(row, "hazard").upper() != _ASH:
        yield Problem(
            ProblemKind.NOT_UNDERSTOOD, title, f"hazard {text_in(row, 'hazard')}: its text says ash"
        )
