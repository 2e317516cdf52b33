"""Numbered answers of a traveller to our questions, put to the trip that the letter was about."""

from collections.abc import Sequence
from typing import NamedTuple

from travelrisk.domain.itineraries import Itinerary
from travelrisk.intake.mailbox.replies import Answer
from travelrisk.intake.masking import masked
from travelrisk.services.application import Application
from travelrisk.services.trips.stating import Version, add_version, restated
from travelrisk.store import statements, trips
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement
from travelrisk.store.trips import Trip
from travelrisk.telling.questions import open_questions


class Answered(NamedTuple):
    """What became of numbered answers.

    Attributes:
        used: how many were applied.
        refused: the lines that were not.
        is_newest: False where the letter that they answer was replaced by a newer one; then none was applied.
    """

    used: int
    refused: tuple[str, ...]
    is_newest: bool = True


def answer_questions(
    app: Application, trip: Trip, itinerary_id: int, answers: Sequence[Answer], mail_id: int
) -> Answered:
    """Apply *answers* to the questions of a letter; the same mail a second time changes nothing.

    Args:
        app: the parts of the service.
        trip: whose contact wrote, authenticated.
        itinerary_id: what the letter told of.
        answers: numbered as in the letter.
        mail_id: the mail they stand in.

    Raises:
        StoreError: the database cannot be written.
    """
    with reading(app.engine) as c:
        newest = trips.history(c, trip.id)[-1].itinerary_id
        made_before = statements.made_by(c, mail_id)
        known = trips.itinerary(c, itinerary_id)
    lines = tuple(each.line for each in answers)
    if made_before is None and newest != itinerary_id:
        return Answered(0, lines, is_newest=False)
    said, unplaced = _matched(answers, known)
    made = restated(app, trip, itinerary_id, [each for each, _ in said])
    if made is None:
        return Answered(0, lines)
    refused = (*unplaced, *(line for each, line in said if each in made.refused))
    if made.used and made_before is None:
        version = Version(itinerary_id, made, "itinerary.answered", "mailbox", mail_id)
        if not add_version(app, trip, version):
            return Answered(0, lines, is_newest=False)
    return Answered(len(made.used), refused)


def _matched(
    answers: Sequence[Answer], known: Itinerary
) -> tuple[list[tuple[Statement, str]], tuple[str, ...]]:
    """Return each answer with its question; numbers that were not asked, or answered twice, come apart."""
    questions = open_questions(known)
    numbers = [each.number for each in answers]
    said, unplaced = [], []
    for each in answers:
        if 1 <= each.number <= len(questions) and numbers.count(each.number) == 1:
            asked = questions[each.number - 1]
            said.append((Statement(asked.code, asked.segment, asked.text, masked(each.value)), each.line))
        else:
            unplaced.append(each.line)
    return said, tuple(unplaced)
