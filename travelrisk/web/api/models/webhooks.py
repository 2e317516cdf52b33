"""Addresses that are told of new answers, and the messages to them."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from travelrisk.web.api.contract.calls import Strict
from travelrisk.web.api.models.words import Stamp

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?"
_NUMBER = r"^[1-9][0-9]{0,14}$"


class NewWebhook(Strict):
    """An address that is to be told of new answers on the trips of the key's office."""

    url: str = Field(
        max_length=500,
        pattern=rf"^https://({_LABEL}\.){{1,6}}[A-Za-z]{{2,20}}(:([1-9][0-9]{{0,3}}|[1-5][0-9]{{4}}))?(/[A-Za-z0-9._~/-]*)?"
        r"(\?[A-Za-z0-9._~=&-]*)?$",
        description="https, and a name: no bare address of a network.",
        examples=["https://booking.example.org/travelrisk"],
    )


class WebhookId(Strict):
    """Which address."""

    id: str = Field(pattern=_NUMBER, description="Its number.")


class MessageId(Strict):
    """Which message to which address."""

    id: str = Field(pattern=_NUMBER, description="Number of the address.")
    delivery: str = Field(pattern=_NUMBER, description="Number of the message.")


class Webhook(BaseModel):
    """An address that is told of new answers, or was."""

    id: int
    url: str
    made_at: Stamp
    rotated_at: Stamp | None = Field(description="Since when the present secret signs.")
    ended_at: Stamp | None = Field(description="Null while it is told.")
    ended_why: Literal["", "removed", "gone"] = Field(description="gone: it answered 410.")


class WebhookWithSecret(Webhook):
    """An address with the secret that its messages are signed with: shown here, and not again."""

    secret: str


class Webhooks(BaseModel):
    """The addresses of the office, those that are told nothing any more too, the newest first."""

    webhooks: list[Webhook]


class Delivery(BaseModel):
    """A message to an address, and how it went."""

    id: int
    message_id: str = Field(description="The webhook-id that it is sent under, however often.")
    state: Literal["queued", "done", "dead"]
    attempts: int
    made_at: Stamp
    next_at: Stamp | None = Field(description="When it is tried next; null where it is not.")
    done_at: Stamp | None
    reply: str = Field(description="What the address answered last.")
    message: dict[str, Any] = Field(description="As it is sent.")


class Deliveries(BaseModel):
    """The newest messages to an address, the newest first."""

    deliveries: list[Delivery]


class Queued(BaseModel):
    """A message was queued, and leaves in a moment."""

    queued: Literal[True]
