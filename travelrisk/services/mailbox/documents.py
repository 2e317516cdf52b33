"""A mail with a journey in it: a short question is answered, a booking becomes a trip of its sender."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.texts import Language
from travelrisk.intake.document import Document
from travelrisk.intake.mailbox.replies import has_files, own_words
from travelrisk.mail.answers import answer, received, unreadable
from travelrisk.services.application import Application
from travelrisk.services.mailbox.answering import facts, line_of
from travelrisk.services.mailbox.outcomes import Outcome, Vouched, Written
from travelrisk.services.trips.checking import NOTHING, Answer, check_document
from travelrisk.services.trips.mapping import unit_of
from travelrisk.services.trips.receiving import Received, receive
from travelrisk.store import outbox
from travelrisk.store.database import reading
from travelrisk.store.mails import Mail

_MESSAGE: Final = "message/rfc822"
_LONGEST_QUESTION = 300
_MOST_LINES = 3
_LONGEST_LINK = 200
_MOST_NAMED = 10


def of_sender(app: Application, vouched: Vouched) -> Outcome:
    """Deal with what somebody wrote or attached."""
    if _is_short(vouched.content):
        asked = check_document(app, Document(vouched.content, media_type=_MESSAGE))
        found = [each.itinerary for each in asked if each.itinerary]
        if not found:
            return _not_read(app, vouched, asked)
        if len(found) == 1 and not found[0].locators:
            return _answered(app, vouched, asked)
    return _received(app, vouched)


def of_nobody(app: Application, mail: Mail, content: bytes) -> Outcome:
    """Deal with a file that lay in a folder: travellers are written to whose addresses stand in it."""
    if mail.problem:
        return Outcome("unreadable", mail.problem)
    parts = list(receive(app, Document(content, mail.name), actor="mailbox"))
    placed = [each for each in parts if each.trip]
    if not placed:
        return Outcome("unreadable", _reason(parts))
    silent = [each.trip.reference for each in placed if each.trip and each.nobody]
    reason = f"{', '.join(silent[:_MOST_NAMED])}: nobody could be written to, for it holds no address"
    return Outcome("document", reason if silent else "", trip_id=_only_trip(placed))


def holds_journey(app: Application, content: bytes) -> bool:
    """Say whether any flight is read in a message; nothing is stored."""
    return any(each.itinerary for each in check_document(app, Document(content, media_type=_MESSAGE)))


def not_fetched(app: Application, vouched: Vouched) -> Outcome:
    """Say that a message was not fetched whole, and why."""
    return _unreadable(app, vouched, vouched.mail.problem, ())


def _not_read(app: Application, vouched: Vouched, parts: Sequence[Answer | Received]) -> Outcome:
    """Say that no journey was found; the mail is put aside for a person."""
    return _unreadable(app, vouched, _reason(parts), [line for each in parts for line in each.unread])


def _unreadable(app: Application, vouched: Vouched, reason: str, unread: Sequence[str]) -> Outcome:
    letter = unreadable(facts(app), reason, unread, vouched.language or app.facts.language)
    return Outcome("unreadable", reason, vouched.sender, (Written(letter),))


def _is_short(content: bytes) -> bool:
    """Say whether a message could be a question: a few words, or a subject alone, and no file."""
    words = own_words(content)
    lines = [line for line in words.splitlines() if line.strip()]
    return len(words) <= _LONGEST_QUESTION and len(lines) <= _MOST_LINES and not has_files(content)


def _answered(app: Application, vouched: Vouched, asked: Sequence[Answer]) -> Outcome:
    judged = [(each.itinerary, each.advisory) for each in asked if each.itinerary and each.advisory]
    itinerary, advisory = judged[0]
    page = f"/check{_query(own_words(vouched.content), itinerary)}"
    letter = answer(facts(app, page), itinerary, advisory, vouched.language or app.facts.language)
    return Outcome("question", "", vouched.sender, (Written(letter, advisory.edition),))


def _query(words: str, itinerary: Itinerary) -> str:
    """Link to this very question, unless it is more than a bare line: links are kept in logs."""
    is_bare = words and "\n" not in words and "@" not in words
    query = urlencode({"q": words}) if is_bare and not (itinerary.travellers or itinerary.unread) else ""
    return f"?{query}" if query and len(query) <= _LONGEST_LINK else ""


def _received(app: Application, vouched: Vouched) -> Outcome:
    document, sender = Document(vouched.content, media_type=_MESSAGE), vouched.sender
    said, office = vouched.language, unit_of(app, sender)
    parts = list(receive(app, document, recipient=sender, language=said, office=office, actor="mailbox"))
    placed = [each for each in parts if each.trip]
    if not placed:
        return _not_read(app, vouched, parts)
    if any(each.trip and each.trip.contact != sender for each in placed):
        return Outcome("somebody_elses", "the same message had made a trip of another contact", sender)
    silent = [each for each in placed if not _is_written_to(app, each, vouched.mail.taken_at)]
    letters = _before(app, silent, vouched.language) if silent else ()
    return Outcome("itinerary", "", sender, letters, _only_trip(placed))


def _is_written_to(app: Application, part: Received, since: datetime) -> bool:
    """Say whether a letter tells of this arrival, whoever judged it, and even if a kill came between."""
    if part.trip is None or part.letters:
        return True
    with reading(app.engine) as c:
        return any(each.queued_at >= since for each in outbox.of_trip(c, part.trip.id))


def _before(app: Application, silent: Sequence[Received], language: Language | None) -> tuple[Written, ...]:
    lines = [line_of(app, each.trip, each.itinerary) for each in silent if each.trip and each.itinerary]
    return (Written(received(facts(app), lines, language or app.facts.language)),)


def _only_trip(placed: Sequence[Received]) -> int | None:
    found = {each.trip.id for each in placed if each.trip}
    return found.pop() if len(found) == 1 else None


def _reason(parts: Sequence[Answer | Received]) -> str:
    return next((each.reason for each in parts if each.reason), NOTHING)
