"""An answer as rows of a table, for the operations centre: who, how to reach them, where, and how sure.

A file leaves the service, so it needs a reason. The reason is one of a few words, because the audit trail is
never erased and must hold nothing about a traveller.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from travelrisk.domain.people import Viewer
from travelrisk.domain.whereabouts import FAR_AHEAD, LONG_AGO, Flight, Sighting, Span
from travelrisk.services.application import Application
from travelrisk.services.privacy.looking import Purpose
from travelrisk.services.whereabouts.asking import Question
from travelrisk.services.whereabouts.finding import Answer, Found, find
from travelrisk.store import audit
from travelrisk.store.database import transact
from travelrisk.store.office_trail import subject_of


class Reason(StrEnum):
    """What a file is for."""

    EMERGENCY = "emergency"
    SECURITY = "security"
    DISRUPTION = "disruption"
    DRILL = "drill"


COLUMNS: Final = (
    "reference",
    "travellers",
    "people",
    "contact",
    "certainty",
    "kind",
    "flight",
    "places",
    "from_utc",
    "until_utc",
    "doubts",
    "verdict",
)


def exported(app: Application, viewer: Viewer, question: Question, reason: Reason) -> list[dict[str, str]]:
    """Return who answers a question as rows of cells; the look and its reason are noted first.

    Raises:
        StoreError: the database cannot be read, or the note cannot be written.
    """
    answer = find(app, viewer, question, Purpose.EXPORT)
    body: dict[str, audit.Word] = {"reason": reason.value, "trips": len(answer.found)}
    transact(
        app.engine,
        lambda c: audit.append(
            c,
            kind="whereabouts.exported",
            actor=viewer.actor,
            at=app.clock(),
            subject=subject_of(viewer.office),
            body=body,
        ),
    )
    return rows(answer)


def rows(answer: Answer) -> list[dict[str, str]]:
    """Return a row for each sighting, in the order of the answer."""
    return [row for found in answer.found for row in _rows(found)]


def _rows(found: Found) -> Iterator[dict[str, str]]:
    names = (
        f"{each.given} {each.surname}".strip() or each.raw_name for each in found.journey.itinerary.travellers
    )
    who = {
        "reference": found.trip.reference,
        "travellers": "; ".join(names),
        "people": str(found.people),
        "contact": found.trip.contact,
        "verdict": found.verdict.word if found.verdict is not None else "",
    }
    return (who | _sighting(each) for each in found.sightings)


def _sighting(sighting: Sighting) -> dict[str, str]:
    spell = sighting.spell
    since, until = _told(spell.expected or spell.possible)
    return {
        "certainty": sighting.certainty.value,
        "kind": "flight" if isinstance(spell, Flight) else "stay",
        "flight": spell.segment.flight,
        "places": "-".join(dict.fromkeys(each.code for each in spell.airports)),
        "from_utc": since,
        "until_utc": until,
        "doubts": "; ".join(each.value for each in spell.doubts),
    }


def _told(span: Span) -> tuple[str, str]:
    """Write the ends of a span; what is not known stays empty."""
    ends = (span.since, span.until)
    since, until = ("" if each in {LONG_AGO, FAR_AHEAD} else f"{each:%Y-%m-%dT%H:%MZ}" for each in ends)
    return since, until
