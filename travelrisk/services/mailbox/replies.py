"""The contact of a trip answers one of our letters: a note for the travel unit, and perhaps more.

Numbered answers are applied to the letter's questions; a new booking arrives like any other. Where neither is
found the sender is told so, for nobody may think that something was changed by it.
"""

from travelrisk.domain.texts import Language
from travelrisk.intake.mailbox.replies import Answer, has_files, numbered, own_words, without_quotes
from travelrisk.intake.masking import masked
from travelrisk.mail.answers import not_understood
from travelrisk.services.application import Application
from travelrisk.services.mailbox import documents
from travelrisk.services.mailbox.answering import facts, line_of
from travelrisk.services.mailbox.outcomes import Outcome, Vouched, Written
from travelrisk.services.mailbox.stating import Answered, answer_questions
from travelrisk.store import trips
from travelrisk.store.database import reading
from travelrisk.store.outbox import Letter
from travelrisk.store.trips import Trip
from travelrisk.telling.foreign import visible
from travelrisk.telling.questions import open_questions

_LONGEST_NOTE = 2_000


def of_contact(app: Application, vouched: Vouched, trip: Trip, letter: Letter) -> Outcome:
    """Deal with a reply of the trip's own, authenticated contact."""
    words = own_words(vouched.content)
    with reading(app.engine) as c:
        questions = open_questions(trips.itinerary(c, letter.itinerary_id))
    given = [each for each in numbered(words) if 1 <= each.number <= len(questions)]
    told = Answered(0, ())
    if given:
        told = answer_questions(app, trip, letter.itinerary_id, given, vouched.mail.id)
    booked = _booked(app, vouched, _rest(words, given))
    answers = booked.answers if booked else ()
    if told.refused or not (given or booked):
        answers = (*answers, _refused(app, trip, told, vouched.language))
    kind = booked.kind if booked else "statement" if given else "note"
    note = "\n".join(masked(visible(line)) for line in words.splitlines())[:_LONGEST_NOTE]
    return Outcome(kind, "", vouched.sender, answers, trip.id, note, letter.id)


def to_unit(vouched: Vouched, trip: Trip) -> Outcome:
    """Keep a reply to what the travel unit wrote, for a person: no words are taken for "I am safe"."""
    note = "\n".join(visible(line) for line in own_words(vouched.content).splitlines())[:_LONGEST_NOTE]
    why = "a traveller answers a message of the travel unit: read it, and note there who was reached"
    return Outcome("note", why, vouched.sender, (), trip.id, note)


def _rest(words: str, given: list[Answer]) -> str:
    lines = {each.line for each in given}
    return "\n".join(line for line in words.splitlines() if line.strip() not in lines).strip()


def _booked(app: Application, vouched: Vouched, rest: str) -> Outcome | None:
    """Receive what stands in a reply besides numbered answers, if any flight is read in it."""
    if not rest and not has_files(vouched.content):
        return None
    own = vouched._replace(content=without_quotes(vouched.content, rest))
    return documents.of_sender(app, own) if documents.holds_journey(app, own.content) else None


def _refused(app: Application, trip: Trip, told: Answered, language: Language | None) -> Written:
    with reading(app.engine) as c:
        newest = trips.itinerary(c, trips.history(c, trip.id)[-1].itinerary_id)
    line = line_of(app, trip, newest)
    about = facts(app, line.url.removeprefix(app.facts.base_url))
    spoken = language or trip.language
    asks = bool(open_questions(newest))
    letter = not_understood(about, line, told.refused, spoken, is_newest=told.is_newest, asks=asks)
    return Written(letter)
