"""Messages are sent: at least once, over days, to public addresses only, and never by a redirect."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from travelrisk.feeds.addresses import Gate
from travelrisk.feeds.faults import FeedError
from travelrisk.feeds.http import Limits, Posting
from travelrisk.services.application import Application
from travelrisk.services.webhooks.signing import headers
from travelrisk.store import webhooks
from travelrisk.store.database import reading, transact
from travelrisk.store.webhooks import Delivery, Webhook

PAUSES: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long to wait after each attempt; after the last one, three days later, a message is given up."""
_LONGEST_WAIT: Final = timedelta(days=1)
_AT_ONCE: Final = 20
_LIMITS: Final = Limits(connect_s=5, read_s=10, total_s=20, retries=0, most_bytes=16 * 1024)


class Sent(NamedTuple):
    """How many messages arrived, wait for another attempt, or were given up."""

    done: int = 0
    put_off: int = 0
    dead: int = 0


class _Answer(NamedTuple):
    status: int
    words: str
    wait: timedelta | None = None


def send_due(app: Application, limit: int = _AT_ONCE) -> Sent:
    """Send what is due, *limit* messages at most."""
    with reading(app.engine) as c:
        waiting = webhooks.due(c, app.clock(), limit)
        known = {each.webhook_id: webhooks.by_id(c, each.webhook_id) for each in waiting}
    total = Sent()
    for delivery in waiting:
        webhook = known[delivery.webhook_id]
        if webhook is None or webhook.ended_at is not None:
            continue  # ended since; its messages are given up with it
        became = _settle(app, webhook, delivery, _posted(app, webhook, delivery))
        total = total._replace(**{became: getattr(total, became) + 1})
    return total


def _posted(app: Application, webhook: Webhook, delivery: Delivery) -> _Answer:
    """Send a message once; whatever the other side does wrong is an answer too."""
    host = (urlsplit(webhook.url).hostname or "").lower()
    signed = headers(app, webhook, delivery, app.clock())
    try:
        with Posting(Gate(lambda name: name == host, app.facts.webhooks_private), _LIMITS) as session:
            status, said = session.post(webhook.url, delivery.body.encode(), signed)
    except FeedError as error:
        return _Answer(0, str(error.fault.value))
    return _Answer(status, f"answers {status}", _wait(said, app.clock()))


def _settle(app: Application, webhook: Webhook, delivery: Delivery, answer: _Answer) -> str:
    now = app.clock()
    if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        transact(app.engine, lambda c: webhooks.settle(c, delivery.id, "done", answer.words, now))
        return "done"
    if answer.status == HTTPStatus.GONE:
        transact(app.engine, lambda c: webhooks.end(c, webhook.id, "gone", now))
        return "dead"
    if delivery.attempts >= len(PAUSES):
        transact(app.engine, lambda c: webhooks.settle(c, delivery.id, "dead", answer.words, now))
        return "dead"
    pause = PAUSES[delivery.attempts] * random.uniform(0.8, 1.2)  # noqa: S311 - spreads the load, hides nothing
    next_at = now + max(pause, min(answer.wait or timedelta(), _LONGEST_WAIT))
    transact(app.engine, lambda c: webhooks.put_off(c, delivery.id, answer.words, next_at))
    return "put_off"


def _wait(said: str, now: datetime) -> timedelta | None:
    """Return how long the other side asks us to wait (Retry-After: seconds, or a date)."""
    if said.isascii() and said.isdigit():
        return timedelta(seconds=min(int(said[:9]), 86_400))
    try:
        asked = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return None
    return (asked if asked.tzinfo else asked.replace(tzinfo=UTC)) - now
