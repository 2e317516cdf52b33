"""A new answer is told to the addresses of its office: queued in the transaction that recorded it."""

import json
from collections.abc import Iterable
from datetime import UTC
from typing import Final, NamedTuple

from sqlalchemy import Connection

from travelrisk.domain.verdicts import Verdict
from travelrisk.services.application import Application
from travelrisk.store import webhooks

ANSWERED: Final = "screening.completed"
TESTED: Final = "test"


class Answered(NamedTuple):
    """A trip that got an answer: its reference, the office that travels, and the verdict."""

    reference: str
    office: str
    verdict: Verdict


def tell(app: Application, c: Connection, answered: Iterable[Answered]) -> None:
    """Queue a message for every address of the offices of these trips."""
    trips = [each for each in answered if each.office]
    if not trips:
        return
    numbers = webhooks.told(c, {each.office for each in trips})
    if not numbers:
        return
    messages = [
        (number, message(app, ANSWERED, **_about(app, each)))
        for each in trips
        for number in numbers.get(each.office, ())
    ]
    webhooks.queue(c, messages, app.clock())


def message(app: Application, kind: str, **about: str) -> str:
    """Return the body of a message: thin, for whoever may read more asks the API."""
    at = app.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"type": kind, "timestamp": at, "data": about}, separators=(",", ":"))


def _about(app: Application, answered: Answered) -> dict[str, str]:
    return {
        "trip_id": answered.reference,
        "verdict": answered.verdict.word,
        "url": f"{app.facts.base_url}/api/v1/trips/{answered.reference}",
    }
