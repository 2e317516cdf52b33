"""The part of the audit trail that is about one office, page by page, for a program that audits it."""

import json
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.services.application import Application
from travelrisk.store import audit, office_trail
from travelrisk.store.audit import Line
from travelrisk.store.database import reading

_AT_ONCE: Final = 500
_MOST_READ: Final = 10_000  # entries that are looked at for one page, however few of them are the office's


class Page(NamedTuple):
    """Some entries of an office, the oldest first.

    Attributes:
        after: number of the last entry that was looked at, the office's or not; ask with it for what follows.
        has_more: whether the trail goes on; a page may hold few entries, or none, and there is more.
    """

    lines: tuple[Line, ...]
    after: int
    has_more: bool


def page(  # noqa: PLR0913 - whose entries, and which of them
    app: Application,
    office: str,
    *,
    after: int = 0,
    limit: int = 100,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """Return entries about an office from *since* up to before *until*, behind the entry *after*.

    Raises:
        StoreError: the database cannot be read.
    """
    found: list[Line] = []
    end = after + _MOST_READ
    with reading(app.engine) as c:
        while after < end:
            lines = audit.behind(c, after, _AT_ONCE)
            for line in _of_office(c, office, lines, since, until):
                if len(found) == limit:
                    return Page(tuple(found), found[-1].seq, has_more=True)
                found.append(line)
            after = lines[-1].seq if lines else after
            if len(lines) < _AT_ONCE:
                return Page(tuple(found), after, has_more=False)
    return Page(tuple(found), after, has_more=True)


def _of_office(
    c: Connection, office: str, lines: tuple[Line, ...], since: datetime | None, until: datetime | None
) -> list[Line]:
    told = [(line, json.loads(line.body)) for line in lines]
    timely = [(line, office_trail.about(entry)) for line, entry in told if _is_timely(entry, since, until)]
    own = office_trail.of_office(c, office, {each for _, things in timely for each in things})
    return [line for line, things in timely if own.intersection(things)]


def _is_timely(entry: dict[str, Any], since: datetime | None, until: datetime | None) -> bool:
    at = datetime.fromisoformat(entry["at"])
    return (since is None or at >= since) and (until is None or at < until)
