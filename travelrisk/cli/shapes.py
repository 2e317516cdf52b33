"""What ``--json`` prints of questions: the public shapes of the domain, put together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from travelrisk.domain.shapes import Shape, itinerary_shape, notice, worst_outcome
from travelrisk.screening.alternatives import Ways
from travelrisk.screening.explain import advisory_shape
from travelrisk.screening.ways import ways_shape
from travelrisk.services.trips.checking import Answer

if TYPE_CHECKING:
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


def answer_shape(answer: "Answer | Received") -> Shape:
    """Return one itinerary and the judgement on it; both null where no flight was found."""
    return {
        "form": answer.form,
        "outcome": answer.outcome.value,
        "reason": answer.reason,
        "unread": list(answer.unread),
        "itinerary": itinerary_shape(answer.itinerary) if answer.itinerary else None,
        "advisory": advisory_shape(answer.advisory) if answer.advisory else None,
    }
