"""Programs say which addresses of their office are told of new answers, and see how messages to them went."""

import json
from collections.abc import Mapping
from typing import Any

from travelrisk.domain.errors import BadInputError, ConfigurationError
from travelrisk.domain.programs import Program
from travelrisk.services.webhooks import managing
from travelrisk.services.webhooks.managing import OfficeFullError, Shown
from travelrisk.store.webhooks import Delivery, Webhook
from travelrisk.web.api.contract.calls import Asked, Told
from travelrisk.web.api.live import live
from travelrisk.web.api.models.webhooks import NewWebhook
from travelrisk.web.api.responses import stamp
from travelrisk.web.parts import application
from travelrisk.web.refusals import Fault, RefusedError


def add(asked: Asked[Any, NewWebhook]) -> Told:
    """Add an address; its secret is put into the answer by ``with_secret``, for answers may be kept."""
    program = live(asked.program)
    try:
        shown = managing.add(application(), program.office, asked.sent.url, program.actor)
    except OfficeFullError as error:
        raise RefusedError("full", str(error)) from None
    except BadInputError as error:
        raise RefusedError("validation", faults=[Fault("body", "/url", "url", str(error))]) from None
    except ConfigurationError:
        raise RefusedError("unavailable") from None
    return Told(_shape(shown.webhook), 201)


def with_secret(asked: Asked[Any, NewWebhook], told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Put the secret into the answer of ``add``."""
    return {**told, "secret": managing.first_secret(application(), told["id"], live(asked.program).office)}


def listing(asked: Asked[Any, None]) -> Told:
    """List the addresses."""
    found = managing.everything(application(), live(asked.program).office)
    return Told({"webhooks": [_shape(each) for each in found]})


def rotate(asked: Asked[Any, None]) -> Told:
    """Give an address another secret."""
    program = live(asked.program)
    return Told(_with_secret(managing.rotate(application(), _id(asked), program.actor, program.office)))


def remove(asked: Asked[Any, None]) -> Told:
    """Tell an address nothing more; one that is told nothing already stays so."""
    program, app = live(asked.program), application()
    number = _id(asked)
    known = _one(program, number)
    if known.ended_at is None:
        managing.remove(app, number, program.actor, program.office)
        known = _one(program, number)
    return Told(_shape(known))


def test(asked: Asked[Any, None]) -> Told:
    """Send an address a message that means nothing."""
    program = live(asked.program)
    managing.try_out(application(), _id(asked), program.office)
    return Told({"queued": True}, 202)


def deliveries(asked: Asked[Any, None]) -> Told:
    """List the newest messages to an address."""
    found = managing.messages(application(), _id(asked), live(asked.program).office)
    return Told({"deliveries": [_delivery(each) for each in found]})


def replay(asked: Asked[Any, None]) -> Told:
    """Send a message again."""
    program = live(asked.program)
    managing.replay(application(), _id(asked), int(asked.values["delivery"]), program.office)
    return Told({"queued": True}, 202)


def _one(program: Program, number: int) -> Webhook:
    found = managing.everything(application(), program.office)
    known = next((each for each in found if each.id == number), None)
    if known is None:
        raise RefusedError("not_found", f"there is no webhook {number}")
    return known


def _id(asked: Asked[Any, Any]) -> int:
    return int(asked.values["id"])


def _with_secret(shown: Shown) -> dict[str, Any]:
    return {**_shape(shown.webhook), "secret": shown.secret}


def _shape(each: Webhook) -> dict[str, Any]:
    return {
        "id": each.id,
        "url": each.url,
        "made_at": stamp(each.made_at),
        "rotated_at": stamp(each.rotated_at) if each.rotated_at else None,
        "ended_at": stamp(each.ended_at) if each.ended_at else None,
        "ended_why": each.ended_why,
    }


def _delivery(each: Delivery) -> dict[str, Any]:
    return {
        "id": each.id,
        "message_id": each.message_id,
        "state": each.state,
        "attempts": each.attempts,
        "made_at": stamp(each.made_at),
        "next_at": stamp(each.next_at) if each.state == "queued" else None,
        "done_at": stamp(each.done_at) if each.done_at else None,
        "reply": each.reply,
        "message": json.loads(each.body),
    }
