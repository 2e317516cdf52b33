"""What ``screen --json`` prints of each itinerary."""

from travelrisk.cli.elsewhere import Elsewhere
from travelrisk.cli.shapes import answer_shape
from travelrisk.domain.shapes import Shape
from travelrisk.services.trips.checking import Answer
from travelrisk.services.trips.receiving import Received


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
