"""Who wrote a mail comes first: only then is looked at what stands in it."""

from travelrisk.intake.mailbox.ours import trips_in
from travelrisk.intake.mailbox.replies import own_words, without_quotes
from travelrisk.intake.mailbox.senders import Sender, sender_of, why_unanswerable
from travelrisk.mail.addresses import address
from travelrisk.mail.bounces import AutoReply, Bounce, Reply, incoming
from travelrisk.services.application import Application
from travelrisk.services.letters.bounces import Noted, take_back
from travelrisk.services.letters.writing import address_problem
from travelrisk.services.mailbox import documents, replies
from travelrisk.services.mailbox.answering import language_known
from travelrisk.services.mailbox.outcomes import Outcome, Vouched
from travelrisk.services.mailbox.returned import of_whom_they_concern
from travelrisk.store import broadcasts, mails, outbox, trips
from travelrisk.store.database import reading, transact
from travelrisk.store.mails import UNAUTHENTICATED, Mail


def deal_with(app: Application, mail: Mail) -> Outcome:
    """Say what a mail is and do what follows, but for its end and its answers; harmless when repeated.

    Raises:
        StoreError: the database cannot be written.
    """
    if mail.content is None:
        return Outcome("broken", "its content is not kept any more: ask for it to be sent again")
    if mail.name:
        return documents.of_nobody(app, mail, mail.content)
    kind = incoming(mail.content)
    if isinstance(kind, Bounce):
        return _bounced(app, kind)
    if isinstance(kind, AutoReply):  # one that answers no letter of ours may still be somebody's booking
        return Outcome(
            "automatic", "" if kind.letters else "a program sent it, and it answers no letter of ours"
        )
    return _vetted(app, mail, mail.content, kind.letters if isinstance(kind, Reply) else ())


def _bounced(app: Application, bounce: Bounce) -> Outcome:
    """Note on its letter that it came back; what fits no letter is for a person: it only raises an alarm."""
    if take_back(app, bounce) in {Noted.NEW, Noted.KNOWN}:
        return Outcome("bounce")
    return Outcome("bounce", f"a letter came back ({bounce.reply}), and it is not clear which one")


def _vetted(app: Application, mail: Mail, content: bytes, letters: tuple[str, ...]) -> Outcome:
    known = app.facts.correspondents
    sender = sender_of(content, known.authserv_id, mail.arrived_at)
    problem = sender.problem or address_problem(sender.address)
    if problem:
        return Outcome(UNAUTHENTICATED, f"nobody vouches for its sender: {problem}")
    if sender.address.rpartition("@")[2] not in known.domains:
        return Outcome("unknown_sender", "its sender is of no domain in the setting mailbox_domains")
    why = _why_not_answered(app, mail, content, sender)
    if why:
        return why
    language = language_known(app, content, sender.address)
    return _admitted(app, Vouched(mail, content, sender.address, language), letters)


def _why_not_answered(app: Application, mail: Mail, content: bytes, sender: Sender) -> Outcome | None:
    """Return the end of a mail that may not be answered; None where it may."""
    machine = why_unanswerable(content)
    if machine or sender.address.lower() == address(app.facts.mail_from).addr_spec.lower():
        return Outcome("automatic", f"it may not be answered: {machine or 'it bears our own address'}")
    with reading(app.engine) as c:
        if mails.came_before(c, mail, sender.address):
            return Outcome("repeated", sender=sender.address)
    most = app.facts.correspondents.answers_a_day
    if not transact(app.engine, lambda c: mails.admit(c, mail.id, sender.address, app.clock(), most)):
        return Outcome("too_many", f"its sender has had {most} answers within a day")
    return None


def _admitted(app: Application, vouched: Vouched, letters: tuple[str, ...]) -> Outcome:
    """Deal with a mail that may be answered; *letters* are those that it says it answers."""
    if vouched.mail.problem:
        return documents.not_fetched(app, vouched)
    with reading(app.engine) as c:
        letter = outbox.by_message_id(c, letters) if letters else None
        number = letter.trip_id if letter else broadcasts.trip_of(c, letters) if letters else None
        trip = trips.by_id(c, number) if number is not None else None
    if trip and trip.contact.casefold() == vouched.sender.casefold():
        return replies.of_contact(app, vouched, trip, letter) if letter else replies.to_unit(vouched, trip)
    returned = trips_in(vouched.content)
    if returned:
        return of_whom_they_concern(app, vouched, returned)
    if not letters:
        return documents.of_sender(app, vouched)
    own = without_quotes(vouched.content, own_words(vouched.content))
    return documents.of_sender(app, vouched._replace(content=own))
