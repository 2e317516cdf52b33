"""What a traveller answers by the link in a letter, safe or in need of help; help is called for at once.

The link opens only this one question about this one trip, until its time is over. Opening it changes
nothing: programs that guard mailboxes open every link.
"""

import re
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Act, Person, may
from travelrisk.domain.texts import Language
from travelrisk.logs import logger
from travelrisk.mail.broadcasts import HelpFacts, help_wanted
from travelrisk.services.application import Application
from travelrisk.services.letters.posting import language_of
from travelrisk.services.letters.writing import address_problem, whom_to_tell
from travelrisk.services.whereabouts.broadcasting import enveloped
from travelrisk.store import audit, broadcasts, people, trips
from travelrisk.store.broadcasts import HELP, AnswerWord, Asked, Given, Written
from travelrisk.store.database import reading, transact
from travelrisk.telling.foreign import visible

LONGEST_NOTE: Final = 300
MOST: Final = 20
"""Answers of one trip to one message; whoever needs more needs the telephone."""

_TOKEN: Final = re.compile(r"[0-9A-Za-z_-]{22}", re.ASCII)


class Open(NamedTuple):
    """A question that may be answered, and what was answered last; None = nothing yet."""

    until: datetime
    language: Language
    last: Given | None


def opened(app: Application, token: str) -> Open:
    """Return the question that a token is for; nothing changes.

    Raises:
        NotFoundError: nobody has this token, or its time is over; the same answer for both.
    """
    with reading(app.engine) as c:
        asked = _asked(app, c, token)
        given = broadcasts.answers(c, asked.broadcast_id, asked.trip_id)
        language = trips.by_id(c, asked.trip_id).language
    return Open(asked.expires_at, language, given[-1] if given else None)


def answer(app: Application, token: str, word: AnswerWord, note: str = "") -> None:
    """Keep an answer; a call for help is written to the unit in the same transaction. Twice the same is once.

    Raises:
        NotFoundError: nobody has this token, or its time is over.
        BadInputError: it was answered too often.
    """
    told = visible(note).strip()[:LONGEST_NOTE]
    transact(app.engine, lambda c: _answer(app, c, token, word, told))


def _answer(app: Application, c: Connection, token: str, word: AnswerWord, note: str) -> None:
    asked, at = _asked(app, c, token), app.clock()
    trips.hold(c, asked.trip_id)
    before = broadcasts.answers(c, asked.broadcast_id, asked.trip_id)
    if before and (before[-1].answer, before[-1].note) == (word, note):
        return
    if len(before) >= MOST:
        raise BadInputError("it was answered too often: telephone your travel unit")
    number = broadcasts.answer(c, asked, word, note, at)
    body: dict[str, audit.Word] = {"trip": asked.trip_id, "answer": word}
    subject = f"broadcast:{asked.broadcast_id}"
    audit.append(c, kind="broadcast.answered", actor="traveller", at=at, subject=subject, body=body)
    if word == "help":
        _call(app, c, asked, number, note)


def _asked(app: Application, c: Connection, token: str) -> Asked:
    found = broadcasts.by_token(c, token) if _TOKEN.fullmatch(token) else None
    if found is None or found.expires_at <= app.clock():
        raise NotFoundError("there is no such question, or its time is over")
    return found


def _call(app: Application, c: Connection, asked: Asked, number: int, note: str) -> None:
    """Write to everybody of the office's travel unit, and to whom the policy names."""
    trip = trips.by_id(c, asked.trip_id)
    itinerary = trips.itinerary(c, trips.history(c, trip.id)[-1].itinerary_id)
    names = tuple(f"{each.given} {each.surname}".strip() or each.raw_name for each in itinerary.travellers)
    facts = HelpFacts(
        trip.reference,
        tuple(filter(None, names)),
        note,
        app.clock(),
        f"{app.facts.base_url}/whereabouts/messages/{asked.broadcast_id}",
        demo=app.facts.demo,
    )
    to = _whom(app, c, trip.office)
    if not to:
        logger().error("letter.no_address", contact="travel_unit", letter=HELP)
    for recipient, language in to.items():
        letter = help_wanted(facts, language)
        message_id, body = enveloped(app, letter, recipient)
        key = f"{HELP}:{number}:{recipient}"
        written = Written(trip.id, key, None, letter.name, language, recipient, message_id, body)
        broadcasts.queue(c, asked.broadcast_id, written, app.clock())


def _whom(app: Application, c: Connection, office: str) -> dict[str, Language]:
    """Return the addresses of those who look after the travellers of an office, each with a language."""
    today = app.clock().date()
    unit = [
        each for each in people.everybody(c) if _is_of(each, office) and may(each, Act.SEE_WHEREABOUTS, today)
    ]
    found = {each.email: language_of(app, each) for each in unit if not address_problem(each.email)}
    named = whom_to_tell(app.policy.policy)
    return found | ({named: app.facts.language} if named and named not in found else {})


def _is_of(person: Person, office: str) -> bool:
    return person.is_active and not person.is_machine and person.unit == office
