"""One question, one answer: nothing is stored, and nobody is written to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from travelrisk.domain.advisories import Advisory
from travelrisk.domain.itineraries import Itinerary, Outcome
from travelrisk.intake.document import Document
from travelrisk.screening.engine import screen
from travelrisk.services.application import Application
from travelrisk.services.trips.understanding import Understood, understand, understand_text
from travelrisk.store.database import reading

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


def check(app: Application, text: str) -> tuple[Answer, ...]:
    """Answer what somebody typed or pasted; at least one answer, always.

    Raises:
        StoreError: the database cannot be read.
    """
    return tuple(_answers(app, understand_text(app, text)))


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
    return _answers(app, understand(app, document))


def _answers(app: Application, parts: Iterable[Understood]) -> Iterator[Answer]:
    with reading(app.engine) as connection:
        snapshot = app.shelf.newest(connection)
    at = app.clock()
    count = 0
    for count, part in enumerate(parts, start=1):  # noqa: B007 - the number is asked for below
        if not part.itineraries:
            yield Answer(part.form, part.outcome, part.reason or NOTHING, part.unread, None, None)
        for itinerary in part.itineraries:
            advisory = screen(itinerary, snapshot, app.policy.policy, at)
            yield Answer(part.form, part.outcome, part.reason, part.unread, itinerary, advisory)
    if not count:
        yield Answer("", Outcome.NOTHING_FOUND, NOTHING, (), None, None)
