"""Compares what the database says with what the mail server has: independent of the code that sent."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from tests.services.kills.child import TICK, TICKS
from travelrisk.services.application import Application
from travelrisk.store import audit
from travelrisk.store.database import reading

LATE = timedelta(seconds=2.5)
"""An outdated letter may still leave if the server had it in its hands; longer than that is too late."""


@dataclass(frozen=True)
class Verdict:
    """What the check found; all but the first lines must be 0.

    Attributes:
        lost: noted as sent, and never accepted.
        silent: advisories without a letter. unjudged: itineraries whose trip has no answer to them.
        stuck: letters that are still to be sent after all was given time.
        phantom: accepted, and no row knows of them.
        outside: copies beyond what the rows call ambiguous. altered: copies that differ.
        stale: trips whose last letter is not of the newest advisory. stale_cleared: of these, cleared.
        stale_answer: trips whose newest advisory is not of the newest itinerary.
        late: outdated letters that left long after the newer verdict stood.
        forgotten: advisories that were acknowledged and are not there. broken: faults in the audit trail.
        missed, twice, unfenced: slots nobody saw to, seen to twice, written by who had lost them.
    """

    letters: int = 0
    sent: int = 0
    superseded: int = 0
    dead: int = 0
    doubled: int = 0
    copies: int = 0
    slots: int = 0
    lost: int = 0
    silent: int = 0
    unjudged: int = 0
    stuck: int = 0
    phantom: int = 0
    outside: int = 0
    altered: int = 0
    stale: int = 0
    stale_cleared: int = 0
    stale_answer: int = 0
    late: int = 0
    forgotten: int = 0
    broken: int = 0
    missed: int = 0
    twice: int = 0
    unfenced: int = 0

    @property
    def faults(self) -> dict[str, int]:
        """Return what must never be, where it was."""
        names = [each.name for each in fields(self)]
        wrong = names[names.index("lost") :]
        return {name: getattr(self, name) for name in wrong if getattr(self, name)}


class Accepted(NamedTuple):
    """A copy of a letter, as the server took it."""

    message_id: str
    sha256: str
    at: datetime


def check(app: Application, book: Path, acknowledged: Path) -> Verdict:
    """Compare; nothing may be under way any more."""
    accepted = [_accepted(line) for line in book.read_text("utf-8").splitlines()]
    with reading(app.engine) as c:
        letters = c.execute(
            text(
                "SELECT o.id, o.trip_id, o.advisory_id, o.message_id, o.state, o.ambiguous, o.queued_at,"
                " a.verdict FROM outbox o JOIN advisories a ON a.id = o.advisory_id ORDER BY o.id"
            )
        ).all()
        return Verdict(
            **_delivery(letters, accepted),
            **_order(c, letters, accepted),
            **_whole(c, acknowledged),
            **_turns(c),
        )


def _accepted(line: str) -> Accepted:
    row = json.loads(line)
    return Accepted(row["message_id"], row["sha256"], datetime.fromtimestamp(row["at"], UTC))


def _delivery(letters: list[Row[Any]] | Any, accepted: list[Accepted]) -> dict[str, int]:  # noqa: ANN401 - rows
    copies = Counter(each.message_id for each in accepted)
    states = Counter(letter.state for letter in letters)
    kinds = defaultdict(set)
    for each in accepted:
        kinds[each.message_id].add(each.sha256)
    allowed = {each.message_id: each.ambiguous + (each.state == "sent") for each in letters}
    return {
        "letters": len(letters),
        "sent": states["sent"],
        "superseded": states["superseded"],
        "dead": states["dead"],
        "stuck": states["queued"] + states["leased"] + states["hold"],
        "doubled": sum(count > 1 for count in copies.values()),
        "copies": sum(count - 1 for count in copies.values()),
        "lost": sum(each.state == "sent" and not copies[each.message_id] for each in letters),
        "phantom": sum(name not in allowed for name in copies),
        "outside": sum(max(count - allowed.get(name, count), 0) for name, count in copies.items()),
        "altered": sum(len(each) > 1 for each in kinds.values()),
    }


def _order(c: Connection, letters: Any, accepted: list[Accepted]) -> dict[str, int]:  # noqa: ANN401 - rows
    by_id = {each.message_id: each for each in letters}
    of_trip = defaultdict(list)
    for each in letters:
        of_trip[each.trip_id].append(each)
    last = {
        by_id[each.message_id].trip_id: by_id[each.message_id]
        for each in accepted
        if each.message_id in by_id
    }
    stale = [
        letter
        for trip, letter in last.items()
        if of_trip[trip][-1].state != "dead" and letter.verdict != of_trip[trip][-1].verdict
    ]
    return {
        "stale": len(stale),
        "stale_cleared": sum(each.verdict == "cleared" for each in stale),
        "late": sum(
            _is_late(each, by_id[each.message_id], of_trip) for each in accepted if each.message_id in by_id
        ),
        "stale_answer": _count(
            c,
            "SELECT count(*) FROM trips t WHERE (SELECT a.itinerary_id FROM advisories a"
            " WHERE a.trip_id = t.id ORDER BY a.id DESC LIMIT 1)"
            " <> (SELECT max(i.id) FROM itineraries i WHERE i.trip_id = t.id)",
        ),
    }


def _is_late(copy: Accepted, letter: Any, of_trip: Any) -> bool:  # noqa: ANN401 - rows
    newer = next(
        (each for each in of_trip[letter.trip_id] if each.id > letter.id and each.verdict != letter.verdict),
        None,
    )
    return newer is not None and copy.at - _moment(newer.queued_at) > LATE


def _whole(c: Connection, acknowledged: Path) -> dict[str, int]:
    known = set(c.scalars(text("SELECT id FROM advisories")))
    said = {int(line) for line in acknowledged.read_text("utf-8").split("\n")[:-1] if line}
    return {
        "silent": _count(
            c,
            "SELECT count(*) FROM advisories a JOIN trips t ON t.id = a.trip_id WHERE t.contact <> ''"
            " AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.advisory_id = a.id)",
        ),
        "unjudged": _count(
            c,
            "SELECT count(*) FROM itineraries i WHERE NOT EXISTS"
            " (SELECT 1 FROM advisories a WHERE a.trip_id = i.trip_id AND a.itinerary_id >= i.id)",
        ),
        "forgotten": len(said - known),
        "broken": int(not audit.verify(c).ok),
    }


def _turns(c: Connection) -> dict[str, int]:
    mine = {"job": TICK}
    seen = list(c.scalars(text("SELECT slot FROM slots WHERE job = :job ORDER BY slot"), mine))
    between = (datetime.fromisoformat(seen[-1]) - datetime.fromisoformat(seen[0])) // TICKS + 1 if seen else 0
    parts = c.execute(text("SELECT slot, part, count(*) AS n FROM ticks GROUP BY slot, part")).all()
    return {
        "slots": len(seen),
        "missed": between - len(seen),
        "twice": sum(each.n > 1 for each in parts),
        "unfenced": _count(c, "SELECT count(*) FROM ticks WHERE writer <> holder"),
    }


def _count(c: Connection, statement: str) -> int:
    return int(c.scalar(text(statement)) or 0)


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
