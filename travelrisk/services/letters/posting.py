"""A finished letter for somebody of the desk goes into the outbox, in the transaction that asked for it."""

import secrets
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.people import Person
from travelrisk.domain.texts import Language
from travelrisk.logs import logger
from travelrisk.mail.addresses import address
from travelrisk.mail.render import Letter, message
from travelrisk.services.application import Application
from travelrisk.services.letters.writing import address_problem
from travelrisk.store import desk_letters


class Purpose(NamedTuple):
    """What a letter is for.

    Attributes:
        key: there is one letter of each.
        thread: the reference of a proposal, or what else binds letters together.
        standing: of that proposal; the letter goes only while it stands so. None = whatever happens.
        unsubscribe: page where one refuses letters of this kind; empty = they are not optional.
        is_one_click: whether a POST to that page is enough (RFC 8058).
    """

    key: str
    thread: str
    standing: str | None = None
    unsubscribe: str = ""
    is_one_click: bool = False


def language_of(app: Application, person: Person) -> Language:
    """Return the language of the letters to somebody."""
    return person.language or app.facts.language


def post(app: Application, c: Connection, person: Person, letter: Letter, purpose: Purpose) -> bool:
    """Queue *letter* for *person*; False where it was written before, or nobody could be reached.

    An act never fails because somebody's address cannot be used: that is logged, under the id.
    """
    if address_problem(person.email):
        logger().error("letter.no_address", person=person.id, letter=letter.name)
        return False
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    body = message(
        letter,
        sender=app.facts.mail_from,
        recipient=person.email,
        message_id=message_id,
        thread_id=desk_letters.thread_id(c, purpose.thread, person.id),
        reply_to=app.facts.reply_to or app.policy.policy.focal_point.email,
        at=app.clock(),
        unsubscribe=purpose.unsubscribe,
        is_one_click=purpose.is_one_click,
    )
    return desk_letters.queue(
        c,
        person_id=person.id,
        key=purpose.key,
        thread=purpose.thread,
        letter=letter.name,
        language=letter.language,
        recipient=person.email,
        message_id=message_id,
        body=body,
        at=app.clock(),
        standing=purpose.standing,
    )
