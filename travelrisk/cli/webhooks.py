"""``travelrisk webhooks ...``: addresses of programs that are told of new answers."""

from collections.abc import Mapping
from typing import Any

import click

from travelrisk.cli.console import counted, hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.services.trail import TERMINAL
from travelrisk.services.webhooks import managing
from travelrisk.services.webhooks.managing import Shown
from travelrisk.store.webhooks import Delivery, Webhook


@click.group(cls=Commands)
def webhooks() -> None:
    """Tell programs of an office when there is a new answer on one of its trips (Standard Webhooks).

    A message holds the reference of the trip, the verdict and where the API tells more: no name, no flight.
    """


@webhooks.command("add")
@click.argument("url")
@click.option("--office", required=True, help="Office whose trips are told of.")
@as_json("Print the address and its secret as one JSON object.")
@quiet
def add(*, url: str, office: str, as_json: bool) -> None:
    """Tell the https address URL of new answers on the trips of an office from now on."""
    with opened() as app:
        _show(managing.add(app, office, url, TERMINAL), as_json=as_json)


@webhooks.command("list")
@click.option("--office", default="", help="Only those of this office.")
@as_json("Print a JSON array of the addresses; no secrets.")
@quiet
def list_(*, office: str, as_json: bool) -> None:
    """List the addresses, those that are told nothing any more too."""
    with opened() as app:
        found = managing.everything(app, office)
    if as_json:
        print_json([_shape(each) for each in found])
    elif found:
        table(("Id", "Office", "Address", "State"), [_cells(each) for each in found])
    else:
        say("No program is told of answers.")
        hint("Add one with travelrisk webhooks add https://... --office UNIT")


@webhooks.command("rotate")
@click.argument("number", type=int)
@as_json("Print the address and its new secret as one JSON object.")
@quiet
def rotate(*, number: int, as_json: bool) -> None:
    """Give address NUMBER another secret; the one before signs beside it for a day."""
    with opened() as app:
        _show(managing.rotate(app, number, TERMINAL), as_json=as_json)


@webhooks.command("remove")
@click.argument("number", type=int)
@quiet
def remove(*, number: int) -> None:
    """Tell address NUMBER nothing more, not even what waits."""
    with opened() as app:
        managing.remove(app, number, TERMINAL)
    say(f"Webhook {number} is told nothing any more.")


@webhooks.command("test")
@click.argument("number", type=int)
@quiet
def test(*, number: int) -> None:
    """Send address NUMBER a message that means nothing; it leaves when travelrisk worker runs."""
    with opened() as app:
        managing.try_out(app, number)
    say("Queued.")
    hint(f"See how it went with travelrisk webhooks messages {number}")


@webhooks.command("messages")
@click.argument("number", type=int)
@as_json("Print a JSON array of the messages.")
@quiet
def messages(*, number: int, as_json: bool) -> None:
    """List the newest messages to address NUMBER, and how each went."""
    with opened() as app:
        found = managing.messages(app, number)
    if as_json:
        print_json([_message(each) for each in found])
    elif found:
        rows = [(str(each.id), f"{each.made_at:%Y-%m-%d %H:%M}", each.state, each.reply) for each in found]
        table(("Id", "Made", "State", "Last answer"), rows)
        say(counted(len(found), "message"))
    else:
        say("Nothing was sent there yet.")


@webhooks.command("replay")
@click.argument("number", type=int)
@click.argument("message", type=int)
@quiet
def replay(*, number: int, message: int) -> None:
    """Send MESSAGE to address NUMBER again, under its own id."""
    with opened() as app:
        managing.replay(app, number, message)
    say("Queued again.")


def _show(shown: Shown, *, as_json: bool) -> None:
    if as_json:
        print_json({**_shape(shown.webhook), "secret": shown.secret})
        return
    say(f"Webhook {shown.webhook.id}: {shown.webhook.url}, for {shown.webhook.office}")
    say(f"Secret, to verify its messages with: {shown.secret}")


def _shape(each: Webhook) -> Mapping[str, Any]:
    return {
        "id": each.id,
        "office": each.office,
        "url": each.url,
        "made_at": each.made_at.isoformat(),
        "ended_at": each.ended_at and each.ended_at.isoformat(),
        "ended_why": each.ended_why or None,
    }


def _cells(each: Webhook) -> tuple[str, ...]:
    return str(each.id), each.office, each.url, each.ended_why or "told"


def _message(each: Delivery) -> Mapping[str, Any]:
    return {
        "id": each.id,
        "message_id": each.message_id,
        "made_at": each.made_at.isoformat(),
        "state": each.state,
        "attempts": each.attempts,
        "next_at": each.next_at.isoformat() if each.state == "queued" else None,
        "reply": each.reply,
    }
