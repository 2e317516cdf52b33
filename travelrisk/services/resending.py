"""The letters of a trip as they were sent, and the newest one once more.

A repetition is a row of its own in the outbox, under the rules of every letter: in order, and not where a
newer answer has outdated it. It is called ``review.2``, for one letter of one name goes to one recipient for
an advisory. It has a Message-ID of its own, because some mail servers drop what they have seen before without
a word.
"""

import secrets
from collections.abc import Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.errors import BadInputError, NotFoundError
from travelrisk.domain.texts import Language
from travelrisk.mail.addresses import address
from travelrisk.mail.opened import Opened, opened
from travelrisk.mail.repeating import repeated
from travelrisk.services.application import Application
from travelrisk.services.letters import kind_of, tells_an_answer
from travelrisk.store import advisories, audit, cancellations, outbox, trips
from travelrisk.store.advisories import StoredAdvisory
from travelrisk.store.database import reading, serialise, transact
from travelrisk.store.outbox import Sending

MOST: Final = 4  # of one letter, the first time included
_SETTLED: Final = ("sent", "dead")
_LOCK: Final = 0x7452_0013


class Written(NamedTuple):
    """A letter as it was written, to be read; *state* is how far it has come."""

    reference: str
    token: str
    state: str
    letter: str
    language: Language
    content: Opened


def name_again(letter: str, letters: Sequence[Sending], advisory_id: int) -> str | None:
    """Return what one more letter of a name is called for an advisory; None where there were enough."""
    kind = kind_of(letter)
    written = sum(each.advisory_id == advisory_id and kind_of(each.letter) == kind for each in letters)
    if written >= MOST:
        return None
    return f"{kind}.{written + 1}" if written else kind


def again(letters: Sequence[Sending], judged: Sequence[StoredAdvisory]) -> int | None:
    """Return the letter of a trip that may be sent once more: the newest, if its answer still stands.

    Args:
        letters: of the trip, the oldest first.
        judged: its advisories, the oldest first.
    """
    answers = [each for each in letters if tells_an_answer(each)]
    if not answers or not judged or answers[-1].state not in _SETTLED:
        return None
    newest, verdicts = answers[-1], {each.id: each.advisory.verdict for each in judged}
    stands = verdicts[newest.advisory_id] is judged[-1].advisory.verdict
    return newest.id if stands and name_again(newest.letter, letters, newest.advisory_id) else None


def letter(app: Application, token: str, letter_id: int) -> Written:
    """Return a letter of the trip that *token* opens, to the last word.

    Not the one that leads to a calendar: whoever has the link to one trip must not get at all others.

    Raises:
        NotFoundError: no trip has this token, or it has no such letter.
    """
    with reading(app.engine) as c:
        trip = trips.find(c, token)
        letters = outbox.of_trip(c, trip.id) if trip else ()
        sent = {each.id: each for each in letters if tells_an_answer(each)}
        if trip is None or letter_id not in sent:
            raise NotFoundError("there is no such letter")
        content = opened(outbox.body(c, letter_id))
    found = sent[letter_id]
    return Written(trip.reference, trip.token, found.state, kind_of(found.letter), found.language, content)


def send_again(app: Application, token: str, letter_id: int) -> None:
    """Queue the newest letter of a trip once more.

    Raises:
        NotFoundError: no trip has this token.
        BadInputError: it is not the newest letter, waits already, no longer holds, or was sent often enough.
    """
    transact(app.engine, lambda c: _send_again(app, c, token, letter_id))


def _send_again(app: Application, c: Connection, token: str, letter_id: int) -> None:
    serialise(c, _LOCK)  # of two clicks at one moment the second one finds the first
    trip = trips.find(c, token)
    if trip is None:
        raise NotFoundError("there is no such trip")
    letters, judged = outbox.of_trip(c, trip.id), advisories.of_trip(c, trip.id)
    if cancellations.stands(c, trip.id) or again(letters, judged) != letter_id:
        raise BadInputError(
            "this letter cannot be sent again: look at the newest one on the page of the trip"
        )
    first = next(each for each in letters if each.id == letter_id)
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    body = repeated(
        outbox.body(c, letter_id),
        first.language,
        recipient=first.recipient,
        message_id=message_id,
        at=app.clock(),
    )
    number = outbox.queue(
        c,
        trip_id=trip.id,
        advisory_id=first.advisory_id,
        letter=name_again(first.letter, letters, first.advisory_id) or first.letter,
        language=first.language,
        recipient=first.recipient,
        message_id=message_id,
        body=body,
        at=app.clock(),
    )
    audit.append(
        c,
        kind="letter.asked_again",
        actor="traveller",
        at=app.clock(),
        subject=f"letter:{number}",
        body={"advisory": first.advisory_id, "of": letter_id},
    )
