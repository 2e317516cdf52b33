"""``travelrisk keys``: the keys of programs; each is shown once, here or on its page.

Whoever can start the program can read and change the whole database, so that nobody signs in here. The audit
trail says that it happened at a terminal, unless ``--by`` names a person.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import click

from travelrisk.cli.console import hint, print_json, say, table
from travelrisk.cli.opening import opened
from travelrisk.cli.options import Commands, as_json, quiet
from travelrisk.domain.programs import Kind, Program, Sight
from travelrisk.services.application import Application
from travelrisk.services.people import accounts
from travelrisk.services.programs import keys as services
from travelrisk.services.programs.keys import Given
from travelrisk.services.trail import TERMINAL

_KINDS: Final = {"read": Kind.LIVE_READ, "write": Kind.LIVE_WRITE, "test": Kind.TEST}
_DAY: Final = click.DateTime(["%Y-%m-%d"])
_by = click.option("--by", default="", help="E-mail address or id of whoever does this, for the audit trail.")


@click.group(cls=Commands)
def keys() -> None:
    """Look after the keys with which programs call the API.

    ID is the part of a key between its kind and its secret, as the list shows it.
    """


@keys.command
@click.option("--name", required=True, help="Name of the program, as the history will show it.")
@click.option("--office", required=True, help="Office whose trips it makes and sees.")
@click.option("--new-office", is_flag=True, help="Nobody has this office yet: it is new.")
@click.option(
    "--kind",
    type=click.Choice(tuple(_KINDS)),
    default="test",
    show_default=True,
    help="read: reads and screens; write: makes trips, too; test: the same, and nothing counts.",
)
@click.option(
    "--sees",
    type=click.Choice([each.value for each in Sight]),
    default=Sight.UNIT.value,
    show_default=True,
    help="unit: levels and conditions; desk: reasons and evidence of ratings, too; audit: as desk, and the"
    " audit trail of its office.",
)
@click.option(
    "--calls",
    type=click.IntRange(1, services.MOST_CALLS),
    default=10_000,
    show_default=True,
    help="Calls and itineraries a day.",
)
@click.option("--until", type=_DAY, help="Last day, YYYY-MM-DD, in UTC; without it, until it is revoked.")
@_by
@as_json("Print the key as one JSON object.")
@quiet
def create(  # noqa: PLR0913 - one for each option, all named
    *,
    name: str,
    office: str,
    new_office: bool,
    kind: str,
    sees: str,
    calls: int,
    until: datetime | None,
    by: str,
    as_json: bool,
) -> None:
    """Make a key, and show it this once."""
    with opened() as app:
        given = services.create(
            app,
            name=name,
            office=office,
            kind=_KINDS[kind],
            sight=Sight(sees),
            calls_a_day=calls,
            expires_at=end_of(until.date()) if until else None,
            is_new_office=new_office,
            by=_actor(app, by),
        )
    _show(given, as_json=as_json)


@keys.command("list")
@as_json("Print a JSON array of the keys, without their secrets.")
@quiet
def list_(*, as_json: bool) -> None:
    """List the keys, the newest first, revoked ones too."""
    with opened() as app:
        known, now = services.everything(app), app.clock()
    if as_json:
        print_json([_shape(each) for each in known])
    elif known:
        head = ("Id", "Kind", "Name", "Office", "Sees", "Last use", "State")
        table(head, [_row(each, now) for each in known])
    else:
        say("There are no keys.")
        hint("Make one: travelrisk keys create --name NAME --office OFFICE")


@keys.command
@click.argument("program_id", metavar="ID")
@click.option(
    "--overlap",
    type=click.IntRange(0, services.LONGEST_OVERLAP // timedelta(hours=1)),
    default=24,
    show_default=True,
    metavar="HOURS",
    help="How long the present key works beside the new one.",
)
@_by
@as_json("Print the key as one JSON object.")
@quiet
def rotate(*, program_id: str, overlap: int, by: str, as_json: bool) -> None:
    """Make another key for the program of ID, and show it this once."""
    with opened() as app:
        given = services.rotate(app, program_id, overlap=timedelta(hours=overlap), by=_actor(app, by))
    _show(given, as_json=as_json)


@keys.command
@click.argument("program_id", metavar="ID")
@_by
@quiet
def revoke(*, program_id: str, by: str) -> None:
    """End the key of ID at once, and the one before it."""
    with opened() as app:
        gone = services.revoke(app, program_id, by=_actor(app, by))
    say(f"Revoked: {gone.id}, {gone.name}")


def end_of(day: date) -> datetime:
    """Return the moment in UTC at which a day is over."""
    return datetime.combine(day, time(), UTC) + timedelta(days=1)


def _show(given: Given, *, as_json: bool) -> None:
    if as_json:
        print_json({"key": given.key, **_shape(given.program)})
        return
    say(given.key)
    hint(f"Key of {given.program.name} for {given.program.office}. It is shown this once: keep it now.")
    if given.program.old_until is not None:
        hint(f"The key before it works until {given.program.old_until:%Y-%m-%d %H:%M} UTC.")


def _actor(app: Application, by: str) -> str:
    return accounts.named(app, by).id if by else TERMINAL


def _row(program: Program, now: datetime) -> tuple[str, ...]:
    used = f"{program.used_at:%Y-%m-%d %H:%M}" if program.used_at else "never"
    gone = "revoked" if program.revoked_at else "its time is over"
    state = "works" if program.works_at(now) else gone
    return program.id, program.kind.value, program.name, program.office, program.sight.value, used, state


def _shape(program: Program) -> dict[str, Any]:
    moments = ("made_at", "used_at", "expires_at", "revoked_at", "old_until")
    return {
        "id": program.id,
        "name": program.name,
        "office": program.office,
        "kind": program.kind.value,
        "sees": program.sight.value,
        "calls_a_day": program.calls_a_day,
        "made_by": program.made_by,
        **{name: _stamp(getattr(program, name)) for name in moments},
    }


def _stamp(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None
