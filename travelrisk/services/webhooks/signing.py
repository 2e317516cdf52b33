"""The secrets that sign messages (Standard Webhooks, HMAC-SHA256), and how a message carries its signatures.

A secret is made from the service's own, the id of the address and a generation: no row holds it. For a day
after a rotation a message carries the signatures of both secrets, so that no message is lost meanwhile.
"""

import base64
import hmac
from datetime import datetime, timedelta
from typing import Final

from travelrisk.domain.errors import ConfigurationError
from travelrisk.services.application import Application
from travelrisk.store.webhooks import Delivery, Webhook

BOTH_FOR: Final = timedelta(hours=24)


def secret(app: Application, webhook: Webhook, generation: int | None = None) -> str:
    """Return the secret of an address, ``whsec_...``; of an earlier *generation* where one is given.

    Raises:
        ConfigurationError: the service has no secret to make one from.
    """
    if not app.facts.secret:
        raise ConfigurationError("webhooks need TRAVELRISK_SECRET_KEY, from which their secrets are made")
    told = f"travelrisk webhook {webhook.id} {generation or webhook.generation}"
    digest = hmac.digest(app.facts.secret.encode(), told.encode(), "sha256")
    return f"whsec_{base64.b64encode(digest).decode()}"


def headers(app: Application, webhook: Webhook, delivery: Delivery, now: datetime) -> dict[str, str]:
    """Return the headers that sign a message."""
    from standardwebhooks.webhooks import Webhook as Signer  # noqa: PLC0415 - only what sends needs it

    secrets = [secret(app, webhook)]
    if webhook.rotated_at is not None and now - webhook.rotated_at < BOTH_FOR:
        secrets.append(secret(app, webhook, webhook.generation - 1))
    return {
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Signer(each).sign(delivery.message_id, now, delivery.body) for each in secrets
        ),
    }
