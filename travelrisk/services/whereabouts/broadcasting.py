"""A message to exactly those who were found: shown first, confirmed once, and sent by the outbox.

Whom it goes to is what its author saw: where others would get it by now, nothing is sent and the new answer
is shown. The form has a key, so that a second press sends nothing. All rows of it, letters included, are
written in one transaction.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.people import Person, Viewer
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.mail.addresses import address
from travelrisk.mail.broadcasts import BroadcastFacts, Words, broadcast, words_of
from travelrisk.mail.render import Letter, message
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem
from travelrisk.services.whereabouts.finding import Answer
from travelrisk.store import audit, broadcasts
from travelrisk.store.broadcasts import Written
from travelrisk.store.database import reading, transact
from travelrisk.store.shapes import sha256
from travelrisk.store.trips import Trip

OPEN_FOR: Final = timedelta(days=7)
"""How long "I am safe" may be answered: afterwards its link opens nothing."""

MOST_TURNS: Final = 4
"""Letters of one message to one trip, the first included."""

_TOKEN_BYTES: Final = 16
_KEY_BYTES: Final = 16


class MovedError(BadInputError):
    """Others answer the question by now than those who were shown."""

    def __init__(self) -> None:
        super().__init__("other people would get it by now: look at them once more, and confirm again")


class Draft(NamedTuple):
    """What is to be sent: the words, and whether they ask for an answer."""

    words: Words
    asks: bool


class Readers(NamedTuple):
    """Who would get it.

    Attributes:
        people: how many travel on the bookings that a letter goes to.
        journeys: how many such bookings there are.
        seen: stands for exactly these trips.
        letters: how many letters that are, by the language they are written in.
        unreachable: how many bookings have no address; each becomes a task at once.
    """

    people: int
    journeys: int
    seen: str
    letters: Mapping[Language, int]
    unreachable: int


def new_key() -> str:
    """Return a key for a form that nobody has confirmed yet."""
    return secrets.token_urlsafe(_KEY_BYTES)


def readers(answer: Answer, words: Words | None = None) -> Readers:
    """Return who would get a message to all of an answer; of *words*, in which languages."""
    known = [each for each in answer.found if each.is_reachable]
    spoken = [words.spoken(each.trip.language) if words else each.trip.language for each in known]
    return Readers(
        sum(each.people for each in known),
        len(known),
        _seen(each.trip.id for each in answer.found),
        {language: spoken.count(language) for language in LANGUAGES if language in spoken},
        len(answer.found) - len(known),
    )


def preview(app: Application, author: Person, answer: Answer, draft: Draft) -> tuple[Letter, ...]:
    """Write the letter in each language of a reader, with a link that opens nothing, and send none.

    Where nobody can be written to, whoever reaches them by telephone reads it out in theirs.
    """
    url, first = f"{app.facts.base_url}/safe/...", answer.found[0].trip.reference
    known = [each for each in answer.found if each.is_reachable] or answer.found
    read = {each.trip.language for each in known}
    return tuple(
        broadcast(_facts(app, author, draft, author.unit, first, url), language)
        for language in LANGUAGES
        if language in read
    )


def send(  # noqa: PLR0913 - who writes what to whom, and what they saw
    app: Application, author: Person, answer: Answer, draft: Draft, *, seen: str, key: str
) -> int:
    """Write to all of an answer, and return the number of the message; of one key it is sent once.

    Args:
        app: the parts of the service.
        author: who writes; it goes to trips of their office.
        answer: who answers the question now.
        draft: what to write.
        seen: from ``readers``, whom the author saw.
        key: of the form.

    Raises:
        MovedError: others would get it than were seen.
        BadInputError: nobody would get it, or more than can be shown.
        StoreError: the database cannot be written; then nothing is sent.
    """
    with reading(app.engine) as c:
        known = broadcasts.by_key(c, author.unit, key)
    if known is not None:
        return known
    if not answer.found or answer.left_out:
        raise BadInputError("nobody, or more than are shown, would get it: ask for another time or place")
    if readers(answer).seen != seen:
        raise MovedError
    to = [each.trip for each in answer.found if each.is_reachable]
    written = [_written(app, author, draft, author.unit, each, turn=1) for each in to]
    people = [(each.trip.id, each.people) for each in answer.found]
    return transact(app.engine, partial(_send, app, author, draft, key, people, written))


def again(
    app: Application, author: Person, viewer: Viewer, broadcast_id: int, to: Sequence[tuple[Trip, int]]
) -> int:
    """Write once more to trips that have not answered, and return how many letters that are.

    Args:
        app: the parts of the service.
        author: who asks again; the letter names them.
        viewer: whose office it is of.
        broadcast_id: the message.
        to: trips, each with the number of letters it has had of this message.

    Raises:
        NotFoundError: the office has no such message.
    """
    with reading(app.engine) as c:
        known = broadcasts.find(c, viewer.office, broadcast_id)
    if known is None or known.expires_at <= app.clock():
        raise NotFoundError("there is no such message to send again")
    draft = Draft(words_of(known.body), bool(known.asks))
    written = [
        _written(app, author, draft, viewer.office, trip, turn=turns + 1)
        for trip, turns in to
        if turns < MOST_TURNS and not address_problem(trip.contact)
    ]

    def write(c: Connection) -> int:
        at = app.clock()
        number = sum(broadcasts.queue(c, broadcast_id, each, at) for each in written)
        _record(c, "broadcast.repeated", author.id, broadcast_id, {"letters": number}, at)
        return number

    return transact(app.engine, write)


def _send(  # noqa: PLR0913, PLR0917 - the parts of one transaction
    app: Application,
    author: Person,
    draft: Draft,
    key: str,
    people: Sequence[tuple[int, int]],
    written: Sequence[Written],
    c: Connection,
) -> int:
    at, body = app.clock(), draft.words.kept()
    number = broadcasts.add(
        c,
        key=key,
        office=author.unit,
        author=author.id,
        at=at,
        expires_at=at + OPEN_FOR,
        asks=draft.asks,
        body=body,
    )
    if number is None:  # the same form, confirmed at the same moment
        return broadcasts.by_key(c, author.unit, key) or 0
    broadcasts.add_trips(c, number, people)
    for each in written:
        broadcasts.queue(c, number, each, at)
    told: dict[str, audit.Word] = {"trips": len(people), "letters": len(written), "content": sha256(body)}
    _record(c, "broadcast.sent", author.id, number, told, at)
    return number


def _record(  # noqa: PLR0913, PLR0917 - the parts of an entry
    c: Connection, kind: str, actor: str, broadcast_id: int, body: dict[str, audit.Word], at: datetime
) -> None:
    audit.append(c, kind=kind, actor=actor, at=at, subject=f"broadcast:{broadcast_id}", body=body)


def _written(  # noqa: PLR0913 - whose letter it is, and of what
    app: Application, author: Person, draft: Draft, office: str, trip: Trip, *, turn: int
) -> Written:
    token = secrets.token_urlsafe(_TOKEN_BYTES) if draft.asks else ""
    page = f"safe/{token}" if draft.asks else f"trips/{trip.token}"
    facts = _facts(
        app, author, draft, office, trip.reference, f"{app.facts.base_url}/{page}", is_repeated=turn > 1
    )
    letter = broadcast(facts, trip.language)
    message_id, body = enveloped(app, letter, trip.contact)
    hashed = sha256(token) if token else None
    return Written(trip.id, f"{turn}", hashed, letter.name, trip.language, trip.contact, message_id, body)


def enveloped(app: Application, letter: Letter, recipient: str) -> tuple[str, bytes]:
    """Return the Message-ID and the bytes of a letter; it begins a thread of its own."""
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    return message_id, message(
        letter,
        sender=app.facts.mail_from,
        recipient=recipient,
        message_id=message_id,
        thread_id="",
        reply_to=app.facts.reply_to or app.policy.policy.focal_point.email,
        at=app.clock(),
    )


def _facts(  # noqa: PLR0913, PLR0917 - all that the letter tells
    app: Application,
    author: Person,
    draft: Draft,
    office: str,
    trip: str,
    url: str,
    *,
    is_repeated: bool = False,
) -> BroadcastFacts:
    return BroadcastFacts(
        draft.words, author.name, office, trip, url, draft.asks, is_repeated=is_repeated, demo=app.facts.demo
    )


def _seen(trip_ids: Iterable[int]) -> str:
    return sha256(" ".join(map(str, sorted(trip_ids))))[:32]
