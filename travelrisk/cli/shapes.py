"""What ``--json`` prints of questions, files and batches: the public shapes of the domain, put together."""

from collections.abc import Sequence

from travelrisk.cli.elsewhere import Elsewhere
from travelrisk.domain.shapes import Shape, itinerary_shape, notice, worst_outcome
from travelrisk.screening.alternatives import Ways
from travelrisk.screening.explain import advisory_shape
from travelrisk.screening.ways import ways_shape
from travelrisk.services.trips.checking import Answer
from travelrisk.services.trips.receiving import Received


def checked_shape(
    answers: Sequence[Answer], ways: Sequence[Sequence[Ways]] | None = None, *, demo: bool
) -> Shape:
    """Return the answers to one question; *verdict* is the worst, null where no flight was found.

    Where other *ways* were looked for, each answer has its own, under *alternatives*.
    """
    shapes = [answer_shape(answer) for answer in answers]
    for shape, found in zip(shapes, ways or (), strict=ways is not None):
        shape["alternatives"] = [ways_shape(each) for each in found]
    verdicts = [answer.advisory.verdict for answer in answers if answer.advisory is not None]
    return {
        "verdict": max(verdicts).word if verdicts else None,
        "outcome": worst_outcome(answer.outcome for answer in answers).value,
        "answers": shapes,
        "notice": notice(demo=demo),
    }


def answer_shape(answer: Answer | Received) -> Shape:
    """Return one itinerary and the judgement on it; both null where no flight was found."""
    return {
        "form": answer.form,
        "outcome": answer.outcome.value,
        "reason": answer.reason,
        "unread": list(answer.unread),
        "itinerary": itinerary_shape(answer.itinerary) if answer.itinerary else None,
        "advisory": advisory_shape(answer.advisory) if answer.advisory else None,
    }


def screened_shape(source: str, answer: Answer | Received) -> Shape:
    """Return one line of ``screen --json``; trip and advisory_id are null in a dry run."""
    if isinstance(answer, Elsewhere):
        return {"source": source, **answer.shape, **_trip_elsewhere(answer)}
    shape: Shape = {"source": source, **answer_shape(answer)}
    if isinstance(answer, Received):
        shape |= {
            "trip": answer.trip.reference if answer.trip else None,
            "advisory_id": answer.advisory_id,
            "is_new": answer.is_new,
            "letters": answer.letters,
            "nobody_written_to": answer.nobody,
        }
    return shape


def _trip_elsewhere(answer: Elsewhere) -> Shape:
    trip = answer.trip
    if trip is None:
        return {}
    return {
        "trip": trip["reference"],
        "advisory_id": trip["screening_id"],
        "is_new": trip["is_new"],
        "letters": trip["letters"],
        "nobody_written_to": trip["nobody_written_to"],
    }
