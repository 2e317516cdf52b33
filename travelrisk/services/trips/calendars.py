"""Calendars: the flights of one trip, and those of all upcoming trips of a contact.

A link to a trip gets forwarded, and must not open the other trips of its contact: their calendar has a token
of its own, which only goes to the contact's own address.
"""

import secrets
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.mail.addresses import address
from travelrisk.mail.calendars import calendar_letter
from travelrisk.mail.render import message
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem
from travelrisk.services.trips.story import opened
from travelrisk.store import advisories, audit, calendars, cancellations, outbox, trips
from travelrisk.store.database import reading, serialise, transact
from travelrisk.store.trips import Trip
from travelrisk.telling.calendars import Answer, calendar

MOST: Final = 4  # letters with an address to one contact in a day
_PERIOD: Final = timedelta(days=1)
_LOCK: Final = 0x7452_0014


def of_trip(app: Application, token: str, language: Language) -> str:
    """Return the flights of the trip that *token* opens.

    Raises:
        NotFoundError: no trip has this token.
    """
    with reading(app.engine) as c:
        trip = opened(c, token)
        itinerary = trips.itinerary(c, trips.history(c, trip.id)[-1].itinerary_id)
        answers = list(_answers(c, [(trip, itinerary)]))
    return calendar(answers, language, name=trip.reference)


def of_contact(app: Application, token: str, name: str, language: Language) -> str:
    """Return the flights of all upcoming trips of the contact whose calendar *token* opens.

    Raises:
        NotFoundError: the token opens no calendar, or does no longer.
    """
    today = app.clock().date()
    with reading(app.engine) as c:
        contact = calendars.contact_of(c, token)
        if contact is None:
            raise NotFoundError("there is no such calendar")
        known = trips.latest_of_contact(c, contact, but_not_from="")
        answers = list(_answers(c, [each for each in known if _is_upcoming(each[1], today)]))
    return calendar(answers, language, name=name)


def renew(app: Application, token: str) -> None:
    """Make a calendar for the contact of a trip, and write them its address; an earlier one ends.

    Raises:
        NotFoundError: no trip has this token.
        BadInputError: the contact cannot be written to, or was often enough.
    """
    transact(app.engine, lambda c: _renew(app, c, token))


def revoke(app: Application, token: str) -> bool:
    """Close the calendar of the contact of a trip; False where there is none.

    Raises:
        NotFoundError: no trip has this token.
    """
    return transact(app.engine, lambda c: _revoke(app, c, token))


def _answers(c: Connection, known: Sequence[tuple[Trip, Itinerary]]) -> Iterator[Answer]:
    """Return the answers on the present itineraries; what is still being judged has none."""
    for trip, itinerary in known:
        newest = advisories.newest(c, trip.id)
        if newest is None or trips.itinerary(c, newest.itinerary_id) != itinerary:
            continue
        calls = cancellations.of_trip(c, trip.id)
        is_off = any(each.taken_back_at is None for each in calls)
        written = len(outbox.of_trip(c, trip.id)) + len(calls)  # rises with whatever changes an entry
        yield Answer(itinerary, newest.advisory, trip.reference, written, is_cancelled=is_off)


def _is_upcoming(itinerary: Itinerary, today: date) -> bool:
    days = [each.departs.day for each in itinerary.segments if each.departs.day is not None]
    return bool(days) and max(days) >= today


def _renew(app: Application, c: Connection, token: str) -> None:
    serialise(c, _LOCK)  # of many clicks at one moment each finds those before it
    trip, at = opened(c, token), app.clock()
    if address_problem(trip.contact) or calendars.written_since(c, trip.contact, at - _PERIOD) >= MOST:
        raise BadInputError("no address can be sent now: it was sent often enough, or nobody can be reached")
    opens = calendars.renew(c, trip.contact, at)
    letter = calendar_letter(
        f"{app.facts.base_url}/calendar/{opens}.ics", trip.reference, trip.language, demo=app.facts.demo
    )
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    body = message(
        letter,
        sender=app.facts.mail_from,
        recipient=trip.contact,
        message_id=message_id,
        thread_id=message_id,
        reply_to=app.facts.reply_to or app.policy.policy.focal_point.email,
        at=at,
    )
    calendars.queue(
        c,
        token=opens,
        letter=letter.name,
        language=trip.language,
        recipient=trip.contact,
        message_id=message_id,
        body=body,
        at=at,
    )
    subject = f"trip:{trip.id}"
    audit.append(c, kind="calendar.renewed", actor="traveller", at=at, subject=subject, body={})


def _revoke(app: Application, c: Connection, token: str) -> bool:
    trip = opened(c, token)
    if not calendars.revoke(c, trip.contact):
        return False
    subject, at = f"trip:{trip.id}", app.clock()
    audit.append(c, kind="calendar.revoked", actor="traveller", at=at, subject=subject, body={})
    return True
