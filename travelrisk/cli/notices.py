"""``travelrisk notices``: what reaches the desk from outside, such as a correction that an airline sends."""

from pathlib import Path
from typing import Any, Final

import click

from travelrisk.cli.console import hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import as_json, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.services.desk import notices as services
from travelrisk.services.desk.history import subject_named
from travelrisk.services.trail import TERMINAL
from travelrisk.store.queue import Notice

_KINDS: Final = {"correction": "correction", "report": "safety_report", "fact": "fact"}
_MOST_BYTES: Final = 4 * services.LONGEST


@click.group
def notices() -> None:
    """Bring in what airlines and travellers write to the desk, and look at it."""


@notices.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--about", default="", help="Its subject, as carrier:ETH, airport:ADD or route:ADD-FRA.")
@click.option("--title", required=True, help="One line that says what it is about.")
@click.option(
    "--kind", type=click.Choice(tuple(_KINDS)), default="correction", show_default=True, help="What it is."
)
@click.option("--from", "sender", default="", help="Who sent it; leave it out where nobody need know.")
@click.option("--source", default="", help="Address of a page where it can be read.")
@quiet
def add(  # noqa: PLR0913 - one for each option, all named
    *, file: Path, about: str, title: str, kind: str, sender: str, source: str
) -> None:
    """Put the text in FILE (- for standard input) into the queue of the focal points."""
    with opened() as app:
        is_new = services.receive_notice(
            app,
            TERMINAL,
            kind=_KINDS[kind],
            subject=subject_named(app, about) if about else None,
            title=title,
            body=_text(file),
            source=source,
            sender=sender,
        )
    say("It stands in the queue." if is_new else "It stands there already, in the same words.")
    if is_new and not about:
        hint("With --about it would be ranked by the people whom it touches.")


@notices.command("list")
@click.option("--all", "everything", is_flag=True, help="Also what was put aside.")
@as_json("Print a JSON array of the notices, with their texts.")
@quiet
def list_(*, everything: bool, as_json: bool) -> None:
    """List what waits to be looked at, the newest first."""
    with opened() as app:
        found = services.waiting_notices(app, everything=everything)
    if as_json:
        print_json([_shape(each) for each in found])
    elif found:
        rows = [
            (
                f"{each.received_at:%Y-%m-%d}",
                each.kind.replace("_", " "),
                each.subject,
                each.title,
            )
            for each in found
        ]
        table(("Received", "Kind", "About", "Title"), rows)
    else:
        say("There are no notices." if everything else "No notice waits for anybody.")


def _shape(notice: Notice) -> dict[str, Any]:
    return notice._asdict() | {"received_at": notice.received_at.isoformat()}


def _text(file: Path) -> str:
    with click.open_file(str(file), "rb") as stream:
        content: bytes = stream.read(_MOST_BYTES + 1)
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadInputError(f"{file}: this is no text in UTF-8: save it as plain text") from error
