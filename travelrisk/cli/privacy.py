"""``travelrisk forget`` and ``hand-over``: what is kept about a traveller goes, or is handed over."""

import os
from pathlib import Path

import click

from travelrisk.cli.console import counted, hint, print_json, say, table
from travelrisk.cli.faults import Exit
from travelrisk.cli.opening import opened
from travelrisk.cli.options import agreed, as_json, looked_before, quiet
from travelrisk.domain.errors import BadInputError
from travelrisk.services.application import Application
from travelrisk.services.privacy import exporting, forgetting
from travelrisk.services.privacy.forgetting import Plan
from travelrisk.services.trail import TERMINAL
from travelrisk.services.trips import cancelling
from travelrisk.store.traces import Trace


@click.command(short_help="Erase what is kept about a traveller.")
@click.argument("whom", metavar="ADDRESS|TR-...")
@click.option("--dry-run", is_flag=True, help="Show what would be erased, and erase nothing.")
@click.option(
    "--call-off", is_flag=True, help="Call trips off first that are still ahead: nobody is warned then."
)
@click.option("--yes", is_flag=True, help="Erase without asking.")
@as_json("Print what is erased as one JSON object.")
@quiet
@click.pass_context
def forget(  # noqa: PLR0913 - the options of a command
    ctx: click.Context, *, whom: str, dry_run: bool, call_off: bool, yes: bool, as_json: bool
) -> None:
    """Erase what is kept about a traveller: itineraries, documents, letters, mails, replies, answers, notes.

    What is left of a trip is its reference, its office and its verdicts with the codes of what was found,
    about nobody; the audit trail still holds. This cannot be undone. A trip that is still ahead is refused,
    for a traveller who is forgotten is not warned any more; --call-off calls it off first. Backups, mail
    folders and mailboxes are not changed: they hold what they held.
    """
    if not dry_run:
        looked_before(as_json=as_json, yes=yes, show=f"travelrisk forget --dry-run {whom}")
    with opened() as app:
        plan = forgetting.plan(app, whom)
        if as_json and dry_run:
            print_json(_shape(plan))
        if not as_json:
            _show(plan)
        if dry_run:
            ctx.exit(Exit.CLEARED)
        if plan.is_empty:
            raise BadInputError(f"nothing is kept about {whom}")
        if plan.upcoming and not call_off:
            forgetting.refuse(plan)
        if not yes:
            agreed(f"Erase all of this about {whom}? It cannot be undone.", "nothing was erased")
        _call_off(app, plan)
        done = forgetting.forget(app, whom, by=TERMINAL)
    if as_json:
        print_json(_shape(done))
    else:
        say(f"Erased: {counted(len(done.found), 'trip')}.")
        hint("Backups, mail folders and mailboxes hold what they held.")


@click.command("hand-over", short_help="Hand over all that is kept about a traveller.")
@click.argument("whom", metavar="ADDRESS|TR-...")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), required=True, help="ZIP file to make; must not exist."
)
@quiet
def hand_over(*, whom: str, output: Path) -> None:
    """Write all that is kept about a traveller into a ZIP file: rows as JSON, letters, documents.

    Documents in which other people stand too are left out.
    """
    with opened() as app:
        is_address = forgetting.is_address(whom)
        content = (exporting.of_person if is_address else exporting.of_trip)(app, whom, by=TERMINAL)
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except OSError as error:
        raise BadInputError(f"{output}: cannot be written ({error.strerror}): name another file") from error
    say(f"{output}: {counted(len(content), 'byte')}. It is about one person: hand it to nobody else.")


def _call_off(app: Application, plan: Plan) -> None:
    for each in plan.upcoming:
        cancelling.cancel_for(app, each.trip_id, TERMINAL)


def _show(plan: Plan) -> None:
    rows = [(each.reference, each.office or "-", _last(each), _state(plan, each)) for each in plan.found]
    if rows:
        table(("Trip", "Office", "Ends", "State"), rows)
    counts = plan.rows
    say(
        f"{counted(counts.itineraries, 'itinerary', 'itineraries')}, {counted(counts.letters, 'letter')},"
        f" {counted(counts.mails + plan.mails, 'mail')}, {counted(counts.notes, 'reply', 'replies')},"
        f" {counted(counts.statements, 'answer')}."
    )
    if plan.has_account:
        say("Somebody at the desk has this address: the account stays (travelrisk people close).")


def _last(each: Trace) -> str:
    return each.last_day.isoformat() if each.last_day else "no date"


def _state(plan: Plan, each: Trace) -> str:
    if each.is_erased:
        return "erased already"
    return "STILL AHEAD" if each in plan.upcoming else "called off" if each.is_off else "over"


def _shape(plan: Plan) -> dict[str, object]:
    return {
        "trips": [
            {
                "reference": each.reference,
                "office": each.office,
                "ends": _last(each),
                "state": _state(plan, each),
            }
            for each in plan.found
        ],
        "rows": plan.rows._asdict() | {"mails": plan.rows.mails + plan.mails},
        "has_account": plan.has_account,
    }
