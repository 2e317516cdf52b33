"""Answers of a traveller to our questions become a new version of the trip, judged like any other.

The document is read again and the answers put into what it said, those of earlier mails first. Where it reads
otherwise today than when it arrived, nothing is guessed: a person looks.
"""

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.drafts import Draft
from travelrisk.domain.itineraries import Itinerary
from travelrisk.domain.settling import settle
from travelrisk.domain.settling.stating import Stated, Tables, state
from travelrisk.intake.document import Document
from travelrisk.intake.mailbox.replies import Answer, whole_date
from travelrisk.services.application import Application
from travelrisk.services.trips.judging import judge
from travelrisk.services.trips.understanding import drafts_of
from travelrisk.store import audit, originals, statements, trips
from travelrisk.store.audit import Word
from travelrisk.store.database import reading, transact
from travelrisk.store.statements import Statement
from travelrisk.store.trips import Origin, Trip
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


class _Source(NamedTuple):
    """A version of a trip as its draft, with what it was settled by."""

    draft: Draft
    itinerary: Itinerary
    tables: Tables


class _Made(NamedTuple):
    """A new version of a trip, of which one it was made, and by what."""

    trip: Trip
    before: int
    itinerary: Itinerary
    used: tuple[Stated, ...]
    mail_id: int


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
        made = statements.made_by(c, mail_id)
        known = trips.itinerary(c, itinerary_id)
    lines = tuple(each.line for each in answers)
    if made is None and newest != itinerary_id:
        return Answered(0, lines, is_newest=False)
    source = _source(app, trip, itinerary_id)
    if source is None:
        return Answered(0, lines)
    said, unplaced = _matched(answers, known)
    restated = state(source.draft, source.itinerary, [stated for stated, _ in said], source.tables)
    refused = (*unplaced, *(line for stated, line in said if stated in restated.refused))
    if restated.used and made is None:
        settled = _settle(restated.draft, source.tables)
        made_of = _Made(trip, itinerary_id, settled, restated.used, mail_id)
        number = transact(app.engine, partial(_add, app, made_of))
        if number is None:
            return Answered(0, lines, is_newest=False)
        with reading(app.engine) as c:
            stored = trips.stored(c, number)
        judge(app, [stored], "mailbox")
    return Answered(len(restated.used), refused)


def _matched(answers: Sequence[Answer], known: Itinerary) -> tuple[list[tuple[Stated, str]], tuple[str, ...]]:
    """Return each answer with its question; numbers that were not asked, or answered twice, come apart."""
    questions = open_questions(known)
    numbers = [each.number for each in answers]
    said, unplaced = [], []
    for each in answers:
        if 1 <= each.number <= len(questions) and numbers.count(each.number) == 1:
            stated = Stated(questions[each.number - 1], each.value, whole_date(each.value))
            said.append((stated, each.line))
        else:
            unplaced.append(each.line)
    return said, tuple(unplaced)


def _source(app: Application, trip: Trip, itinerary_id: int) -> _Source | None:
    """Return a version of a trip as it was read and answered; None where that cannot be done again."""
    with reading(app.engine) as c:
        versions = [each for each in trips.origins(c, trip.id) if each.itinerary_id <= itinerary_id]
        read = max((place for place, each in enumerate(versions) if each.original), default=None)
        if read is None:
            return None
        base = versions[read]
        original = originals.load(c, base.original or "")
        later = [statements.of_itinerary(c, each.itinerary_id) for each in versions[read + 1 :]]
        wanted = trips.itinerary(c, itinerary_id)
    document = Document(*original, context_date=base.added_at.date())
    draft = next(islice(drafts_of(document), base.position, None), None)
    return None if draft is None else _replayed(app, draft, base, later, wanted)


def _replayed(
    app: Application, draft: Draft, base: Origin, later: Sequence[Sequence[Statement]], wanted: Itinerary
) -> _Source | None:
    tables = Tables(app.atlas, app.book, draft.issued or base.added_at.date())
    itinerary = _settle(draft, tables)
    for said in later:
        asked = {(each.code, each.segment, each.text): each for each in itinerary.questions}
        if any(each[:3] not in asked for each in said):
            return None
        stated = [Stated(asked[each[:3]], each.value, whole_date(each.value)) for each in said]
        draft = state(draft, itinerary, stated, tables).draft
        itinerary = _settle(draft, tables)
    is_same = trips.content_sha256(itinerary) == trips.content_sha256(wanted)
    return _Source(draft, itinerary, tables) if is_same else None


def _statement(said: Stated) -> Statement:
    question = said.question
    return Statement(question.code, question.segment or 0, question.text, said.value)


def _settle(draft: Draft, tables: Tables) -> Itinerary:
    return settle(draft, tables.atlas, tables.book, tables.context)


def _add(app: Application, made: _Made, c: Connection) -> int | None:
    """Add the new version, unless the trip has changed since; only the contact's own words made it."""
    trips.hold(c, made.trip.id)
    if trips.history(c, made.trip.id)[-1].itinerary_id != made.before:
        return None
    at = app.clock()
    number = trips.add_itinerary(c, made.trip.id, made.itinerary, original=None, position=0, at=at)
    statements.add(c, number, made.mail_id, map(_statement, made.used), at)
    body: dict[str, Word] = {
        "before": made.before,
        "mail": made.mail_id,
        "questions": [each.question.code for each in made.used],
    }
    subject = f"itinerary:{number}"
    audit.append(c, kind="itinerary.answered", actor="mailbox", at=at, subject=subject, body=body)
    return number
