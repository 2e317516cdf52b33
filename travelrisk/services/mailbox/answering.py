"""Answers to mails: in which language, with which links, and into the outbox with the end of the mail."""

import secrets

from sqlalchemy import Connection

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import LANGUAGES, Language
from travelrisk.intake.mailbox.senders import languages_of
from travelrisk.mail.addresses import address
from travelrisk.mail.answers import AnswerFacts, TripLine
from travelrisk.mail.render import is_message_id, message
from travelrisk.services.application import Application
from travelrisk.services.mailbox.outcomes import Written
from travelrisk.store import answers, trips
from travelrisk.store.database import reading
from travelrisk.store.mails import Mail
from travelrisk.store.trips import Trip


def language_known(app: Application, content: bytes, sender: str) -> Language | None:
    """Return the language that the mail states, or that of the sender's newest trip; None = neither."""
    stated: list[Language] = [each for word in languages_of(content) for each in LANGUAGES if each == word]
    if stated:
        return stated[0]
    with reading(app.engine) as c:
        return trips.language_of(c, sender)


def facts(app: Application, path: str = "/check") -> AnswerFacts:
    """Return what every answer needs; *path* is the page it links to."""
    return AnswerFacts(app.policy.policy, f"{app.facts.base_url}{path}", demo=app.facts.demo)


def line_of(app: Application, trip: Trip, itinerary: Itinerary) -> TripLine:
    """Return a trip as an answer to its contact names it."""
    return TripLine(trip.reference, itinerary, f"{app.facts.base_url}/trips/{trip.token}")


def post(app: Application, c: Connection, mail: Mail, recipient: str, written: Written) -> None:
    """Queue an answer to *mail*, to the address that is vouched for and to no other."""
    letter = written.letter
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    body = message(
        letter,
        sender=app.facts.mail_from,
        recipient=recipient,
        message_id=message_id,
        thread_id=mail.message_id if is_message_id(mail.message_id) else "",
        reply_to=app.facts.reply_to or app.policy.policy.focal_point.email,
        at=app.clock(),
        answers=True,
    )
    answers.queue(
        c,
        mail_id=mail.id,
        edition=written.edition,
        letter=letter.name,
        language=letter.language,
        recipient=recipient,
        message_id=message_id,
        body=body,
        at=app.clock(),
    )
