"""One question, one answer: nothing is stored, and nobody is written to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.authorisations import NOBODY, Whose
from travelrisk.domain.errors import NotFoundError
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.domain.ratings import Snapshot
from travelrisk.domain.settling import settle
from travelrisk.domain.settling.stating import Stated, Tables, state
from travelrisk.intake.document import Document
from travelrisk.intake.words.moments import whole_date
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.trips.understanding import Understood, drafts_of_text, understand, understand_text
from travelrisk.store import audit, ratings
from travelrisk.store.database import reading
from travelrisk.store.statements import Statement

_MOST_SAID = 24
NOTHING = "no flight was found: write it as ET707 FRA ADD 12 Dec, or send the booking itself"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was understood of a question, and the judgement on it.

    Attributes:
        itinerary, advisory: both None where no flight was found; *reason* then says what to do. Never a
            silence that could be taken for a clearance.
    """

    form: str
    outcome: Outcome
    reason: str
    unread: tuple[str, ...]
    itinerary: Itinerary | None
    advisory: Advisory | None


class Standpoint(NamedTuple):
    """From where a journey is judged: what was known, when, and for whom."""

    snapshot: Snapshot
    at: datetime
    whose: Whose = NOBODY


def check(app: Application, text: str, said: Sequence[Statement] = ()) -> tuple[Answer, ...]:
    """Answer what somebody typed or pasted; at least one answer, always.

    *said* answers the questions that it leaves, those of earlier answers too; it is used where the text holds
    one booking. What answers no question is left out: the question is then still there.

    Raises:
        StoreError: the database cannot be read.
    """
    parts = understand_text(app, text)
    return tuple(judged(app, _said(app, text, parts, said[:_MOST_SAID]) if said else parts, standpoint(app)))


def check_document(app: Application, document: Document) -> tuple[Answer, ...]:
    """Answer a document; at least one answer, always.

    Raises:
        StoreError: the database cannot be read.
    """
    return tuple(answers(app, document))


def answers(app: Application, document: Document) -> Iterator[Answer]:
    """Answer a document of any length piece by piece; at least one answer, always.

    A piece in which no flight was found is an answer too: it says why, and what to do.

    Raises:
        StoreError: the database cannot be read.
    """
    return judged(app, understand(app, document), standpoint(app))


def _said(
    app: Application, text: str, parts: Sequence[Understood], said: Sequence[Statement]
) -> Sequence[Understood]:
    """Put answers into the one booking of a text, round after round: one may leave another question."""
    drafts = drafts_of_text(app, text)
    if len(parts) != 1 or len(drafts) != 1 or len(parts[0].itineraries) != 1:
        return parts
    (part,), (draft,), (itinerary,) = parts, drafts, parts[0].itineraries
    tables = Tables(app.atlas, app.book, draft.issued or app.clock().date())
    while True:
        asked = {(each.code, each.segment, each.text): each for each in itinerary.questions}
        now = {each[:3]: each for each in said if each[:3] in asked}
        answers = [Stated(asked[key], each.value, whole_date(each.value)) for key, each in now.items()]
        restated = state(draft, itinerary, answers, tables)
        if not restated.used:
            break
        used = {(each.question.code, each.question.segment, each.question.text) for each in restated.used}
        said = [each for each in said if each[:3] not in used]
        draft = restated.draft
        itinerary = settle(draft, tables.atlas, tables.book, tables.context)
    # What was wrong with the reading itself is still wrong; all else stands in the booking.
    is_explained = part.outcome is part.itineraries[0].outcome
    outcome = itinerary.outcome if is_explained else part.outcome
    return (replace(part, outcome=outcome, itineraries=(itinerary,)),)


def standpoint(app: Application, as_of: datetime | None = None, office: str = "") -> Standpoint:
    """Return from where to judge for an office: now, or from what was known at a moment.

    Raises:
        NotFoundError: the moment has not come yet.
        StoreError: the database cannot be read.
    """
    now = app.clock()
    if as_of is not None and as_of > now:
        raise NotFoundError("as_of: this moment has not come yet: leave it away for the ratings of now")
    with reading(app.engine) as c:
        audit.refuse_if_behind(c, now)
        if as_of is None:
            return Standpoint(app.shelf.newest(c), now, Whose("", office))
        edition = ratings.edition_before(c, as_of + timedelta.resolution)
        return Standpoint(ratings.snapshot(c, edition), as_of, Whose("", office))


def standpoint_of_now(app: Application, office: str) -> Standpoint:
    """Return from where to judge for an office now, by ratings that were the newest a second ago at most.

    Raises:
        StoreError: the database cannot be read.
    """
    return Standpoint(app.shelf.recent(app.engine), app.clock(), Whose("", office))


def judged(app: Application, parts: Iterable[Understood], seen_from: Standpoint) -> Iterator[Answer]:
    """Answer what was understood; at least one answer, always."""
    snapshot, at, whose = seen_from
    count = 0
    for count, part in enumerate(parts, start=1):  # noqa: B007 - the number is asked for below
        if not part.itineraries:
            yield Answer(part.form, part.outcome, part.reason or NOTHING, part.unread, None, None)
        for itinerary in part.itineraries:
            advisory = screen(itinerary, snapshot, app.policy.policy, at, whose)
            yield Answer(part.form, part.outcome, part.reason, part.unread, itinerary, advisory)
    if not count:
        yield Answer("", Outcome.NOTHING_FOUND, NOTHING, (), None, None)
