"""Who is written to, and the finished letter ready for the outbox; nothing here touches the database."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.errors import BadInputError
from travelrisk.domain.itineraries import Claim, Itinerary
from travelrisk.domain.policy import Policy
from travelrisk.domain.texts import Language
from travelrisk.mail.addresses import address
from travelrisk.mail.letters import LetterFacts, compose
from travelrisk.mail.render import Letter, message
from travelrisk.services.application import Application
from travelrisk.store.outbox import Sending
from travelrisk.store.trips import Trip


class Envelope(NamedTuple):
    """A letter as it will be sent, to the last byte."""

    letter: str
    language: Language
    recipient: str
    message_id: str
    body: bytes


def recipient_of(itinerary: Itinerary, recipient: str, language: Language | None) -> tuple[str, Language]:
    """Return the address and language of the letters: those given, or the first traveller's own."""
    addressed = [each for each in itinerary.travellers if each.email]
    people = addressed or itinerary.travellers
    own: list[Language] = [each.language for each in people if each.language is not None]
    spoken = language or (own[0] if own else "en")
    return recipient or (addressed[0].email if addressed else ""), spoken


def address_problem(contact: str) -> str:
    """Say why nobody can be written to; empty where the address will do."""
    if not contact:
        return "no address: nobody was written to; give one in the booking, or with travelrisk screen --to"
    try:
        address(contact)
    except BadInputError as error:
        return f"nobody was written to: {error}"
    return ""


def whom_to_tell(policy: Policy) -> str:
    """Return the address of the travel unit, or else of the focal point; empty where neither can be used."""
    wanted = [each.email for each in (policy.travel_unit, policy.focal_point) if each is not None]
    return next((each for each in wanted if not address_problem(each)), "")


def envelope(  # noqa: PLR0913 - whose letter it is, and of what
    app: Application,
    trip: Trip,
    itinerary: Itinerary,
    advisory: Advisory,
    before: Sequence[Sending],
    *,
    was: Advisory | None = None,
    dropped: Sequence[Claim] = (),
) -> Envelope | None:
    """Write the letter of an advisory; None where the trip has no address that can be used.

    Args:
        app: the parts of the service.
        trip: whose letter it is.
        itinerary: what was judged.
        advisory: the judgement.
        before: letters of this trip so far, the oldest first; the new one joins their thread.
        was: what the traveller was told last of this very itinerary; the letter then says what changed.
        dropped: what people told us of the version before, and a new document has replaced.
    """
    if address_problem(trip.contact):
        return None
    # Letters that may be out are named; those still waiting are superseded and were never seen.
    out = [each for each in before if each.state == "sent" or each.ambiguous]
    replaced = out[-1].queued_at if out else None
    facts = facts_of(app, trip, itinerary, advisory, replaces=replaced, sequence=len(before), was=was)
    facts = replace(facts, dropped=tuple(dropped))
    return addressed(app, trip, compose(facts, trip.language), before, advisory.at)


def addressed(
    app: Application, trip: Trip, letter: Letter, before: Sequence[Sending], at: datetime
) -> Envelope:
    """Put a letter about a trip into its envelope: it joins the thread of those *before*."""
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    body = message(
        letter,
        sender=app.facts.mail_from,
        recipient=trip.contact,
        message_id=message_id,
        thread_id=before[0].message_id if before else message_id,
        reply_to=app.facts.reply_to or app.policy.policy.focal_point.email,
        at=at,
    )
    return Envelope(letter.name, trip.language, trip.contact, message_id, body)


def envelope_to(app: Application, recipient: str, letter: Letter) -> Envelope:
    """Put a letter to whom the policy names into its envelope; it begins a thread of its own."""
    message_id = f"<{secrets.token_hex(16)}@{address(app.facts.mail_from).domain}>"
    body = message(
        letter,
        sender=app.facts.mail_from,
        recipient=recipient,
        message_id=message_id,
        thread_id="",
        reply_to=app.facts.reply_to or app.policy.policy.focal_point.email,
        at=app.clock(),
    )
    return Envelope(letter.name, letter.language, recipient, message_id, body)


def facts_of(  # noqa: PLR0913 - as for the envelope
    app: Application,
    trip: Trip,
    itinerary: Itinerary,
    advisory: Advisory,
    *,
    replaces: datetime | None = None,
    sequence: int = 0,
    was: Advisory | None = None,
) -> LetterFacts:
    """Return all that a letter about an advisory tells.

    *replaces* is when the one before it was written, *sequence* how many there were, *was* what the traveller
    was told last.
    """
    return LetterFacts(
        itinerary=itinerary,
        advisory=advisory,
        policy=app.policy.policy,
        trip_reference=trip.reference,
        trip_url=f"{app.facts.base_url}/trips/{trip.token}",
        addressee=trip.contact,
        demo=app.facts.demo,
        replaces=replaces,
        sequence=sequence,
        was=was,
    )
