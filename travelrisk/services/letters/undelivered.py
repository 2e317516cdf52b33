"""Warnings that reached nobody: found each minute, once, and somebody's task until the traveller was told.

A warning is any answer but "cleared". Its letter was refused, came back, was changed, or has not left after
the policy's hours or half of the time until the departure. Then a copy goes to the second address of the
trip, and a letter to the travel unit. Whether a copy arrives or not: a person tells the traveller.
When the journey is over the task closes by itself, for nothing is left to tell. Those for which there is no
address are tasks already (see unaddressed); here the travel unit is written to about them.
"""

import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.verdicts import Verdict
from travelrisk.logs import logger
from travelrisk.mail.addresses import address
from travelrisk.mail.render import Letter, message
from travelrisk.mail.repeating import repeated
from travelrisk.mail.undelivered import UndeliveredFacts
from travelrisk.mail.undelivered import undelivered as letter_about
from travelrisk.services.application import Application
from travelrisk.services.letters.patience import PATIENCE, begins, due_at, is_over
from travelrisk.services.letters.unaddressed import announce, write_to_second
from travelrisk.services.letters.writing import address_problem, whom_to_tell
from travelrisk.store import advisories, audit, outbox, trips, undelivered, unit_letters, versions
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.trips import Trip
from travelrisk.store.undelivered import Candidate, Task

_NEVER: Final = datetime.max.replace(tzinfo=UTC)
MOST: Final = 500
"""Warnings of a list: more than anybody calls; those that leave first are among them."""


class _Seen(NamedTuple):
    """A candidate with all that is told about it."""

    found: Candidate
    trip: Trip
    itinerary: Itinerary
    verdict: Verdict
    reply: str


class Untold(NamedTuple):
    """A task with the journey it is about."""

    task: Task
    itinerary: Itinerary


def sweep(app: Application) -> int:
    """Make a task of each warning that reached nobody, and return how many are new.

    Raises:
        StoreError: the database cannot be written; what was made before is whole.
    """
    now, longest = app.clock(), timedelta(hours=app.policy.policy.undelivered_hours)
    _close_what_is_over(app, now)
    with reading(app.engine) as c:
        found = [_seen(c, each) for each in undelivered.candidates(c, now, PATIENCE, longest)]
    due = [each for each in found if _is_due(app, each, now)]
    made = sum(transact(app.engine, partial(_open, app, each, _letter(app, each))) for each in due)
    write_to_second(app)
    announce(app)
    return made


def waiting(app: Application, office: str | None = None, reference: str | None = None) -> tuple[Untold, ...]:
    """Return the warnings whose travellers nobody has told: whoever leaves first comes first.

    *office* is whose, as for ``store.offices.within``; *reference* of which trip, None = of all.
    """
    with reading(app.engine) as c:
        tasks = undelivered.open_tasks(c, app.clock(), MOST, office, reference)
        known = versions.several(c, [each.itinerary_id for each in tasks])
    found = [Untold(each, known[each.itinerary_id]) for each in tasks]
    return tuple(sorted(found, key=lambda each: begins(each.itinerary) or _NEVER))


def told(app: Application, advisory_id: int, *, by: str, note: str, office: str | None = None) -> None:
    """Note that somebody told the traveller.

    Raises:
        NotFoundError: the office has no such warning, or somebody has told the traveller before.
    """

    def write(c: Connection) -> bool:
        now = app.clock()
        if not undelivered.note_told(c, advisory_id, by=by, note=note.strip(), at=now, office=office):
            return False
        subject = f"advisory:{advisory_id}"
        audit.append(
            c, kind="warning.told", actor=by, at=now, subject=subject, body={"advisory": advisory_id}
        )
        return True

    if not transact(app.engine, write):
        raise NotFoundError("there is no warning to tell here, or somebody has told the traveller before")


def _seen(c: Connection, found: Candidate) -> _Seen:
    return _Seen(
        found,
        trips.by_id(c, found.trip_id),
        trips.itinerary(c, found.itinerary_id),
        advisories.load(c, found.advisory_id).advisory.verdict,
        undelivered.last_reply(c, found),
    )


def _is_due(app: Application, seen: _Seen, now: datetime) -> bool:
    if is_over(seen.itinerary, now):
        return False
    if seen.found.reason != "unsent":
        return True
    hours = app.policy.policy.undelivered_hours
    return due_at(seen.found.queued_at, begins(seen.itinerary), hours) <= now


def _close_what_is_over(app: Application, now: datetime) -> None:
    for each in waiting(app):
        if is_over(each.itinerary, now):
            transact(app.engine, partial(_close, each.task.advisory_id, now))


def _close(advisory_id: int, now: datetime, c: Connection) -> None:
    if undelivered.note_over(c, advisory_id, now):
        body: dict[str, Word] = {"advisory": advisory_id}
        subject = f"advisory:{advisory_id}"
        audit.append(c, kind="warning.over", actor="worker", at=now, subject=subject, body=body)


def _letter(app: Application, seen: _Seen) -> Letter:
    facts = UndeliveredFacts(
        reference=seen.trip.reference,
        verdict=seen.verdict,
        itinerary=seen.itinerary,
        reason=undelivered.KEPT if seen.found.is_kept_back else seen.found.reason,
        reply=seen.reply,
        has_second=bool(_second(seen)),
        base_url=app.facts.base_url,
        demo=app.facts.demo,
    )
    return letter_about(facts, app.facts.language)


def _open(app: Application, seen: _Seen, letter: Letter, c: Connection) -> bool:
    found, now = seen.found, app.clock()
    if not undelivered.still(c, found, now) or not undelivered.add(c, found, now):
        return False  # it left at the last moment, or another worker was faster
    _send_copy(app, c, seen)
    if not (found.is_kept_back and undelivered.has_others_of_batch(c, found)):  # one letter for all of them
        _tell_unit(app, c, seen, letter)
    body: dict[str, Word] = {"advisory": found.advisory_id, "reason": found.reason}
    subject = f"letter:{found.outbox_id}"
    audit.append(c, kind="warning.undelivered", actor="worker", at=now, subject=subject, body=body)
    logger().error("warning.undelivered", letter=subject, reason=found.reason)
    return True


def _second(seen: _Seen) -> str:
    """Return the address for a copy; a letter that was changed by we know not whom is not copied.

    Nor is one that nobody has released: its copy would have to wait as well.
    """
    if seen.found.is_kept_back:
        return ""
    second = seen.trip.second_contact or ""
    is_other = second and second.casefold() != seen.found.recipient.casefold() and not address_problem(second)
    return second if is_other and seen.found.reason != "hold" else ""


def _send_copy(app: Application, c: Connection, seen: _Seen) -> None:
    found, second, now = seen.found, _second(seen), app.clock()
    if not second:
        return
    message_id, body = _message_id(app), outbox.body(c, found.outbox_id)
    number = outbox.queue(
        c,
        trip_id=found.trip_id,
        advisory_id=found.advisory_id,
        letter=found.letter,
        language=found.language,
        recipient=second,
        message_id=message_id,
        body=repeated(body, found.language, recipient=second, message_id=message_id, at=now),
        at=now,
    )
    undelivered.note_second(c, found.advisory_id, number)


def _tell_unit(app: Application, c: Connection, seen: _Seen, letter: Letter) -> None:
    policy = app.policy.policy
    email = whom_to_tell(policy)
    if not email:
        logger().error("letter.no_address", contact="travel_unit", letter=letter.name)
        return
    message_id, now = _message_id(app), app.clock()
    body = message(
        letter,
        sender=app.facts.mail_from,
        recipient=email,
        message_id=message_id,
        thread_id="",
        reply_to=app.facts.reply_to or policy.focal_point.email,
        at=now,
    )
    unit_letters.queue(
        c,
        advisory_id=seen.found.advisory_id,
        letter=letter.name,
        language=letter.language,
        recipient=email,
        message_id=message_id,
        body=body,
        at=now,
    )


def _message_id(app: Application) -> str:
    return f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
