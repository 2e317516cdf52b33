"""Erasing what is kept about a traveller, because somebody asked for it: looked at first, then done at once.

A trip that is still ahead is refused: whoever is forgotten is not warned any more. It is called off first, by
its traveller or by whoever forgets it, who says so. An account of the desk is none of this: who decided on a
rating stays known (close the account instead).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NoReturn

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.services.application import Application
from travelrisk.store import erasing, people, traces
from travelrisk.store.database import reading, transact
from travelrisk.store.erasing import Erased
from travelrisk.store.traces import Trace

_REFERENCE: Final = re.compile(r"TR-[0-9A-Z]{6}")
_ADDRESS: Final = re.compile(r"[^\s@]{1,200}@[^\s@]{1,200}")
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What forgetting somebody would erase.

    Attributes:
        whom: an address or the reference of a trip.
        found: the trips, the oldest first; some may be erased already.
        upcoming: those of them that are still ahead, which nobody may forget.
        rows: how much stands in them.
        mails: of that address, beside those about a trip.
        has_account: somebody at the desk has this address; that account stays.
    """

    whom: str
    found: tuple[Trace, ...]
    upcoming: tuple[Trace, ...]
    rows: Erased
    mails: int
    has_account: bool

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to erase."""
        return not (self.mails or any(not each.is_erased for each in self.found))


def plan(app: Application, whom: str) -> Plan:
    """Return what ``forget`` would erase; nothing is changed.

    Raises:
        BadInputError: *whom* is neither an address nor a reference.
        NotFoundError: there is no trip with this reference.
    """
    with reading(app.engine) as c:
        return _plan(c, whom.strip(), app.clock().date())


def forget(app: Application, whom: str, *, by: str) -> Plan:
    """Erase all that ``plan`` finds, in one transaction, and leave nothing of it in the file.

    Args:
        app: the parts of the service.
        whom: an address, or the reference of a trip.
        by: who does it, for the trail.

    Raises:
        BadInputError: as ``plan``; or a trip is still ahead, and nothing was erased.
        NotFoundError: as ``plan``, or there is nothing to erase.
    """
    done = transact(app.engine, lambda c: _forget(app, c, whom.strip(), by))
    erasing.sweep(app.engine)
    return done


def refuse(found: Plan) -> NoReturn:
    """Say why somebody cannot be forgotten.

    Raises:
        BadInputError: trips are still ahead; nothing was erased.
    """
    named = ", ".join(each.reference for each in found.upcoming)
    raise BadInputError(
        f"{named}: still ahead, and whoever is forgotten is not warned any more: call it off first"
    )


def _forget(app: Application, c: Connection, whom: str, by: str) -> Plan:
    at = app.clock()
    found = _plan(c, whom, at.date())
    if found.upcoming:
        refuse(found)
    if found.is_empty:
        raise NotFoundError(f"nothing is kept about {whom}")
    for each in found.found:
        erasing.erase_trip(c, each.trip_id, "request", by, at)
    traces.empty_desk_letters(c, [each.trip_id for each in found.found])
    if is_address(whom):
        erasing.empty_originals(c, traces.unread_documents(c, whom), "request", by, at)
        traces.forget_address(c, whom)
    return found


def _plan(c: Connection, whom: str, today: date) -> Plan:
    if is_address(whom):
        found, mails = traces.by_address(c, whom), traces.count_mails(c, whom)
        account = people.by_email(c, whom) is not None
    elif _REFERENCE.fullmatch(whom.upper()):
        one = traces.by_reference(c, whom)
        if one is None:
            raise NotFoundError(f"there is no trip {whom}")
        found, mails, account = (one,), 0, False
    else:
        raise BadInputError("whom to forget: write an e-mail address, or the reference of a trip (TR-...)")
    counted = [erasing.counts(c, each.trip_id) for each in found]
    rows = Erased(*map(sum, zip(*counted, strict=True))) if counted else Erased()
    ahead = tuple(each for each in found if each.is_upcoming(today - _ONE_DAY))
    return Plan(whom, found, ahead, rows, mails, account)


def is_address(whom: str) -> bool:
    """Say whether *whom* is meant as an address."""
    return _ADDRESS.fullmatch(whom) is not None
